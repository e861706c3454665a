"""Queries that are compiled once and asked often.

Django needs longer to write the SQL of a query than a database needs to answer it
from an index: where a request asks a dozen, writing them is most of its time. A
prepared query is an ordinary queryset with slots where the values go.
"""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler


class Slot(Expression):
    """The place of a value that is known only when the query is asked.

    `field` says how the value is written for the database. None stands for NULL,
    which equals nothing.
    """

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [self]


class _Compiled(NamedTuple):
    """A query as its connection takes it, and what becomes of its rows."""

    connection: Any
    sql: str
    # Their places and what they are, and those that are always the same.
    slots: tuple[tuple[int, Slot], ...]
    parameters: tuple
    # Of the columns that don't come as they are: the place, how, the expression.
    converters: tuple[tuple[int, list[Callable], Any], ...]
    maker: "_Maker | None"


class _Maker(NamedTuple):
    """What an object is made of, and those beside it, as Django's `ModelIterable`."""

    model: Any
    columns: slice
    names: list[str]
    beside: list[Any]
    # Their names and places.
    annotations: list[tuple[str, int]]


class Prepared:
    """A queryset over the default database, written down once in each thread.

    `build` makes it, without looking at anything that changes: no clock, no
    settings, no rows.
    """

    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self._build = build
        # What is written is written for the thread's connection.
        self._here = threading.local()

    def rows(self, **values: Any) -> list[tuple]:
        """What a queryset of `values_list` would give. One query.

        Raises KeyError where a slot gets no value.
        """
        compiled = self._compiled()
        return _converted(compiled, _fetched(compiled, compiled.sql, values))

    def part(self, start: int, stop: int, **values: Any) -> list[tuple]:
        """The rows from `start` up to `stop`. One query."""
        compiled = self._compiled()
        sql = f"{compiled.sql} LIMIT {stop - start:d} OFFSET {start:d}"
        return _converted(compiled, _fetched(compiled, sql, values))

    def count(self, **values: Any) -> int:
        """How many rows there are. One query; it should have no order."""
        compiled = self._compiled()
        sql = f"SELECT COUNT(*) FROM ({compiled.sql}) counted"  # noqa: S608
        return _fetched(compiled, sql, values)[0][0]

    def sql(self, **values: Any) -> tuple[str, list[Any]]:
        """The query and its parameters, for a statement that it is a part of."""
        compiled = self._compiled()
        return compiled.sql, _bound(compiled, values)

    def row(self, **values: Any) -> tuple | None:
        """The first of `rows`, or None."""
        return next(iter(self.rows(**values)), None)

    def objects(self, **values: Any) -> list[Any]:
        """What a queryset of objects would give, with those it selects beside them."""
        rows = self.rows(**values)
        maker = self._compiled().maker
        if maker is None:
            raise TypeError("This queryset gives values.")
        found = []
        for row in rows:
            columns = row[maker.columns]
            made = maker.model.from_db(DEFAULT_DB_ALIAS, maker.names, columns)
            for populator in maker.beside:
                populator.populate(row, made)
            for name, place in maker.annotations:
                setattr(made, name, row[place])
            found.append(made)
        return found

    def instance(self, **values: Any) -> Any:
        """The first of `objects`, or None."""
        return next(iter(self.objects(**values)), None)

    def _compiled(self) -> _Compiled:
        connection = connections[DEFAULT_DB_ALIAS]
        kept: _Compiled | None = getattr(self._here, "compiled", None)
        if kept is None or kept.connection is not connection:
            compiler = self._build().query.get_compiler(connection=connection)
            kept = self._here.compiled = _compiled(connection, compiler)
        return kept


def _compiled(connection: Any, compiler: SQLCompiler) -> _Compiled:
    sql, parameters = compiler.as_sql()
    places: Any = enumerate(parameters)
    columns = [column[0] for column in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(columns)  # type: ignore[attr-defined]
    return _Compiled(
        connection,
        sql,
        tuple((place, one) for place, one in places if isinstance(one, Slot)),
        tuple(parameters),
        tuple((place, *how) for place, how in converters.items()),
        _maker(compiler),
    )


def _maker(compiler: SQLCompiler) -> _Maker | None:
    klass_info: dict[str, Any] | None = compiler.klass_info  # type: ignore[attr-defined]
    if klass_info is None:
        return None
    places: list[int] = klass_info["select_fields"]
    columns = slice(places[0], places[-1] + 1)
    names = [column[0].target.attname for column in compiler.select[columns]]
    # The types are of a later Django, which has one argument more.
    beside = get_related_populators(  # type: ignore[call-arg]
        klass_info, compiler.select, DEFAULT_DB_ALIAS
    )
    annotations: dict[str, int] = compiler.annotation_col_map  # type: ignore[attr-defined]
    return _Maker(
        klass_info["model"], columns, names, beside, list((annotations or {}).items())
    )


def _fetched(compiled: _Compiled, sql: str, values: dict[str, Any]) -> list[tuple]:
    with compiled.connection.cursor() as cursor:
        cursor.execute(sql, _bound(compiled, values))
        return cursor.fetchall()


def _bound(compiled: _Compiled, values: dict[str, Any]) -> list[Any]:
    """Its parameters, with these values at their places."""
    bound = list(compiled.parameters)
    for place, slot in compiled.slots:
        bound[place] = slot.output_field.get_db_prep_value(
            values[slot.name], compiled.connection, prepared=False
        )
    return bound


def _converted(compiled: _Compiled, rows: list[tuple]) -> list[tuple]:
    """As `SQLCompiler.apply_converters` does it."""
    if not compiled.converters:
        return rows
    connection = compiled.connection
    found = []
    for row in rows:
        values = list(row)
        for place, converters, expression in compiled.converters:
            value = values[place]
            for convert in converters:
                value = convert(value, expression, connection)
            values[place] = value
        found.append(tuple(values))
    return found
