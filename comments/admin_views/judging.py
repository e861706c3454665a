"""Approving, spam and trash: in bulk or one by one, and back again."""

from collections.abc import Iterable
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from blog.models import User
from comments import posting
from comments.models import Comment

State = Comment.State
VERBS = {
    "approve": State.APPROVED,
    "hold": State.PENDING,
    "spam": State.SPAM,
    "trash": State.TRASH,
}
_DONE = {
    State.APPROVED: "approved",
    State.PENDING: "held",
    State.SPAM: "marked as spam",
    State.TRASH: "moved to the trash",
}


@require_POST
def judge_one(request: HttpRequest, pk: int, state: str) -> HttpResponse:
    """One of the buttons in a row of the list."""
    check_may_moderate(request)
    comment = get_object_or_404(Comment.objects.with_context(), pk=pk)
    judge(request, [comment], state)
    return HttpResponseRedirect(where_from(request))


def judge(request: HttpRequest, comments: Iterable[Comment], state: str) -> None:
    """Move comments to `state` and say so, with a way back."""
    comments = list(comments)
    changed = [comment for comment in comments if comment.state != state]
    reason = reason_for(state, request.user)
    batch = posting.decide(comments, state, reason, by=request.user)
    if batch is None:
        messages.info(request, f"Nothing to do: that is {_DONE[state]} already.")
        return
    # The button belongs to the list's own form, which has the CSRF token.
    undo = format_html(
        '<button type="submit" class="undo" form="changelist-form" formmethod="post"'
        ' formaction="{}" name="undo" value="{}">Undo</button>',
        reverse("admin:comments_comment_undo"),
        batch,
    )
    messages.success(request, format_html("{} {}", _sentence(changed, state), undo))


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Put comments back where they stood, each with the reasons it had."""
    check_may_moderate(request)
    try:
        count = posting.undo(UUID(request.POST.get("undo", "")))
    except ValueError:
        count = 0
    if count:
        messages.success(request, "Undone: all is as it was.")
    else:
        messages.error(request, "That can't be undone any more.")
    return HttpResponseRedirect(where_from(request))


def check_may_moderate(request: HttpRequest) -> None:
    if not request.user.has_perm("comments.moderate_comment"):
        raise PermissionDenied


def reason_for(state: str, user: User) -> str:
    return f"{_DONE[State(state)]} by {user.public_name}"


def where_from(request: HttpRequest) -> str:
    """The list as it was looked at; never another site."""
    queue = reverse("admin:comments_comment_changelist")
    asked = request.POST.get("next") or urlsplit(request.headers.get("Referer", ""))
    if not isinstance(asked, str):
        asked = f"{asked.path}?{asked.query}" if asked.path == queue else ""
    if url_has_allowed_host_and_scheme(asked, request.get_host(), request.is_secure()):
        return asked
    return queue


def _sentence(changed: list[Comment], state: str) -> str:
    done = _DONE[State(state)]
    if len(changed) == 1:
        return f"What {changed[0].writer} wrote is {done}."
    return f"{len(changed)} comments are {done}."
