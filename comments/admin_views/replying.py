"""Answering a comment from the admin."""

from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html

from comments import policy, posting
from comments.admin_views.judging import check_may_moderate, reason_for, where_from
from comments.models import Comment
from comments.submission import (
    MAX_BODY_BYTES,
    MAX_EMAIL_LENGTH,
    Submission,
    sender_of,
)


def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The comment in its context, and a box for the answer."""
    check_may_moderate(request)
    comment = get_object_or_404(Comment.objects.with_context(), pk=pk)
    if comment.is_ping:
        raise Http404("Nobody reads answers to a ping.")
    body, error = request.POST.get("body", "").strip(), ""
    # The queue's button posts here too; its form has no text in it.
    if "body" in request.POST:
        try:
            answer = _post_reply(request, comment, body)
        except policy.Refused as refusal:
            error = refusal.message
            comment.refresh_from_db(fields=["state", "reasons"])
        else:
            link = format_html('<a href="{}">read it</a>', answer.get_absolute_url())
            messages.success(request, format_html("Your answer is posted: {}.", link))
            return HttpResponseRedirect(where_from(request))
    context = {
        **admin.site.each_context(request),
        "title": f"Answer {comment.writer}",
        "opts": Comment._meta,
        "comment": comment,
        "body": body,
        "error": error,
        "next": where_from(request),
    }
    return render(request, "admin/comments/comment/reply.html", context)


def _post_reply(request: HttpRequest, comment: Comment, body: str) -> Comment:
    """Post it; what it answers is approved first. Raises policy.Refused."""
    if not body:
        raise policy.Refused("Your answer is empty.")
    if len(body.encode()) > MAX_BODY_BYTES:
        raise policy.Refused("Your answer is longer than a comment may be.")
    user = request.user
    submission = Submission(
        body=body,
        body_format=Comment.Format.MARKDOWN,
        author=user,
        author_name=user.public_name,
        author_email=user.email[:MAX_EMAIL_LENGTH],
        parent_id=comment.pk,
        **sender_of(request),
    )
    # Refused or not, both happen or neither.
    with transaction.atomic():
        answer = posting.post_comment(comment.post, submission)
        if not comment.is_approved:
            reason = reason_for(Comment.State.APPROVED, user)
            posting.decide([comment], Comment.State.APPROVED, reason, by=user)
    return answer
