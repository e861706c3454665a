"""What the database knows of its own tables: by it, it chooses which index to read."""

from typing import Any

from django.db import connection, transaction

# Rows looked at in each index: enough to tell them apart, over in a moment however
# many there are.
ANALYSIS_LIMIT = 400
# What is virtual keeps its rows in tables of its own, called by its name and `_`.
_TABLES = """
    SELECT name, EXISTS (
        SELECT 1 FROM sqlite_master AS virtual
        WHERE virtual.sql LIKE 'CREATE VIRTUAL %'
        AND substr(own.name, 1, length(virtual.name) + 1) = virtual.name || '_'
    )
    FROM sqlite_master AS own
    WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'
    AND sql NOT LIKE 'CREATE VIRTUAL %'"""

# Reads the schema again, and with it what is known; what was known in this connection
# of a table of which nothing is known now would stay known.
_FORGET = "PRAGMA writable_schema = RESET"


def refresh() -> None:
    """Look at all tables anew.

    PostgreSQL does so by itself. SQLite never does unasked, and without it takes the
    index that filters for the one that sorts: a home page of 100,000 posts then
    sorts them all.
    """
    if connection.vendor == "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            _refresh(cursor)


def expect_many() -> None:
    """Take every table for a large one, in this connection, until `refresh`.

    For what makes a small blog a large one: SQLite goes through the whole of a table
    that had seven rows when it was looked at, once for each batch that is stored.
    """
    if connection.vendor == "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            if _is_known(cursor):
                cursor.execute("DELETE FROM sqlite_stat1")
                cursor.execute(_FORGET)
                # What is known is read with the schema, by whoever asks for anything.
                cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
                # The others go on with what they know.
                transaction.set_rollback(True)


def _is_known(cursor: Any) -> bool:
    cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
    return cursor.fetchone() is not None


def _refresh(cursor: Any) -> None:
    """All but what the search's index keeps its words in.

    Of a table that had two rows when it was looked at, SQLite reads all there are
    since, at each merge of words: of 500,000 texts 60 GB, for what is a range of keys.
    """
    cursor.execute(f"PRAGMA analysis_limit = {ANALYSIS_LIMIT}")
    cursor.execute(_TABLES)
    tables = cursor.fetchall()
    if _is_known(cursor):
        # As every version before this one looked at them.
        parts = [[name] for name, is_part in tables if is_part]
        cursor.executemany("DELETE FROM sqlite_stat1 WHERE tbl = %s", parts)
        cursor.execute(_FORGET)
    for name, is_part in tables:
        if not is_part:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(name)}")
