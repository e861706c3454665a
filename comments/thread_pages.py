"""Which responses of a long conversation stand on which page of it.

A page is so many roots, counted from the oldest, so that the address of a page
lasts; each root brings its tree. Of a tree with very many answers a page shows the
first ones, and the rest is read on from there.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateTimeField,
    OuterRef,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from blog.fragments import Fragments
from blog.models import Post, SiteSettings
from blog.prepared import Prepared, Slot
from comments import shown
from comments.models import Comment

# Where responses come on one page by the keeper's wish, so many are one: roots, and
# answers where these leave room.
MOST_ON_ONE = 1000
# How many of them one page shows in all else; so many answers it has room for, however
# many roots the keeper wishes on it.
MOST_SHOWN = 120
LEAST_ROOM = 40
# How many answers in one tree.
MOST_OF_ONE = 120


class NoSuchPage(Exception):
    """The conversation has fewer pages."""


class Root(NamedTuple):
    """What is known of a tree before its rows are read."""

    pk: int
    tree_id: int
    rght: int
    created_at: datetime
    # How many of its responses are approved, itself included.
    approved: int

    @property
    def size(self) -> int:
        """How many comments hang below it, removed ones included."""
        return (self.rght - 2) // 2


class Place(NamedTuple):
    """Where a comment stands: in which tree, and as which there.

    The root is 0, and what is removed counts.
    """

    tree_id: int
    number: int

    @classmethod
    def of(cls, comment: Comment) -> "Place":
        return cls(comment.tree_id, (comment.lft + comment.level - 1) // 2)


@dataclass(frozen=True)
class Page:
    """So many roots, oldest first, or some of the answers to one of them."""

    number: int
    count: int
    roots: list[Root]
    # Of each tree it shows what stands after this place, up to that one.
    after: int
    last: int
    # How many pings stand alone; None where nobody had to count them.
    lone_count: int | None = None

    @property
    def is_part(self) -> bool:
        """Whether it is the middle of one tree."""
        return self.after >= 0


class Before(NamedTuple):
    """How many approved responses stand before what a page shows."""

    in_all: int
    # How many of these are in the one tree it shows a part of.
    in_tree: int = 0


def read_page(
    post: Post,
    site: SiteSettings,
    number: int | None = None,
    tree: int | None = None,
    *,
    kept: Fragments,
) -> Page:
    """Page `number`, or the one that has `tree`, or the one that is shown first.

    One query, and for a tree up to four; one more where not all fits on one page, and
    how many roots there are is not `kept`. Raises NoSuchPage.
    """
    per_page = roots_per_page(site)
    if post.comment_count <= per_page:
        # No root is shown without something approved in its tree, so these are
        # all, unless the count is wrong.
        found = _roots_at(post, 0, per_page + 1)
        if len(found) <= per_page:
            if number not in (None, 1):
                raise NoSuchPage
            return _page(site, 1, 1, _with_tree(found, post, tree))
    in_talk, alone = _counts(post, kept)
    count = max(1, -(-in_talk // per_page))
    if tree is not None:
        number = min(count, _rank(post, tree) // per_page + 1)
    elif number is None:
        number = count if shows_newest_first(site) else 1
    if not 1 <= number <= count:
        raise NoSuchPage
    found = _roots_between(post, (number - 1) * per_page, per_page, in_talk)
    return _page(site, number, count, _with_tree(found, post, tree), alone)


def read_page_with(
    post: Post, site: SiteSettings, place: Place, kept: Fragments
) -> Page:
    """The page on which a certain comment stands. Up to five queries."""
    page = read_page(post, site, tree=place.tree_id, kept=kept)
    if place.number <= page.last:
        return page
    root = next(root for root in page.roots if root.tree_id == place.tree_id)
    return part_of(root, (place.number - 1) // MOST_OF_ONE * MOST_OF_ONE)


def part_of(root: Root, after: int) -> Page:
    """The answers in the tree of `root` after place `after`. No query."""
    return Page(1, 1, [root], after, after + MOST_OF_ONE)


def read_before(post: Post, page: Page) -> Before:
    """What the numbers of a page begin after.

    One query, two in the middle of a tree; none for the first page and the last one.
    """
    if page.is_part:
        return _before_part(post, page)
    if page.number == 1:
        return Before(0)
    if page.number == page.count and page.lone_count is not None:
        here = sum(root.approved for root in page.roots)
        return Before(post.comment_count - page.lone_count - here)
    return Before(_approved_before(post, page.roots[0]))


def _before_part(post: Post, page: Page) -> Before:
    (root,) = page.roots
    skipped = (
        shown.visible(post)
        .approved()
        .filter(shown.between(-1, page.after), tree_id=root.tree_id)
        .count()
    )
    return Before(_approved_before(post, root) + skipped, skipped)


def find_root(post: Post, pk: int) -> Root | None:
    """The root `pk` of the visible talk. One query."""
    return next(iter(_read(shown.talk_roots(post).filter(pk=pk))), None)


def shows_newest_first(site: SiteSettings) -> bool:
    return site.first_comment_page == SiteSettings.CommentOrder.NEWEST


def roots_per_page(site: SiteSettings) -> int:
    return site.comments_per_page if site.paginate_comments else MOST_ON_ONE


def fair_cut(sizes: list[int], room: int) -> int:
    """The most answers of one tree, so that of all no more than `room` are shown.

    At least one: who is answered is seen to be.
    """
    cut = MOST_OF_ONE
    for place, size in enumerate(sorted(sizes)):
        fair = room // (len(sizes) - place)
        if size > fair:
            cut = min(cut, fair)
            break
        room -= size
    return max(cut, 1)


def _counts(post: Post, kept: Fragments) -> tuple[int, int]:
    """How many roots are of the talk, and how many stand alone. One query, or none."""
    key = "roots of a talk", post.pk
    counts: tuple[int, int] | None = kept.get(key)
    if counts is None:
        counts = _COUNTS.row(post=post.pk) or (0, 0)
        kept.keep(key, counts)
    return counts


def _rank(post: Post, tree_id: int) -> int:
    """How many roots of the talk stand before this tree. Two queries."""
    root = shown.roots_of(post).filter(tree_id=tree_id)
    created_at, tree = root.values_list("created_at", "tree_id").get()
    (rank,) = _ROOTS_BEFORE.row(post=post.pk, at=created_at, tree=tree) or (0,)
    return rank


def _approved_before(post: Post, root: Root) -> int:
    """How many approved responses of the talk stand before `root`. One query."""
    before = {"post": post.pk, "at": root.created_at, "tree": root.tree_id}
    (count,) = _APPROVED_BEFORE.row(**before) or (0,)
    return count


def _page(
    site: SiteSettings,
    number: int,
    count: int,
    roots: list[Root],
    lone_count: int | None = None,
) -> Page:
    most = MOST_SHOWN if site.paginate_comments else MOST_ON_ONE
    room = max(most - len(roots), LEAST_ROOM)
    last = fair_cut([root.size for root in roots], room)
    return Page(number, count, roots, -1, last, lone_count)


def _roots_between(post: Post, start: int, limit: int, count: int) -> list[Root]:
    """So many roots of the talk from place `start`, of `count`. One query.

    Counted from the nearer end: who leaves out thousands reads them.
    """
    limit = min(limit, count - start)
    after = count - start - limit
    if start <= after:
        return _roots_at(post, start, limit)
    return _roots_at(post, after, limit, from_end=True)[::-1]


def _with_tree(roots: list[Root], post: Post, tree: int | None) -> list[Root]:
    """With a tree that is no part of the talk yet: its one visitor sees it."""
    if tree is None or any(root.tree_id == tree for root in roots):
        return roots
    own = _read(shown.roots_of(post).filter(tree_id=tree))
    more = [*roots, *(root._replace(approved=0) for root in own)]
    return sorted(more, key=lambda root: (root.created_at, root.tree_id))


def _roots_at(
    post: Post, start: int, limit: int, *, from_end: bool = False
) -> list[Root]:
    """So many roots of the talk after `start` of them. One query."""
    rows = _prepared_roots(start, limit, from_end=from_end).rows(post=post.pk)
    return [Root(*row) for row in rows]


@lru_cache(maxsize=64)
def _prepared_roots(start: int, limit: int, *, from_end: bool) -> Prepared:
    roots = shown.talk_roots(_POST)
    if from_end:
        roots = roots.reverse()
    return Prepared(lambda: _counted(roots[start : start + limit]))


def _read(roots: QuerySet) -> list[Root]:
    """Each with how many of its tree are approved. One query."""
    return [Root(*row) for row in _counted(roots)]


def _counted(roots: QuerySet) -> QuerySet:
    """Of roots that are shown: each with how many of its tree are approved."""
    tree = (
        Comment.objects.approved()
        .filter(post=OuterRef("post"), tree_id=OuterRef("tree_id"))
        .order_by()
        .values("tree_id")
        .annotate(count=Count("pk"))
        .values("count")
    )
    # Most roots have no answer, and nobody has to look for one.
    approved = Case(When(rght=2, then=1), default=Coalesce(Subquery(tree), 0))
    fields = ("pk", "tree_id", "rght", "created_at", "approved")
    return roots.annotate(approved=approved).values_list(*fields)


def _number_of(comments: QuerySet) -> QuerySet:
    """No row where there is none."""
    numbered = comments.order_by().values("post").annotate(count=Count("pk"))
    return numbered.values_list("count")


_POST = Slot("post", BigIntegerField())
_IS_BEFORE = shown.is_before(
    Slot("at", DateTimeField()), Slot("tree", BigIntegerField())
)
_ROOTS_BEFORE = Prepared(lambda: _number_of(shown.talk_roots(_POST).filter(_IS_BEFORE)))
_APPROVED_BEFORE = Prepared(
    lambda: _number_of(
        Comment.objects.approved().filter(
            post=_POST,
            tree_id__in=shown.talk_roots(_POST)
            .filter(_IS_BEFORE)
            .order_by()
            .values("tree_id"),
        )
    )
)
_COUNTS = Prepared(
    lambda: (
        shown.roots_of(_POST)
        .order_by()
        .values("post")
        .annotate(
            talk=Count("pk", filter=shown.in_talk(_POST)),
            alone=Count("pk", filter=shown.alone(_POST)),
        )
        .values_list("talk", "alone")
    )
)
