"""Triggers that give a stretch of posts a number of its own with each change of it.

A stretch is a thousand posts by their numbers (`blog/stretches.py`). It is stamped
where a post comes, goes or changes in what is counted of it, and where it is filed or
tagged otherwise. What a comment changes of its post is none of that.

In the database and made after every migration, as the generation's triggers are
(`blog/generation_triggers.py`); a migration gives all stretches another number. On
SQLite a number at random takes the place of the last one; on PostgreSQL, where writers
must not wait for each other, each transaction adds its own, and a stretch has all of
them.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections

TABLE = "blog_stretch"
# Posts whose numbers are the same divided by this are in one.
SIZE = 1_000
# The mark of the database itself, which counts for all of them: no other one has it,
# and TRUNCATE makes another.
ALL = -1
_PREFIX = "stretch_"


@dataclass(frozen=True)
class _Counted:
    """A table, by its model's label, and the column that has the post's number.

    `seen`: the columns a change of which counts. `taken`: which rows SQLite's REPLACE
    takes away for a new one (`NEW`); it tells no trigger of that
    (sqlite.org/lang_conflict.html).
    """

    model: str
    post: str
    seen: tuple[str, ...]
    taken: str = "id = NEW.id"

    @property
    def name(self) -> str:
        return apps.get_model(self.model)._meta.db_table


_COUNTED = (
    _Counted(
        "blog.Post",
        "id",
        (
            *("id", "kind", "status", "published_at", "published_on"),
            *("author_id", "password", "updated_at"),
        ),
        "id = NEW.id OR guid = NEW.guid"
        " OR (published_on = NEW.published_on AND slug = NEW.slug)",
    ),
    _Counted("blog.Post_categories", "post_id", ("post_id", "category_id")),
    _Counted("blog.TaggedPost", "content_object_id", ("content_object_id", "tag_id")),
)


def after_migrate(using: str = "default", **_: Any) -> None:
    """For `post_migrate`: make what is missing, for the tables there are."""
    connection = connections[using]
    is_postgres = connection.vendor == "postgresql"
    tables = set(connection.introspection.table_names())
    counted = [table for table in _COUNTED if table.name in tables]
    with connection.cursor() as cursor:
        (_ensure_on_postgres if is_postgres else _ensure_on_sqlite)(cursor, counted)


# --- SQLite


def _ensure_on_sqlite(cursor: Any, counted: list[_Counted]) -> None:
    cursor.execute(
        f"CREATE TABLE IF NOT EXISTS {TABLE} "
        "(stretch integer PRIMARY KEY, number integer NOT NULL)"
    )
    cursor.execute(f"INSERT OR REPLACE INTO {TABLE} VALUES ({ALL}, random())")  # noqa: S608
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
        [f"{_PREFIX}%"],
    )
    there = dict(cursor.fetchall())
    for table in counted:
        for name, sql in _sqlite_triggers(table):
            if there.get(name) != sql:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(sql)


def _sqlite_triggers(table: _Counted) -> Iterator[tuple[str, str]]:
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in table.seen)
    old, new = f"SELECT OLD.{table.post} AS post", f"SELECT NEW.{table.post} AS post"
    rows = f"SELECT {table.post} AS post FROM {table.name}"  # noqa: S608
    taken = f"{rows} WHERE {table.taken}"
    others = f"{rows} WHERE id <> OLD.id AND ({table.taken})"
    for kind, event, posts in (
        ("insert", "AFTER INSERT", [new]),
        ("update", f"AFTER UPDATE ON {table.name} WHEN {changed}", [old, new]),
        ("delete", "AFTER DELETE", [old]),
        ("insert_over", "BEFORE INSERT", [taken]),
        ("update_over", "BEFORE UPDATE OF id, guid, slug, published_on", [others]),
    ):
        if kind == "update_over" and table.post != "id":
            continue
        name = f"{_PREFIX}{table.name}_{kind}"
        on = event if " ON " in event else f"{event} ON {table.name}"
        stamps = " ".join(map(_sqlite_stamp, posts))
        yield name, f"CREATE TRIGGER {name} {on} BEGIN {stamps} END"


def _sqlite_stamp(posts: str) -> str:
    """Not by REPLACE: a statement that ignores conflicts ignores them here, too."""
    return (
        f"INSERT INTO {TABLE} SELECT post / {SIZE}, random() "  # noqa: S608
        f"FROM ({posts}) WHERE true "
        "ON CONFLICT (stretch) DO UPDATE SET number = excluded.number;"
    )


# --- PostgreSQL


def _ensure_on_postgres(cursor: Any, counted: list[_Counted]) -> None:
    cursor.execute(
        f"CREATE TABLE IF NOT EXISTS {TABLE} "
        "(stretch bigint, number bigint, PRIMARY KEY (stretch, number))"
    )
    cursor.execute(
        f"INSERT INTO {TABLE} "  # noqa: S608
        f"VALUES ({ALL}, pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING"
    )
    for table in counted:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass "
            "AND tgname LIKE %s",
            [table.name, f"{_PREFIX}%"],
        )
        there = {name for (name,) in cursor.fetchall()}
        name, sql = _postgres_trigger(table)
        if name not in there:
            for old in there:
                cursor.execute(f"DROP TRIGGER {old} ON {table.name}")
            cursor.execute(sql)


def _postgres_trigger(table: _Counted) -> tuple[str, str]:
    """A function of the table's own, and its triggers, whose name has its digest.

    As of the generation's triggers no column is named outside the function.
    """
    same = " AND ".join(
        f"OLD.{name} IS NOT DISTINCT FROM NEW.{name}" for name in table.seen
    )
    function = f"{_PREFIX}{table.name}"
    body = f"""
        CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'TRUNCATE' THEN
                {_postgres_stamp(str(ALL))}
                RETURN NULL;
            ELSIF TG_OP = 'UPDATE' THEN
                IF {same} THEN RETURN NULL; END IF;
            END IF;
            IF TG_OP <> 'INSERT' THEN
                {_postgres_stamp(f"OLD.{table.post} / {SIZE}")}
            END IF;
            IF TG_OP <> 'DELETE' THEN
                {_postgres_stamp(f"NEW.{table.post} / {SIZE}")}
            END IF;
            RETURN NULL;
        END $$;"""
    name = f"{_PREFIX}{hashlib.sha256(body.encode()).hexdigest()[:8]}"
    return (
        name,
        f"""{body}
        CREATE TRIGGER {name}_all AFTER TRUNCATE ON {table.name}
            FOR EACH STATEMENT EXECUTE FUNCTION {function}();
        CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table.name}
            FOR EACH ROW EXECUTE FUNCTION {function}()""",
    )


def _postgres_stamp(stretch: str) -> str:
    return (
        f"INSERT INTO {TABLE} "  # noqa: S608
        f"VALUES ({stretch}, pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING;"
    )
