"""Making entries what their texts say, some at once."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

from blog.search import vocabulary
from blog.search.entries import Entry
from blog.search.making import Changes, Part, changes_of
from blog.search.rows import among, selected
from blog.search.sources import Source, table_of

logger = logging.getLogger("quillback.search")

Result = TypeVar("Result")


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
    counts = vocabulary.Counts(vocabulary.own_language())
    changes = changes_of(read(source, pks), counts)
    write(source, changes)
    vocabulary.store(counts.told())
    return changes.count


def read(source: Source, pks: Sequence[int]) -> Part:
    """These texts, and the entries they have."""
    rows = source.entry._default_manager.filter(object_id__in=among(pks))
    stored = map(Entry._make, rows.values_list("id", "object_id", "words"))
    return Part(
        list(source.documents(pks)), {entry.object_id: entry for entry in stored}
    )


def write(source: Source, changes: Changes) -> None:
    """Take away what is gone, and add what is new; each by one statement."""
    manager = source.entry._default_manager
    if changes.gone:
        manager.filter(pk__in=among(sorted(changes.gone))).delete()
    if not changes.new:
        return
    table, select = table_of(source.entry), selected("bigint", "bigint", "text")
    with connection.cursor() as cursor:
        # FTS5 gathers in memory what one statement adds in the order of its keys;
        # whatever is not in it is written by itself, several times as slowly.
        cursor.execute(
            f"INSERT INTO {table} (id, object_id, words) {select} ORDER BY 1",
            [_with_free_keys(source, changes)],
        )


def _with_free_keys(source: Source, changes: Changes) -> str:
    """The new entries, with another key for whatever would have that of another one.

    Two texts of one second whose numbers end alike: hardly ever, but an index that
    breaks by it would stay broken.
    """
    manager = source.entry._default_manager
    there = manager.filter(pk__in=among(changes.keys))
    taken = set(there.values_list("pk", flat=True))
    # Of several lists one.
    rows = f"[{','.join(piece[1:-1] for piece in changes.new)}]"
    if not taken and len(set(changes.keys)) == len(changes.keys):
        return rows
    free = []
    for own, object_id, words in json.loads(rows):
        key = own
        while key in taken or (key != own and manager.filter(pk=key).exists()):
            key += 1
        taken.add(key)
        free.append((key, object_id, words))
    return json.dumps(free)
