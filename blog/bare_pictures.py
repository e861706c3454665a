"""Takes out of a file all that is no picture; the picture stays to the last bit.

Read strictly: what is not known to belong to the picture is taken for something hidden.
Whether it can be decoded is not asked here.
"""

import re
from collections.abc import Callable, Iterator

from blog.bare_avif import is_bare_avif

# In JPEG (ITU T.81, B.1.1.3): frames, tables, scans, the distance of restarts.
_JPEG_PARTS = frozenset({*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDD} - {0xC8})
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_OF_APPLICATIONS = range(0xE0, 0xF0)
# Behind a scan: no stuffed byte, no restart, no filling.
_NEXT_PART = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# In PNG (ISO 15948, 11): no text, no time, nothing of a camera's. The last three are
# the frames of one that moves.
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = frozenset(
    b"IHDR PLTE IDAT tRNS cHRM gAMA iCCP sBIT sRGB bKGD hIST pHYs IEND "
    b"acTL fcTL fdAT".split()
)
_WEBP_PICTURE = frozenset([b"VP8 ", b"VP8L", b"ALPH"])
_WEBP_CHUNKS = _WEBP_PICTURE | {b"VP8X", b"ICCP", b"ANIM", b"ANMF"}
# Which flags of the head say that Exif and XMP follow.
_WEBP_TOLD = 0x08 | 0x04
_FRAME_HEAD_BYTES = 16
# In GIF (GIF89a, 12 to 27): how a frame is shown, and how often all of them are.
_GIF_CONTROL, _GIF_COMMENT, _GIF_APPLICATION = 0xF9, 0xFE, 0xFF
_GIF_LOOP = re.compile(
    rb"\x21\xff\x0b(?:NETSCAPE2\.0|ANIMEXTS1\.0)\x03\x01..\x00", re.S
)


class _Unknown(Exception):
    """What stands there may belong to the picture, or end in its midst."""


def bared(data: bytes, image_format: str) -> bytes | None:
    """The file with nothing but the picture in it, moving or still.

    None for what can't be taken apart, and for AVIF where there is anything besides.
    Linear in its length.
    """
    if image_format == "AVIF":
        return data if is_bare_avif(data) else None
    parts = _PARTS.get(image_format)
    try:
        return b"".join(parts(data)) if parts else None
    except (_Unknown, IndexError):
        return None


def _of_jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    at = 2
    while data[at] == 0xFF:
        kind = data[at + 1]
        if kind == _END:
            yield data[at : at + 2]
            return  # what is behind it is another picture, or none
        if kind == 0xFF:  # filling
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if end < at + 4 or end > len(data):
            raise _Unknown
        if kind == _SCAN:
            found = _NEXT_PART.search(data, end)
            end = found.start() if found else len(data)
        yield _jpeg_part(kind, data[at:end])
        at = end
    raise _Unknown


def _jpeg_part(kind: int, part: bytes) -> bytes:
    inner = part[4:]
    if kind in _JPEG_PARTS:
        return part
    if kind not in (_COMMENT, *_OF_APPLICATIONS):
        raise _Unknown
    if kind == 0xE0 and inner.startswith(b"JFIF\0") and len(inner) >= 14:
        # Without a small picture in it, which may show another one.
        return b"\xff\xe0\x00\x10" + inner[:12] + b"\0\0"
    is_profile = kind == 0xE2 and inner.startswith(b"ICC_PROFILE\0")
    is_adobe = kind == 0xEE and len(inner) == 12 and inner.startswith(b"Adobe")
    return part if is_profile or is_adobe else b""


def _of_png(data: bytes) -> Iterator[bytes]:
    yield data[: len(_PNG_SIGNATURE)]
    at, kind = len(_PNG_SIGNATURE), b""
    while kind != b"IEND":
        kind = data[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(data[at : at + 4])
        is_critical = kind[:1].isupper()
        if (
            end > len(data)
            or len(kind) < 4
            or (is_critical and kind not in _PNG_CHUNKS)
        ):
            raise _Unknown
        if kind == b"IEND" and end != at + 12:
            raise _Unknown
        if kind in _PNG_CHUNKS:
            yield data[at:end]
        at = end


def _of_webp(data: bytes) -> Iterator[bytes]:
    length = int.from_bytes(data[4:8], "little") + 8
    if length > len(data):
        raise _Unknown
    chunks = b"".join(
        _webp_chunk(kind, chunk)
        for kind, chunk in _riff(data, 12, length)
        if kind in _WEBP_CHUNKS
    )
    yield data[:4] + (len(chunks) + 4).to_bytes(4, "little") + data[8:12]
    yield chunks


def _webp_chunk(kind: bytes, chunk: bytes) -> bytes:
    if kind == b"VP8X":
        return chunk[:8] + bytes([chunk[8] & ~_WEBP_TOLD]) + chunk[9:]
    if kind == b"ANMF":
        size = int.from_bytes(chunk[4:8], "little")
        inner = _riff(chunk, 8 + _FRAME_HEAD_BYTES, 8 + size)
        if any(each not in _WEBP_PICTURE for each, _ in inner):
            raise _Unknown
    return chunk


def _riff(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """The kind and the whole of each chunk in a stretch that they have to fill."""
    while at < end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        behind = at + 8 + size + size % 2
        yield data[at : at + 4], data[at:behind]
        at = behind
    if at != end:
        raise _Unknown


def _of_gif(data: bytes) -> Iterator[bytes]:
    at = 13 + _colours(data[10])
    if at > len(data):
        raise _Unknown
    yield data[:at]
    while at < len(data) and data[at] != 0x3B:
        end, is_picture = _gif_block(data, at)
        if is_picture:
            yield data[at:end]
        at = end
    # Many end without it.
    yield b"\x3b"


def _gif_block(data: bytes, at: int) -> tuple[int, bool]:
    """Where the block ends that begins here, and whether it is part of the picture."""
    if data[at] == 0x2C:
        return _behind(data, at + 10 + _colours(data[at + 9]) + 1), True
    kind = data[at + 1]
    if data[at] != 0x21 or kind not in (_GIF_CONTROL, _GIF_COMMENT, _GIF_APPLICATION):
        raise _Unknown  # words that are drawn onto the picture, say
    end = _behind(data, at + 2)
    if kind == _GIF_CONTROL:
        if end != at + 8:
            raise _Unknown
        return end, True
    return end, bool(_GIF_LOOP.fullmatch(data, at, end))


def _colours(flags: int) -> int:
    """How many bytes a table of colours has, by the flags that tell of it."""
    return 3 << ((flags & 0x07) + 1) if flags & 0x80 else 0


def _behind(data: bytes, at: int) -> int:
    """The end of pieces, each after its length, of which the last has none."""
    while size := data[at]:
        at += size + 1
    return at + 1


_PARTS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "JPEG": _of_jpeg,
    "MPO": _of_jpeg,
    "PNG": _of_png,
    "WEBP": _of_webp,
    "GIF": _of_gif,
}
