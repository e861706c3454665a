"""Keeping the index: what the queue names is entered anew, in small bites.

Only one at a time does it, so that what was read last is what stands there last.
Whoever searches does a little first; a worker does what is left over from an import.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef

from blog.models.search import SearchEntry, SearchQueue
from blog.search import vocabulary
from blog.search.entries import Document, key_of, line_of
from blog.search.sources import Source, sources, table_of

# So many texts a search enters itself, the newest written first.
SEARCH_BITE = 100
BITE = 500
# And a command that has nothing else to do: words are counted together.
LARGE_BITE = 4000
# A search waits no longer for somebody else who writes.
PATIENCE_MS = 1000
WORK_SECONDS = 20
# Nobody has as many texts of one second whose numbers end alike.
MAX_SHIFT = 1000
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
        if SearchQueue.objects.exists():
            take_bite(SEARCH_BITE)
    except Busy:
        pass


def work(
    until: Callable[[], bool] = lambda: False,
    bite: int = BITE,
    told: Callable[[int], object] = lambda count: None,
) -> int:
    """Enter all that is queued, bite by bite; how many rows of the queue that was.

    `told` is called with how many each bite was.
    """
    done = 0
    while SearchQueue.objects.exists() and not until():
        try:
            _find_stems_anew()
            count = take_bite(bite)
        except Busy:
            continue
        told(count)
        done += count
    return done


def _find_stems_anew() -> None:
    """Where the blog speaks another language now. No search waits for it."""
    rows = SearchQueue.objects.filter(source=LANGUAGE)
    if rows.exists():
        with alone():
            pks = list(rows.values_list("pk", flat=True))
            vocabulary.find_stems()
            SearchQueue.objects.filter(pk__in=pks).delete()


def work_a_while() -> int:
    """As `work`, for at most WORK_SECONDS: there are other things to do."""
    end = time.monotonic() + WORK_SECONDS
    return work(until=lambda: time.monotonic() > end)


def take_bite(limit: int) -> int:
    """Enter what the last `limit` rows of the queue name. Raises Busy."""
    with alone():
        waiting = SearchQueue.objects.exclude(source=LANGUAGE)
        if limit < BITE:  # all of a source is nothing to be queued while somebody waits
            waiting = waiting.exclude(object_id=0)
        rows = list(
            waiting.order_by("-pk").values_list("pk", "source", "object_id")[:limit]
        )
        told: dict[str, set[int]] = {}
        for _, name, pk in rows:
            told.setdefault(name, set()).add(pk)
        for source in sources():
            _unfold(source, told)
            enter(source, sorted(told.get(source.name, set()) - {0}))
        # No others of the same name: they may have come since.
        SearchQueue.objects.filter(pk__in=[pk for pk, _, _ in rows]).delete()
    return len(rows)


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


def enter(source: Source, pks: Sequence[int]) -> int:
    """Make the entries of these objects what they should be; how many were not."""
    if not pks:
        return 0
    found = {document.object_id: document for document in source.documents(pks)}
    stored = source.entry._default_manager.filter(object_id__in=pks)
    old = {entry.object_id: entry for entry in stored}
    made = {pk: as_entry(source, document) for pk, document in found.items()}
    new = {
        pk: entry
        for pk, entry in made.items()
        if pk not in old or not is_same(old[pk], entry)
    }
    gone = [entry for pk, entry in old.items() if pk not in found or pk in new]
    with transaction.atomic():
        source.entry._default_manager.filter(
            pk__in=[entry.pk for entry in gone]
        ).delete()
        _find_keys(source, list(new.values()))
        # FTS5 gathers in memory what comes in the order of its keys; whatever does not
        # is written by itself, ten times as slowly.
        in_order = sorted(new.values(), key=lambda entry: entry.pk)
        source.entry._default_manager.bulk_create(in_order)
        vocabulary.count(
            [entry.words for entry in new.values()], [entry.words for entry in gone]
        )
    return len(gone) + sum(pk not in old for pk in new)


def is_same(stored: SearchEntry, made: SearchEntry) -> bool:
    """Its key may be the next that was free: see `_find_keys`."""
    is_near = 0 <= stored.pk - made.pk <= MAX_SHIFT
    return is_near and stored.words == made.words


def as_entry(source: Source, document: Document) -> SearchEntry:
    return source.entry(
        id=key_of(document.at, document.object_id),
        object_id=document.object_id,
        words=line_of(document),
    )


def _find_keys(source: Source, entries: list[SearchEntry]) -> None:
    """Another key for whatever would have that of another entry.

    Two texts of one second whose numbers end alike: hardly ever, but an index that
    breaks by it would stay broken.
    """
    keys = Counter(entry.pk for entry in entries)
    manager = source.entry._default_manager
    taken = set(manager.filter(pk__in=keys).values_list("pk", flat=True))
    if not taken and max(keys.values(), default=1) == 1:
        return
    for entry in entries:
        while entry.pk in taken or manager.filter(pk=entry.pk).exists():
            entry.pk += 1
        taken.add(entry.pk)


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
