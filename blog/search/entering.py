"""Making entries what their texts say, many at once."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import InterfaceError, OperationalError, transaction

from blog.models.search import SearchEntry
from blog.search import vocabulary
from blog.search.entries import Document, key_of, line_of
from blog.search.sources import Source

logger = logging.getLogger("quillback.search")

# Nobody has as many texts of one second whose numbers end alike.
MAX_SHIFT = 1000

Result = TypeVar("Result")
Entries = dict[int, SearchEntry]


@dataclass
class Entered:
    """How many entries were not what they should be, and whose could not be made."""

    changed: int = 0
    broken: list[int] = field(default_factory=list)


def enter(source: Source, pks: Sequence[int]) -> Entered:
    """Make the entries of these objects what they should be.

    The entry of a text that breaks this stays as it was, and the others are entered.
    """
    counts, broken = unbroken(_enter, source, pks)
    return Entered(sum(counts), broken)


def unbroken(
    do: Callable[[Source, Sequence[int]], Result], source: Source, pks: Sequence[int]
) -> tuple[list[Result], list[int]]:
    """What `do` gives for these objects, in parts, and which of them break it.

    None should: one that does is found by halves, and named in the log.
    """
    if not pks:
        return [], []
    try:
        with transaction.atomic():
            return [do(source, pks)], []
    except (InterfaceError, OperationalError):  # no text's fault, but the database's
        raise
    except Exception:
        if len(pks) == 1:
            logger.exception("The search breaks at %s %s.", source.name, pks[0])
            return [], list(pks)
    middle = len(pks) // 2
    first, broken_first = unbroken(do, source, pks[:middle])
    rest, broken_rest = unbroken(do, source, pks[middle:])
    return first + rest, broken_first + broken_rest


def _enter(source: Source, pks: Sequence[int]) -> int:
    made, old = made_and_stored(source, pks)
    new = {
        pk: entry
        for pk, entry in made.items()
        if pk not in old or not is_same(old[pk], entry)
    }
    gone = [entry for pk, entry in old.items() if pk not in made or pk in new]
    source.entry._default_manager.filter(pk__in=[entry.pk for entry in gone]).delete()
    _find_keys(source, list(new.values()))
    # FTS5 gathers in memory what comes in the order of its keys; whatever does not is
    # written by itself, ten times as slowly.
    in_order = sorted(new.values(), key=lambda entry: entry.pk)
    source.entry._default_manager.bulk_create(in_order)
    vocabulary.count(
        [entry.words for entry in new.values()], [entry.words for entry in gone]
    )
    return len(gone) + sum(pk not in old for pk in new)


def made_and_stored(source: Source, pks: Sequence[int]) -> tuple[Entries, Entries]:
    """The entries these objects should have, and those they have, by object."""
    documents = source.documents(pks)
    made = {each.object_id: as_entry(source, each) for each in documents}
    rows = source.entry._default_manager.filter(object_id__in=pks)
    return made, {entry.object_id: entry for entry in rows}


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
