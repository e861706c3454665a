"""The secret key: made on first start, kept in the data folder, never shown."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def read_or_make(path: Path) -> str:
    """The key stored in `path`; where there is none yet, a new one is made.

    The file appears whole and with mode 0600, and of several processes that
    start at once one makes it and all read the same: a complete temporary file
    is linked into place, which fails if another was quicker.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp creates with mode 0600, whatever the umask.
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".secret_key")
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            Path(path).hardlink_to(temporary)
        Path(temporary).unlink()
    return path.read_text().strip()


def replace(path: Path, key: str) -> None:
    """Another key from the next start on."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".secret_key")
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    Path(temporary).replace(path)
