"""Triggers that make a new generation of the blog with each change of what it shows.

In the database itself, so that no door is forgotten: a task, an import, a bare shell.
Made after every migration where one is missing or has changed: SQLite forgets the
triggers of a table that Django writes anew. Each migration makes a new generation: what
it changed meanwhile, or by changing a table itself, no trigger has told.

On SQLite, where one writes at a time, a generation is a number at random in the one
row of a table. On PostgreSQL writers must not wait for each other: each transaction
adds its own number as a row, and a generation is all the rows there are
(`blog/generations.py`).
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db import connections

from blog.public_tables import PublicTable, all_of_them

TABLE = "blog_generation"
_PREFIX = "generation_"


def after_migrate(using: str = "default", **_: Any) -> None:
    """For `post_migrate`: make what is missing, for the tables there are."""
    connection = connections[using]
    is_postgres = connection.vendor == "postgresql"
    tables = set(connection.introspection.table_names())
    public = [table for table in all_of_them() if table.name in tables]
    with connection.cursor() as cursor:
        (_ensure_on_postgres if is_postgres else _ensure_on_sqlite)(cursor, public)


# --- SQLite


def _ensure_on_sqlite(cursor: Any, public: list[PublicTable]) -> None:
    cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (number integer NOT NULL)")
    cursor.execute(
        f"INSERT INTO {TABLE} SELECT random() "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT 1 FROM {TABLE})"
    )
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
        [f"{_PREFIX}%"],
    )
    there = dict(cursor.fetchall())
    for table in public:
        for name, sql in _sqlite_triggers(table):
            if there.get(name) != sql:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(sql)
    cursor.execute(f"UPDATE {TABLE} SET number = random()")  # noqa: S608


def _sqlite_triggers(table: PublicTable) -> Iterator[tuple[str, str]]:
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in table.seen)
    yield _sqlite_trigger(table, "insert", "AFTER INSERT", table.new_if)
    yield _sqlite_trigger(table, "update", "AFTER UPDATE", changed)
    yield _sqlite_trigger(table, "delete", "AFTER DELETE", "")
    if table.new_if:
        taken = f"EXISTS (SELECT 1 FROM {table.name} WHERE {table.taken})"  # noqa: S608
        condition = f"NOT ({table.new_if}) AND {taken}"
        yield _sqlite_trigger(table, "replace", "BEFORE INSERT", condition)


def _sqlite_trigger(
    table: PublicTable, kind: str, event: str, condition: str
) -> tuple[str, str]:
    name = f"{_PREFIX}{table.name}_{kind}"
    when = f" WHEN {condition}" if condition else ""
    return (
        name,
        f"CREATE TRIGGER {name} {event} ON {table.name}{when} "  # noqa: S608
        f"BEGIN UPDATE {TABLE} SET number = random(); END",
    )


# --- PostgreSQL

_POSTGRES_NUMBER = (
    f"INSERT INTO {TABLE} VALUES (pg_current_xact_id()::text::bigint) "  # noqa: S608
    "ON CONFLICT DO NOTHING"
)


def _ensure_on_postgres(cursor: Any, public: list[PublicTable]) -> None:
    cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (number bigint PRIMARY KEY)")
    cursor.execute(
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE %s "
        "AND pg_table_is_visible(tgrelid)",
        [f"{_PREFIX}%"],
    )
    there = {name for (name,) in cursor.fetchall()}
    for table in public:
        name, sql = _postgres_trigger(table)
        if name not in there:
            cursor.execute(sql)
    cursor.execute(_POSTGRES_NUMBER)


def _postgres_trigger(table: PublicTable) -> tuple[str, str]:
    """A function of the table's own, and its triggers, whose name has its digest.

    What changed is asked inside the function: a trigger that names columns would hold
    them fast, and no migration could change their type.
    """
    same = " AND ".join(
        f"OLD.{name} IS NOT DISTINCT FROM NEW.{name}" for name in table.seen
    )
    skip_new = (
        f"ELSIF TG_OP = 'INSERT' THEN IF NOT ({table.new_if}) THEN RETURN NULL; END IF;"
        if table.new_if
        else ""
    )
    function = f"{_PREFIX}{table.name}"
    body = f"""
        CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF {same} THEN RETURN NULL; END IF;
            {skip_new}
            END IF;
            {_POSTGRES_NUMBER};
            RETURN NULL;
        END $$;"""
    digest = hashlib.sha256(body.encode()).hexdigest()[:8]
    name = f"{_PREFIX}{digest}"
    return (
        name,
        rf"""{body}
        DO $$ DECLARE old record; BEGIN
            FOR old IN SELECT tgname FROM pg_trigger
                WHERE tgrelid = '{table.name}'::regclass
                AND tgname LIKE 'generation\_%'
            LOOP EXECUTE format('DROP TRIGGER %I ON {table.name}', old.tgname);
            END LOOP;
        END $$;
        CREATE TRIGGER {name}_all AFTER TRUNCATE ON {table.name}
            FOR EACH STATEMENT EXECUTE FUNCTION {function}();
        CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table.name}
            FOR EACH ROW EXECUTE FUNCTION {function}()""",  # noqa: S608
    )
