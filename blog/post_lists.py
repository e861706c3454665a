"""Lists of public posts, a page at a time.

Which posts stand on a page is asked first, and they are read only where what a list
shows of them is not kept already.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, overload

from django.db.models import BigIntegerField, DateTimeField
from django.http import HttpRequest
from django.utils import timezone

from blog import fragments
from blog.models import Category, Post
from blog.models.post_queryset import PostQuerySet, is_public_q
from blog.prepared import Prepared, Slot
from blog.public_posts import loaded

Narrow = Callable[[PostQuerySet], PostQuerySet]


class PostList:
    """The public posts that `narrow` leaves, in an order.

    It is called once, with slots where the values go that `of` is told.
    """

    def __init__(self, name: str, narrow: Narrow, order: Sequence[str]) -> None:
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
    """Those of a list, for a paginator. One query for a page, and one for the count.

    That is asked once in each generation of the blog.
    """

    def __init__(
        self, asked: PostList, request: HttpRequest, values: dict[str, Any]
    ) -> None:
        self._asked = asked
        self._values = values
        self._request = request

    def count(self) -> int:
        kept = fragments.of(self._request)
        key = ("count", self._asked.name, *self._values.items())
        found: int | None = kept.get(key)
        if found is None:
            found = self._asked.every.count(now=timezone.now(), **self._values)
            kept.keep(key, found)
        return found

    def __getitem__(self, piece: slice) -> "Entries":
        start, stop = piece.start, piece.stop
        now = timezone.now()
        rows = self._asked.pks.part(start, stop, now=now, **self._values)
        return Entries([pk for (pk,) in rows])


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
