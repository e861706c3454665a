"""What can be found: each kind of text tells of itself, wherever it lives."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.module_loading import import_string

from blog.models.search import SearchEntry
from blog.prepared import Prepared, Slot
from blog.search.entries import Document
from blog.search.groups import Group
from blog.search.results import Filters, Hit

# As many as a page of what was found shows.
_AT_ONCE = 20


@dataclass(frozen=True)
class Watch:
    """A table: a write to it tells the queue `source` and the number in `column`.

    With `columns`, an update tells only where one of them changed.
    """

    table: str
    source: str
    column: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Narrowed:
    """Of one source, what filters leave: facets to ask for, and what may be shown."""

    visible: "QuerySet | Visible"
    facets: list[Sequence[str]]


@dataclass(frozen=True, eq=False)
class Source:
    """One kind of text, with its own entries.

    `through`: what else its watches tell of (`tag`), and which objects that concerns.
    """

    name: str
    entry: type[SearchEntry]
    # Of all facets the one that says a text is for readers.
    public: str
    objects: Callable[[], QuerySet]
    # What everybody may read of what filters leave; None where that is nothing.
    narrowed: Callable[[Filters], Narrowed | None]
    documents: Callable[[Sequence[int]], Iterable[Document]]
    watches: tuple[Watch, ...]
    # What is shown of these, by key; each with the words it was found by marked.
    hits: Callable[[Sequence[int], Sequence[Group]], dict[int, Hit]]
    # So many of its texts are held in memory: any one may be long.
    at_once: int = 100
    through: Mapping[str, Callable[[Sequence[int]], QuerySet]] = field(
        default_factory=dict
    )


@cache
def sources() -> tuple[Source, ...]:
    """Those that the settings name. The blog does not know whose they are."""
    return tuple(import_string(path) for path in settings.SEARCH_SOURCES)


def named(name: str) -> Source:
    return next(source for source in sources() if source.name == name)


class Visible:
    """What everybody may read of a source at a moment: written down once.

    `rows`: the same as a queryset that asks a slot for the moment.
    """

    def __init__(self, rows: Callable[[Slot], QuerySet]) -> None:
        self._rows = rows
        self._by_column: dict[str, Prepared] = {}

    def one(self, column: str) -> tuple[str, Sequence[Any]]:
        if column not in self._by_column:
            now = Slot("now", models.DateTimeField())
            self._by_column[column] = Prepared(lambda: _one(self._rows(now), column))
        return self._by_column[column].sql(now=timezone.now())


def seen(visible: QuerySet | Visible, column: str) -> tuple[str, Sequence[Any]]:
    """The SQL that finds the object that `column` names, if it is among those."""
    if isinstance(visible, Visible):
        return visible.one(column)
    sql, params = _one(visible, column).query.sql_with_params()
    return sql, params


def _one(rows: QuerySet, column: str) -> QuerySet:
    return rows.filter(pk=RawSQL(column, [])).order_by().values("pk")  # noqa: S611


class Shown:
    """The objects that were found, with these columns, and with others beside them.

    `rows`: what everybody may read of them; asks a slot for the moment.
    """

    def __init__(
        self,
        rows: Callable[[Slot], QuerySet],
        columns: Sequence[str],
        beside: Sequence[str],
    ) -> None:
        now = Slot("now", models.DateTimeField())
        keys = [Slot(f"key{n}", models.BigIntegerField()) for n in range(_AT_ONCE)]

        def shown() -> QuerySet:
            found = rows(now).filter(pk__in=keys).order_by()
            return found.select_related(*beside).only(*columns)

        self._prepared = Prepared(shown)

    def objects(self, pks: Sequence[int]) -> list[Any]:
        """One query for each _AT_ONCE of them."""
        found: list[Any] = []
        for start in range(0, len(pks), _AT_ONCE):
            some = pks[start : start + _AT_ONCE]
            # Nothing has the number 0.
            padded = [*some, *[0] * (_AT_ONCE - len(some))]
            keys = {f"key{place}": key for place, key in enumerate(padded)}
            found += self._prepared.objects(now=timezone.now(), **keys)
        return found


def table_of(model: type[models.Model]) -> str:
    return model._meta.db_table
