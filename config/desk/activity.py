"""What happened: the newest responses, and the last twelve months in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db.models import Count, IntegerField, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext

from blog import html_text
from blog.dates import first_of_month, moment_of, month_number
from blog.models import Post, User
from comments.models import Comment

MONTHS = 12
RESPONSES = 6
EXCERPT_WORDS = 18
# The plot's own units: a bar stands in a box this high.
BOX_HEIGHT = 32
# The least a number above nothing is shown as.
STUMP_HEIGHT = 2


@dataclass(frozen=True)
class Response:
    """A comment or ping as the desk names it."""

    comment: Comment
    excerpt: str
    url: str


@dataclass(frozen=True)
class Bar:
    """A month of one series: the number and how high it stands."""

    month: date
    count: int
    height: int

    @property
    def top(self) -> int:
        return BOX_HEIGHT - self.height


@dataclass(frozen=True)
class Series:
    name: str
    bars: Sequence[Bar]

    @property
    def total(self) -> int:
        return sum(bar.count for bar in self.bars)


def responses(user: User) -> list[Response]:
    """The newest that every reader can see. One query."""
    newest = Comment.objects.public().with_context().order_by("-created_at", "-pk")
    rows = newest.defer("body", "post__body", "post__body_html", "parent__body")
    may_judge = user.has_perm("comments.moderate_comment")
    return [_response(comment, may_judge=may_judge) for comment in rows[:RESPONSES]]


def _response(comment: Comment, *, may_judge: bool) -> Response:
    said = " ".join(html_text.text_of(comment.body_html).split())
    url = comment.get_absolute_url()
    if may_judge:
        url = reverse("admin:comments_comment_change", args=[comment.pk])
    return Response(comment, Truncator(said).words(EXCERPT_WORDS), url)


def months(now: datetime | None = None) -> list[Series]:
    """Posts, comments and pings of the last twelve months, this one last.

    What is public, or approved. Three queries.
    """
    starts = _month_starts(timezone.localtime(now))
    said = Comment.objects.approved()
    talk, *pings = Comment.Kind.values
    counted = {
        gettext("Posts"): _counts(
            Post.objects.posts().published(), "published_at", starts
        ),
        gettext("Comments"): _counts(said.filter(kind=talk), "created_at", starts),
        gettext("Pings"): _counts(said.filter(kind__in=pings), "created_at", starts),
    }
    return [Series(name, _bars(starts, counts)) for name, counts in counted.items()]


def _month_starts(now: datetime) -> list[datetime]:
    """Where each of the months begins, and where the last one ends."""
    end = month_number(now.date()) + 1
    return [moment_of(first_of_month(end - back)) for back in range(MONTHS, -1, -1)]


def _counts(rows: QuerySet, field: str, starts: Sequence[datetime]) -> list[int]:
    """How many rows of each month, each looked at once, in an index alone. One query."""
    each_month = [
        rows.order_by()
        .filter(**{f"{field}__gte": start, f"{field}__lt": end})
        .annotate(place=Value(place, IntegerField()))
        .values("place")
        .annotate(count=Count("pk"))
        for place, (start, end) in enumerate(pairwise(starts))
    ]
    first, *others = each_month
    counts = dict(first.union(*others, all=True).values_list("place", "count"))
    return [counts.get(place, 0) for place in range(MONTHS)]


def _bars(starts: Sequence[datetime], counts: Sequence[int]) -> list[Bar]:
    most = max(counts)
    return [
        Bar(start.date(), count, _height(count, most))
        for start, count in zip(starts, counts, strict=False)
    ]


def _height(count: int, most: int) -> int:
    return max(STUMP_HEIGHT, round(BOX_HEIGHT * count / most)) if count else 0
