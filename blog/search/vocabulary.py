"""The words that occur here, counted: what a word may be the beginning or a form of."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from django.db import connection

from blog import languages
from blog.models.search import SearchWord
from blog.search.entries import Parts, is_spelled, parts_of
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
        # How many texts have a word, and how many titles.
        self._counters: dict[str, tuple[Counter[str], Counter[str]]] = {}

    def add(self, parts: Parts) -> None:
        texts, titles = self._of(parts.language)
        texts.update(_different(parts.words, parts))
        if parts.title:
            titles.update(_different(parts.title, parts))

    def take_away(self, parts: Parts) -> None:
        texts, titles = self._of(parts.language)
        texts.subtract(_different(parts.words, parts))
        titles.subtract(_different(parts.title, parts))

    def _of(self, language: str) -> tuple[Counter[str], Counter[str]]:
        if language not in self._counters:
            self._counters[language] = Counter(), Counter()
        return self._counters[language]

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
        for language, (texts, titles) in self._counters.items():
            rules = language or self._own
            for word in sorted(texts):
                both = texts[word], titles.get(word, 0)
                if any(both) and is_spelled(word):
                    yield word, language, stem(word, rules), *both


def _different(words: list[str], parts: Parts) -> set[str]:
    """Each once; of pairs of letters there are millions, and none is stored."""
    found = set(words)
    return found if parts.is_ascii else set(filter(is_spelled, found))


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
        for line in rows.values_list("words", flat=True).iterator():
            counts.add(parts_of(line))
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
