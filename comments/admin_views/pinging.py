"""Beside a post: which blogs were told that it links to them; and telling them again."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from blog.models import Page, Post, SiteSettings
from blog.numbers import number_or_none
from comments.admin_views.judging import wants_json
from comments.models import IncomingPing, OutgoingPing
from comments.pings import send, standing

ROWS_SHOWN = 20
# So long after a post was saved its links may not have been looked at.
LOOKING_SECONDS = 60
State = OutgoingPing.State


@require_safe
def beside(request: HttpRequest, post_pk: int) -> HttpResponse:
    """The rows alone, for the script that waits for news."""
    return JsonResponse({"rows": _html(request, _own_post(request, post_pk))})


@require_POST
def again(request: HttpRequest, post_pk: int) -> HttpResponse:
    """Tell one page again, or all. The script gets the rows, others the list."""
    post = _own_post(request, post_pk)
    pings = OutgoingPing.objects.filter(post=post)
    if "ping" in request.POST:
        pings = pings.filter(pk=number_or_none(request.POST["ping"]))
    sentence = tell_again(pings)
    if wants_json(request):
        return JsonResponse({"sentence": sentence, "rows": _html(request, post)})
    messages.info(request, sentence)
    list_url = reverse("admin:comments_outgoingping_changelist")
    return HttpResponseRedirect(f"{list_url}?post={post.pk}")


def tell_again(pings: QuerySet) -> str:
    """Have these told anew; what is said of it."""
    count = send.again(pings)
    if not count:
        return gettext("There is nobody to tell.")
    words = ngettext(
        "%(count)s page is told again.", "%(count)s pages are told again.", count
    )
    return words % {"count": count}


def panel(request: HttpRequest, post: Post) -> dict[str, Any]:
    """What the panel shows. Two queries."""
    rows = list(post.outgoing_pings.order_by("pk")[: ROWS_SHOWN + 1])
    shown = rows[:ROWS_SHOWN]
    site = SiteSettings.of(request)
    return {
        "post": post,
        "rows": [(ping, standing.of_sent(ping)) for ping in shown],
        "has_more": len(rows) > ROWS_SHOWN,
        "nothing": _why_none(post, site, has_rows=bool(rows)),
        "is_unsettled": _is_unsettled(post, site, shown),
        "received": _received(post),
        "may_moderate": request.user.has_perm("comments.moderate_comment"),
    }


def may_change(request: HttpRequest, post: Post) -> bool:
    """Whether whoever asks may write this post: its own admin knows."""
    model_admin = admin.site.get_model_admin(Page if post.is_page else Post)
    return model_admin.has_change_permission(request, post)


def _own_post(request: HttpRequest, pk: int) -> Post:
    post = get_object_or_404(Post, pk=pk)
    if not may_change(request, post):
        raise PermissionDenied
    return post


def _html(request: HttpRequest, post: Post) -> str:
    given = panel(request, post)
    return render_to_string("admin/comments/ping/_rows.html", given, request)


def _why_none(post: Post, site: SiteSettings, *, has_rows: bool) -> str:
    """What is said of the links as a whole; empty where the rows say it."""
    if not site.sends_pings:
        return gettext(
            "This blog tells nobody of its links: “Other blogs” in the site settings."
        )
    if not post.sends_pings:
        return gettext(
            "This post tells nobody of its links. “Tells the pages it links to” above "
            "switches it on."
        )
    if post.is_public and post.password:
        return gettext("Only who knows its password can read this, so it tells nobody.")
    if has_rows:
        return ""
    if post.status == Post.Status.TRASH:
        return gettext("Nobody was told of this post.")
    if not post.is_public:
        return gettext("The pages this post links to are told when it is published.")
    if _was_just_saved(post):
        return gettext("Its links are being looked at.")
    return gettext("It links to no other page that was to be told.")


def _is_unsettled(post: Post, site: SiteSettings, pings: list[OutgoingPing]) -> bool:
    """Whether there may be news in a moment."""
    if not pings:
        is_telling = site.sends_pings and post.sends_pings and not post.password
        return is_telling and post.is_public and _was_just_saved(post)
    return any(ping.state == State.WAITING and standing.is_due(ping) for ping in pings)


def _was_just_saved(post: Post) -> bool:
    return (timezone.now() - post.updated_at).total_seconds() < LOOKING_SECONDS


def _received(post: Post) -> dict[str, int]:
    """How many wait and how many were refused. What was taken is in the thread."""
    has_state = IncomingPing.State
    return post.incoming_pings.order_by().aggregate(
        waiting=Count("pk", filter=Q(state=has_state.WAITING)),
        refused=Count("pk", filter=Q(state=has_state.REFUSED)),
    )
