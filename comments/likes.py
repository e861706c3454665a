"""Who likes a post: readers who are logged in, and other blogs by webmention."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import BigIntegerField, CharField, F, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext

from blog.models import Post, SiteSettings, User
from blog.prepared import Prepared, Slot
from comments import avatars, shown
from comments.models import Like
from comments.pings import page_address

# So many are named; the others are counted.
MAX_NAMED = 20
# How often one reader may change their mind, about whatever post.
MAX_CHANGES = 30
CHANGES_SECONDS = 60


class TooOften(Exception):
    """A reader likes and unlikes faster than people read."""


class _Row(NamedTuple):
    at: datetime
    # Of the webmention; 0 for a reader of ours.
    comment_pk: int
    name: str
    full_name: str
    email: str
    url: str
    source_url: str
    source_site: str


@dataclass(frozen=True)
class Liker:
    """Somebody who likes a post, as its page shows them."""

    name: str
    url: str
    # Where they said so; empty for a reader of ours.
    source_url: str
    avatar_url: str
    # The webmention's number; 0 for a reader of ours.
    comment_pk: int


@dataclass(frozen=True)
class Likes:
    """How many like a post, and the newest of them."""

    count: int
    named: list[Liker]

    @property
    def more(self) -> int:
        return self.count - len(self.named)


def of(post: Post, site: SiteSettings) -> Likes:
    """Who likes `post`. One query; two more where there are more than are named."""
    rows = [_Row(*row) for row in _NEWEST.rows(post=post.pk)]
    count = len(rows)
    if count > MAX_NAMED:
        readers = Like.objects.filter(post=post).count()
        count = readers + shown.lone_likes(post).count()
    return Likes(count, [_liker(row, site) for row in rows[:MAX_NAMED]])


def has_liked(post: Post, user: User) -> bool:
    """Whether this reader likes it. One query."""
    return Like.objects.filter(post=post, user=user).exists()


def put(post: Post, user: User, *, is_liked: bool) -> None:
    """Make it so, whatever it was. Raises TooOften."""
    key = f"like-changes-{user.pk}"
    if not cache.add(key, 1, CHANGES_SECONDS) and _once_more(key) > MAX_CHANGES:
        raise TooOften
    if is_liked:
        Like.objects.get_or_create(post=post, user=user)
    else:
        Like.objects.filter(post=post, user=user).delete()


def _once_more(key: str) -> int:
    try:
        return cache.incr(key)
    except ValueError:  # forgotten since it was looked at
        return 1


def _of_readers(post: Post | Slot) -> QuerySet:
    empty = Value("", CharField())
    return (
        Like.objects.filter(post=post)
        .annotate(
            at=F("created_at"),
            comment_pk=Value(0, BigIntegerField()),
            name=F("user__display_name"),
            full_name=Concat("user__first_name", Value(" "), "user__last_name"),
            email=F("user__email"),
            url=F("user__website"),
            source_url=empty,
            source_site=empty,
        )
        .values_list(*_Row._fields)
    )


def _of_blogs(post: Post | Slot) -> QuerySet:
    return (
        shown.lone_likes(post)
        .order_by()
        .annotate(
            at=F("created_at"),
            comment_pk=F("pk"),
            name=F("author_name"),
            full_name=Value("", CharField()),
            email=F("author_email"),
            url=F("author_url"),
        )
        .values_list(*_Row._fields)
    )


def _newest() -> QuerySet:
    post = Slot("post", BigIntegerField())
    both = _of_readers(post).union(_of_blogs(post), all=True)
    return both.order_by("-at", "-comment_pk")[: MAX_NAMED + 1]


_NEWEST = Prepared(_newest)


def _liker(row: _Row, site: SiteSettings) -> Liker:
    name = row.name or row.full_name.strip() or _place(row)
    key = avatars.key_of(row.email, name)
    avatar = avatars.url_of(key, may_be_photo=site.use_gravatar)
    return Liker(
        name or gettext("Somebody"),
        row.url,
        row.source_url,
        avatar if site.show_avatars else "",
        row.comment_pk,
    )


def _place(row: _Row) -> str:
    """What a blog is called that did not say who speaks."""
    return row.source_site or page_address.read(row.source_url).host
