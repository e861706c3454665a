"""Entries of SQLite: FTS5 walks its index from the newest on, and knows phrases."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from blog.search.groups import Phrase
from blog.search.schema import fts_table
from blog.search.sources import Source, Visible, seen, table_of
from blog.search.wanted import HEAD_SIGNS, Found, Wanted


def find(
    source: Source, wanted: Wanted, visible: QuerySet | Visible, limit: int
) -> tuple[list[Found], bool]:
    """The newest public entries that are as `wanted`, of objects that are `visible`.

    And whether there may be more.
    """
    table, key = table_of(source.entry), f"{fts_table(source.entry)}.rowid"
    wanted = replace(wanted, facets=[*wanted.facets, [source.public]])
    joined, where, words = matching(source, wanted)
    in_time, keys = wanted.keys(key)
    one_seen, seen_by = seen(visible, f"{table}.object_id")
    sql = (
        f"SELECT {table}.id, object_id, substr({table}.words, 1, {HEAD_SIGNS}) "  # noqa: S608
        f"FROM {joined} WHERE {where}{in_time} "
        f"AND EXISTS ({one_seen}) ORDER BY {key} DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*words, *keys, *seen_by, limit])
        found = [Found(*row) for row in cursor.fetchall()]
    return found, len(found) == limit


def matching(source: Source, wanted: Wanted) -> tuple[str, str, list[Any]]:
    """From what, and where, entries are as `wanted`, whatever their time."""
    table, fts = table_of(source.entry), fts_table(source.entry)
    query = " AND ".join(_either(group.phrases) for group in wanted.required)
    if wanted.without:
        query = f"({query}) NOT {_either(wanted.without)}"
    # CROSS: from the index of words to the entries, never the other way.
    joined = f"{fts} CROSS JOIN {table} ON {table}.id = {fts}.rowid"
    return joined, f"{fts} MATCH %s", [query]


def _either(phrases: Sequence[Phrase]) -> str:
    # No word has a quote in it, or anything else that means something to FTS5.
    quoted = [f'"{" ".join(phrase)}"' for phrase in phrases]
    return f"({' OR '.join(quoted)})"
