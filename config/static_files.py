"""Static files: collected, hashed and compressed when their sources have changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed(*, keep_old: bool = False) -> None:
    """Run collectstatic unless what it would collect is what it collected last.

    With `keep_old` those of before stay as well: somebody serves pages that name them.
    """
    if settings.DEBUG:
        return  # served from where they lie
    stamp = Path(settings.STATIC_ROOT) / ".fingerprint"
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", interactive=False, clear=not keep_old, verbosity=0)
    stamp.write_text(fingerprint)


def _fingerprint() -> str:
    """A digest of how they are served, and of each source's name, size and time."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
