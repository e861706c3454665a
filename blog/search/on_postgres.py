"""Entries of PostgreSQL: GIN knows words, the column what stands beside what.

Its index knows no order. Of a word in thousands of texts the newest stretch of time is
looked at first; of one in every tenth one text after the other; and of either then a
longer stretch before it, and so on, where that was not enough.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from blog.search import statistics
from blog.search.groups import Group
from blog.search.schema import LEXEMES, is_hidden, is_public
from blog.search.sources import Source, Visible, seen, table_of
from blog.search.wanted import HEAD_SIGNS, Found, Wanted

# It fetches each entry by itself: so many are enough.
MAX_FOUND = 160
# And so few, where more would take a further look, longer than all before it: these are
# three pages of results.
ENOUGH = 60
# Where too few of what was looked at may be seen, so many times as many are.
GROWING = 8
# Where a stretch was not enough, the one before it is so many times as long.
LONGER = 4
# A stretch is to have this many times the matches that are looked for.
SPARE = 2.5
# What an entry costs, in keys of a stretch that could be read meanwhile; and what one
# that is looked at without the index does, in entries that the index names.
KEYS_PER_ENTRY = 10
NAMED_PER_ENTRY = 10


class Stretch(NamedTuple):
    """Of time: from which key on, and below which; None where there is no end."""

    above: int | None = None
    below: int | None = None
    is_walked: bool = False

    @property
    def keys(self) -> tuple[str, list[int]]:
        ends = [(">=", self.above), ("<", self.below)]
        known = [(sign, key) for sign, key in ends if key is not None]
        sql = "".join(f" AND id {sign} %s" for sign, _ in known)
        return sql, [key for _, key in known]


def find(
    source: Source, wanted: Wanted, visible: QuerySet | Visible, limit: int
) -> tuple[list[Found], bool]:
    """The newest public entries that are as `wanted`, of objects that are `visible`.

    And whether there may be more.
    """
    limit = min(limit, MAX_FOUND)
    found: list[Found] = []
    for stretch in _stretches(source, wanted, limit):
        if len(found) >= min(limit, ENOUGH):
            return found, True
        look = _walk if stretch.is_walked else _look_up
        found += look(source, wanted, visible, limit - len(found), stretch)
    return found, len(found) == limit


def _stretches(source: Source, wanted: Wanted, limit: int) -> Iterator[Stretch]:
    """The newest that should suffice for `limit`, and longer and longer ones before it.

    Or the rest, where that is less: PostgreSQL finds a word and a stretch in two
    indexes, and reads only what is in both. How often words that many texts have stand
    in one phrase, nobody knows: each stretch that is looked at is to cost little beside
    the one before it that was too short.
    """
    known = statistics.of(source)
    odds, below = known.odds(wanted), None
    read = max(SPARE * limit / odds.share, known.least) if odds else 0.0
    while odds and read <= known.count / 2:
        is_walked = read * NAMED_PER_ENTRY < odds.rarest * known.count
        is_cut = read < KEYS_PER_ENTRY * odds.named * known.count
        if not (is_walked or is_cut):
            break
        above = known.newest(read / known.count)
        yield Stretch(above, below, is_walked)
        below, read = above, read * LONGER
    yield Stretch(below=below)


def _look_up(
    source: Source,
    wanted: Wanted,
    visible: QuerySet | Visible,
    limit: int,
    stretch: Stretch,
) -> list[Found]:
    """By the index; what may be seen is asked of the newest alone.

    Of all that have the words, it would be asked a thousand times for nothing.
    """
    where, words = _has(wanted)
    in_time, times = wanted.keys("id")
    one_seen, seen_by = seen(visible, "entry.object_id")
    found: list[Found] = []
    size = limit + limit // 10  # some may not be seen
    while len(found) < limit:
        in_stretch, keys = stretch.keys
        sql = (
            "SELECT id, object_id, "  # noqa: S608
            # Each for itself, which OFFSET says: of as many PostgreSQL would rather read
            # all that may be seen, first.
            f"CASE WHEN EXISTS ({one_seen} OFFSET 0) THEN substr(words, 1, {HEAD_SIGNS}) END "
            f"FROM (SELECT id, object_id, words FROM {table_of(source.entry)} "
            f"WHERE {is_public(source)} AND {where}{in_time}{in_stretch} "
            # Not the bare key: PostgreSQL would take its order for the cheaper way, and
            # take every text apart on it.
            "ORDER BY id + 0 DESC LIMIT %s) entry"
        )
        params = [*seen_by, *words, *times, *keys, size]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            matches = sorted(cursor.fetchall(), reverse=True)
        found += [Found(*row) for row in matches if row[-1] is not None]
        if len(matches) < size:
            break
        size, stretch = GROWING * size, stretch._replace(below=matches[-1][0])
    return found[:limit]


def _walk(
    source: Source,
    wanted: Wanted,
    visible: QuerySet | Visible,
    limit: int,
    stretch: Stretch,
) -> list[Found]:
    """One text after the other, where every tenth or so has the words."""
    conditions, params = [is_public(source)], []
    for group in wanted.required:
        # An entry begins with a facet.
        line = "words" if group in wanted.groups else "' ' || words"
        either = " OR ".join([f"strpos({line}, %s) > 0"] * len(group.phrases))
        conditions.append(f"({either})")
        params += [f" {' '.join(phrase)} " for phrase in group.phrases]
    for phrase in wanted.without:
        conditions.append("strpos(words, %s) = 0")
        params.append(f" {' '.join(phrase)} ")
    one_seen, seen_by = seen(visible, "entry.object_id")
    in_time, times = wanted.keys("id")
    in_stretch, keys = stretch.keys
    sql = (
        f"SELECT id, object_id, substr(words, 1, {HEAD_SIGNS}) "  # noqa: S608
        f"FROM {table_of(source.entry)} entry WHERE {' AND '.join(conditions)}"
        f"{in_time}{in_stretch} AND EXISTS ({one_seen}) ORDER BY entry.id DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *times, *keys, *seen_by, limit])
        return [Found(*row) for row in cursor.fetchall()]


def matching(source: Source, wanted: Wanted) -> tuple[str, str, list[Any]]:
    """From what, and where, entries are as `wanted`, whatever their time and state."""
    where, params = _has(wanted)
    # Each of its two indexes is found by its own half.
    halves = (f"({half(source)} AND {where})" for half in (is_public, is_hidden))
    return table_of(source.entry), f"({' OR '.join(halves)})", [*params, *params]


def _has(wanted: Wanted) -> tuple[str, list[str]]:
    """What the index answers, and what is left to ask of phrases."""
    query = " & ".join(_alternatives(group) for group in wanted.required)
    conditions, params = "", []
    for phrase in (group.phrases[0] for group in wanted.groups):
        if len(phrase) > 1:
            conditions += " AND strpos(words, %s) > 0"
            params.append(f" {' '.join(phrase)} ")
    for phrase in wanted.without:
        if len(phrase) > 1:
            conditions += " AND strpos(words, %s) = 0"
            params.append(f" {' '.join(phrase)} ")
        else:
            query += f" & !'{phrase[0]}'"
    return f"{LEXEMES} @@ %s::tsquery{conditions}", [query, *params]


def _alternatives(group: Group) -> str:
    phrases = [" & ".join(f"'{word}'" for word in phrase) for phrase in group.phrases]
    return f"({' | '.join(f'({phrase})' for phrase in phrases)})"
