"""Entering very many texts: two processes share the work, and the database has less.

One reads texts and writes entries, the other makes these. A transaction holds some tens
of thousands of comments: what many texts say is counted once, and SQLite's index grows by
large pieces.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

from django.db import DatabaseError, OperationalError, connection

from blog.search import vocabulary
from blog.search.entering import enter, read, write
from blog.search.making import Broken, Changes, Maker
from blog.search.queue import Named, forget, put_aside
from blog.search.schema import fts_table
from blog.search.sources import Source
from blog.search.turns import Busy, alone

# What is less is entered before another process would have begun.
MIN_TEXTS = 2000
# What one transaction holds, or less where that takes long. Words are counted once in
# each; others who write have to wait for it.
BITE_TEXTS = 40_000
BITE_SIGNS = 32_000_000
BITE_SECONDS = 5.0
# So many parts are given away before the first of them is asked for.
AHEAD = 3
# So much is written by one statement.
MAX_ENTRIES = 5_000
MAX_SIGNS = 2_000_000
# And gathered in memory by SQLite, before it becomes a piece of its index.
HASH_BYTES = 8 << 20
# So many pieces are made one: of a few at a time each word is written over and over, and
# who searches looks into all of them. What is written later merges what is left.
MERGED_AT_ONCE, MERGED_USUALLY = 16, 4


@dataclass
class Bite:
    """What one transaction entered."""

    texts: int = 0
    changed: int = 0


def enter_all(source: Source, named: Iterator[Named], maker: Maker) -> Iterator[Bite]:
    """Enter all of these, and forget the rows of the queue; what each bite did.

    Raises Busy. Killed anywhere, what it told of is there, and the rest still waits.
    """
    if connection.vendor == "sqlite":
        _set(source, hashsize=HASH_BYTES, automerge=MERGED_AT_ONCE)
    while True:
        parts: list[Named] = []
        try:
            with alone():
                changed = _enter(source, named, maker, parts)
        except (Busy, OperationalError):
            maker.reset()
            raise
        except (Broken, DatabaseError):
            maker.reset()
            with alone():
                changed = _enter_by_halves(source, parts)
        if not parts:
            break
        yield Bite(sum(len(part.pks) for part in parts), changed)
    if connection.vendor == "sqlite":
        _set(source, automerge=MERGED_USUALLY)


def _set(source: Source, **options: int) -> None:
    """How SQLite writes this index, from now on (sqlite.org/fts5.html#section_6)."""
    fts = fts_table(source.entry)
    with alone(), connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {fts} ({fts}, rank) VALUES (%s, %s)",  # noqa: S608
            list(options.items()),
        )


def _enter(
    source: Source, named: Iterator[Named], maker: Maker, parts: list[Named]
) -> int:
    """Enter some of these, and add them to `parts`; how many entries were changed."""
    end = monotonic() + BITE_SECONDS
    waiting, changes, changed = 0, Changes(), 0
    texts, signs = 0, 0
    for part in named:
        parts.append(part)
        given = read(source, part.pks)
        maker.give(given)
        waiting += 1
        texts += len(part.pks)
        signs += sum(len(each.html) for each in given.documents)
        if waiting > AHEAD:
            changes.add(maker.take())
            waiting -= 1
        if len(changes.keys) >= MAX_ENTRIES or changes.signs >= MAX_SIGNS:
            changed += changes.count
            write(source, changes)
            changes = Changes()
        if texts >= BITE_TEXTS or signs >= BITE_SIGNS or monotonic() > end:
            break
    maker.count()
    for _ in range(waiting):
        changes.add(maker.take())
    write(source, changes)
    forget(row for part in parts for row in part.rows)
    vocabulary.store(maker.counted())
    return changed + changes.count


def _enter_by_halves(source: Source, parts: list[Named]) -> int:
    """As one text breaks this, which is found out: the others are not to wait for it."""
    changed = 0
    for part in parts:
        entered = enter(source, part.pks)
        changed += entered.changed
        put_aside(source, entered.broken)
        forget(part.rows)
    return changed
