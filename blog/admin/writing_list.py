"""The lists of posts and pages: which rows they have, and what each line says."""

from datetime import datetime

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import edit_locks, working_copies
from blog.admin.keeping_changes import changes_mark
from blog.admin.locking import writing_mark
from blog.admin.reviewing import Review
from blog.models import Post
from blog.models.post_dates import LAST_DATE
from blog.moments import ago

Status = Post.Status


class WritingList(ChangeList):
    """Lists don't show the text, so they don't load it."""

    def get_queryset(self, request: HttpRequest, **kwargs) -> QuerySet:
        posts = super().get_queryset(request, **kwargs)
        posts = edit_locks.with_viewer(posts, request.user)
        return working_copies.with_kept_changes(posts).defer("body", "body_html")


class WritingLines(Review):
    """The columns they have in common."""

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return WritingList

    @admin.display(description=_("title"), ordering="title")
    def shown_title(self, post: Post) -> str:
        return post.headline

    @admin.display(description=_("state"), ordering="status")
    def state(self, post: Post) -> str:
        name, label = _state(post)
        waits = self.review_line(post) if post.status == Status.PENDING else ""
        marks = format_html("{}{}{}", waits, changes_mark(post), writing_mark(post))
        shown = '<span class="state state-{}">{}</span>{}'
        return format_html(shown, name, label, marks)

    @admin.display(description=_("date"), ordering=LAST_DATE)
    def shown_date(self, post: Post) -> str:
        if post.published_at is None:
            said = gettext("edited %(ago)s") % {"ago": ago(post.updated_at)}
            return format_html('<span class="quiet">{}</span>', said)
        date = _short_date(post.published_at)
        if post.date_is_estimated:
            return format_html(
                '{} <span class="estimated">{}</span>', date, gettext("estimated")
            )
        return date

    @admin.display(description=_("comments"), ordering="comment_count")
    def conversation(self, post: Post) -> str:
        # A template, because blog's Python does not know of comments.
        return render_to_string("admin/blog/_comment_count.html", {"post": post})


def _state(post: Post) -> tuple[str, str]:
    """The name it is coloured by, and what it is called."""
    if post.is_scheduled:
        date = _short_date(post.published_at)
        return "scheduled", gettext("scheduled for %(date)s") % {"date": date}
    if post.deleted_at:
        date = _short_date(post.deleted_at)
        return post.status, gettext("in the trash until %(date)s") % {"date": date}
    return post.status, post.get_status_display()


def _short_date(time: datetime | None) -> str:
    return date_format(timezone.localtime(time), "SHORT_DATE_FORMAT")
