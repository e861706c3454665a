"""Writes many rows at once, without the objects that would stand for them.

An object costs ten times as much as its row. What follows from others in a row is for
the caller to fill in, by the functions the models use themselves.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

# What Python holds of these is what the database takes.
_AS_THEY_ARE = (
    models.AutoField,
    models.BigAutoField,
    models.BooleanField,
    models.CharField,
    models.FloatField,
    models.ForeignKey,
    models.IntegerField,
    models.TextField,
)


def insert(
    model: type[models.Model],
    rows: Sequence[Mapping[str, Any]],
    *,
    ignores_conflicts: bool = False,
) -> None:
    """Add these rows: values by column, keys of others as `author_id`.

    All rows name the same columns; the others get what the model says.
    """
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        insert_columns(model, columns, ignores_conflicts=ignores_conflicts)


def insert_columns(
    model: type[models.Model],
    given: Mapping[str, Sequence[Any]],
    *,
    ignores_conflicts: bool = False,
) -> None:
    """The same, given as columns of one length: `insert` makes them of its rows."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key and field.attname not in given)
    ]
    count = len(next(iter(given.values())))
    columns = [
        _column(field, given[field.attname])
        if field.attname in given
        else _column(field, [field.get_default()]) * count
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            _statement(model, fields, ignores_conflicts=ignores_conflicts),
            list(zip(*columns, strict=True)),
        )


def update(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write these columns of rows that are there, known by their `id`."""
    if not rows:
        return
    fields = [
        field
        for field in model._meta.concrete_fields
        if field.attname in rows[0] and not field.primary_key
    ]
    columns = [_column(field, [row[field.attname] for row in rows]) for field in fields]
    quoted = connection.ops.quote_name
    named = ", ".join(f"{quoted(field.column or '')} = %s" for field in fields)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quoted(model._meta.db_table)} SET {named} WHERE id = %s",  # noqa: S608
            list(zip(*columns, [row["id"] for row in rows], strict=True)),
        )


def _column(field: models.Field, values: Sequence[Any]) -> list[Any]:
    """What the database takes for each of these."""
    if isinstance(field, _AS_THEY_ARE):
        return list(values)
    prepared = _preparing(field)
    # Many rows share one value, such as nothing: each is made ready once.
    ready: dict[int, Any] = {}
    for value in values:
        if id(value) not in ready:
            ready[id(value)] = prepared(value)
    return [ready[id(value)] for value in values]


def _preparing(field: models.Field) -> Callable[[Any], Any]:
    if not isinstance(field, models.DateTimeField):
        return lambda value: field.get_db_prep_save(value, connection)
    as_django = connection.ops.adapt_datetimefield_value
    own_zone = connection.timezone if connection.vendor == "sqlite" else None

    def moment(value: datetime | None) -> Any:
        # The same in a fifth of the time: nearly all are in the database's own zone.
        if value and value.tzinfo is own_zone is not None:
            return str(value.replace(tzinfo=None))
        return as_django(value)

    return moment


def _statement(
    model: type[models.Model],
    fields: Sequence[models.Field],
    *,
    ignores_conflicts: bool,
) -> str:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column or "") for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    ending = " ON CONFLICT DO NOTHING" if ignores_conflicts else ""
    table = quoted(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({marks}){ending}"  # noqa: S608
