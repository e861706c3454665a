"""What was decided, by whom and when, and the way back."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext

from blog.admin.read_only import ReadOnlyAdmin
from blog.models import User
from comments import wording
from comments.models import Comment, Decision

BATCHES_PER_PAGE = 50


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """A list of batches alone: nobody adds or edits what was decided."""

    seen_by = "comments.moderate_comment"

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name="comments_decision_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("by", "")
        decisions = Decision.objects.all()
        if asked.isdecimal():
            decisions = decisions.filter(moderator=asked)
        page = Paginator(_batches(decisions), BATCHES_PER_PAGE).get_page(
            request.GET.get("p")
        )
        given = {
            **self.admin_site.each_context(request),
            "title": gettext("What was decided"),
            "opts": Comment._meta,
            "page": page,
            "batches": _with_names(list(page.object_list)),
            "moderators": User.objects.filter(decisions__isnull=False).distinct(),
            "asked": asked,
        }
        return render(request, "admin/comments/decision/change_list.html", given)


def _batches(decisions: QuerySet) -> QuerySet:
    """One row for what was decided in one go, the latest first."""
    grouped = decisions.order_by().values("batch", "moderator", "state", "reason")
    return grouped.annotate(
        count=Count("pk"),
        undone_count=Count("pk", filter=Q(undone_at__isnull=False)),
        decided_at=Min("created_at"),
        latest=Max("pk"),
        first_comment=Min("comment"),
    ).order_by("-latest")


def _with_names(batches: list[dict]) -> list[dict]:
    """With the moderator, one comment, and how many can be undone. Three queries."""
    users = User.objects.in_bulk({row["moderator"] for row in batches} - {None})
    keys = [row["batch"] for row in batches]
    standing = Decision.objects.filter(batch__in=keys).standing().order_by()
    left = dict(standing.values_list("batch").annotate(Count("pk")))
    comments = Comment.objects.select_related("author", "post").defer(
        "body", "body_html", "post__body", "post__body_html"
    )
    firsts = comments.in_bulk({row["first_comment"] for row in batches})
    for row in batches:
        who = users.get(row["moderator"])
        # Most reasons name the moderator already.
        row["who"] = who if who and str(who) not in row["reason"] else None
        row["told"] = wording.shown(row["reason"])
        row["comment"] = firsts.get(row["first_comment"])
        row["standing_count"] = left.get(row["batch"], 0)
        row["label"] = Comment.State(row["state"]).label
    return batches
