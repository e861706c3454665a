"""Lists of public posts, a page at a time.

Which posts stand on a page is asked first, and they are read only where what a list
shows of them is not kept already.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, overload

from django.core.paginator import Page
from django.db.models import (
    BigIntegerField,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
)
from django.http import HttpRequest
from django.utils import timezone

from blog import fragments, pagination, stretches, tallies
from blog.models import Category, Post, TaggedPost
from blog.models.post_queryset import PostQuerySet, is_public_q
from blog.prepared import Prepared, Slot
from blog.public_posts import loaded
from blog.stretches import Counted

NEWEST_FIRST = ("-published_at", "-pk")
# The same order, as the index by days has it: nothing is sorted.
BY_DAY = ("-published_on", *NEWEST_FIRST)

# So many of a list are looked up at once: ten pages, as a rule.
BLOCK = 100
# So many are sorted in a moment; of more, one takes as long to be sorted as so many
# take to be looked at along the order.
FEW = 300
STEPS_FOR_ONE = 3

Narrow = Callable[[PostQuerySet], PostQuerySet]


class Unindexed(Func):
    """A column that leads SQLite to no index (sqlite.org/optoverview.html, 10).

    And a moment none that leads PostgreSQL along the order: how many posts a branch of
    the categories has, and how long ago they were, is more than it knows.
    """

    template = "+%(expressions)s"
    arity = 1

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        is_moment = isinstance(self.output_field, DateTimeField)
        template = (
            "(%(expressions)s + interval '0')" if is_moment else "%(expressions)s"
        )
        return self.as_sql(compiler, connection, template=template, **context)


class PostList:
    """The public posts that `narrow` leaves, in an order; `total` says how many.

    `along` leaves the same, each looked at on a way along the order: the shorter way
    where there are many, as all that `narrow` leaves have to be sorted. They are called
    once, with slots where the values go that `of` is told, and `total` with the values.
    """

    def __init__(
        self,
        name: str,
        narrow: Narrow,
        total: Callable[..., int],
        order: Sequence[str] = NEWEST_FIRST,
        along: Narrow | None = None,
    ) -> None:
        self.name = name
        self.total = total
        self.is_narrow = along is not None
        by_order = along or narrow
        sorted_first = (Unindexed(F("published_at")).desc(), F("pk").desc())
        self.forth = Prepared(lambda: _pks(by_order).order_by(*order))
        self.back = Prepared(lambda: _pks(by_order).order_by(*order).reverse())
        self.few = Prepared(lambda: _pks(narrow).order_by(*sorted_first))

    def of(self, request: HttpRequest, **values: Any) -> "Posts":
        return Posts(self, request, values)


def _pks(narrow: Narrow) -> Any:
    is_public = is_public_q(now=Slot("now", DateTimeField()))
    return narrow(Post.objects.filter(is_public).posts()).values_list("pk")


class Posts:
    """The numbers of those of a list, in its order, for a paginator.

    They are asked for in blocks, once in each generation of the blog. So a page far
    back costs what the first one does.
    """

    def __init__(
        self, asked: PostList, request: HttpRequest, values: dict[str, Any]
    ) -> None:
        self._asked = asked
        self._values = values
        self._request = request
        self._key = (asked.name, *values.values())

    def count(self) -> int:
        kept, key = fragments.of(self._request), ("count", *self._key)
        found: int | None = kept.get(key)
        if found is None:
            found = self._asked.total(stretches.of(self._request), **self._values)
            kept.keep(key, found)
        return found

    def __getitem__(self, piece: slice) -> list[int]:
        first, last = piece.start // BLOCK, max(piece.stop - 1, 0) // BLOCK
        numbers = [pk for place in range(first, last + 1) for pk in self._block(place)]
        return numbers[piece.start - first * BLOCK : piece.stop - first * BLOCK]

    def _block(self, place: int) -> "array[int]":
        kept, key = fragments.of(self._request), ("block", *self._key, place)
        found: array[int] | None = kept.get(key)
        if found is None:
            start, stop = place * BLOCK, min((place + 1) * BLOCK, self.count())
            found = array("q", self._read(start, stop) if start < stop else ())
            kept.keep(key, found)
        return found

    def _read(self, start: int, stop: int) -> Iterable[int]:
        """From the end that is nearer; or of a few, all are sorted."""
        asked, counted = self._asked, stretches.of(self._request)
        values = self._values | {"now": counted.now}
        total = self.count()
        if asked.is_narrow and _is_few(total, stop, counted):
            rows = asked.few.part(start, stop, **values)
        elif start > total // 2:
            rows = asked.back.part(total - stop, total - start, **values)[::-1]
        else:
            rows = asked.forth.part(start, stop, **values)
        return (pk for (pk,) in rows)


def _is_few(total: int, stop: int, counted: Counted) -> bool:
    """Whether to sort them all is less than to go up to the one at `stop`."""
    if total <= FEW:
        return True
    steps = stop * _all(counted) // total
    return total * STEPS_FOR_ONE < steps


def page_of(posts: Posts, number: int, per_page: int) -> Page:
    """Page `number` of a list. Raises Http404 beyond the last one."""
    page: Any = pagination.page_of(posts, number, per_page)
    page.object_list = Entries(page.object_list)
    return page


class Entries(Sequence[Post]):
    """The posts of a page by their numbers, read when somebody looks at one."""

    def __init__(self, pks: Sequence[int]) -> None:
        self.pks = pks
        self._posts: list[Post] | None = None

    def __len__(self) -> int:
        return len(self.pks)

    @overload
    def __getitem__(self, place: int) -> Post: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Post]: ...
    def __getitem__(self, place: int | slice) -> Post | Sequence[Post]:
        return self._read()[place]

    def __iter__(self) -> Iterator[Post]:
        return iter(self._read())

    def _read(self) -> list[Post]:
        if self._posts is None:
            self._posts = with_cards(self.pks)
        return self._posts


def with_cards(pks: Sequence[int]) -> list[Post]:
    """Public posts, in the order of their numbers, with what a list shows of them.

    Two queries, however many there are. Their tags, which no list shows, are not read.
    """
    places = {f"pk{place}": pk for place, pk in enumerate(pks)}
    found = _posts_of(len(pks)).objects(now=timezone.now(), **places) if pks else []
    posts: dict[int, Post] = {post.pk: post for post in found}
    filed: dict[int, list[Category]] = {pk: [] for pk in posts}
    for row in _filed_of(len(pks)).objects(**places) if posts else []:
        if row.post_id in filed:
            filed[row.post_id].append(row.category)
    for pk, post in posts.items():
        post._prefetched_objects_cache = {  # type: ignore[attr-defined]
            "categories": loaded(Category, filed[pk])
        }
    return [posts[pk] for pk in pks if pk in posts]


@lru_cache(maxsize=64)
def _posts_of(count: int) -> Prepared:
    """So many posts by their numbers."""
    is_public = is_public_q(now=Slot("now", DateTimeField()))
    return Prepared(
        lambda: (
            Post.objects.filter(is_public, pk__in=_numbers(count))
            .select_related("author", "featured_image")
            .defer("body")
            .order_by()
        )
    )


@lru_cache(maxsize=64)
def _filed_of(count: int) -> Prepared:
    """What so many posts are filed in, each in the order of the tree."""
    filed = Post.categories.through._base_manager
    return Prepared(
        lambda: (
            filed.filter(post__pk__in=_numbers(count))
            .select_related("category")
            .order_by("category__tree_id", "category__lft")
        )
    )


def _numbers(count: int) -> list[Slot]:
    return [Slot(f"pk{place}", BigIntegerField()) for place in range(count)]


def with_tags(posts: list[Post]) -> list[Post]:
    """The same posts, with their tags. One query."""
    places = {f"pk{place}": post.pk for place, post in enumerate(posts)}
    tagged: dict[int, list[TaggedPost]] = {post.pk: [] for post in posts}
    for row in _tagged_of(len(posts)).objects(**places) if posts else []:
        tagged[row.content_object_id].append(row)
    for post in posts:
        post._prefetched_objects_cache["tagged_items"] = loaded(  # type: ignore[attr-defined]
            TaggedPost, tagged[post.pk]
        )
    return posts


@lru_cache(maxsize=64)
def _tagged_of(count: int) -> Prepared:
    return Prepared(
        lambda: (
            TaggedPost.objects.select_related("tag")
            .filter(content_object__pk__in=_numbers(count))
            .order_by("pk")
        )
    )


# --- How many there are


def _all(counted: Counted) -> int:
    return sum(counted.of(tallies.MONTHS).values())


def _dated(counted: Counted, first: date, last: date) -> int:
    """Of whole months; those of a day are few."""
    if first == last:
        return DATED.forth.count(now=counted.now, first=first, last=last)
    months = counted.of(tallies.MONTHS).items()
    return sum(count for month, count in months if month and first <= month <= last)


def _filed(counted: Counted, **branch: int) -> int:
    """Each post once, in how many categories of the branch it may be."""
    categories = {pk for (pk,) in _BRANCH.rows(**branch)}
    filed = counted.of(tallies.FILED).items()
    return sum(count for own, count in filed if not categories.isdisjoint(own))


def _tagged(counted: Counted, tag: int) -> int:
    return counted.of(tallies.TAGS).get(tag, 0)


def _written(counted: Counted, author: int) -> int:
    return counted.of(tallies.WRITERS).get(author, 0)


def _between_days(posts: PostQuerySet) -> PostQuerySet:
    return posts.filter(
        published_on__gte=Slot("first", DateField()),
        published_on__lte=Slot("last", DateField()),
    )


def _below(prefix: str = "") -> dict[str, Slot]:
    """Categories of a branch, by its numbers; `prefix` leads to them."""
    names = (f"{prefix}tree_id", f"{prefix}lft__gte", f"{prefix}rght__lte")
    return dict(zip(names, _NUMBERS, strict=True))


_NUMBERS = tuple(Slot(name, IntegerField()) for name in ("tree_id", "lft", "rght"))
_TAG = Slot("tag", BigIntegerField())
_AUTHOR = Slot("author", BigIntegerField())
_BRANCH = Prepared(
    lambda: Category.objects.filter(**_below()).order_by().values_list("pk")
)

HOME = PostList("home", lambda posts: posts, _all, ("-is_sticky", *NEWEST_FIRST))
NEWEST = PostList("newest", lambda posts: posts, _all)
DATED = PostList("dated", _between_days, _dated, BY_DAY)
FILED = PostList(
    "filed",
    lambda posts: posts.in_branch(*_NUMBERS),
    _filed,
    along=lambda posts: posts.filter(
        Exists(
            Post.categories.through._base_manager.filter(
                post=OuterRef("pk"), **_below("category__")
            )
        )
    ),
)
TAGGED = PostList(
    "tagged",
    lambda posts: posts.filter(
        pk__in=TaggedPost.objects.filter(tag=_TAG).values("content_object")
    ),
    _tagged,
    along=lambda posts: posts.filter(
        Exists(TaggedPost.objects.filter(content_object=OuterRef("pk"), tag=_TAG))
    ),
)
WRITTEN = PostList(
    "written",
    lambda posts: posts.filter(author=_AUTHOR),
    _written,
    along=lambda posts: posts.alias(by=Unindexed("author")).filter(by=_AUTHOR),
)
