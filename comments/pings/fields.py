"""The fields of a form as another blog sends them, read byte by byte."""

from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from blog.charsets import codec_for

FORM_TYPE = "application/x-www-form-urlencoded"
# No ping has as many as ten.
MAX_FIELDS = 50


class TooManyFields(ValueError):
    """No ping has so many."""


def read_fields(body: bytes) -> dict[str, list[bytes]]:
    """What was sent as `application/x-www-form-urlencoded`, not decoded yet.

    Bytes that should have been percent-encoded and are not are taken as they are.
    Raises TooManyFields, and nothing else whatever was sent.
    """
    pieces = body.strip().split(b"&", MAX_FIELDS)
    if len(pieces) > MAX_FIELDS:
        raise TooManyFields
    fields: dict[str, list[bytes]] = {}
    for piece in pieces:
        name, _, value = piece.partition(b"=")
        fields.setdefault(_unquoted(name).decode(errors="replace"), []).append(
            _unquoted(value)
        )
    return fields


def decoded(
    fields: dict[str, list[bytes]], charsets: Iterable[str] = ()
) -> dict[str, list[str]]:
    """In the first of `charsets` in which all of it can be, else in UTF-8, else in
    Western European. NUL characters are left out."""
    values = [value for found in fields.values() for value in found]
    codec = codec_for(values, charsets)
    return {
        name: [value.decode(codec).replace("\0", "") for value in found]
        for name, found in fields.items()
    }


def _unquoted(text: bytes) -> bytes:
    return unquote_to_bytes(text.replace(b"+", b" "))
