"""The shape of mptt trees: compute it, check it, repair it, lock it.

An mptt tree is numbered by a depth-first walk: each node gets `lft` on the way
in and `rght` on the way out, so a node's descendants are the rows between. The
walk here is iterative (mptt's own `rebuild()` recurses, and fails at a depth of
about a thousand) and works on plain tuples, without a query.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from django.db import connections, models
from django.db.models import QuerySet

MAX_BATCH_ROWS = 500

_is_unlocked: ContextVar[bool] = ContextVar("_is_unlocked", default=False)


class Place(NamedTuple):
    """Where a node stands: what mptt stores of it."""

    tree_id: int
    lft: int
    rght: int
    level: int


class Node(NamedTuple):
    """A row as the tree sees it."""

    pk: int
    parent: int | None
    place: Place


def lock(model: type[models.Model], using: str = "default") -> None:
    """Let nobody else write to `model`'s table until the transaction ends.

    Readers go on, and so do foreign keys that point here.
    """
    _lock_table(model, "SHARE ROW EXCLUSIVE", using)


def announce_writer(model: type[models.Model], using: str = "default") -> None:
    """Hold off whoever wants `lock()` until the transaction ends.

    For writers that lock rows of their own choice: an INSERT would take the same
    table lock, but only after the tree was read.
    """
    _lock_table(model, "ROW EXCLUSIVE", using)


@contextmanager
def unlocked() -> Iterator[None]:
    """Within, nobody is kept from writing: for what is rolled back in the end."""
    token = _is_unlocked.set(True)
    try:
        yield
    finally:
        _is_unlocked.reset(token)


def _lock_table(model: type[models.Model], mode: str, using: str) -> None:
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("A tree is only written inside transaction.atomic().")
    # On SQLite nothing is to be done: every transaction is IMMEDIATE, so it holds
    # the write lock from its first statement on.
    if connection.vendor == "postgresql" and not _is_unlocked.get():
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")


def number(
    nodes: Iterable[tuple[int, int | None]], tree_id_of: Callable[[int], int]
) -> dict[int, Place]:
    """Places for a forest of `(pk, parent pk)`, siblings in the order given.

    `tree_id_of(pk)` names the tree of a root. A parent that is not among the
    nodes makes its child a root; so does a circle, for its first node.
    """
    children: dict[int | None, list[int]] = defaultdict(list)
    parent_of = dict(nodes)
    for pk, parent in parent_of.items():
        children[parent if parent in parent_of else None].append(pk)
    places: dict[int, Place] = {}
    for root in children[None]:
        _number_tree(root, children, tree_id_of(root), places)
    for pk in parent_of:  # whatever is left hangs on a circle
        if pk not in places:
            _number_tree(pk, children, tree_id_of(pk), places)
    return places


def _number_tree(
    root: int,
    children: Mapping[int | None, list[int]],
    tree_id: int,
    places: dict[int, Place],
) -> None:
    counter = 0
    lefts: dict[int, int] = {}
    stack = [(root, 0, False)]
    while stack:
        pk, level, is_done = stack.pop()
        counter += 1
        if is_done:
            places[pk] = Place(tree_id, lefts[pk], counter, level)
            continue
        lefts[pk] = counter
        stack.append((pk, level, True))
        stack.extend(
            (child, level + 1, False)
            for child in reversed(children.get(pk, []))
            if child not in lefts
        )


def read(queryset: QuerySet) -> Iterator[Node]:
    """The rows of an mptt queryset in tree order, one query, streamed."""
    rows = queryset.order_by("tree_id", "lft", "pk").values_list(
        "pk", "parent_id", "tree_id", "lft", "rght", "level"
    )
    for pk, parent, *place in rows.iterator(chunk_size=2000):
        yield Node(pk, parent, Place(*place))


def faults(nodes: Iterable[Node]) -> Iterator[str]:
    """One sentence for each node that stands wrong; nothing for a sound forest.

    `nodes` come in tree order. Sound means: each tree has one root, numbers run
    from 1 to twice its size without a gap, each node lies inside its parent, one
    level deeper.
    """
    path: list[Node] = []
    tree_id, expected = None, 1
    for node in nodes:
        place = node.place
        if place.tree_id != tree_id:
            yield from _unclosed(path, expected)
            path, tree_id, expected = [], place.tree_id, 1
            if node.parent is not None:
                yield f"{node.pk} opens tree {tree_id} but has a parent"
        else:
            while path and path[-1].place.rght == expected:
                path.pop()
                expected += 1
            parent = path[-1].pk if path else None
            if node.parent != parent or parent is None:
                yield f"{node.pk} stands under {parent}, its parent is {node.parent}"
        if place.lft != expected:
            yield f"{node.pk} has lft {place.lft} where {expected} is due"
        if place.level != len(path):
            yield f"{node.pk} has level {place.level} at depth {len(path)}"
        path.append(node)
        expected = place.lft + 1
    yield from _unclosed(path, expected)


def _unclosed(path: list[Node], expected: int) -> Iterator[str]:
    for node in reversed(path):
        if node.place.rght != expected:
            yield f"{node.pk} has rght {node.place.rght} where {expected} is due"
        expected = node.place.rght + 1


def first_of_circles(parent_of: Mapping[int, int | None]) -> Iterator[int]:
    """Of each circle of parents its lowest key. Each node is looked at once."""
    seen: set[int] = set()
    for start in parent_of:
        path: dict[int, None] = {}  # in the order walked
        node: int | None = start
        while node is not None and node not in seen:
            seen.add(node)
            path[node] = None
            node = parent_of.get(node)
        if node in path:
            walked = list(path)
            yield min(walked[walked.index(node) :])


def leads_to(pk: int, start: int, parent_of: Mapping[int, int | None]) -> bool:
    """Whether `pk` is `start` or above it. Ends on a circle, too."""
    seen: set[int] = set()
    node: int | None = start
    while node is not None and node not in seen:
        if node == pk:
            return True
        seen.add(node)
        node = parent_of.get(node)
    return False


def write(
    model: type[models.Model], nodes: Iterable[Node], places: Mapping[int, Place]
) -> int:
    """Store the places that differ from what the rows have; returns how many."""
    changed = [
        model(
            pk=node.pk,
            **dict(zip(Place._fields, places[node.pk], strict=True)),
        )
        for node in nodes
        if node.place != places[node.pk]
    ]
    model._base_manager.bulk_update(changed, Place._fields, batch_size=MAX_BATCH_ROWS)
    return len(changed)
