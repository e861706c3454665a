"""The body of a request from a program nobody knows: small, soon, and all of it.

The server hands a body over as it comes in, to a thread that waits for it as long as
the other side likes. Nothing frees that thread: where a view answers while somebody
still reads its body, the whole server stands still (granian 2.8). So only few may
wait at a time, and the others of the server's threads are left to its readers.
"""

from contextlib import suppress
from threading import BoundedSemaphore
from time import monotonic
from typing import IO

from django.http import HttpRequest
from django.utils.translation import gettext

READ_SECONDS = 5
PIECE_BYTES = 16 * 1024
# A client hears what it is answered when it has sent everything, and most hear
# nothing where they are hung up on: so what is too large is read, and not kept.
MAX_DRAINED_BYTES = 256 * 1024 * 1024
MAX_AT_ONCE = 2
TURN_SECONDS = 0.5

_turns = BoundedSemaphore(MAX_AT_ONCE)


class Unread(Exception):
    """The body was not taken; `message` says why, in a sentence."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TooLarge(Unread):
    status = 413


class TooSlow(Unread):
    status = 408


class TooMany(Unread):
    status = 503


def read_body(request: HttpRequest, max_bytes: int) -> bytes:
    """All of it, at most `max_bytes`. Raises Unread.

    For a view that is exempt from CSRF, before anything else reads the body.
    """
    length = _announced(request)
    if length > max_bytes and "100-continue" in request.headers.get("Expect", ""):
        raise _too_large(max_bytes)  # it asked before it sends anything
    if not _turns.acquire(timeout=TURN_SECONDS):
        raise TooMany(
            gettext("Too many send something just now. Please try again later.")
        )
    try:
        reading = _Reading(max_bytes)
        reading.run(_stream(request))
    finally:
        _turns.release()
    if length > max_bytes or reading.count > max_bytes:
        raise _too_large(max_bytes)
    if reading.is_late:
        raise TooSlow(gettext("This took too long to arrive."))
    if not reading.is_over or reading.count < length:
        raise Unread(gettext("Only a part of this arrived."))
    return b"".join(reading.pieces)


class _Reading:
    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.pieces: list[bytes] = []
        self.count = 0
        self.is_over = self.is_late = False

    def run(self, stream: IO[bytes] | HttpRequest) -> None:
        """Read to the end, or for as long as that is borne with."""
        deadline = monotonic() + READ_SECONDS
        with suppress(OSError):  # the other side went away
            while self.count < MAX_DRAINED_BYTES and not self.is_late:
                piece = stream.read(PIECE_BYTES)
                self._take(piece)
                self.is_over = not piece
                if self.is_over:
                    return
                self.is_late = monotonic() > deadline

    def _take(self, piece: bytes) -> None:
        self.count += len(piece)
        if self.count <= self.max_bytes:
            self.pieces.append(piece)


def _announced(request: HttpRequest) -> int:
    """0 where the length is not announced."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() else 0


def _stream(request: HttpRequest) -> IO[bytes] | HttpRequest:
    """Django reads what is announced, and so nothing of a body in chunks.

    What a server calls terminated ends by itself, and may be read to its end.
    """
    if request.META.get("wsgi.input_terminated"):
        return request.META["wsgi.input"]
    return request


def _too_large(max_bytes: int) -> TooLarge:
    return TooLarge(
        gettext("This is too large: at most %(limit)s kB are read here.")
        % {"limit": max_bytes // 1024}
    )
