"""What the database itself does for the search: triggers, and the index of words.

Made after every migration where it is missing or has changed. Not in a migration:
SQLite forgets the triggers of a table that Django writes anew, as it does for many
changes of one. A trigger only ever adds a row to the queue, in plain SQL, so that a
bare shell can write as well as the blog can.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connections

from blog.models.search import SearchEntry, SearchQueue
from blog.search.sources import Source, Watch, sources, table_of

# How PostgreSQL indexes an entry, and by the same words knows its index again. A
# function of ours, because it says what it costs: PostgreSQL takes its own for cheap
# and would take ten thousand texts apart rather than look into the index. Restricted,
# so that no search starts other processes: that alone takes longer than it does.
LEXEMES = "search_lexemes(words)"
_LEXEMES_FUNCTION = """
    CREATE OR REPLACE FUNCTION search_lexemes(words text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL RESTRICTED COST 10000 AS $$
    BEGIN RETURN array_to_tsvector(string_to_array(words, ' ')); END $$"""
_FTS_OPTIONS = (
    "words, content='{table}', content_rowid='id', columnsize=0, "
    "tokenize=\"ascii tokenchars '/=#'\""
)


def after_migrate(using: str = "default", **_: Any) -> None:
    """For `post_migrate`: make what is missing, for the tables there are."""
    tables = set(connections[using].introspection.table_names())
    if table_of(SearchQueue) not in tables:
        return
    for source in sources():
        if table_of(source.entry) in tables:
            ensure(source, using)


def ensure(source: Source, using: str = "default") -> None:
    """Everything of one source. Where a trigger was missing, all of it is queued."""
    connection = connections[using]
    is_postgres = connection.vendor == "postgresql"
    wanted = dict(_postgres(source) if is_postgres else _sqlite(source))
    with connection.cursor() as cursor:
        there = _postgres_there(cursor) if is_postgres else _sqlite_there(cursor)
        missing = {
            name: sql
            for name, sql in wanted.items()
            if name not in there or (not is_postgres and there[name] != sql)
        }
        for name, sql in missing.items():
            if name in there:
                kind = "TRIGGER" if sql.startswith("CREATE TRIGGER") else "TABLE"
                cursor.execute(f"DROP {kind} {name}")
            cursor.execute(sql)
            if sql.startswith("CREATE VIRTUAL"):
                cursor.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")  # noqa: S608
        if is_postgres:
            _drop_indexes(cursor, source, there.keys() - wanted.keys())
    # An index is made of what is entered; without a trigger texts are missed.
    if any(name.startswith("search_") for name in missing):
        queue_everything(source, using)


def queue_everything(source: Source, using: str = "default") -> None:
    SearchQueue.objects.using(using).create(source=source.name, object_id=0)


def drop(using: str) -> None:
    """Take everything away again, before the tables go that it writes to."""
    drop_triggers(using)
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in _sqlite_there(cursor):
                if name.endswith("_fts"):
                    cursor.execute(f"DROP TABLE {name}")


def drop_triggers(using: str) -> None:
    """Let nothing tell the queue any more."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _drop_on_postgres(cursor)
            return
        for name, sql in _sqlite_there(cursor).items():
            if sql.startswith("CREATE TRIGGER"):
                cursor.execute(f"DROP TRIGGER {name}")


def fts_table(entry: type[SearchEntry]) -> str:
    """SQLite's index of the words of these entries."""
    return f"{table_of(entry)}_fts"


# --- SQLite


def _sqlite_there(cursor: Any) -> dict[str, str]:
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE name LIKE 'search\\_%' ESCAPE '\\'"
        " OR name LIKE '%\\_fts' ESCAPE '\\'"
    )
    return dict(cursor.fetchall())


def _sqlite(source: Source) -> Iterator[tuple[str, str]]:
    yield from _sqlite_index(source.entry)
    for watch in source.watches:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            name = f"search_{watch.table}_{watch.source}_{verb.lower()}"
            yield name, _sqlite_trigger(name, watch, verb)


def _sqlite_index(entry: type[SearchEntry]) -> Iterator[tuple[str, str]]:
    """The index, and what keeps it equal to the column it indexes."""
    table, fts = table_of(entry), fts_table(entry)
    options = _FTS_OPTIONS.format(table=table)
    yield fts, f"CREATE VIRTUAL TABLE {fts} USING fts5({options})"
    add = f"INSERT INTO {fts} (rowid, words) VALUES (NEW.id, NEW.words);"  # noqa: S608
    remove = (
        f"INSERT INTO {fts} ({fts}, rowid, words) "  # noqa: S608
        "VALUES ('delete', OLD.id, OLD.words);"
    )
    for verb, body in (
        ("INSERT", add),
        ("DELETE", remove),
        ("UPDATE", f"{remove} {add}"),
    ):
        name = f"search_{table}_{verb.lower()}"
        yield name, f"CREATE TRIGGER {name} AFTER {verb} ON {table} BEGIN {body} END"


def _sqlite_trigger(name: str, watch: Watch, verb: str) -> str:
    of = f" OF {', '.join(watch.columns)}" if verb == "UPDATE" and watch.columns else ""
    when = ""
    if of:
        changed = [f"OLD.{name} IS NOT NEW.{name}" for name in watch.columns]
        when = f" WHEN {' OR '.join(changed)}"
    sides = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}[verb]
    rows = " UNION ".join(
        f"SELECT '{watch.source}', {side}.{watch.column}" for side in sides
    )
    queue = table_of(SearchQueue)
    return (
        f"CREATE TRIGGER {name} AFTER {verb}{of} ON {watch.table}{when} "
        f"BEGIN INSERT INTO {queue} (source, object_id) {rows}; END"
    )


# --- PostgreSQL


def _postgres_there(cursor: Any) -> dict[str, str]:
    """Names alone: each ends in a digest of what it was made by."""
    # Another blog may have a schema of its own in the same database.
    cursor.execute(
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger "
        "WHERE pg_table_is_visible(tgrelid)"
    )
    triggers = dict(cursor.fetchall())
    cursor.execute(
        "SELECT indexname, '' FROM pg_indexes WHERE schemaname = current_schema()"
        " UNION ALL SELECT stxname, '' FROM pg_statistic_ext"
        " WHERE pg_statistics_obj_is_visible(oid)"
    )
    return triggers | dict(cursor.fetchall())


def _postgres(source: Source) -> Iterator[tuple[str, str]]:
    yield from _postgres_indexes(source)
    for watch in source.watches:
        yield _digested(f"search_{watch.source}", _postgres_trigger(watch))


def _postgres_indexes(source: Source) -> Iterator[tuple[str, str]]:
    """One of what readers may find, another of the rest, and statistics of both.

    In one for both, each search would read as well which of all texts are public.
    """
    table = table_of(source.entry)
    index = f"CREATE INDEX {{name}} ON {table} USING gin ({LEXEMES})"
    for name, which in (("public", is_public), ("hidden", is_hidden)):
        # What it would find out of an index of a part, PostgreSQL does not use.
        no_statistics = "ALTER INDEX {name} ALTER COLUMN 1 SET STATISTICS 0"
        yield _digested(
            f"{table}_{name}_gin",
            f"{_LEXEMES_FUNCTION}; {index} WHERE {which(source)}; {no_statistics}",
        )
    statistics = f"CREATE STATISTICS {{name}} ON ({LEXEMES}) FROM {table}"
    yield _digested(f"{table}_lexemes", f"{statistics}; ANALYZE {table}")


def is_public(source: Source) -> str:
    """The SQL that asks PostgreSQL of an entry whether readers may find it."""
    return f"strpos(words, '/{source.public} ') > 0"


def is_hidden(source: Source) -> str:
    return f"strpos(words, '/{source.public} ') = 0"


def public_index(source: Source) -> str:
    """The name of PostgreSQL's index of what readers may find."""
    return next(name for name, _ in _postgres_indexes(source))


def lexeme_statistics(source: Source) -> str:
    """What PostgreSQL calls what it knows of the words of entries."""
    return [name for name, _ in _postgres_indexes(source)][-1]


def _drop_indexes(cursor: Any, source: Source, names: Iterable[str]) -> None:
    """Those that were made another way, and their statistics."""
    for name in names:
        if name.startswith(f"{table_of(source.entry)}_"):
            if "_gin_" in name:
                cursor.execute(f"DROP INDEX {name}")
            elif "_lexemes_" in name:
                cursor.execute(f"DROP STATISTICS {name}")


def _digested(name: str, sql: str) -> tuple[str, str]:
    name = f"{name}_{hashlib.sha256(sql.encode()).hexdigest()[:8]}"
    return name, sql.replace("{name}", name)


def _postgres_trigger(watch: Watch) -> str:
    """A function of the table's own, and the triggers that call it.

    What changed is asked inside the function: a trigger that names columns would hold
    them fast, and no migration could change their type.
    """
    function = f"search_{watch.table}_{watch.source}"
    table, queue = watch.table, table_of(SearchQueue)
    same = " AND ".join(
        f"OLD.{name} IS NOT DISTINCT FROM NEW.{name}" for name in watch.columns
    )
    skip = f"IF TG_OP = 'UPDATE' AND {same} THEN RETURN NULL; END IF;" if same else ""
    tell = f"INSERT INTO {queue} (source, object_id) VALUES ('{watch.source}', %s);"  # noqa: S608
    return rf"""
        DROP TRIGGER IF EXISTS {function}_all ON {table};
        CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'TRUNCATE' THEN
                {tell % "0"}
                RETURN NULL;
            END IF;
            {skip if watch.columns else ""}
            IF TG_OP <> 'INSERT' THEN {tell % f"OLD.{watch.column}"} END IF;
            IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE'
                AND NEW.{watch.column} <> OLD.{watch.column})
            THEN {tell % f"NEW.{watch.column}"} END IF;
            RETURN NULL;
        END $$;
        DO $$ DECLARE old record; BEGIN
            FOR old IN SELECT tgname FROM pg_trigger
                WHERE tgrelid = '{table}'::regclass
                AND tgname LIKE 'search\_{watch.source}\_%'
            LOOP EXECUTE format('DROP TRIGGER %I ON {table}', old.tgname); END LOOP;
        END $$;
        CREATE TRIGGER {function}_all AFTER TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {function}();
        CREATE TRIGGER {{name}} AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {function}()"""  # noqa: S608


def _drop_on_postgres(cursor: Any) -> None:
    cursor.execute(
        "SELECT proname FROM pg_proc JOIN pg_type ON pg_type.oid = prorettype "
        "WHERE typname = 'trigger' AND proname LIKE 'search\\_%' "
        "AND pg_function_is_visible(pg_proc.oid)"
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP FUNCTION {name}() CASCADE")
