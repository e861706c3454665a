"""Whether an AVIF file is one still picture and nothing besides.

Its boxes are those of ISO 14496-12 (4.2, 8.11) and of HEIF (ISO 23008-12); each byte
of the data has to be of a picture that is told of.
"""

from collections.abc import Iterator

_TOP = [b"ftyp", b"meta", b"mdat"]
_OF_META = frozenset(b"hdlr pitm iloc iinf iref iprp idat".split())
_OF_PROPERTIES = frozenset(b"ipco ipma".split())
# Sizes, depths, colours, what turns or cuts it, what is a picture's transparency.
_PROPERTIES = frozenset(
    b"ispe pixi av1C colr auxC irot imir pasp clap clli mdcv a1op a1lx lsel".split()
)
_PICTURES = frozenset([b"av01", b"grid"])
# What a program calls itself, or a picture: "libavif", "Color".
MAX_NAME_BYTES = 24
MAX_PICTURES = 300


class _Other(Exception):
    """Not as it has to be."""


def is_bare_avif(data: bytes) -> bool:
    """Linear in its length. What moves is none."""
    try:
        boxes = list(_boxes(data, 0, len(data)))
        if sorted(kind for kind, _, _ in boxes) != sorted(_TOP):
            return False
        places = {kind: (start, end) for kind, start, end in boxes}
        if data[slice(*places[b"ftyp"])][:4] != b"avif":
            return False
        return _is_filled(_told_of(data, *places[b"meta"]), *places[b"mdat"])
    except (_Other, IndexError):
        return False


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each box in a stretch that they have to fill, and what is in it."""
    while at < end:
        size = int.from_bytes(data[at : at + 4])
        if size < 8 or at + size > end:
            raise _Other
        yield data[at + 4 : at + 8], at + 8, at + size
        at += size


def _told_of(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Where in the file the pictures lie that the `meta` box tells of."""
    boxes = list(_boxes(data, start + 4, end))
    found = {kind: (begin, behind) for kind, begin, behind in boxes}
    if len(found) < len(boxes) or not found.keys() <= _OF_META or b"iloc" not in found:
        raise _Other
    if b"hdlr" in found:
        begin, behind = found[b"hdlr"]
        if (
            data[begin + 8 : begin + 12] != b"pict"
            or behind - begin > 20 + MAX_NAME_BYTES
        ):
            raise _Other
    for kind, begin, behind in _boxes(data, *found.get(b"iprp", (0, 0))):
        of_it = _boxes(data, begin, behind) if kind == b"ipco" else ()
        if kind not in _OF_PROPERTIES or any(
            one not in _PROPERTIES for one, *_ in of_it
        ):
            raise _Other
    _see_that_all_are_pictures(data, *found.get(b"iinf", (0, 0)))
    return _extents(data, *found[b"iloc"])


def _see_that_all_are_pictures(data: bytes, start: int, end: int) -> None:
    """Exif and XMP are items of other kinds."""
    head = 6 if data[start] == 0 else 8
    for kind, begin, behind in _boxes(data, start + head, end):
        is_told = kind == b"infe" and data[begin] in (2, 3)
        at = begin + (8 if data[begin] == 2 else 10)
        if not is_told or data[at : at + 4] not in _PICTURES:
            raise _Other
        if behind - at - 4 > MAX_NAME_BYTES:
            raise _Other


def _extents(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Of each picture that lies in the file itself, as the `iloc` box has them."""
    version = data[start]
    sizes = data[start + 4] >> 4, data[start + 4] & 15, data[start + 5] >> 4
    index_size = data[start + 5] & 15 if version else 0
    at, wide = start + 6, 4 if version == 2 else 2

    def number(size: int) -> int:
        nonlocal at
        at += size
        if at > end:
            raise _Other
        return int.from_bytes(data[at - size : at])

    found = []
    count = number(wide)
    if version > 2 or count > MAX_PICTURES:
        raise _Other
    for _ in range(count):
        number(wide)
        method = number(2) & 15 if version else 0
        number(2)
        base = number(sizes[2])
        for _ in range(number(2)):
            number(index_size)
            begin, length = base + number(sizes[0]), number(sizes[1])
            if method == 0:
                found.append((begin, begin + length))
    return found


def _is_filled(extents: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether these fill the stretch and reach nowhere else."""
    at = start
    for begin, behind in sorted(extents):
        if begin < start or begin > at:
            return False
        at = max(at, behind)
    return at == end
