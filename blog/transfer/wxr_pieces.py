"""Cuts a WordPress export into its head and its items, one in memory at a time.

An export is one XML document, but real ones break its rules: sections of CDATA inside
others, stray ampersands, control characters, prefixes nobody declared. So it is not
given to a parser whole. What a cut needs is little: where a `<item>` begins and where
it ends, which is never inside a section of CDATA or a comment.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TextIO

from blog import charsets
from blog.transfer.records import Note, SourceRefused

# Read at once. An item is as long as it is, up to the limit.
CHUNK_CHARACTERS = 64 * 1024
MAX_PIECE_CHARACTERS = 64 * 1024 * 1024
# An end tag is no longer, blanks in it included.
MAX_TAG_CHARACTERS = 500
# What a document must begin with to be looked at as an export at all.
_PROLOG_BYTES = 4096
_RSS = re.compile(r"<rss[\s>]")

_EVENT = re.compile(
    r"(?P<cdata>(?:<(?P<element>[A-Za-z_][\w:.-]*)(?:\s[^<>]*)?>\s*)?<!\[CDATA\[)"
    r"|(?P<comment><!--)|(?P<item><item(?:\s[^<>]*)?>)|(?P<end></item\s*>)"
    r"|(?P<close></channel\s*>)"
)
_NOT_IN_ITEMS = re.compile(r"<item[\s>]|</channel\s*>")
_ITEM_END = re.compile(r"</item\s*>")
# Anything that may be the beginning of an event that is not whole yet.
_BEGUN = re.compile(r"<[^<>]{0,400}>?\s*(?:<(?:!(?:\[?[CDAT\[]*|-*))?)?\Z")


@lru_cache(maxsize=256)
def _end_of_section(element: str) -> re.Pattern[str]:
    return re.compile(rf"\]\]>\s*</{re.escape(element)}\s*>")


class Place(NamedTuple):
    """Where a piece stands: so many characters behind the one before, and its line."""

    line: int  # the first one's, counted from 1
    skipped: int
    length: int


class Piece(NamedTuple):
    """A part of an export: what stands before the first item, or one item, tags included."""

    place: Place
    text: str


def pieces(path: Path) -> Iterator[Piece]:
    """The head, then each item of the export at `path`.

    Raises SourceRefused, with the line, where it is none or is torn: by then some of
    its items may have been given.
    """
    with _opened(path) as file:
        yield from _Cutter(path, file).pieces()


def pieces_at(path: Path, places: Iterable[Place]) -> Iterator[Piece]:
    """The same once more, where they were found before: each in a fifth of the time."""
    with _opened(path) as file:
        for place in places:
            file.read(place.skipped)
            yield Piece(place, file.read(place.length))


def _opened(path: Path) -> TextIO:
    return path.open(encoding=_encoding(path), errors="replace", newline="")


def beginning(path: Path) -> str:
    """The first characters of a file, as it would be read; for telling what it is."""
    with path.open(encoding=_encoding(path), errors="replace") as file:
        return file.read(16_384)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        begin = file.read(_PROLOG_BYTES)
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    named = re.match(rb"\s*<\?xml\s[^>]*encoding\s*=\s*[\"']([\w.:-]+)", begin)
    found = charsets.codec(named[1].decode()) if named else None
    return "utf-8-sig" if found in (None, "utf-8") else found


class _Cutter:
    """Walks through a file; `_text` holds what was read and not given away yet."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self._path = path
        self._file = file
        self._text = ""
        self._line = 1
        self._is_at_end = False

    def pieces(self) -> Iterator[Piece]:
        if not _RSS.search(self._peek()):
            raise self._refused("this is no WordPress export: there is no <rss> in it")
        head_end, kind = self._next_event(0)
        yield self._take(head_end)
        skipped = 0
        while kind == "item":
            end = self._plain_item_end()
            if not end:
                end, closed = self._next_event(1)
                if closed != "end":
                    raise self._refused("the item that begins here has no end: torn")
            yield self._take(end, skipped)
            skipped, kind = self._next_event(0)
            self._take(skipped)
        if kind != "close":
            raise self._refused("the end of the export, </channel>, is missing: torn")

    def _plain_item_end(self) -> int:
        """Where the item ends, if it is plain; else 0. Nearly every item is."""
        start = 0
        while not (end := _ITEM_END.search(self._text, start)):
            start = max(0, len(self._text) - MAX_TAG_CHARACTERS)
            if not self._more():
                return 0
        return end.end() if _is_plain(self._text[: end.end()]) else 0

    def _next_event(self, start: int) -> tuple[int, str]:
        """Where the next item begins or ends, or the channel ends; and which it is.

        The place is in `_text`: before a beginning, behind an end.
        """
        while True:
            found = _EVENT.search(self._text, start)
            if found is None:
                begun = _BEGUN.search(self._text, max(start, len(self._text) - 500))
                start = begun.start() if begun else len(self._text)
                if not self._more():
                    return len(self._text), ""
            elif found["cdata"]:
                start = self._cdata_end(found)
            elif found["comment"]:
                start = self._end_of("-->", found.end())
            else:
                kind = str(found.lastgroup)
                place = found.end() if kind == "end" else found.start()
                return place, kind

    def _cdata_end(self, found: re.Match[str]) -> int:
        """Where a section of CDATA ends that is all an element holds: before its end.

        Within may stand the end of another one: that is what real exports do.
        """
        if found["element"] is None:
            return self._end_of("]]>", found.end())
        end = _end_of_section(found["element"])
        start = found.end()
        while True:
            if closed := end.search(self._text, start):
                return closed.end()
            start = max(found.end(), len(self._text) - len(found["element"]) - 500)
            if not self._more():
                raise self._refused(
                    "a section of CDATA has no end: torn", found.start()
                )

    def _end_of(self, mark: str, start: int) -> int:
        begin = start
        while (end := self._text.find(mark, start)) < 0:
            start = max(begin, len(self._text) - len(mark))
            if not self._more():
                raise self._refused(f"“{mark}” is missing: torn", begin)
        return end + len(mark)

    def _peek(self) -> str:
        if not self._text:
            self._more()
        return self._text[:_PROLOG_BYTES]

    def _more(self) -> bool:
        if len(self._text) > MAX_PIECE_CHARACTERS:
            raise self._refused(
                f"what begins here is longer than {MAX_PIECE_CHARACTERS:,} characters"
            )
        # What is long is read in longer parts: each part is copied once.
        read = self._file.read(max(CHUNK_CHARACTERS, len(self._text)))
        self._text += read
        return bool(read)

    def _take(self, end: int, skipped: int = 0) -> Piece:
        piece = Piece(Place(self._line, skipped, end), self._text[:end])
        self._line += piece.text.count("\n")
        self._text = self._text[end:]
        return piece

    def _refused(self, sentence: str, place: int = 0) -> SourceRefused:
        line = self._line + self._text.count("\n", 0, place)
        return SourceRefused([Note(sentence, str(self._path), line)])


def _is_plain(item: str) -> bool:
    """Whether it ends at its first `</item>`, without walking through it.

    Within a section of CDATA there would be one more that begins than ends. No comment
    goes on behind it, and what tells that its end was lost is not in it.
    """
    begins = item.count("<![CDATA[")
    return (
        begins == item.count("]]></") == item.count("]]>")
        and item.count("<!--") == item.count("-->")
        and not _NOT_IN_ITEMS.search(item, 1)
    )
