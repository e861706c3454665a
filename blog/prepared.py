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
    compiler: SQLCompiler
    sql: str
    parameters: tuple


class Prepared:
    """A queryset over the default database, written down once in each thread.

    `build` makes it, without looking at anything that changes: no clock, no
    settings, no rows.
    """

    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self._build = build
        # A compiler knows its thread's connection.
        self._here = threading.local()

    def rows(self, **values: Any) -> list[tuple]:
        """What a queryset of `values_list` would give. One query.

        Raises KeyError where a slot gets no value.
        """
        compiled = self._compiled()
        found = _fetched(compiled.sql, compiled.parameters, values)
        return [tuple(row) for row in compiled.compiler.results_iter([found])]

    def part(self, start: int, stop: int, **values: Any) -> list[tuple]:
        """The rows from `start` up to `stop`. One query."""
        compiled = self._compiled()
        sql = f"{compiled.sql} LIMIT {stop - start:d} OFFSET {start:d}"
        found = _fetched(sql, compiled.parameters, values)
        return [tuple(row) for row in compiled.compiler.results_iter([found])]

    def count(self, **values: Any) -> int:
        """How many rows there are. One query; it should have no order."""
        compiled = self._compiled()
        sql = f"SELECT COUNT(*) FROM ({compiled.sql}) counted"  # noqa: S608
        return _fetched(sql, compiled.parameters, values)[0][0]

    def row(self, **values: Any) -> tuple | None:
        """The first of `rows`, or None."""
        return next(iter(self.rows(**values)), None)

    def objects(self, **values: Any) -> list[Any]:
        """What a queryset of objects would give, with those it selects beside them.

        As Django's own `ModelIterable` makes them.
        """
        rows = self.rows(**values)
        compiler = self._compiled().compiler
        klass_info: dict[str, Any] = compiler.klass_info  # type: ignore[attr-defined]
        places: list[int] = klass_info["select_fields"]
        start, end = places[0], places[-1] + 1
        names = [column[0].target.attname for column in compiler.select[start:end]]
        # The types are of a later Django, which has one argument more.
        beside = get_related_populators(  # type: ignore[call-arg]
            klass_info, compiler.select, DEFAULT_DB_ALIAS
        )
        found = []
        for row in rows:
            made = klass_info["model"].from_db(DEFAULT_DB_ALIAS, names, row[start:end])
            for populator in beside:
                populator.populate(row, made)
            found.append(made)
        return found

    def instance(self, **values: Any) -> Any:
        """The first of `objects`, or None."""
        return next(iter(self.objects(**values)), None)

    def _compiled(self) -> _Compiled:
        connection = connections[DEFAULT_DB_ALIAS]
        kept: _Compiled | None = getattr(self._here, "compiled", None)
        if kept is None or kept.compiler.connection is not connection:
            compiler = self._build().query.get_compiler(connection=connection)
            sql, parameters = compiler.as_sql()
            kept = self._here.compiled = _Compiled(compiler, sql, tuple(parameters))
        return kept


def _fetched(sql: str, parameters: tuple, values: dict[str, Any]) -> Any:
    connection = connections[DEFAULT_DB_ALIAS]
    bound = [
        parameter.output_field.get_db_prep_value(
            values[parameter.name], connection, prepared=False
        )
        if isinstance(parameter, Slot)
        else parameter
        for parameter in parameters
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, bound)
        return cursor.fetchall()
