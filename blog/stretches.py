"""What is counted of all public posts, by stretches: after a change a few are counted.

A stretch is a thousand posts by their numbers, and each change of what is counted of
it gives it a mark in the database (`blog/stretch_triggers.py`). A process keeps of each
stretch what was counted, and its mark then; in another generation of the blog those
alone are counted anew that have another mark, and those where a scheduled post has
appeared since, by the clock alone. So it takes as long in a blog of 100,000 posts as in
one of 1,000.

The marks are read before the posts they vouch for: what is kept may be newer than its
mark, and is counted once too often then, but never older.
"""

from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from threading import Lock
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import DateTimeField
from django.http import HttpRequest
from django.utils import timezone

from blog import fragments
from blog.models import Post
from blog.prepared import Prepared, Slot
from blog.stretch_triggers import ALL, SIZE, TABLE

# For each process: of 100,000 posts with a thousand tags some four million.
MAX_BYTES = 8 * 1024 * 1024
_BYTES_A_VALUE = 16  # itself, and where its key is
_BYTES_A_PART = 400
# Of a stretch on PostgreSQL: beyond, they take their time to be read.
MANY_MARKS = 20
# Beyond every number a post can have.
_END = 2**62

# The number of a stretch, what is counted there, and how many there are.
Row = tuple[int, Hashable, int]


@dataclass(frozen=True, eq=False)
class Tally:
    """Something that is counted of each stretch and adds up over all of them.

    `read(first, end, now)` gives the rows of the posts from number `first` up to before
    `end` that are public at `now`, for each stretch and key one. Where `is_newest`, the
    values are no counts, and of all stretches the greatest is taken.
    """

    read: Callable[[int, int, datetime], Iterable[Row]]
    is_newest: bool = False


def of(request: HttpRequest) -> "Counted":
    """What is counted in the generation this request began to read."""
    kept = fragments.of(request)
    found: Counted | None = kept.get(of)
    if found is None:
        found = _now() if kept.is_shared else Counted(None, timezone.now())
        kept.keep(of, found)
    return found


class Counted:
    """The tallies of one generation of the blog, each counted when it is asked for."""

    def __init__(self, marks: Mapping[int, Hashable] | None, now: datetime) -> None:
        # None: nothing that was kept is good, and nothing is to be kept.
        self._marks = marks
        # At that moment all is counted.
        self.now = now
        self._totals: dict[Tally, Mapping[Any, int]] = {}

    def of(self, tally: Tally) -> Mapping[Any, int]:
        """What there is of each key; those that have nothing are not there.

        Two queries at most for each run of stretches that changed.
        """
        total = self._totals.get(tally)
        if total is None:
            total = self._totals[tally] = self._counted(tally)
        return total

    def _counted(self, tally: Tally) -> Mapping[Any, int]:
        if self._marks is None:
            return _total(tally, _read(tally, 0, _END, self.now).values())
        old = _KEPT.get(tally)
        if old is None or old.marks.get(ALL) != self._marks.get(ALL):
            parts = _read(tally, 0, _END, self.now)
            new = _Kept(self._marks, parts, _total(tally, parts.values()))
        else:
            new = self._changed(tally, old)
        _keep(tally, new)
        return new.total

    def _changed(self, tally: Tally, old: "_Kept") -> "_Kept":
        marks: Mapping[int, Hashable] = self._marks or {}
        there = old.marks.keys() | marks.keys()
        changed = {one for one in there if old.marks.get(one) != marks.get(one)}
        fresh: dict[int, _Part] = {}
        for first, end in _runs(changed):
            fresh |= _read(tally, first * SIZE, end * SIZE, self.now)
        same = {one: old.parts[one] for one in old.parts.keys() - changed}
        gone = [old.parts[one] for one in old.parts.keys() & changed]
        total = _newest if tally.is_newest else _sum
        added = total(old.total, gone, fresh.values(), same.values())
        return _Kept(marks, same | fresh, added)


class _Part(NamedTuple):
    """What was counted of a stretch: a dictionary would take five times the room."""

    keys: tuple[Hashable, ...]
    values: "array[int]"

    @property
    def items(self) -> Iterator[tuple[Hashable, int]]:
        return zip(self.keys, self.values, strict=True)


class _Kept(NamedTuple):
    """A tally, with the marks it was counted at."""

    marks: Mapping[int, Hashable]
    parts: Mapping[int, _Part]
    total: Mapping[Any, int]

    @property
    def bytes(self) -> int:
        values = sum(len(part.values) for part in self.parts.values())
        return _BYTES_A_PART * len(self.parts) + _BYTES_A_VALUE * values


_KEPT: dict[Tally, _Kept] = {}


def _keep(tally: Tally, new: _Kept) -> None:
    """Unless there is no room for it: then it is counted in each generation."""
    others = [kept.bytes for one, kept in list(_KEPT.items()) if one is not tally]
    if sum(others) + new.bytes <= MAX_BYTES:
        _KEPT[tally] = new
    else:
        _KEPT.pop(tally, None)


def _read(tally: Tally, first: int, end: int, now: datetime) -> dict[int, _Part]:
    keys: dict[Hashable, Hashable] = {}  # one object for each
    found: dict[int, tuple[list[Hashable], array[int]]] = {}
    for stretch, key, value in tally.read(first, end, now):
        part = found.setdefault(stretch, ([], array("q")))
        part[0].append(keys.setdefault(key, key))
        part[1].append(value)
    return {one: _Part(tuple(names), values) for one, (names, values) in found.items()}


def _total(tally: Tally, parts: Iterable[_Part]) -> dict[Hashable, int]:
    return (_newest if tally.is_newest else _sum)({}, (), parts, ())


def _sum(
    before: Mapping[Hashable, int],
    gone: Iterable[_Part],
    fresh: Iterable[_Part],
    same: Iterable[_Part],
) -> dict[Hashable, int]:
    """All that was counted, where some parts are gone, and others there instead."""
    total = dict(before)
    for part in gone:
        for key, value in part.items:
            total[key] -= value
    for part in fresh:
        for key, value in part.items:
            total[key] = total.get(key, 0) + value
    return {key: value for key, value in total.items() if value}


def _newest(
    before: Mapping[Hashable, int],
    gone: Iterable[_Part],
    fresh: Iterable[_Part],
    same: Iterable[_Part],
) -> dict[Hashable, int]:
    """The same of the greatest: what was lost is looked for in the other parts."""
    total = dict(before)
    latest: dict[Hashable, int] = {}
    for part in fresh:
        for key, value in part.items:
            latest[key] = max(value, latest.get(key, value))
    lost = {
        key
        for part in gone
        for key, value in part.items
        if value == before[key] and latest.get(key, -_END) < value
    }
    for key in lost:
        del total[key]
    for part in same if lost else ():
        for key, value in part.items:
            if key in lost:
                total[key] = max(value, total.get(key, value))
    for key, value in latest.items():
        total[key] = max(value, total.get(key, value))
    return total


def _runs(stretches: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Those that follow each other as one: the first, and the one after the last."""
    in_order = enumerate(sorted(stretches))
    for _, run in groupby(in_order, lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in run]
        yield numbers[0], numbers[-1] + 1


# --- The marks


class _Clock:
    """Until when posts have appeared by themselves, and how often in each stretch."""

    lock = Lock()
    at: datetime | None = None
    turns: dict[int, int] = {}


def _now() -> Counted:
    """With the marks there are now. One query."""
    with _Clock.lock:
        now = timezone.now()
        marks, appeared = _marks(_Clock.at or now, now)
        turns = dict(_Clock.turns)
        for stretch in appeared:
            turns[stretch] = turns.get(stretch, 0) + 1
        _Clock.at, _Clock.turns = now, turns
    there = marks.keys() | turns.keys()
    return Counted({one: (marks.get(one), turns.get(one, 0)) for one in there}, now)


def _marks(one: datetime, other: datetime) -> tuple[dict[int, Hashable], set[int]]:
    """Of each stretch; and where posts are whose moment lies between, of which nobody
    made a mark. The clock may have been set back.

    On PostgreSQL all numbers of a stretch make one, as those of the blog do.
    """
    marks = f"SELECT stretch, number, 0, 0 FROM {TABLE}"  # noqa: S608
    if connection.vendor == "postgresql":
        numbers = "min(number), max(number), count(*)"
        marks = f"SELECT stretch, {numbers} FROM {TABLE} GROUP BY stretch"  # noqa: S608
    first, last = sorted((one, other))
    appeared, values = _APPEARED.sql(first=first, last=last)
    no_mark = "CAST(NULL AS bigint), 0, 0"
    by_clock = f"SELECT DISTINCT pk / {SIZE}, {no_mark} FROM ({appeared}) AS posts"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{marks} UNION ALL {by_clock}", values)
        rows = [(stretch, tuple(mark)) for stretch, *mark in cursor.fetchall()]
    return (
        {stretch: mark for stretch, mark in rows if mark[0] is not None},
        {stretch for stretch, mark in rows if mark[0] is None},
    )


_APPEARED = Prepared(
    lambda: (
        Post.objects.filter(
            status=Post.Status.PUBLISHED,
            published_at__gt=Slot("first", DateTimeField()),
            published_at__lte=Slot("last", DateTimeField()),
        )
        .order_by()
        .values_list("pk")
    )
)


def tidy(using: str = DEFAULT_DB_ALIAS) -> None:
    """On PostgreSQL, take away the marks of long ago; the newest of each stays.

    What had too many is counted anew: it has a mark then that it never had.
    """
    if connections[using].vendor != "postgresql":
        return
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {TABLE} AS one USING ("  # noqa: S608
            f"SELECT stretch, max(number) AS newest FROM {TABLE} "
            "GROUP BY stretch HAVING count(*) > %s) AS many "
            "WHERE one.stretch = many.stretch AND one.number < many.newest",
            [MANY_MARKS],
        )
