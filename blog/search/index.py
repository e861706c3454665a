"""Keeping the index: what the queue names is entered anew, in small bites.

Only one at a time does it, so that what was read last is what stands there last.
Whoever searches does a little first; an import ends with the rest, or a worker does it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import groupby
from operator import itemgetter

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from blog.models.search import SearchQueue
from blog.search import statistics, vocabulary
from blog.search.entering import enter
from blog.search.sources import Source, sources, table_of

# So many texts a search enters itself, the newest written first.
SEARCH_BITE = 100
BITE = 500
# And a command that has nothing else to do: words are counted together.
LARGE_BITE = 2000
# A text that broke the indexer waits so long, and nothing behind it does.
LATER = timedelta(hours=1)
# A search waits no longer for somebody else who writes.
PATIENCE_MS = 1000
WORK_SECONDS = 20
# What the queue calls a change of the blog's language.
LANGUAGE = "language"
# What one advisory lock of PostgreSQL is called by.
_LOCK = 0x5EA6C4


class Busy(Exception):
    """Somebody else is writing, or at work on the index."""


def catch_up() -> None:
    """Enter what was written last, before something is looked for. One query if none.

    Where somebody else writes for long, what was entered so far has to do.
    """
    try:
        if due().exists():
            take_bite(SEARCH_BITE)
    except Busy:
        pass


def work(until: Callable[[], bool] = lambda: False) -> int:
    """Enter all that is queued, bite by bite; how many rows of the queue that was."""
    done = 0
    while due().exists() and not until():
        try:
            _find_stems_anew()
            done += take_bite(BITE)
        except Busy:
            continue
    return done


def work_a_while() -> int:
    """As `work`, for at most WORK_SECONDS: there are other things to do."""
    end = time.monotonic() + WORK_SECONDS
    return work(until=lambda: time.monotonic() > end)


def finish(told: Callable[[int, int], object] = lambda done, total: None) -> int:
    """Enter all that is queued, each text once; how many texts that was.

    What an import ends with. `told` is called after each bite with how many texts are
    entered, and how many are known to be. Killed anywhere, what is left stays queued.
    """
    done = 0
    while due().exists():
        try:
            _find_stems_anew()
            with alone():
                _unfold_all()
            rows = _told_rows()
            total = done + sum(len(pks) for pks in rows.values())
            for source in sources():
                for bite in _bites(rows[source.name]):
                    _enter_told(source, bite)
                    done += len(bite)
                    told(done, total)
        except Busy:
            continue
    if done > BITE:
        statistics.look_anew()
    return done


def due() -> QuerySet[SearchQueue]:
    """What is to be entered now."""
    now = timezone.now()
    return SearchQueue.objects.filter(Q(later_at=None) | Q(later_at__lte=now))


def set_aside() -> QuerySet[SearchQueue]:
    """What broke the indexer."""
    return SearchQueue.objects.exclude(later_at=None)


def take_bite(limit: int) -> int:
    """Enter what the last `limit` rows of the queue name. Raises Busy."""
    with alone():
        waiting = due().exclude(source=LANGUAGE)
        if limit < BITE:  # all of a source is nothing to be queued while somebody waits
            waiting = waiting.exclude(object_id=0)
        rows = list(
            waiting.order_by("-pk").values_list("pk", "source", "object_id")[:limit]
        )
        told: dict[str, set[int]] = {}
        for _, name, pk in rows:
            told.setdefault(name, set()).add(pk)
        broken = {}
        for source in sources():
            _unfold(source, told)
            pks = sorted(told.get(source.name, set()) - {0})
            broken[source] = enter(source, pks).broken
        _forget([pk for pk, _, _ in rows])
        for source, pks in broken.items():
            _set_aside(source, pks)
    return len(rows)


def _find_stems_anew() -> None:
    """Where the blog speaks another language now. No search waits for it."""
    rows = SearchQueue.objects.filter(source=LANGUAGE)
    if rows.exists():
        with alone():
            pks = list(rows.values_list("pk", flat=True))
            vocabulary.find_stems()
            _forget(pks)


def _unfold(source: Source, told: dict[str, set[int]]) -> None:
    """Queue what many are concerned by, or enter it at once where it is a few."""
    own = told.setdefault(source.name, set())
    if 0 in own:
        _queue_all(source)
    for name, concerned in source.through.items():
        if name in told:
            pks = concerned(sorted(told[name]))
            few = list(pks[:SEARCH_BITE])
            own.update(few)
            if len(few) == SEARCH_BITE:
                _queue(source, pks)


def _unfold_all() -> None:
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
            _queue_all(source)
        for name, concerned in source.through.items():
            pks = sorted({pk for _, told, pk in rows if told == name})
            for start in range(0, len(pks), BITE):
                _queue(source, concerned(pks[start : start + BITE]))
    _forget([pk for pk, _, _ in rows])


def _told_rows() -> dict[str, dict[int, list[int]]]:
    """For each source its texts that wait, and which rows of the queue name each."""
    rows: dict[str, dict[int, list[int]]] = {source.name: {} for source in sources()}
    waiting = due().filter(source__in=rows).exclude(object_id=0)
    ordered = waiting.order_by("source", "object_id").values_list(
        "source", "object_id", "pk"
    )
    for (name, pk), same in groupby(ordered.iterator(), key=itemgetter(0, 1)):
        rows[name][pk] = [row for _, _, row in same]
    return rows


def _bites(rows: dict[int, list[int]]) -> Iterator[dict[int, list[int]]]:
    pks = list(rows)
    for start in range(0, len(pks), LARGE_BITE):
        yield {pk: rows[pk] for pk in pks[start : start + LARGE_BITE]}


def _enter_told(source: Source, bite: dict[int, list[int]]) -> None:
    with alone():
        broken = enter(source, list(bite)).broken
        _forget([row for rows in bite.values() for row in rows])
        _set_aside(source, broken)


def _forget(rows: Sequence[int]) -> None:
    """No others of the same name: they may have come since."""
    for start in range(0, len(rows), BITE):
        SearchQueue.objects.filter(pk__in=rows[start : start + BITE]).delete()


def _set_aside(source: Source, pks: Sequence[int]) -> None:
    """Try these again after a while: the others are not to wait for them."""
    if pks:
        set_aside().filter(source=source.name, object_id__in=pks).delete()
        SearchQueue.objects.bulk_create(
            SearchQueue(
                source=source.name, object_id=pk, later_at=timezone.now() + LATER
            )
            for pk in pks
        )


# --- The queue


def _queue(source: Source, pks) -> None:
    """All of a query's keys, without reading them here."""
    sql, params = pks.query.sql_with_params()
    queue = table_of(SearchQueue)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {queue} (source, object_id) "  # noqa: S608
            f"SELECT %s, told.* FROM ({sql}) told",
            [source.name, *params],
        )


def _queue_all(source: Source) -> None:
    """Every object there is, and every entry whose object is gone."""
    _queue(source, source.objects().values_list("pk", flat=True))
    # NOT EXISTS: for a NOT IN of a million keys PostgreSQL takes hours.
    there = source.objects().filter(pk=OuterRef("object_id"))
    gone = source.entry._default_manager.filter(~Exists(there))
    _queue(source, gone.values_list("object_id", flat=True))


@contextmanager
def alone() -> Iterator[None]:
    """A transaction in which nobody else enters anything. Raises Busy.

    On SQLite a transaction is alone by itself; but whoever searches does not wait for
    it as long as whoever writes.
    """
    is_sqlite = connection.vendor == "sqlite"
    is_inside = connection.in_atomic_block
    try:
        if is_sqlite and not is_inside:
            _set(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        with transaction.atomic():
            if not is_sqlite:
                _set(f"SET LOCAL lock_timeout = {PATIENCE_MS}")
                _set(f"SELECT pg_advisory_xact_lock({_LOCK})")
                _set("SET LOCAL lock_timeout = DEFAULT")
            yield
    except OperationalError as error:
        if _is_busy(error):
            raise Busy from error
        raise
    finally:
        if is_sqlite and not is_inside:
            timeout = connection.settings_dict.get("OPTIONS", {}).get("timeout", 5)
            _set(f"PRAGMA busy_timeout = {int(timeout * 1000)}")


def _set(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _is_busy(error: DatabaseError) -> bool:
    return "locked" in str(error) or "lock timeout" in str(error)
