"""The mails: which went out, which wait, and what went wrong. For the keeper."""

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog.admin.read_only import ReadOnlyAdmin
from comments import notify
from comments.models import Notice
from comments.models.mail import LOST_AFTER, MAX_ATTEMPTS


class StandingFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        return [
            ("wrong", gettext("Went wrong")),
            ("given-up", gettext("Given up")),
            ("waiting", gettext("Waiting")),
            ("sent", gettext("Sent")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "sent":
            return queryset.exclude(sent_at=None)
        if self.value() == "given-up":
            return queryset.given_up()
        if self.value() == "wrong":
            failed = queryset.filter(~Q(error=""), sent_at=None)
            return queryset.given_up() | failed
        if self.value() == "waiting":
            return queryset.open()
        return queryset


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """A list to read: rows are written and sent by the blog alone."""

    seen_by = "blog.change_sitesettings"
    list_display = ["created_at", "kind", "email", "about", "standing"]
    list_filter = [StandingFilter, "kind"]
    search_fields = ["email"]
    actions = ["send_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows.select_related("post", "comment__post", "comment__author").defer(
            "post__body",
            "post__body_html",
            "comment__body",
            "comment__body_html",
            "comment__post__body",
            "comment__post__body_html",
        )

    @admin.display(description=_("about"))
    def about(self, notice: Notice) -> str:
        return str(notice.comment or notice.post)

    @admin.display(description=_("state"))
    def standing(self, notice: Notice) -> str:
        return standing(notice)

    @admin.action(description=_("Send again what was not sent"))
    def send_again(self, request: HttpRequest, notices: QuerySet) -> None:
        count = notify.send_again(notices)
        words = ngettext(
            "%(count)s mail is on the way.", "%(count)s mails are on the way.", count
        )
        messages.success(request, words % {"count": count})


def standing(notice: Notice) -> str:
    """What became of it, in a sentence."""
    if notice.sent_at:
        return gettext("sent %(date)s") % {"date": _when(notice.sent_at)}
    if notice.claimed_at:
        if notice.error:
            return notice.error
        if notice.claimed_at > timezone.now() - LOST_AFTER:
            return gettext("being sent")
        return gettext(
            "The worker was stopped while it sent this: it may have arrived, or not"
        )
    tries = ngettext("%(count)s attempt", "%(count)s attempts", notice.attempts)
    tries %= {"count": notice.attempts}
    if notice.attempts >= MAX_ATTEMPTS:
        return gettext("given up: %(error)s") % {"error": notice.error}
    if notice.attempts:
        return gettext("again %(date)s, after %(tries)s: %(error)s") % {
            "date": _when(notice.due_at),
            "tries": tries,
            "error": notice.error,
        }
    return gettext("waits until %(date)s") % {"date": _when(notice.due_at)}


def _when(moment) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
