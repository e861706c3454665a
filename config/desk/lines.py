"""What waits for somebody, and what went wrong: numbers with a link to the rows.

Each line is asked for only where its reader may open the list it leads to, and
counts what that list shows them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext, ngettext_lazy
from django_tasks_db.models import DBTaskResult

from blog.models import Media, OldFile, Post
from comments.models import Comment, Notice, OutgoingPing

Status = Post.Status
# What was given up longer ago is no news; nobody has to tidy it away.
NEWS_DAYS = 30

# By state, the words after a number of posts or pages.
WORDS = {
    "post": {
        Status.PENDING: ngettext_lazy(
            "post waits for review", "posts wait for review", "count"
        ),
        Status.DRAFT: ngettext_lazy("draft post", "draft posts", "count"),
        "scheduled": ngettext_lazy("post is scheduled", "posts are scheduled", "count"),
    },
    "page": {
        Status.PENDING: ngettext_lazy(
            "page waits for review", "pages wait for review", "count"
        ),
        Status.DRAFT: ngettext_lazy("draft page", "draft pages", "count"),
        "scheduled": ngettext_lazy("page is scheduled", "pages are scheduled", "count"),
    },
}


@dataclass(frozen=True)
class Line:
    """How many of what, in words, and where they are."""

    count: int
    words: str
    url: str


def waiting(request: HttpRequest) -> list[Line]:
    """What waits for this person, what has somebody waiting first."""
    return [*_comments(request), *_writing(request, "post"), *_writing(request, "page")]


def health(request: HttpRequest) -> list[Line] | None:
    """What went wrong; None for somebody who may look at none of it."""
    asked = [
        _tasks(request),
        _mails(request),
        _pings(request),
        _pictures(request),
        *_old_files(request),
    ]
    answered = [line for line in asked if line is not None]
    return [line for line in answered if line.count] if answered else None


# --- What waits


def _comments(request: HttpRequest) -> Iterator[Line]:
    if request.user.has_perm("comments.moderate_comment"):
        state = Comment.State.PENDING
        count = Comment.objects.pending().count()
        words = ngettext("comment waits for you", "comments wait for you", count)
        if count:
            yield Line(count, words, _list("comments_comment", state=state))


def _writing(request: HttpRequest, kind: str) -> Iterator[Line]:
    """Reviews, drafts and what is scheduled, of those one may edit. Two queries."""
    if not request.user.has_perm(f"blog.change_{kind}"):
        return
    rows = _theirs(request, Post.objects.filter(kind=kind), "author").order_by()
    unfinished = rows.filter(status__in=[Status.PENDING, Status.DRAFT])
    counts = dict(unfinished.values_list("status").annotate(Count("pk")))
    to_come = rows.filter(status=Status.PUBLISHED, published_at__gt=timezone.now())
    counts["scheduled"] = to_come.count()
    for state, words in WORDS[kind].items():
        if count := counts.get(state, 0):
            yield Line(
                count, words % {"count": count}, _list(f"blog_{kind}", state=state)
            )


# --- What went wrong


def _tasks(request: HttpRequest) -> Line | None:
    if not request.user.has_perm("django_tasks_database.view_dbtaskresult"):
        return None
    rows = DBTaskResult.objects.failed()
    words = ngettext_lazy(
        "task in the background failed", "tasks in the background failed", "count"
    )
    url = _list("django_tasks_database_dbtaskresult", status__exact="FAILED")
    return _line(rows, words, url)


def _mails(request: HttpRequest) -> Line | None:
    if not request.user.has_perm("blog.change_sitesettings"):
        return None
    since = _news_since()
    rows = Notice.objects.given_up().filter(created_at__gte=since)
    words = ngettext_lazy("mail did not go out", "mails did not go out", "count")
    url = _list("comments_notice", standing="given-up", created_at__gte=since)
    return _line(rows, words, url)


def _pings(request: HttpRequest) -> Line | None:
    if not request.user.has_perm("blog.change_post"):
        return None
    since, state = _news_since(), OutgoingPing.State.GIVEN_UP
    rows = OutgoingPing.objects.filter(state=state, created_at__gte=since)
    words = ngettext_lazy("ping was given up", "pings were given up", "count")
    asked = {"state__exact": state, "created_at__gte": since}
    url = _list("comments_outgoingping", **asked)
    return _line(_theirs(request, rows, "post__author"), words, url)


def _pictures(request: HttpRequest) -> Line | None:
    if not request.user.has_perm("blog.change_media"):
        return None
    rows = _theirs(
        request, Media.objects.filter(alt="", width__isnull=False), "uploaded_by"
    )
    words = ngettext_lazy(
        "picture has no alternative text", "pictures have no alternative text", "count"
    )
    asked: dict[str, object] = {"alt": "missing"}
    if not request.user.has_perm("blog.change_others_post"):
        asked["uploaded_by"] = request.user.pk  # others' are shown, but not theirs
    return _line(rows, words, _list("blog_media", **asked))


def _old_files(request: HttpRequest) -> Iterator[Line | None]:
    """What did not come along when a blog moved in. One query."""
    user = request.user
    if not (
        user.has_perm("blog.change_others_post") and user.has_perm("blog.add_media")
    ):
        return
    state = OldFile.State
    rows = OldFile.objects.filter(state__in=[state.WAITING, state.MISSING])
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    words = {
        state.MISSING: ngettext_lazy(
            "file of the old blog is missing",
            "files of the old blog are missing",
            "count",
        ),
        state.WAITING: ngettext_lazy(
            "file of the old blog is still to come",
            "files of the old blog are still to come",
            "count",
        ),
    }
    for one, sentence in words.items():
        count = counts.get(one, 0)
        yield Line(
            count, sentence % {"count": count}, _list("blog_oldfile", state=one.value)
        )


# --- What all have in common


def _theirs(request: HttpRequest, rows: QuerySet, owner: str) -> QuerySet:
    if request.user.has_perm("blog.change_others_post"):
        return rows
    return rows.filter(Q(**{owner: request.user}))


def _line(rows: QuerySet, words: Any, url: str) -> Line:
    count = rows.order_by().count()
    return Line(count, words % {"count": count}, url)


def _news_since() -> str:
    """The beginning of the day, so that the address is the same all day."""
    day = timezone.localtime() - timedelta(days=NEWS_DAYS)
    return day.replace(hour=0, minute=0, second=0, microsecond=0).isoformat()


def _list(name: str, **asked: object) -> str:
    return f"{reverse(f'admin:{name}_changelist')}?{urlencode(asked)}"
