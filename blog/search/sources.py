"""What can be found: each kind of text tells of itself, wherever it lives."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.module_loading import import_string

from blog.models.search import SearchEntry
from blog.search.entries import Document
from blog.search.groups import Group
from blog.search.results import Filters, Hit


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

    visible: QuerySet
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


def seen(visible: QuerySet, column: str) -> tuple[str, Sequence[Any]]:
    """The SQL that asks whether the object that `column` names is among those."""
    one = visible.filter(pk=RawSQL(column, [])).order_by().values("pk")  # noqa: S611
    sql, params = one.query.sql_with_params()
    return f"EXISTS ({sql})", params


def table_of(model: type[models.Model]) -> str:
    return model._meta.db_table
