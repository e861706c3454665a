"""Reads WordPress's own export, WXR 1.0 to 1.2."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import NoReturn

from blog.transfer import wxr_head, wxr_items, wxr_xml
from blog.transfer.records import BlogRecord, Note, PostRecord, SourceRefused
from blog.transfer.shortcode_makers import Around
from blog.transfer.wxr_fields import Fields
from blog.transfer.wxr_head import Names
from blog.transfer.wxr_items import Items
from blog.transfer.wxr_pieces import Piece, Place, beginning, pieces, pieces_at
from blog.transfer.wxr_write import GENERATOR

# What WordPress keeps among the posts, and nobody would miss.
_SILENT_KINDS = frozenset(["revision", "customize_changeset", "oembed_cache"])
# What texts name by its number: files, and blocks that several of them share.
_NAMED_KINDS = frozenset(["attachment", "wp_block"])
# Others only speak of it, and most do not.
_MAY_BE_NAMED = re.compile(
    rf":post_type>\s*(?:<!\[CDATA\[)?\s*(?:{'|'.join(sorted(_NAMED_KINDS))})\b"
)


def recognises(source: Path) -> bool:
    """Whether it is an RSS document with a namespace of WordPress's exports."""
    if not source.is_file():
        return False
    begin = beginning(source)
    return "<rss" in begin and "wordpress.org/export/" in begin


def read(source: Path) -> BlogRecord:
    """What the export says; its posts are read while they are asked for.

    It is walked through twice: first whole, so that a torn one is refused before
    anything is made of it. Raises SourceRefused.
    """
    return _Reader(source).blog()


class _Reader:
    def __init__(self, source: Path) -> None:
        self._source = source
        self._family_of: dict[str, str] = {}
        self._blog = BlogRecord()
        self._is_own = False
        self._around = Around()
        self._left_out: Counter[str] = Counter()
        self._places: list[Place] = []

    def blog(self) -> BlogRecord:
        walk = pieces(self._source)
        head = next(walk)
        self._places.append(head.place)
        if "<channel" not in head.text:
            self._refuse("there is no <channel> in it", head.place.line)
        # Which says so where the file ends amid its head.
        first = list(islice(walk, 1))
        self._read_head(head)
        self._blog.post_count = self._survey(chain(first, walk))
        if not self._blog.post_count and "wxr_version" not in head.text:
            self._refuse("there is no item in it", head.place.line)
        self._blog.posts = self._posts()
        return self._blog

    def _read_head(self, head: Piece) -> None:
        self._family_of = wxr_xml.families(head.text)
        begin = head.text.index("<channel")
        line = head.place.line + head.text.count("\n", 0, begin)
        text = f"{head.text[begin:]}</channel>"
        try:
            said = Fields(wxr_xml.element(text, self._family_of))
        except wxr_xml.BrokenXML:
            said = self._sound_part(text, line)
        set_aside = self._blog.warnings
        self._is_own = said.text("generator") == GENERATOR
        self._blog = wxr_head.read(said, is_own=self._is_own)
        self._blog.warnings += set_aside

    def _sound_part(self, text: str, line: int) -> Fields:
        """A head without those of its authors, categories and tags that are broken."""
        kept: list[str] = []
        at, here = 0, line
        for begin, end, noun in wxr_head.parts(text):
            between, part, at = text[at:begin], text[begin:end], end
            here += between.count("\n")
            try:
                wxr_xml.element(part, self._family_of)
                kept += [between, part]
            except wxr_xml.BrokenXML as error:
                sentence = f"the {noun} here was set aside: {error.sentence}"
                self._warn(sentence, here + error.line - 1)
                kept += [between, "\n" * part.count("\n")]
            here += part.count("\n")
        try:
            return Fields(wxr_xml.element("".join([*kept, text[at:]]), self._family_of))
        except wxr_xml.BrokenXML as error:
            sentence = f"what stands above its items is broken: {error.sentence}"
            note = Note(sentence, self._path, line + error.line - 1)
            raise SourceRefused([note]) from error

    def _survey(self, walk: Iterator[Piece]) -> int:
        """Take down what texts may name; how many items are none of that."""
        count = 0
        for piece in walk:
            self._places.append(piece.place)
            said = self._named(piece)
            if said is None:
                count += 1
            elif said.text("wp:post_type") == "attachment":
                self._take_file(said)
            elif number := said.number("wp:post_id"):
                self._around.reusable[number] = said.raw("content:encoded")
        return count

    def _named(self, piece: Piece) -> Fields | None:
        """What an item says that texts may name; None where it is none or broken."""
        if not _MAY_BE_NAMED.search(piece.text):
            return None
        try:
            said = Fields(wxr_xml.element(piece.text, self._family_of))
        except wxr_xml.BrokenXML:
            return None
        return said if said.text("wp:post_type") in _NAMED_KINDS else None

    def _take_file(self, said: Fields) -> None:
        file = wxr_items.media(said, is_own=self._is_own)
        self._blog.media.append(file)
        if file.number:
            self._around.files[file.number] = file
            if parent := said.number("wp:post_parent"):
                self._around.below.setdefault(parent, []).append(file.number)

    def _fields(self, piece: Piece) -> Fields | None:
        """What an item says; None where it is too broken, which is noted."""
        try:
            return Fields(wxr_xml.element(piece.text, self._family_of))
        except wxr_xml.BrokenXML as error:
            line = piece.place.line + error.line - 1
            self._warn(f"an item was set aside: {error.sentence}", line)
            return None

    def _posts(self) -> Iterator[PostRecord]:
        items = Items(
            Names(self._blog),
            self._around,
            self._blog.url,
            self._source.name,
            is_own=self._is_own,
        )
        walk = pieces_at(self._source, self._places)
        next(walk)
        for piece in walk:
            said = self._fields(piece)
            if said and self._is_kept(said):
                yield items.post(said, piece.place.line)
        for kind, count in sorted(self._left_out.items()):
            noun = "item" if count == 1 else "items"
            self._warn(f"{count} {noun} of the kind “{kind}” left out")
        self._blog.warnings += items.findings.notes(self._path)

    def _is_kept(self, said: Fields) -> bool:
        kind = said.text("wp:post_type")
        if kind in wxr_items.KINDS and said.text("wp:status") != "auto-draft":
            return True
        if kind not in _SILENT_KINDS | _NAMED_KINDS:
            self._left_out[kind or "auto-draft"] += 1
        return False

    @property
    def _path(self) -> str:
        return str(self._source)

    def _warn(self, sentence: str, line: int | None = None) -> None:
        self._blog.warnings.append(Note(sentence, self._path, line))

    def _refuse(self, sentence: str, line: int) -> NoReturn:
        note = Note(f"this is no WordPress export: {sentence}", self._path, line)
        raise SourceRefused([note])
