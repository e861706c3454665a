"""The words that occur here, counted: what a word may be the beginning or a form of."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from django.db import connection

from blog import languages
from blog.models.search import SearchWord
from blog.search.entries import is_spelled, parts_of
from blog.search.rows import selected
from blog.search.sources import sources, table_of
from blog.search.stems import primary, stem

_ROWS = 2000


# A word, its language, its stem, and what is to be added to its two numbers.
Row = tuple[str, str, str, int, int]


class Told(NamedTuple):
    """Such rows as JSON, some in each text, and the words of which there are fewer."""

    rows: list[str]
    fewer: list[str]


class Counts:
    """The words of entries' lines that came, less those of lines that went.

    `own`: the blog's own language, by whose rules most words have their stems.
    """

    def __init__(self, own: str) -> None:
        self._own = own
        # By language first: a set of words is counted much faster than word by word.
        self._texts: dict[str, Counter[str]] = {}
        self._titles: dict[str, Counter[str]] = {}

    def add(self, lines: Iterable[str]) -> None:
        for language, title, words in map(_sets_of, lines):
            self._texts.setdefault(language, Counter()).update(words)
            in_titles = self._titles.setdefault(language, Counter())
            if title:
                in_titles.update(title)

    def take_away(self, lines: Iterable[str]) -> None:
        for language, title, words in map(_sets_of, lines):
            self._texts.setdefault(language, Counter()).subtract(words)
            self._titles.setdefault(language, Counter()).subtract(title)

    def told(self) -> Told:
        pieces: list[str] = []
        fewer: list[str] = []
        rows = self.rows()
        while some := list(islice(rows, _ROWS)):
            pieces.append(json.dumps(some))
            fewer += [word for word, _, _, number, _ in some if number < 0]
        return Told(pieces, fewer)

    def rows(self) -> Iterator[Row]:
        """In the order of the words, so that each is stored beside the one before."""
        for language, texts in self._texts.items():
            in_titles, rules = self._titles[language], language or self._own
            for word in sorted(texts):
                both = texts[word], in_titles.get(word, 0)
                if any(both) and is_spelled(word):
                    yield word, language, stem(word, rules), *both


def _sets_of(line: str) -> tuple[str, set[str], set[str]]:
    """The language of an entry's line, the words of its title, and all of them."""
    parts = parts_of(line)
    words = set(parts.words)
    # Of pairs of letters there are millions, and none is stored.
    if not line.isascii():
        words = set(filter(is_spelled, words))
    return parts.language, set(parts.title), words


def faults() -> Iterator[str]:
    """One sentence if the words are counted wrong."""
    wanted = {row[:2]: row[3:] for row in _all().rows()}
    rows = SearchWord.objects.values_list(
        "word", "language", "text_count", "title_count"
    )
    stored = {(word, language): tuple(counts) for word, language, *counts in rows}
    if wrong := [
        key for key in {*wanted, *stored} if wanted.get(key) != stored.get(key)
    ]:
        yield f"{len(wrong)} words are counted wrong, such as “{min(wrong)[0]}”"


def recount() -> None:
    """Count all words anew, in the transaction there is."""
    SearchWord.objects.all().delete()
    store(_all().told())


def find_stems() -> None:
    """Of the words of texts in the blog's own language, which may be another now."""
    own = own_language()
    changed = []
    for word in SearchWord.objects.filter(language="").iterator():
        found = stem(word.word, own)
        if found != word.stem:
            word.stem = found
            changed.append(word)
    SearchWord.objects.bulk_update(changed, ["stem"], batch_size=_ROWS)


def _all() -> Counts:
    entries = (source.entry._default_manager.order_by("pk") for source in sources())
    counts = Counts(own_language())
    for rows in entries:
        counts.add(rows.values_list("words", flat=True).iterator())
    return counts


def store(told: Told) -> None:
    """Add these numbers to those of the same words."""
    table = table_of(SearchWord)
    select = selected("text", "text", "text", "int", "int")
    sql = (
        f"INSERT INTO {table} (word, language, stem, text_count, title_count)"
        f" {select} ON CONFLICT (word, language) DO UPDATE SET"
        f" text_count = {table}.text_count + excluded.text_count,"
        f" title_count = {table}.title_count + excluded.title_count"
    )
    with connection.cursor() as cursor:
        for rows in told.rows:
            cursor.execute(sql, [rows])
    for start in range(0, len(told.fewer), _ROWS):
        words = told.fewer[start : start + _ROWS]
        SearchWord.objects.filter(word__in=words, text_count__lte=0).delete()


def own_language() -> str:
    """The one texts are in that name none. One query, unless it is known."""
    return primary(languages.of_blog())
