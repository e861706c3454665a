"""Which entries have the words: asked of the database, the newest first, so many at most.

A very common word stands in a million entries. Ranking them all would take seconds, and
the newest of them are as good: so both databases walk their index from the newest on,
and end where they have found enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from blog.search.entries import OBJECT_BITS, first_key
from blog.search.groups import Group, Phrase
from blog.search.schema import LEXEMES, fts_table
from blog.search.sources import Source, table_of

# What of an entry's words is read for ranking it: its head, and how its text begins.
HEAD_SIGNS = 2000
# PostgreSQL fetches each entry by itself: so many are enough there.
MAX_ON_POSTGRES = 300
# One in twenty texts. In a small blog nothing is common.
COMMON_SHARE = 0.05
# A stretch of time is cut so that this many times the matches that are looked for are
# likely to be in it, and only where it leaves out that much.
SPARE = 2.5
WORTH_CUTTING = 0.4
MIN_BOUNDS = 21
_LAST_KEY = (1 << 63) - 1


@dataclass
class Wanted:
    """What an entry is to have: all of `groups`, all `facets`, nothing of `without`."""

    groups: list[Group]
    without: list[Phrase] = field(default_factory=list)
    # Each a choice of facets.
    facets: list[Sequence[str]] = field(default_factory=list)
    # So large a part of all texts is likely to have all of the words: see
    # `forms.share_of`. 0 where nobody asked.
    share: float = 0.0
    # How many texts that is.
    likely: float = 0.0
    since: datetime | None = None
    before: datetime | None = None

    @property
    def is_common(self) -> bool:
        """Whether so many texts have them that these need no looking for."""
        return self.share > COMMON_SHARE


class Found(NamedTuple):
    """An entry, and the beginning of its words."""

    key: int
    object_id: int
    head: str

    @property
    def second(self) -> int:
        """Of its text's date, as `entries.second_of` counts them."""
        return self.key >> OBJECT_BITS


def find(
    source: Source, wanted: Wanted, visible: QuerySet, limit: int
) -> tuple[list[Found], bool]:
    """The newest entries that are as `wanted`, of objects that are `visible`.

    At most `limit`; and whether there may be more.
    """
    if connection.vendor == "sqlite":
        found = _find_on_sqlite(source, wanted, visible, limit)
    else:
        limit = min(limit, MAX_ON_POSTGRES)
        find_on_postgres = _walk if wanted.is_common else _find_by_index
        found = find_on_postgres(source, wanted, visible, limit)
    return found, len(found) == limit


def _find_on_sqlite(
    source: Source, wanted: Wanted, visible: QuerySet, limit: int
) -> list[Found]:
    table, fts = table_of(source.entry), fts_table(source.entry)
    where, words = _sqlite_match(fts, wanted)
    in_time, keys = _between(f"{fts}.rowid", wanted)
    # CROSS: from the index of words to the entries, never the other way.
    joined = f"{fts} CROSS JOIN {table} ON {table}.id = {fts}.rowid"
    where = f"{where}{in_time}"
    return _read(table, joined, where, [*words, *keys], visible, limit)


def _find_by_index(
    source: Source, wanted: Wanted, visible: QuerySet, limit: int
) -> list[Found]:
    """The newest stretch of time first, where it is likely to have enough.

    In each, first which have the words, then which of these may be seen: both at once,
    PostgreSQL would take the order of keys for the cheaper way, and take every text
    apart on it.
    """
    found: list[Found] = []
    for above, below in _stretches(table_of(source.entry), wanted, limit):
        rest = limit - len(found)
        found += _find_between(source, wanted, visible, rest, above, below)
        if len(found) == limit:
            break
    return found


def _stretches(table: str, wanted: Wanted, limit: int) -> list[tuple[int, int]]:
    """From which key to below which: the newest that suffice for `limit`, then the rest.

    PostgreSQL finds a word and a stretch in two indexes, and reads only what is in both:
    of a word in thousands of texts some hundreds. Where to cut is guessed from its
    statistics; where that is not worth it, or there are none, all is one stretch. One
    query, none for a rare word.
    """
    everything = [(0, _LAST_KEY)]
    if SPARE * limit > WORTH_CUTTING * wanted.likely:
        return everything
    sql = (
        "SELECT histogram_bounds::text::bigint[], reltuples FROM pg_stats, pg_class "
        "WHERE schemaname = current_schema() AND tablename = %s AND attname = 'id' "
        "AND pg_class.oid = %s::regclass"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [table, table])
        bounds, count = cursor.fetchone() or (None, 0)
    if not bounds or len(bounds) < MIN_BOUNDS:
        return everything
    newest = SPARE * limit / max(1.0, count * wanted.share)
    if newest > WORTH_CUTTING:
        return everything
    last = len(bounds) - 1
    cut = bounds[last - max(1, round(last * newest))]
    return [(cut, _LAST_KEY), (0, cut)]


def _find_between(
    source: Source,
    wanted: Wanted,
    visible: QuerySet,
    limit: int,
    above: int,
    below: int,
) -> list[Found]:
    table = table_of(source.entry)
    where, params = _lexemes(wanted)
    in_time, keys = _between("id", wanted)
    found: list[Found] = []
    size = limit + limit // 4
    while len(found) < limit:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {table} WHERE {where}{in_time} "  # noqa: S608
                # Not the bare key: see above.
                "AND id >= %s AND id < %s ORDER BY id + 0 DESC LIMIT %s",
                [*params, *keys, above, below, size],
            )
            matches = [key for (key,) in cursor.fetchall()]
        if matches:
            rest = limit - len(found)
            among = f"{table}.id = ANY(%s)"
            found += _read(table, table, among, [matches], visible, rest)
        if len(matches) < size:
            break
        size, below = 8 * size, matches[-1]
    return found


def _walk(source: Source, wanted: Wanted, visible: QuerySet, limit: int) -> list[Found]:
    """Looking at one text after the other, where every tenth has the words."""
    table = table_of(source.entry)
    conditions, params = [], []
    facets = [Group(tuple((f"/{facet}",) for facet in each)) for each in wanted.facets]
    for group in [*wanted.groups, *facets]:
        # An entry begins with a facet.
        line = "' ' || words" if group in facets else "words"
        either = " OR ".join([f"strpos({line}, %s) > 0"] * len(group.phrases))
        conditions.append(f"({either})")
        params += [f" {' '.join(phrase)} " for phrase in group.phrases]
    for phrase in wanted.without:
        conditions.append("strpos(words, %s) = 0")
        params.append(f" {' '.join(phrase)} ")
    in_time, keys = _between(f"{table}.id", wanted)
    where = f"{' AND '.join(conditions)}{in_time}"
    return _read(table, table, where, [*params, *keys], visible, limit)


def _read(
    table: str,
    joined: str,
    where: str,
    params: Sequence[Any],
    visible: QuerySet,
    limit: int,
) -> list[Found]:
    seen, seen_by = _seen(visible, f"{table}.object_id")
    key = f"{table}_fts.rowid" if joined != table else f"{table}.id"
    sql = (
        f"SELECT {table}.id, object_id, substr({table}.words, 1, {HEAD_SIGNS}) "  # noqa: S608
        f"FROM {joined} WHERE {where} AND EXISTS ({seen}) ORDER BY {key} DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *seen_by, limit])
        return [Found(*row) for row in cursor.fetchall()]


def matching(source: Source, wanted: Wanted) -> tuple[str, list[Any]]:
    """The SQL that finds the keys of all objects that are as `wanted`."""
    table, fts = table_of(source.entry), fts_table(source.entry)
    if connection.vendor == "sqlite":
        where, params = _sqlite_match(fts, wanted)
        joined = f"{fts} CROSS JOIN {table} ON {table}.id = {fts}.rowid"
    else:
        where, params = _lexemes(wanted)
        joined = table
    return f"SELECT {table}.object_id FROM {joined} WHERE {where}", list(params)  # noqa: S608


def _seen(visible: QuerySet, column: str) -> tuple[str, Sequence[Any]]:
    """The SQL that asks of one entry whether its object is among those."""
    one = visible.filter(pk=RawSQL(column, [])).order_by().values("pk")  # noqa: S611
    return one.query.sql_with_params()


def _between(key: str, wanted: Wanted) -> tuple[str, list[int]]:
    sql, params = "", []
    if wanted.since is not None:
        sql += f" AND {key} >= %s"
        params.append(first_key(wanted.since))
    if wanted.before is not None:
        sql += f" AND {key} < %s"
        params.append(first_key(wanted.before))
    return sql, params


# --- SQLite: FTS5 knows phrases


def _sqlite_match(fts: str, wanted: Wanted) -> tuple[str, list[str]]:
    groups = [_either(group.phrases) for group in wanted.groups]
    groups += [
        _either([(f"/{facet}",) for facet in choice]) for choice in wanted.facets
    ]
    query = " AND ".join(groups)
    if wanted.without:
        query = f"({query}) NOT {_either(wanted.without)}"
    return f"{fts} MATCH %s", [query]


def _either(phrases: Sequence[Phrase]) -> str:
    # No word has a quote in it, or anything else that means something to FTS5.
    quoted = [f'"{" ".join(phrase)}"' for phrase in phrases]
    return f"({' OR '.join(quoted)})"


# --- PostgreSQL: the index knows words, the column what stands beside what


def _lexemes(wanted: Wanted) -> tuple[str, list[str]]:
    facets = [Group(tuple((f"/{facet}",) for facet in each)) for each in wanted.facets]
    query = " & ".join(_alternatives(group) for group in [*wanted.groups, *facets])
    phrases = [group.phrases[0] for group in wanted.groups]
    conditions, params = [], []
    for phrase in phrases:
        if len(phrase) > 1:
            conditions.append(" AND strpos(words, %s) > 0")
            params.append(f" {' '.join(phrase)} ")
    for phrase in wanted.without:
        if len(phrase) > 1:
            conditions.append(" AND strpos(words, %s) = 0")
            params.append(f" {' '.join(phrase)} ")
        else:
            query += f" & !'{phrase[0]}'"
    return f"{LEXEMES} @@ %s::tsquery{''.join(conditions)}", [query, *params]


def _alternatives(group: Group) -> str:
    phrases = [" & ".join(f"'{word}'" for word in phrase) for phrase in group.phrases]
    return f"({' | '.join(f'({phrase})' for phrase in phrases)})"
