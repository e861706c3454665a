"""The conversation in templates. Each tag says what it costs."""

from typing import Any

from django import template
from django.template.context import Context

from blog.models import Post, SiteSettings
from blog.numbers import number_or_none
from comments import owning, threads
from comments.forms import CommentForm
from comments.models import Comment
from comments.policy import REGISTERED_ONLY, why_closed

register = template.Library()

RECENT_COUNT = 5
MAX_INDENT = 5


@register.inclusion_tag("comments/_section.html", takes_context=True)
def comment_section(context: Context, post: Post) -> dict[str, Any]:
    """The thread below `post`, its pings, and the form. One query.

    `?replytocom=12` puts the form under comment 12, as in WordPress; `?own=…`
    shows a visitor their own comment, held or not, and lets them change it a while. `comment_form` in the
    context is a form that came back with errors.
    """
    request = context["request"]
    site = SiteSettings.of(request)
    user = getattr(request, "user", None)
    form = context.get("comment_form") or CommentForm(site=site, user=user)
    token = request.GET.get("own", "")
    own_pk = owning.read(token)
    thread = threads.read_thread(post, own_pk)
    closed = why_closed(post, site, user)
    return {
        "post": post,
        "thread": thread,
        "form": form,
        "reply_to": _answered(thread, request.GET.get("replytocom", ""), form),
        "closed": closed,
        "user": form.user,
        "login_helps": closed == REGISTERED_ONLY,
        # Stored, but not for showing: its writer is told that it arrived.
        "is_received": own_pk is not None and thread.find(own_pk) is None,
        "own": _own(thread, own_pk, token, site),
    }


@register.simple_tag
def recent_comments() -> list[Comment]:
    """The newest public comments with their posts. One query."""
    return list(
        Comment.objects.public()
        .filter(kind=Comment.Kind.COMMENT)
        .select_related("post", "author")
        .defer("body", "post__body", "post__body_html")
        .order_by("-created_at", "-pk")[:RECENT_COUNT]
    )


@register.filter
def indent(response: threads.Response) -> int:
    """How far a response is set in: its depth, up to where it would hurt."""
    return min(response.depth, MAX_INDENT)


@register.filter
def responses_in_words(count: int) -> str:
    """`No responses yet`, `One response`, `4 responses`."""
    if count == 0:
        return "No responses yet"
    return "One response" if count == 1 else f"{count} responses"


def _own(
    thread: threads.Thread, pk: int | None, token: str, site: SiteSettings
) -> owning.Own | None:
    """The visitor's own comment, if they still may change it."""
    response = thread.find(pk)
    if response is None or not response.is_visible:
        return None
    until = owning.editable_until(response.row.created_at, site)
    return owning.Own(response.pk, token, until) if until else None


def _answered(
    thread: threads.Thread, replytocom: str, form: CommentForm
) -> threads.Response | None:
    """The response the form is about to answer, if it can be answered."""
    wanted = str(form["parent"].value() or replytocom)
    response = thread.find(number_or_none(wanted))
    return response if response and response.can_be_replied_to else None
