"""What waits to be entered: rows that triggers write, and that are forgotten one by one.

None is forgotten but by its own number: others of the same text may have come since.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from blog.models.search import SearchQueue
from blog.search.rows import among
from blog.search.sources import Source, sources, table_of

# A text that broke the indexer waits so long, and nothing behind it does.
LATER = timedelta(hours=1)
# What the queue calls a change of the blog's language.
LANGUAGE = "language"
# What concerns others is asked for so many of them at once.
_AT_ONCE = 500


def due() -> QuerySet[SearchQueue]:
    """What is to be entered now."""
    now = timezone.now()
    return SearchQueue.objects.filter(Q(later_at=None) | Q(later_at__lte=now))


def set_aside() -> QuerySet[SearchQueue]:
    """What broke the indexer."""
    return SearchQueue.objects.exclude(later_at=None)


def forget(rows: Iterable[int]) -> None:
    SearchQueue.objects.filter(pk__in=among(rows)).delete()


def put_aside(source: Source, pks: Sequence[int]) -> None:
    """Try these again after a while: the others are not to wait for them."""
    if pks:
        set_aside().filter(source=source.name, object_id__in=among(pks)).delete()
        SearchQueue.objects.bulk_create(
            SearchQueue(
                source=source.name, object_id=pk, later_at=timezone.now() + LATER
            )
            for pk in pks
        )


def put(source: Source, pks: QuerySet) -> None:
    """All of a query's keys, without reading them here."""
    sql, params = pks.query.sql_with_params()
    queue = table_of(SearchQueue)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {queue} (source, object_id) "  # noqa: S608
            f"SELECT %s, told.* FROM ({sql}) told",
            [source.name, *params],
        )


def put_all(source: Source) -> None:
    """Every object there is, and every entry whose object is gone."""
    put(source, source.objects().values_list("pk", flat=True))
    # NOT EXISTS: for a NOT IN of a million keys PostgreSQL takes hours.
    there = source.objects().filter(pk=OuterRef("object_id"))
    gone = source.entry._default_manager.filter(~Exists(there))
    put(source, gone.values_list("object_id", flat=True))


def unfold() -> None:
    """Leave nothing in the queue but single texts."""
    waiting = due().exclude(source=LANGUAGE)
    names = {source.name for source in sources()}
    rows = list(
        waiting.filter(~Q(source__in=names) | Q(object_id=0)).values_list(
            "pk", "source", "object_id"
        )
    )
    for source in sources():
        if any(name == source.name for _, name, _ in rows):
            put_all(source)
        for name, concerned in source.through.items():
            pks = sorted({pk for _, told, pk in rows if told == name})
            for start in range(0, len(pks), _AT_ONCE):
                put(source, concerned(pks[start : start + _AT_ONCE]))
    forget(pk for pk, _, _ in rows)


class Named(NamedTuple):
    """Texts that are to be entered, and the rows of the queue that name them."""

    pks: Sequence[int]
    rows: Sequence[int] = ()


class Waiting:
    """A source's texts that wait, each once: 16 bytes for each row of the queue."""

    def __init__(self, source: Source) -> None:
        self._pks, self._rows, self.count = array("q"), array("q"), 0
        told = due().filter(source=source.name).exclude(object_id=0)
        ordered = told.order_by("object_id").values_list("object_id", "pk")
        last = 0
        for pk, row in ordered.iterator():
            self._pks.append(pk)
            self._rows.append(row)
            self.count += pk != last
            last = pk

    def parts(self, size: int) -> Iterator[Named]:
        """So many texts at a time."""
        pks: list[int] = []
        start = 0
        for place, pk in enumerate(self._pks):
            if pks and pk == pks[-1]:
                continue
            if len(pks) == size:
                yield Named(pks, self._rows[start:place])
                pks, start = [], place
            pks.append(pk)
        if pks:
            yield Named(pks, self._rows[start:])
