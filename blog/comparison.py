"""What differs between two revisions of a post, as it is shown: fields and text."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from reversion.models import Version

from blog import revisions, text_diff, text_pieces
from blog.models import Media, Post, User
from blog.revisions import LABELS, State
from blog.text_diff import Mark, Segment

# Of more paragraphs that stayed the same, one is shown at each end.
MAX_SAME_LINES = 3
_RELATED = {
    "author": User,
    "parent": Post,
    "featured_image": Media,
    "social_image": Media,
}
NOTHING = "–"


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    segments: list[Segment]


@dataclass(frozen=True)
class Part:
    """A stretch of the text. Of a long one that stayed the same, the middle is folded."""

    is_same: bool
    segments: list[Segment]
    folded: str = ""
    folded_count: int = 0
    end: str = ""


@dataclass(frozen=True)
class Difference:
    fields: list[Field]
    text: list[Part]
    # Words and marks alike, or only one of them.
    has_new_text: bool
    has_new_words: bool


def of(before: Version, after: Version, *, of_html: bool = False) -> Difference:
    """From one to the other. Five queries at most, however much differs."""
    was, is_ = State(before.serialized_data), State(after.serialized_data)
    revisions.load_bodies(was, is_)
    return between(was, is_, of_html=of_html)


def between(
    was: State,
    is_: State,
    names: Collection[str] | None = None,
    *,
    of_html: bool = False,
) -> Difference:
    """From one to the other, their texts being read. Three queries at most.

    `names` says what of it differs, where the caller knows better than `changed`.
    """
    if names is None:
        has_new_text, names = was.body != is_.body, revisions.changed(was, is_)
    else:
        has_new_text = "body" in names
    others = [name for name in names if name != "body"]
    related = {name: _names(name, was, is_) for name in others if name in _RELATED}
    fields = [
        Field(
            name,
            gettext(LABELS[name]),
            _segments(_shown(name, was, related), _shown(name, is_, related)),
        )
        for name in others
    ]
    words = text_diff.visible(was.body), text_diff.visible(is_.body)
    texts = (_lines(was.body), _lines(is_.body)) if of_html else words
    # Paragraphs of words stand apart; lines of HTML don't.
    line_end = "\n" if of_html else "\n\n"
    parts = [_part(stretch, line_end) for stretch in text_diff.compare(*texts)]
    return Difference(fields, parts, has_new_text, words[0] != words[1])


def _lines(body: str) -> str:
    """HTML, a line for each paragraph."""
    return "".join(block.rstrip("\n") + "\n" for block in text_pieces.blocks(body))


def _part(stretch: text_diff.Stretch, line_end: str) -> Part:
    lines = stretch.segments[0].text.splitlines()
    if stretch.is_same and len(lines) > MAX_SAME_LINES:
        return Part(
            is_same=True,
            segments=[Segment(Mark.SAME, lines[0])],
            folded=line_end.join(lines[1:-1]),
            folded_count=len(lines) - 2,
            end=lines[-1],
        )
    *most, last = stretch.segments
    if most and Mark.SAME not in (most[-1].mark, last.mark):
        most[-1] = _without_end(most[-1])
    shown = [
        Segment(mark, text.replace("\n", line_end))
        for mark, text in [*most, _without_end(last)]
    ]
    return Part(stretch.is_same, shown)


def _without_end(segment: Segment) -> Segment:
    """Its last line ends with the part it stands in."""
    return Segment(segment.mark, segment.text.removesuffix("\n"))


def _segments(before: str, after: str) -> list[Segment]:
    """Long values word by word, short ones as a whole."""
    if len(before) + len(after) > 80:
        return text_diff.words(before, after)
    return [Segment(Mark.GONE, before or NOTHING), Segment(Mark.NEW, after or NOTHING)]


def _names(name: str, *states: State) -> dict[int, str]:
    """What the rows that a column speaks of are called. One query."""
    pks = {state.values[name] for state in states} - {None}
    rows = _RELATED[name]._base_manager.filter(pk__in=pks)
    if name == "author":
        return {row.pk: row.public_name for row in rows}  # type: ignore[attr-defined]
    return {row.pk: str(row) for row in rows}


def _shown(name: str, state: State, related: dict[str, dict[int, str]]) -> str:
    value: Any = state.values[name]
    if name in related:
        return related[name].get(value, gettext("not here any more")) if value else ""
    match name:
        case "categories":
            return ", ".join(sorted(state.category_names.values()))
        case "tags":
            return ", ".join(value)
        case "status":
            return str(Post.Status(value).label)
        case "published_at":
            at = state.published_at
            moment = timezone.localtime(at) if at else None
            return date_format(moment, "DATETIME_FORMAT") if moment else ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(value)
