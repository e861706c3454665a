"""Proving that the index is what the texts say, and making it anew."""

from collections.abc import Callable, Iterator, Sequence

from django.db import DatabaseError, connection, transaction

from blog.models.search import SearchQueue
from blog.search import index, vocabulary
from blog.search.entering import read, unbroken
from blog.search.entries import Entry, entry_of
from blog.search.making import is_same, maker
from blog.search.many import MIN_TEXTS, enter_all
from blog.search.queue import Named
from blog.search.rows import among
from blog.search.schema import fts_table
from blog.search.sources import Source, sources
from blog.search.turns import alone

Progress = Callable[[int], object]


def faults(progress: Progress = lambda count: None) -> Iterator[str]:
    """One sentence for whatever is not as the texts say; nothing for a sound index.

    What waits in the queue is entered first, and what is written meanwhile left out.
    """
    index.work()
    for source in sources():
        for pks in _bites(source):
            found, broken = unbroken(_faults_of, source, pks)
            for some in found:
                yield from some
            for pk in broken:
                yield f"{source.name} {pk} breaks the indexer: see the log"
            progress(len(pks))
        if connection.vendor == "sqlite":
            yield from _broken_index(source)
    yield from vocabulary.faults()


def rebuild(progress: Progress = lambda count: None) -> int:
    """Make every entry what it should be, and count all words anew; how many were not.

    Whoever searches meanwhile finds what was found before.
    """
    changed = 0
    with maker(is_many=size() >= MIN_TEXTS) as made:
        for source in sources():
            if connection.vendor == "sqlite":
                with alone():
                    _fts(source, "rebuild")
            named = map(Named, _bites(source))
            for bite in enter_all(source, named, made):
                changed += bite.changed
                progress(bite.texts)
    with alone():
        vocabulary.recount()
    return changed


def size() -> int:
    """How many texts there are."""
    return sum(source.objects().count() for source in sources())


def _bites(source: Source) -> Iterator[list[int]]:
    """The keys of all objects, and of all entries; some at a time."""
    for rows, column in (
        (source.objects(), "pk"),
        (source.entry._default_manager.all(), "object_id"),
    ):
        last = 0
        while True:
            beyond = rows.filter(**{f"{column}__gt": last}).order_by(column)
            pks = list(beyond.values_list(column, flat=True)[: source.at_once])
            if not pks:
                break
            last = pks[-1]
            known = column == "object_id" and set(
                source.objects().filter(pk__in=among(pks)).values_list("pk", flat=True)
            )
            if pks := [pk for pk in pks if not known or pk not in known]:
                yield pks


def _faults_of(source: Source, pks: Sequence[int]) -> list[str]:
    part = read(source, pks)
    wanted, stored = (
        {each.object_id: entry_of(each)[0] for each in part.documents},
        part.stored,
    )
    wrong = {
        pk
        for pk in {*wanted, *stored}
        if pk not in wanted or pk not in stored or not is_same(stored[pk], wanted[pk])
    }
    if wrong:
        told = SearchQueue.objects.filter(
            source=source.name, object_id__in=among(wrong)
        )
        wrong -= set(told.values_list("object_id", flat=True))
    return [_fault(source, pk, wanted, stored) for pk in sorted(wrong)]


def _fault(
    source: Source, pk: int, wanted: dict[int, Entry], stored: dict[int, Entry]
) -> str:
    if pk not in stored:
        return f"{source.name} {pk} has no entry"
    if pk not in wanted:
        return f"{source.name} {pk} has an entry and is gone"
    return f"{source.name} {pk} has another entry than its text"


def _broken_index(source: Source) -> Iterator[str]:
    """Whether SQLite's index of words has what the entries have."""
    try:
        with transaction.atomic():
            _fts(source, "integrity-check", rank=1)
    except DatabaseError as error:
        yield f"The index of {source.name}s is not that of their entries: {error}"


def _fts(source: Source, command: str, rank: int | None = None) -> None:
    fts = fts_table(source.entry)
    values: dict[str, str | int] = {fts: command}
    if rank is not None:
        values["rank"] = rank
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {fts} ({', '.join(values)}) VALUES ({marks})",  # noqa: S608
            list(values.values()),
        )
