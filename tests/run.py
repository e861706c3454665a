"""`make test`: every test, once as the small site runs and once as the large one.

The small site is SQLite; the large one is PostgreSQL and Redis, both real and both
from PyPI, started here in folders of their own and ended with the run. Browser
tests run with the small site, where a Chromium is found.
"""

import os
import subprocess
import sys

from benchmarks.servers import ServerMissing, postgres, redis

PYTEST = [
    *(sys.executable, "-m", "pytest", "-q", "-n", "auto"),
    # A file's tests stay together: what its fixtures start is started once. The slow
    # ones stand first (tests/conftest.py), where they are few: no reordering.
    *("--dist", "loadfile", "--no-loadscope-reorder"),
]


def main() -> int:
    """Run both; the exit status is 0 only if both passed."""
    print("== SQLite, and the browser ==", flush=True)
    statuses = [_pytest({})]
    try:
        with postgres() as database, redis() as cache:
            print("== PostgreSQL and Redis ==", flush=True)
            large = {"DATABASE_URL": database, "REDIS_URL": cache}
            statuses.append(_pytest(large, "-m", "not browser and not own_blog"))
    except ServerMissing as missing:
        print(f"SKIPPED everything on PostgreSQL and Redis: {missing}")
    return max(statuses)


def _pytest(environment: dict[str, str], *arguments: str) -> int:
    command = [*PYTEST, *arguments, *sys.argv[1:]]
    return subprocess.run(command, env=os.environ | environment).returncode


if __name__ == "__main__":
    sys.exit(main())
