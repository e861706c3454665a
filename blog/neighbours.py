"""What stands beside a post: the next in time each way, and what is related to it."""

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, DateTimeField, QuerySet, Subquery
from django.utils import timezone

from blog import related
from blog.models import Post
from blog.models.post_queryset import PostQuerySet, is_public_q
from blog.prepared import Prepared, Slot

# As many as are shown, and two that may stand beside the post as well.
FIRST_KEYS = related.SHOWN + 2
_OF_A_LINK = (
    *("title", "lead", "excerpt", "password", "language", "featured_image"),
    *("kind", "status", "path", "slug", "published_on", "published_at"),
)


def beside(post: Post) -> dict[str, Any]:
    """The public posts to go on with: `newer`, `older`, `related`. Two queries.

    A third where several that are most related are not public.
    The next in time each way, None where there is none, and a list of those that
    have most in common with it. Nothing of a page.
    """
    if post.is_page or post.published_at is None:
        return {"newer": None, "older": None, "related": []}
    related_keys = related.keys(post)
    first = related_keys[:FIRST_KEYS]
    # No post has the number 0.
    padded = [*first, *[0] * (FIRST_KEYS - len(first))]
    values = {f"related{place}": key for place, key in enumerate(padded)}
    now = timezone.now()
    until = min(post.published_at, now)
    beside_it = _BESIDE.objects(
        at=post.published_at, pk=post.pk, now=now, until=until, **values
    )
    found = {other.pk: other for other in beside_it}
    newer_one, older_one = _neighbours(
        list(found.values()), (post.published_at, post.pk)
    )
    # Those two stand on the page already.
    shown = {other.pk for other in (newer_one, older_one) if other}
    if len(found.keys() - shown) < related.SHOWN and related_keys[FIRST_KEYS:]:
        further = _as_links(Post.objects.published().posts())
        found |= further.in_bulk(related_keys[FIRST_KEYS:])
    alike = [found[key] for key in related_keys if key in found.keys() - shown]
    return {
        "newer": newer_one,
        "older": older_one,
        "related": alike[: related.SHOWN],
    }


def _as_links(posts: PostQuerySet) -> PostQuerySet:
    """What is shown of them; of a post there are forty columns."""
    return posts.only(*_OF_A_LINK)


def _beside() -> QuerySet:
    """Each a key by itself, in one list.

    PostgreSQL would read every post to answer “or”, and SQLite takes no ORDER BY
    inside a UNION.
    """
    at, pk = Slot("at", DateTimeField()), Slot("pk", BigIntegerField())
    is_public = is_public_q(now=Slot("now", DateTimeField()))
    public = Post.objects.filter(is_public).posts()
    newer = public.filter(published_at__gte=at).exclude(published_at=at, pk__lte=pk)
    # One bound alone: SQLite begins at the first of two, and walks to the other.
    until = is_public_q(now=Slot("until", DateTimeField()))
    older = Post.objects.filter(until).posts().exclude(published_at=at, pk__gte=pk)
    wanted = [
        Subquery(newer.order_by("published_at", "pk").values("pk")[:1]),
        Subquery(older.newest_first().values("pk")[:1]),
        *(Slot(f"related{place}", BigIntegerField()) for place in range(FIRST_KEYS)),
    ]
    # In no order: SQLite would walk through an index of all posts to keep one.
    return _as_links(public.filter(pk__in=wanted)).order_by()


_BESIDE = Prepared(_beside)


def _neighbours(
    posts: list[Post], here: tuple[datetime, int]
) -> tuple[Post | None, Post | None]:
    """The next after and the last before `here`, a date and a number, among `posts`."""

    def place(post: Post) -> tuple[datetime, int]:
        return post.published_at or here[0], post.pk

    newer = [post for post in posts if place(post) > here]
    older = [post for post in posts if place(post) < here]
    return min(newer, key=place, default=None), max(older, key=place, default=None)
