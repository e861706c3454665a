"""What stands in the index for a text: one line of words, told apart by their first sign.

    /kpost /spublished /a3 /c5 /len =title =words #tag / title words / tag / text … / 北 /

`/…` tells what the text is (a comment has the categories of its post), `=` and `#` are the words of its title and its tags once
more, so that these can be asked for by themselves. A lone `/` parts what no phrase may
run across. The last part has the letters of scripts without spaces, each once.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from blog import html_text, markup
from blog.search.words import MAX_WORD_SIGNS, is_paired, single_signs, words_of

# A book of ten novels. And as PostgreSQL can index, each word counted once.
MAX_TEXT_SIGNS = 4_000_000
MAX_DISTINCT_BYTES = 400_000

# A key is the second, and in it the last bits of the object's.
OBJECT_BITS = 24
_FIRST_SECOND = datetime(1, 1, 1, tzinfo=UTC)

GAP = "/"
TITLE_SIGN = "="
TAG_SIGN = "#"


class Document(NamedTuple):
    """Something to be found. `facets`: what it is, such as `kpost` or `c5`.

    Its text is what `html` says, as it is served, and `excerpt`, which is no HTML.
    """

    object_id: int
    at: datetime
    title: str = ""
    tags: Sequence[str] = ()
    html: str = ""
    excerpt: str = ""
    # Empty for the blog's own.
    language: str = ""
    facets: Sequence[str] = ()

    @property
    def text(self) -> str:
        """At most MAX_TEXT_SIGNS; most with the blanks and ends of lines of the HTML."""
        shown = html_text.parted_text_of(markup.running_text(self.html))
        if len(shown) + len(self.excerpt) >= MAX_TEXT_SIGNS:
            shown = " ".join(shown.split())
        text = f"{shown}\n{self.excerpt}" if self.excerpt else shown
        return text[:MAX_TEXT_SIGNS]


class Parts(NamedTuple):
    """What of an entry's line is counted; `words` are all, those of the title too."""

    language: str
    title: list[str]
    words: list[str]
    is_ascii: bool


def line_of(document: Document) -> tuple[str, Parts]:
    """The entry's words, a blank between each two, and one sign `/` at the end.

    And its parts, as `parts_of` finds them there but for the gaps.
    """
    title = words_of(document.title)
    tags = [words_of(tag) for tag in document.tags]
    tag_words = [word for words in tags for word in words]
    text = _bounded(words_of(document.text))
    parts = [f"/{facet}" for facet in [*document.facets, f"l{document.language}"]]
    parts += [TITLE_SIGN + word for word in dict.fromkeys(title)]
    parts += [TAG_SIGN + word for word in dict.fromkeys(tag_words)]
    for words in (title, *tags, text):
        parts += [GAP, *words]
    line = " ".join(parts)
    words, is_ascii = [*title, *tag_words, *text], line.isascii()
    signs = [] if is_ascii else single_signs(words)
    counted = Parts(document.language, title, words + signs, is_ascii)
    return " ".join([line, GAP, *signs, GAP]), counted


def _bounded(words: list[str]) -> list[str]:
    """As many of them as can be indexed."""
    # Four bytes a sign are the most there can be.
    if len(words) * MAX_WORD_SIGNS * 4 < MAX_DISTINCT_BYTES:
        return words
    if sum(map(len, words)) * 4 < MAX_DISTINCT_BYTES:
        return words
    room, seen = MAX_DISTINCT_BYTES, set()
    for place, word in enumerate(words):
        if word not in seen:
            seen.add(word)
            room -= len(word.encode()) + 1
            if room < 0:
                return words[:place]
    return words


class Entry(NamedTuple):
    """A row of the index: see `SearchEntry`."""

    key: int
    object_id: int
    words: str


def entry_of(document: Document) -> tuple[Entry, Parts]:
    """And what of it is counted."""
    line, parts = line_of(document)
    key = key_of(document.at, document.object_id)
    return Entry(key, document.object_id, line), parts


def key_of(at: datetime, object_id: int) -> int:
    """The entry's key: texts stand by their dates."""
    return second_of(at) << OBJECT_BITS | (object_id & ((1 << OBJECT_BITS) - 1))


def first_key(at: datetime) -> int:
    """The lowest key of what is of that second."""
    return second_of(at) << OBJECT_BITS


def second_of(at: datetime) -> int:
    """How many seconds into the calendar."""
    return int((at - _FIRST_SECOND).total_seconds())


def parts_of(line: str) -> Parts:
    """The words of an entry's line, numbers, pairs of letters and gaps among them."""
    head, _, rest = line.partition(f" {GAP} ")
    language = head.partition("/l")[2].partition(" ")[0]
    title, ends, _ = rest.partition(GAP)
    return Parts(language, title.split() if ends else [], rest.split(), line.isascii())


def is_spelled(word: str) -> bool:
    """Whether it can be completed or misspelled: no number, no pair, no gap."""
    return (
        word != GAP and not word.isdigit() and (word.isascii() or not is_paired(word))
    )
