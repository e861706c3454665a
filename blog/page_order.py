"""The order pages stand in among their neighbours, and the steps that change it."""

from collections import defaultdict
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet

from blog import page_paths, publishing, trees
from blog.models import Page, Post, User


class Way(StrEnum):
    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"


class Where(StrEnum):
    """Beside another page, or below it as its last."""

    BEFORE = "before"
    AFTER = "after"
    BELOW = "below"


def ranks() -> dict[int, tuple[int, int]]:
    """What to sort pages by, so that each is followed by those below it. One query."""
    rows = list(_in_order(Page.objects.all()).values_list("pk", "parent_id"))
    trees_in_order = iter(range(len(rows)))
    places = trees.number(rows, lambda _: next(trees_in_order))
    return {pk: (place.tree_id, place.lft) for pk, place in places.items()}


def ways() -> dict[int, list[Way]]:
    """The steps each page can go; those in the trash can't. One query."""
    rows = _in_order(_shown()).values_list("parent_id", "pk")
    beside: dict[int | None, list[int]] = defaultdict(list)
    for parent, pk in rows:
        beside[parent].append(pk)
    found: dict[int, list[Way]] = {}
    for parent, pks in beside.items():
        out = [Way.OUT] if parent else []
        for pk in pks:
            back = [Way.UP, Way.IN] if pk != pks[0] else []
            found[pk] = [*back, *([Way.DOWN] if pk != pks[-1] else []), *out]
    return found


def move(page: Page, way: Way, by: User | None = None) -> Page | None:
    """One step: past a neighbour, below the one before it, or out beside its parent.

    Returns the page as it stands then; None where there is no such step. A new
    parent is a new address, and the old one redirects; its history says who (`by`).
    """
    with transaction.atomic():
        page_paths.lock()
        found = _shown().get(pk=page.pk)
        wanted = _wanted(found, way)
        return _put(found, *wanted, by) if wanted else None


def put(page: Page, where: Where, target: int, by: User | None = None) -> Page | None:
    """Anywhere in the tree, at once: beside the page `target`, or below it.

    Returns the page as it stands then; None where it can't stand there: the target is
    gone, or is the page itself or below it.
    """
    with transaction.atomic():
        page_paths.lock()
        found = _shown().get(pk=page.pk)
        parent_of = dict(Page.objects.order_by().values_list("pk", "parent_id"))
        is_gone = not _shown().filter(pk=target).exists()
        if is_gone or trees.leads_to(found.pk, target, parent_of):
            return None
        parent = target if where == Where.BELOW else parent_of[target]
        order = [pk for pk in _below(parent) if pk != found.pk]
        at = len(order)
        if where != Where.BELOW:
            at = order.index(target) + (where == Where.AFTER)
        return _put(found, parent, [*order[:at], found.pk, *order[at:]], by)


def _put(page: Page, parent: int | None, order: list[int], by: User | None) -> Page:
    if parent != page.parent_id:
        page.parent_id = parent
        publishing.save_post(page, by)
    for place, pk in enumerate(order, start=1):
        Page.objects.filter(pk=pk).exclude(menu_order=place).update(menu_order=place)
    return page


def _wanted(page: Page, way: Way) -> tuple[int | None, list[int]] | None:
    """The parent it shall have, and all below that one in their order."""
    beside = _below(page.parent_id)
    at = beside.index(page.pk)
    rest = [pk for pk in beside if pk != page.pk]
    if way == Way.UP and at > 0:
        return page.parent_id, [*rest[: at - 1], page.pk, *rest[at - 1 :]]
    if way == Way.DOWN and at < len(rest):
        return page.parent_id, [*rest[: at + 1], page.pk, *rest[at + 1 :]]
    if way == Way.IN and at > 0:
        above = beside[at - 1]
        return above, [*_below(above), page.pk]
    if way == Way.OUT and page.parent is not None:
        outside = _below(page.parent.parent_id)
        # A parent in the trash stands in no list: its page goes to the end.
        after = outside.index(page.parent_id) + 1 if page.parent_id in outside else None
        after = len(outside) if after is None else after
        return page.parent.parent_id, [*outside[:after], page.pk, *outside[after:]]
    return None


def _below(parent: int | None) -> list[int]:
    return list(_in_order(_shown().filter(parent=parent)).values_list("pk", flat=True))


def _shown() -> QuerySet:
    return Page.objects.exclude(status=Post.Status.TRASH)


def _in_order(pages: QuerySet) -> QuerySet:
    return pages.order_by("menu_order", "path")
