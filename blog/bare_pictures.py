"""Whether a file is a picture and nothing besides, so that its bytes may stay.

Read strictly: what is not known to belong to the picture is taken for something hidden.
Whether it can be decoded is not asked here.
"""

import re

# In JPEG (ITU T.81, B.1.1.3): frames, tables, scans, the distance of restarts.
_JPEG_PARTS = frozenset({*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDD} - {0xC8})
_SCAN, _END = 0xDA, 0xD9
# Behind a scan: no stuffed byte, no restart, no filling.
_NEXT_PART = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# In PNG (ISO 15948, 11): no text, no time, nothing of a camera's.
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = frozenset(
    b"IHDR PLTE IDAT tRNS cHRM gAMA iCCP sBIT sRGB bKGD hIST pHYs".split()
)
_WEBP_CHUNKS = frozenset([b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"])


def is_bare(data: bytes, image_format: str) -> bool:
    """For a still JPEG, PNG or WebP; never for another format. Linear in its length."""
    check = {"JPEG": _is_bare_jpeg, "PNG": _is_bare_png, "WEBP": _is_bare_webp}
    return image_format in check and check[image_format](data)


def _is_bare_jpeg(data: bytes) -> bool:
    at = 2
    while data[at : at + 1] == b"\xff" and at + 1 < len(data):
        kind = data[at + 1]
        if kind == _END:
            return at + 2 == len(data)
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if end < at + 4 or not _is_of_jpeg(kind, data[at + 4 : end]):
            return False
        if kind == _SCAN:
            found = _NEXT_PART.search(data, end)
            end = found.start() if found else len(data)
        at = end
    return False


def _is_of_jpeg(kind: int, inner: bytes) -> bool:
    if kind == 0xE0:  # without a small picture in it, which may show another one
        return (
            len(inner) == 14 and inner.startswith(b"JFIF\0") and inner[12:] == b"\0\0"
        )
    if kind == 0xE2:
        return inner.startswith(b"ICC_PROFILE\0")
    if kind == 0xEE:
        return len(inner) == 12 and inner.startswith(b"Adobe")
    return kind in _JPEG_PARTS


def _is_bare_png(data: bytes) -> bool:
    at = len(_PNG_SIGNATURE)
    while len(kind := data[at + 4 : at + 8]) == 4:
        length = int.from_bytes(data[at : at + 4])
        at += 12 + length
        if kind == b"IEND":
            return length == 0 and at == len(data)
        if kind not in _PNG_CHUNKS:
            return False
    return False


def _is_bare_webp(data: bytes) -> bool:
    if int.from_bytes(data[4:8], "little") + 8 != len(data):
        return False
    at = 12
    while at < len(data):
        if data[at : at + 4] not in _WEBP_CHUNKS:
            return False
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return at == len(data)
