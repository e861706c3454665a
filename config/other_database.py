"""An SQLite file beside the blog's own database, and rows that go from one to the other.

The models are those of a state of the migrations, so that rows of an older blog can be
read and written as well.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.db.models import Field, Model

from blog.sqlite3.base import DatabaseWrapper

BATCH_ROWS = 1000
# Sessions end with a blog; the rest is what the search knows of the texts.
LEFT_OUT = frozenset(
    (
        *("sessions.session", "blog.searchqueue", "blog.searchword"),
        *("blog.postentry", "comments.commententry"),
    )
)

Models = Sequence[type[Model]]
# An app and the name of one of its migrations.
Node = tuple[str, str]


@contextmanager
def beside(path: Path) -> Iterator[str]:
    """The alias under which the database in the file `path` can be asked."""
    alias = f"beside-{path.name}"
    asked = {DEFAULT_DB_ALIAS: {}, alias: {"ENGINE": "blog.sqlite3", "NAME": str(path)}}
    settings = connections.configure_settings(asked)[alias]
    # This thread's alone: no other part of the program learns of it.
    connections[alias] = DatabaseWrapper(settings, alias)
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]


def newest_nodes() -> list[Node]:
    """Where the migrations of this program end, one for each app."""
    return sorted(MigrationLoader(None).graph.leaf_nodes())


def models_at(nodes: Sequence[Node]) -> Models:
    """The models of a blog that has come as far as `nodes`, links among them.

    Raises NodeNotFoundError for a migration this program does not know.
    """
    apps = MigrationLoader(None).project_state(list(nodes)).apps
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower not in LEFT_OUT and not model._meta.proxy
    ]


def create_tables(models: Models, alias: str) -> None:
    """Without indexes, which are for those who look for something.

    Nor is it looked whether what a row names is there: without them that takes long, and
    who takes the rows over does so.
    """
    with connections[alias].schema_editor() as editor:
        for model in models:
            if not model._meta.auto_created:  # which come with those they link
                editor.create_model(model)
        editor.deferred_sql.clear()
    connections[alias].disable_constraint_checking()


def count(models: Models, alias: str) -> int:
    return sum(_rows(model, alias).count() for model in models)


def copy(
    models: Models, source: str, target: str, told: Callable[[int], object]
) -> None:
    """Every row as it is, into tables that have none; `told` hears how many."""
    for model in models:
        fields = model._meta.local_concrete_fields
        rows = _rows(model, source).values_list(*(field.attname for field in fields))
        for batch in _batches(rows.iterator(BATCH_ROWS)):
            _insert(model, fields, batch, target)
            told(len(batch))


def empty(models: Models, alias: str) -> None:
    """Inside of a transaction, at whose end no row may name one that is not there."""
    with connections[alias].cursor() as cursor:
        for model in models:
            table = _quoted(alias, model._meta.db_table)
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def settle_numbers(models: Models, alias: str) -> None:
    """Go on counting after the last row. SQLite does so by itself."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(sql)


def _rows(model: type[Model], alias: str) -> Any:
    return model._base_manager.using(alias).order_by()


def _batches(rows: Iterable[tuple]) -> Iterator[list[tuple]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH_ROWS)):
        yield batch


def _insert(
    model: type[Model], fields: Sequence[Field], rows: list[tuple], alias: str
) -> None:
    connection = connections[alias]
    columns = ", ".join(_quoted(alias, field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = _quoted(alias, model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608
            [
                [
                    field.get_db_prep_save(value, connection)
                    for field, value in zip(fields, row, strict=True)
                ]
                for row in rows
            ],
        )


def _quoted(alias: str, name: Any) -> str:
    quoted: str = connections[alias].ops.quote_name(name)
    return quoted
