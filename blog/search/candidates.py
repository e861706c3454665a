"""Which entries have the words: asked of the database, the newest first, so many at most.

A very common word stands in a million entries. Ranking them all would take seconds, and
the newest of them are as good: so both databases look at the newest first, and end where
they have found enough.
"""

from types import ModuleType
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from blog.search import on_postgres, on_sqlite
from blog.search.sources import Source, Visible, table_of
from blog.search.wanted import Found, Wanted


def find(
    source: Source, wanted: Wanted, visible: QuerySet | Visible, limit: int
) -> tuple[list[Found], bool]:
    """The newest public entries that are as `wanted`, of objects that are `visible`.

    At most `limit`; and whether there may be more.
    """
    return _here().find(source, wanted, visible, limit)


def matching(source: Source, wanted: Wanted) -> tuple[str, list[Any]]:
    """The SQL that finds the keys of all objects that are as `wanted`."""
    joined, where, params = _here().matching(source, wanted)
    sql = f"SELECT {table_of(source.entry)}.object_id FROM {joined} WHERE {where}"  # noqa: S608
    return sql, params


def _here() -> ModuleType:
    return on_sqlite if connection.vendor == "sqlite" else on_postgres
