"""Pages that one process of the server has made, for the others to send as well.

They lie in a piece of memory all processes have as a file, which the one that starts
them opens. A page is asked for by its generation and its key together: what was made
before the last change is never found. The processes tell each other by locks on bytes
of the file what they are making: the system frees those of a process that ends.
"""

import fcntl
import hashlib
import json
import logging
import os
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from django.utils import timezone

from config.kept_pages import Encoded, Page
from config.making_pages import Made

logger = logging.getLogger("quillback.server")

# So long a page is waited for that another process is making; then it is made here.
PATIENCE_SECONDS = 3.0
PAUSE_SECONDS = 0.002
# Where a page may begin, and how much of the file one may take at most. A long one
# lies over those behind it, which are made again when they are asked for.
STEP_BYTES = 4096
LONGEST_SHARE = 16
# A page's name, the sum over what follows, and how long that is.
_HEAD = struct.Struct("<20s20sI")


class _Name(NamedTuple):
    """Of a page in its generation: where it lies, the byte to lock, and what it is."""

    place: int
    lock: int
    digest: bytes


@dataclass
class SharedPages:
    """`file` is a descriptor of `size` bytes that all processes have."""

    file: int
    size: int

    def find_or_make(
        self, generation: str, key: tuple[str, ...], make: Callable[[], Made]
    ) -> Made:
        """What another process has made, or is just making; else what `make` gives.

        Waits for others no longer than it says above, and never for one that is dead.
        """
        name = self._name(generation, key)
        with self._alone(name):
            found = self._find(name)
            if found is not None:
                return found
            made = make()
            if made.is_kept and made.page is not None and made.page.code == 200:
                self._keep(name, made.page, made.until)
            return made

    def _name(self, generation: str, key: tuple[str, ...]) -> _Name:
        """A page's place is the same in each generation: it takes that of the old one."""
        digest = _sum_of(repr((generation, key)).encode())
        longest = self.size // LONGEST_SHARE
        place = int.from_bytes(_sum_of(repr(key).encode())[:8]) % (
            (self.size - longest) // STEP_BYTES
        )
        return _Name(place * STEP_BYTES, int.from_bytes(digest[:7]), digest)

    @contextmanager
    def _alone(self, name: _Name) -> Iterator[None]:
        """With nobody else at it; or after all patience, or where locks are refused."""
        until, is_mine = time.monotonic() + PATIENCE_SECONDS, False
        while not is_mine and time.monotonic() < until:
            try:
                fcntl.lockf(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, name.lock)
                is_mine = True
            except (BlockingIOError, PermissionError):
                time.sleep(PAUSE_SECONDS)
            except OSError:
                break
        try:
            yield
        finally:
            if is_mine:
                fcntl.lockf(self.file, fcntl.LOCK_UN, 1, name.lock)

    def _find(self, name: _Name) -> Made | None:
        head = os.pread(self.file, _HEAD.size, name.place)
        digest, total, length = _HEAD.unpack(head)
        if digest != name.digest or length > self.size // LONGEST_SHARE:
            return None
        told = os.pread(self.file, length, name.place + _HEAD.size)
        # Another one may have been laid over it, or be so just now.
        if _sum_of(digest + told) != total:
            return None
        made = _read(told)
        return made if made.until is None or made.until > timezone.now() else None

    def _keep(self, name: _Name, page: Page, until: datetime | None) -> None:
        told = _written(page, until)
        if _HEAD.size + len(told) > self.size // LONGEST_SHARE:
            return
        head = _HEAD.pack(name.digest, _sum_of(name.digest + told), len(told))
        with suppress(OSError):  # no memory is left for it
            os.pwrite(self.file, head + told, name.place)


def _sum_of(told: bytes) -> bytes:
    return hashlib.blake2b(told, digest_size=20).digest()


def _written(page: Page, until: datetime | None) -> bytes:
    encoded = page.encoded()
    ends_at = until.timestamp() if until else None
    told = [page.status, encoded.headers, encoded.etag, encoded.encoding]
    line = json.dumps([*told, ends_at, page.made_in])
    return line.encode() + b"\n" + encoded.body


def _read(told: bytes) -> Made:
    line, _, body = told.partition(b"\n")
    status, headers, etag, encoding, ends_at, made_in = json.loads(line)
    encoded = Encoded([(name, value) for name, value in headers], etag, encoding, body)
    page = Page.of_encoded(status, encoded)
    page.made_in = made_in
    until = datetime.fromtimestamp(ends_at, UTC) if ends_at is not None else None
    return Made(page=page, is_kept=True, until=until)


class _Server:
    """What the processes have that were forked from this one."""

    pages: SharedPages | None = None


def open_for_all(size: int) -> None:
    """Before the processes are started. Of `size` bytes only those used take room."""
    if size // LONGEST_SHARE < STEP_BYTES:
        return
    try:
        file = _opened()
        os.ftruncate(file, size)
        _Server.pages = SharedPages(file, size)
    except OSError as error:
        logger.warning("Each process makes all pages by itself: %s", error)


def _opened() -> int:
    """A file in memory; where the system has none, one that has no name."""
    try:
        return os.memfd_create("quillback-pages")
    except (AttributeError, OSError):
        with tempfile.TemporaryFile() as opened:
            return os.dup(opened.fileno())


def of_server() -> SharedPages | None:
    """None in a process that has no others beside it."""
    return _Server.pages
