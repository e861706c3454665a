"""The words that occur here, counted: what a word may be the beginning or a form of."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from blog import languages
from blog.models.search import SearchWord
from blog.search.entries import is_spelled, parts_of
from blog.search.sources import sources, table_of
from blog.search.stems import primary, stem

_ROWS = 400

Key = tuple[str, str]


def count(new: Iterable[str], gone: Iterable[str]) -> None:
    """Count the words of entries' lines that came, and no longer of those that went."""
    texts, titles = _counted(new)
    for count, lost in zip((texts, titles), _counted(gone), strict=True):
        count.subtract(lost)
    _add(texts, titles)


def _counted(lines: Iterable[str]) -> tuple[Counter[Key], Counter[Key]]:
    """In how many of the lines each word stands, and in how many of their titles."""
    # By language first: a set of words is counted much faster than word by word.
    texts: dict[str, Counter[str]] = {}
    titles: dict[str, Counter[str]] = {}
    for line in lines:
        parts = parts_of(line)
        texts.setdefault(parts.language, Counter()).update(set(parts.words))
        titles.setdefault(parts.language, Counter()).update(set(parts.title))
    return _with_language(texts), _with_language(titles)


def _with_language(counts: dict[str, Counter[str]]) -> Counter[Key]:
    return Counter(
        {
            (word, language): number
            for language, some in counts.items()
            for word, number in some.items()
            if is_spelled(word)
        }
    )


def faults() -> Iterator[str]:
    """One sentence if the words are counted wrong."""
    texts, titles = _all()
    wanted = {key: (texts[key], titles[key]) for key in texts}
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
    _add(*_all())


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


def _all() -> tuple[Counter[Key], Counter[Key]]:
    entries = (source.entry._default_manager.order_by("pk") for source in sources())
    lines = (
        line
        for rows in entries
        for line in rows.values_list("words", flat=True).iterator()
    )
    return _counted(lines)


def _add(texts: Counter[Key], titles: Counter[Key]) -> None:
    own = own_language()
    changed = sorted(key for key in texts if texts[key] or titles[key])
    for start in range(0, len(changed), _ROWS):
        rows = [
            (word, language, stem(word, language or own), texts[key], titles[key])
            for key in changed[start : start + _ROWS]
            for word, language in [key]
        ]
        _store(rows)
    lost = [word for (word, _), number in texts.items() if number < 0]
    for start in range(0, len(lost), _ROWS):
        words = SearchWord.objects.filter(word__in=lost[start : start + _ROWS])
        words.filter(text_count__lte=0).delete()


def _store(rows: list[tuple[str, str, str, int, int]]) -> None:
    """Add these numbers to those of the same words."""
    if connection.vendor == "postgresql":
        # A parameter for each value takes longer to be understood than all else.
        source = (
            "SELECT row->>0, row->>1, row->>2, (row->>3)::int, (row->>4)::int"
            " FROM json_array_elements(%s::json) AS row"
        )
        params: list[Any] = [json.dumps(rows)]
    else:
        source = f"VALUES {', '.join(['(%s, %s, %s, %s, %s)'] * len(rows))}"
        params = [value for row in rows for value in row]
    table = table_of(SearchWord)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (word, language, stem, text_count, title_count)"
            f" {source} ON CONFLICT (word, language) DO UPDATE SET"
            f" text_count = {table}.text_count + excluded.text_count,"
            f" title_count = {table}.title_count + excluded.title_count",
            params,
        )


def own_language() -> str:
    """The one texts are in that name none. One query, unless it is known."""
    return primary(languages.of_blog())
