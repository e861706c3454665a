"""The body of a request from a program nobody knows: small, and all of it.

`manage.py serve` asks a view when all of the body is here, and sees to those who send
slowly (config/serving/intake.py); what is left is how much of it a door takes.
"""

from typing import IO

from django.http import HttpRequest
from django.utils.translation import gettext

PIECE_BYTES = 16 * 1024


class Unread(Exception):
    """The body was not taken; `message` says why, in a sentence."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TooLarge(Unread):
    status = 413


def read_body(request: HttpRequest, max_bytes: int) -> bytes:
    """All of it, at most `max_bytes`. Raises Unread.

    For a view that is exempt from CSRF, before anything else reads the body.
    """
    length = _announced(request)
    if length > max_bytes:
        raise _too_large(max_bytes)
    stream, body = _stream(request), bytearray()
    try:
        while len(body) <= max_bytes and (piece := stream.read(PIECE_BYTES)):
            body += piece
    except OSError as error:  # the other side went away
        raise _only_a_part() from error
    if len(body) > max_bytes:
        raise _too_large(max_bytes)
    if len(body) < length:
        raise _only_a_part()
    return bytes(body)


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


def _only_a_part() -> Unread:
    return Unread(gettext("Only a part of this arrived."))
