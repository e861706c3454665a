"""Lists of public posts, a page at a time.

Which posts stand on a page is asked first, and they are read only where what a list
shows of them is not kept already.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, overload

from django.core.paginator import Page
from django.db.models import BigIntegerField, DateField, DateTimeField, IntegerField
from django.http import HttpRequest
from django.utils import timezone

from blog import fragments, pagination
from blog.models import Category, Post, TaggedPost
from blog.models.post_queryset import PostQuerySet, is_public_q
from blog.prepared import Prepared, Slot
from blog.public_posts import loaded

NEWEST_FIRST = ("-published_at", "-pk")
# The same order, as the index by days has it: nothing is sorted.
BY_DAY = ("-published_on", *NEWEST_FIRST)

# So many of a list are looked up at once: fifty pages, as a rule.
BLOCK = 500

Narrow = Callable[[PostQuerySet], PostQuerySet]


class PostList:
    """The public posts that `narrow` leaves, in an order.

    It is called once, with slots where the values go that `of` is told.
    """

    def __init__(
        self, name: str, narrow: Narrow, order: Sequence[str] = NEWEST_FIRST
    ) -> None:
        self.name = name
        self._narrow = narrow
        self.pks = Prepared(lambda: self._posts().order_by(*order))
        self.every = Prepared(lambda: self._posts().order_by())

    def of(self, request: HttpRequest, **values: Any) -> "Posts":
        return Posts(self, request, values)

    def _posts(self) -> Any:
        is_public = is_public_q(now=Slot("now", DateTimeField()))
        posts = self._narrow(Post.objects.filter(is_public).posts())
        return posts.values_list("pk")


class Posts:
    """The numbers of those of a list, in its order, for a paginator.

    They are asked for in blocks, and their count where there is more than one: once in
    each generation of the blog. So a page far back costs what the first one does.
    """

    def __init__(
        self, asked: PostList, request: HttpRequest, values: dict[str, Any]
    ) -> None:
        self._asked = asked
        self._values = values
        self._request = request
        self._key = (asked.name, *values.values())

    def count(self) -> int:
        first = self._block(0)
        if len(first) < BLOCK:
            return len(first)
        kept, key = fragments.of(self._request), ("count", *self._key)
        found: int | None = kept.get(key)
        if found is None:
            found = self._asked.every.count(now=timezone.now(), **self._values)
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
            start = place * BLOCK
            now = timezone.now()
            rows = self._asked.pks.part(start, start + BLOCK, now=now, **self._values)
            found = array("q", (pk for (pk,) in rows))
            kept.keep(key, found)
        return found


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


HOME = PostList("home", lambda posts: posts, ("-is_sticky", *NEWEST_FIRST))
NEWEST = PostList("newest", lambda posts: posts)
DATED = PostList(
    "dated",
    lambda posts: posts.filter(
        published_on__gte=Slot("first", DateField()),
        published_on__lte=Slot("last", DateField()),
    ),
    BY_DAY,
)
FILED = PostList(
    "filed",
    lambda posts: posts.in_branch(
        *(Slot(name, IntegerField()) for name in ("tree_id", "lft", "rght"))
    ),
)
TAGGED = PostList(
    "tagged",
    lambda posts: posts.filter(tagged_items__tag=Slot("tag", BigIntegerField())),
)
WRITTEN = PostList(
    "written",
    lambda posts: posts.filter(author=Slot("author", BigIntegerField())),
)
