"""What is counted of the public posts: of each month, writer, category and tag.

And when each of them last had something new that all may read, for the sitemaps.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import BigIntegerField, Count, DateTimeField, F, Max, QuerySet
from django.db.models.functions import Greatest

from blog.models import Post
from blog.models.post_dates import FirstOfMonth
from blog.models.post_queryset import is_public_q
from blog.prepared import Prepared, Slot
from blog.stretch_triggers import SIZE
from blog.stretches import Row, Tally

Posts = Callable[[], QuerySet]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNIT = timedelta(microseconds=1)
# When a reader last saw something new: a scheduled post appears unchanged.
CHANGED_AT = Greatest(F("updated_at"), F("published_at"))


def moment(number: int) -> datetime:
    """Of a tally of what is newest."""
    return _EPOCH + number * _UNIT


def _public() -> QuerySet:
    """The posts of a piece: an index has what they are counted by."""
    return (
        Post.objects.filter(
            is_public_q(now=Slot("now", DateTimeField())),
            pk__gte=Slot("first", BigIntegerField()),
            pk__lt=Slot("end", BigIntegerField()),
        )
        .posts()
        .order_by()
    )


def _tagged() -> QuerySet:
    """The same, once for each tag; the piece is named of the rows between, too.

    Without it PostgreSQL reads all there are, of all posts.
    """
    return _public().filter(
        tagged_items__content_object__gte=Slot("first", BigIntegerField()),
        tagged_items__content_object__lt=Slot("end", BigIntegerField()),
    )


def _how_many(key: Any, posts: Posts = _public) -> Tally:
    """How many there are of each. One query."""
    counted = _by_stretch(posts, key, Count("pk"))

    def read(first: int, end: int, now: datetime) -> list[Row]:
        rows: list[Any] = counted.rows(first=first, end=end, now=now)
        return rows

    return Tally(read)


def _newest(key: Any, posts: Posts = _public) -> Tally:
    """When there was something new that anybody may read, of each. One query."""
    counted = _by_stretch(lambda: posts().filter(password=""), key, Max(CHANGED_AT))

    def read(first: int, end: int, now: datetime) -> Iterator[Row]:
        for stretch, one, at in counted.rows(first=first, end=end, now=now):
            yield stretch, one, (at - _EPOCH) // _UNIT

    return Tally(read, is_newest=True)


def _by_stretch(posts: Posts, key: Any, value: Any) -> Prepared:
    return Prepared(
        lambda: (
            posts()
            .annotate(stretch=F("pk") / SIZE, key=key)
            .values_list("stretch", "key")
            .annotate(value=value)
        )
    )


_FILED = Prepared(
    lambda: (
        _public()
        .filter(categories__isnull=False)
        .order_by("pk", "categories")
        .values_list("pk", "categories")
    )
)


def _filed(first: int, end: int, now: datetime) -> Iterator[Row]:
    """How many are filed in these categories and no other. One query."""
    rows = _FILED.rows(first=first, end=end, now=now)
    found = Counter(
        (post // SIZE, tuple(category for _, category in filed))
        for post, filed in groupby(rows, itemgetter(0))
    )
    return ((*place, count) for place, count in found.items())


# Of a writer and a category is None, too, where posts have none.
MONTHS = _how_many(FirstOfMonth("published_on"))
WRITERS = _how_many(F("author"))
TAGS = _how_many(F("tagged_items__tag"), _tagged)
# By all categories of a post at once: how a branch adds up is asked of the tree.
FILED = Tally(_filed)
NEWEST_OF_STRETCH = _newest(F("pk") / SIZE)
NEWEST_OF_WRITER = _newest(F("author"))
NEWEST_OF_CATEGORY = _newest(F("categories"))
NEWEST_OF_TAG = _newest(F("tagged_items__tag"), _tagged)
