"""Which responses of a long conversation stand on which page of it.

A page is so many roots, counted from the oldest, so that the address of a page
lasts; each root brings its tree. Of a tree with very many answers a page shows the
first ones, and the rest is read on from there.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from blog.models import Post, SiteSettings
from blog.prepared import Prepared, Slot
from comments.models import Comment
from comments.models.comment_queryset import CommentQuerySet

# Where responses come on one page by the keeper's wish, so many roots are one.
MOST_ROOTS = 200
# How many answers one page shows in all, and how many in one tree.
MOST_ANSWERS = 120
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
    # How many approved responses stand before what it shows.
    before: int
    # How many of these are in the one tree it shows a part of.
    skipped: int = 0
    # How many pings stand alone; None where nobody had to count them.
    lone_count: int | None = None

    @property
    def is_part(self) -> bool:
        """Whether it is the middle of one tree."""
        return self.after >= 0


def read_page(
    post: Post, site: SiteSettings, number: int | None = None, tree: int | None = None
) -> Page:
    """Page `number`, or the one that has `tree`, or the one that is shown first.

    One query where all fits on one page, else three, and for a tree up to six.
    Raises NoSuchPage.
    """
    per_page = roots_per_page(site)
    if post.comment_count <= per_page:
        # No root is shown without something approved in its tree, so these are
        # all, unless the count is wrong.
        rows = _first_roots(per_page + 1).rows(post=post.pk)
        found = [Root(*row) for row in rows]
        if len(found) <= per_page:
            if number not in (None, 1):
                raise NoSuchPage
            return _page(1, 1, _with_tree(found, post, tree), 0)
    counts = _roots_of(post).aggregate(
        talk=Count("pk", filter=_in_talk(post)), lone=Count("pk", filter=_alone(post))
    )
    count = max(1, -(-counts["talk"] // per_page))
    if tree is not None:
        number = min(count, _rank(post, tree) // per_page + 1)
    elif number is None:
        number = count if shows_newest_first(site) else 1
    if not 1 <= number <= count:
        raise NoSuchPage
    start = (number - 1) * per_page
    found = _read(talk_roots(post)[start : start + per_page])
    is_last = number == count
    before = _before_page(post, found, counts["lone"], is_last=is_last)
    page = _page(number, count, _with_tree(found, post, tree), before)
    return replace(page, lone_count=counts["lone"])


def read_page_with(post: Post, site: SiteSettings, place: Place) -> Page:
    """The page on which a certain comment stands. Up to eight queries."""
    page = read_page(post, site, tree=place.tree_id)
    if place.number <= page.last:
        return page
    root = next(root for root in page.roots if root.tree_id == place.tree_id)
    return read_part(post, root, (place.number - 1) // MOST_OF_ONE * MOST_OF_ONE)


def read_part(post: Post, root: Root, after: int) -> Page:
    """The answers in the tree of `root` after place `after`. Two queries."""
    skipped = (
        visible(post)
        .approved()
        .filter(between(-1, after), tree_id=root.tree_id)
        .count()
    )
    before = _approved_before(post, root) + skipped
    return Page(1, 1, [root], after, after + MOST_OF_ONE, before, skipped)


def find_root(post: Post, pk: int) -> Root | None:
    """The root `pk` of the visible talk. One query."""
    return next(iter(_read(talk_roots(post).filter(pk=pk))), None)


def shows_newest_first(site: SiteSettings) -> bool:
    return site.first_comment_page == SiteSettings.CommentOrder.NEWEST


def roots_per_page(site: SiteSettings) -> int:
    return site.comments_per_page if site.paginate_comments else MOST_ROOTS


def fair_cut(sizes: list[int]) -> int:
    """The most answers of one tree, so that of all no more than MOST_ANSWERS are shown.

    At least one: who is answered is seen to be.
    """
    room, cut = MOST_ANSWERS, MOST_OF_ONE
    for place, size in enumerate(sorted(sizes)):
        fair = room // (len(sizes) - place)
        if size > fair:
            cut = min(cut, fair)
            break
        room -= size
    return max(cut, 1)


def between(after: int | Slot, last: int | Slot) -> Q:
    """Of `visible()`: what stands in its tree after place `after`, up to `last`.

    Nested sets tell the place of each row without another one being read, as
    (lft + level - 1) / 2.
    """
    places = Q(double_place__gt=2 * after, double_place__lte=2 * last)
    # Follows from it, and the index knows it.
    return places & Q(lft__gt=after + 1, lft__lte=2 * last + 1)


def visible(post: Post | Slot, own_pk: int | None = None) -> CommentQuerySet:
    """What is shown: the approved, and the removed that have such below them."""
    is_shown = Q(state=Comment.State.APPROVED)
    if own_pk is not None:
        is_shown |= Q(pk=own_pk, state=Comment.State.PENDING)
    below = Comment.objects.filter(
        is_shown,
        post=post,
        tree_id=OuterRef("tree_id"),
        lft__gt=OuterRef("lft"),
        rght__lt=OuterRef("rght"),
    )
    is_answered = Q(rght__gt=F("lft") + 1) & Exists(below)
    return Comment.objects.alias(double_place=F("lft") + F("level") - 1).filter(
        is_shown | is_answered, post=post
    )


def talk_roots(post: Post | Slot) -> CommentQuerySet:
    """The roots of the talk as everybody sees it, oldest first."""
    return _roots_of(post).filter(_in_talk(post)).order_by("created_at", "tree_id")


def lone_pings(post: Post | Slot) -> CommentQuerySet:
    """The pings nobody answered, oldest first: they stand apart."""
    return _roots_of(post).filter(_alone(post)).order_by("created_at", "tree_id")


def lone_likes(post: Post | Slot) -> CommentQuerySet:
    """The likes of other blogs that nobody answered: they are named, not numbered."""
    return _roots_of(post).filter(_alone(post, is_like=True))


def stands_alone(comment: Comment) -> bool:
    """Whether it is a ping nobody answered. One query for a ping, else none."""
    if not comment.is_ping or comment.parent_id is not None or comment.is_like:
        return False
    return lone_pings(comment.post).filter(pk=comment.pk).exists()


def is_answered(comment: Comment) -> bool:
    """Whether something approved hangs below a root. One query."""
    return (
        _roots_of(comment.post)
        .filter(_is_answered(comment.post), pk=comment.pk)
        .exists()
    )


def pings_before(ping: Comment) -> int:
    """How many pings that stand alone are older. One query."""
    is_older = _is_before(ping.created_at, ping.tree_id)
    return lone_pings(ping.post).filter(is_older).count()


def _roots_of(post: Post | Slot) -> CommentQuerySet:
    return Comment.objects.filter(post=post, parent__isnull=True)


def _in_talk(post: Post | Slot) -> Q:
    is_said = Q(state=Comment.State.APPROVED, kind=Comment.Kind.COMMENT)
    return is_said | _is_answered(post)


def _alone(post: Post | Slot, *, is_like: bool = False) -> Q:
    is_said = Q(state=Comment.State.APPROVED, is_like=is_like)
    return is_said & ~Q(kind=Comment.Kind.COMMENT) & ~Q(_is_answered(post))


def _is_answered(post: Post | Slot) -> Q:
    """Of a root: something approved hangs below it."""
    answers = Comment.objects.approved().filter(
        post=post, tree_id=OuterRef("tree_id"), parent__isnull=False
    )
    return Q(Q(rght__gt=2), Exists(answers))


def _is_before(created_at: datetime, tree_id: int) -> Q:
    return Q(created_at__lt=created_at) | Q(created_at=created_at, tree_id__lt=tree_id)


def _rank(post: Post, tree_id: int) -> int:
    """How many roots of the talk stand before this tree. Two queries."""
    root = _roots_of(post).filter(tree_id=tree_id).values_list("created_at", "tree_id")
    return talk_roots(post).filter(_is_before(*root.get())).count()


def _before_page(
    post: Post, roots: list[Root], lone_count: int, *, is_last: bool
) -> int:
    """How many approved responses stand before a page; of the last one no query."""
    if is_last:
        here = sum(root.approved for root in roots)
        return post.comment_count - lone_count - here
    return _approved_before(post, roots[0])


def _approved_before(post: Post, root: Root) -> int:
    """How many approved responses of the talk stand before `root`. One query."""
    earlier = talk_roots(post).filter(_is_before(root.created_at, root.tree_id))
    return (
        Comment.objects.approved()
        .filter(post=post, tree_id__in=earlier.order_by().values("tree_id"))
        .count()
    )


def _page(number: int, count: int, roots: list[Root], before: int) -> Page:
    last = fair_cut([root.size for root in roots])
    return Page(number, count, roots, after=-1, last=last, before=before)


def _with_tree(roots: list[Root], post: Post, tree: int | None) -> list[Root]:
    """With a tree that is no part of the talk yet: its one visitor sees it."""
    if tree is None or any(root.tree_id == tree for root in roots):
        return roots
    own = _read(_roots_of(post).filter(tree_id=tree))
    more = [*roots, *(root._replace(approved=0) for root in own)]
    return sorted(more, key=lambda root: (root.created_at, root.tree_id))


@cache
def _first_roots(count: int) -> Prepared:
    post = Slot("post", BigIntegerField())
    return Prepared(lambda: _counted(talk_roots(post)[:count]))


def _read(roots: QuerySet) -> list[Root]:
    """Each with how many of its tree are approved. One query."""
    return [Root(*row) for row in _counted(roots)]


def _counted(roots: QuerySet) -> QuerySet:
    tree = (
        Comment.objects.approved()
        .filter(post=OuterRef("post"), tree_id=OuterRef("tree_id"))
        .order_by()
        .values("tree_id")
        .annotate(count=Count("pk"))
        .values("count")
    )
    fields = ("pk", "tree_id", "rght", "created_at", "approved")
    return roots.annotate(approved=Coalesce(Subquery(tree), 0)).values_list(*fields)
