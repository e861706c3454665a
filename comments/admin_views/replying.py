"""Answering a comment from the admin."""

from uuid import UUID, uuid4

from django.contrib import admin
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.models import User
from comments import policy, posting, wording
from comments.admin_views.judging import (
    Outcome,
    check_may_moderate,
    now_seen,
    reason_for,
    respond,
    seen_at,
    wants_json,
    where_from,
)
from comments.models import Comment, Decision
from comments.submission import (
    MAX_BODY_BYTES,
    MAX_EMAIL_LENGTH,
    Submission,
    sender_of,
)

State = Comment.State
CHANGED = _(
    "What you answer was changed since you looked. Please open the page again and "
    "look at it before you answer."
)


def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The comment in its context, and a box for the answer."""
    check_may_moderate(request)
    seen = now_seen()
    comment = get_object_or_404(Comment.objects.with_context(), pk=pk)
    if comment.is_ping:
        raise Http404(gettext("Nobody reads answers to a ping."))
    body, error = request.POST.get("body", "").strip(), ""
    # The queue's button posts here too; its form has no text in it.
    if "body" in request.POST:
        was_approved = comment.is_approved
        try:
            answer, batch = _post_reply(request, comment, body)
        except policy.Refused as refusal:
            error = refusal.message
            if wants_json(request):
                return JsonResponse({"sentence": error}, status=refusal.status)
            comment.refresh_from_db(
                fields=["state", "reasons", "body_html", "edited_at"]
            )
        else:
            return respond(
                request, _outcome(answer, comment, batch, was_approved=was_approved)
            )
    context = {
        **admin.site.each_context(request),
        "title": gettext("Answer %(writer)s") % {"writer": comment.writer},
        "opts": Comment._meta,
        "comment": comment,
        "body": body,
        "error": error,
        "next": where_from(request),
        "seen": seen,
    }
    return render(request, "admin/comments/comment/reply.html", context)


def _post_reply(
    request: HttpRequest, comment: Comment, body: str
) -> tuple[Comment, UUID]:
    """Post it; what it answers is approved first. Raises policy.Refused.

    The batch takes both back: the answer to the trash, what it answers to where it
    stood.
    """
    if not body:
        raise policy.Refused(gettext("Your answer is empty."))
    if len(body.encode()) > MAX_BODY_BYTES:
        raise policy.Refused(gettext("Your answer is longer than a comment may be."))
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
        # The first lock of everybody who posts.
        posting.wait_for_twins(comment.post, submission)
        reason = reason_for(State.APPROVED, user)
        batch = posting.decide(
            [comment], State.APPROVED, reason, by=user, seen_at=seen_at(request)
        )
        comment.refresh_from_db(fields=["state"])
        if not comment.is_approved:
            raise policy.Refused(CHANGED)
        answer = posting.post_comment(comment.post, submission)
        batch = batch or uuid4()
        _make_undoable(answer, batch, user)
    return answer, batch


def _make_undoable(answer: Comment, batch: UUID, user: User) -> None:
    Decision.objects.create(
        comment=answer,
        batch=batch,
        moderator=user,
        was_state=State.TRASH,
        was_reasons=[wording.TAKEN_BACK.said(name=user.public_name)],
        state=answer.state,
        reason=wording.POSTED.said(name=user.public_name),
    )


def _outcome(
    answer: Comment, comment: Comment, batch: UUID, *, was_approved: bool
) -> Outcome:
    sentence = gettext("Your answer is posted.")
    if not was_approved:
        sentence = gettext(
            "Your answer is posted, what %(writer)s wrote is approved."
        ) % {"writer": comment.writer}
    return Outcome(sentence, batch=batch, url=answer.get_absolute_url())
