"""The body of a request from a program nobody knows: small, soon, and all of it.

The server hands a body over as it comes in, and waits for it as long as the other
side likes. So it is read by a thread that may be left behind, and nothing is kept of
one that is too large. That one is read all the same, up to a point: a client hears
what it is answered only when it has sent everything, and most then send no more
than they are let.
"""

from contextlib import suppress
from threading import BoundedSemaphore, Thread
from typing import IO

from django.http import HttpRequest

READ_SECONDS = 5
PIECE_BYTES = 64 * 1024
MAX_DRAINED_BYTES = 256 * 1024 * 1024
# Threads that wait for somebody who sends nothing, for each process.
MAX_READERS = 64

_readers = BoundedSemaphore(MAX_READERS)


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
    """All of it, at most `max_bytes`, within READ_SECONDS. Raises Unread.

    For a view that is exempt from CSRF, before anything else reads the body.
    """
    length = _announced(request)
    if length > max_bytes and "100-continue" in request.headers.get("Expect", ""):
        raise _too_large(max_bytes)  # it asked before it sends anything
    reading = _Reading(_stream(request), max_bytes)
    if not _readers.acquire(blocking=False):
        raise TooMany("Too many are sending something just now. Please try again.")
    thread = Thread(target=reading.run, name="reading a body", daemon=True)
    thread.start()
    thread.join(READ_SECONDS)
    reading.is_given_up = True
    if length > max_bytes or reading.count > max_bytes:
        raise _too_large(max_bytes)
    if thread.is_alive():
        raise TooSlow(f"This did not arrive within {READ_SECONDS} seconds.")
    if not reading.is_over or reading.count < length:
        raise Unread("Only a part of this arrived.")
    return b"".join(reading.pieces)


class _Reading:
    """What one thread reads, seen from another."""

    def __init__(self, stream: IO[bytes] | HttpRequest, max_bytes: int) -> None:
        self.stream, self.max_bytes = stream, max_bytes
        self.pieces: list[bytes] = []
        self.count = 0
        self.is_over = self.is_given_up = False

    def run(self) -> None:
        try:
            # The connection may be closed meanwhile, and its file with it.
            with suppress(OSError, ValueError):
                while self.count < MAX_DRAINED_BYTES and not self.is_given_up:
                    piece = self.stream.read(PIECE_BYTES)
                    if not piece:
                        self.is_over = True
                        return
                    self._take(piece)
        finally:
            _readers.release()

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
    return TooLarge(f"This is too large: at most {max_bytes // 1024} kB are read here.")
