"""Where the links in mails lead: judging a comment, confirming and leaving.

What is signed into the address says who may do what; no login is asked for, and no
cookie is read, so there is nothing another site's form could abuse. Looking changes
nothing, because scanners follow every link in a mail; the button does.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from blog.models import User
from comments import posting, wording
from comments.admin_views.judging import VERBS, now_seen, seen_at
from comments.models import Comment, Decision, Subscription
from comments.notify import links

View = Callable[..., HttpResponse]
BUTTONS = {
    "approve": _("Approve it"),
    "spam": _("Mark it as spam"),
    "trash": _("Move it to the trash"),
}
_CUT_OFF = _("This address is not whole. Please copy all of it from the mail.")


def from_mail(view: View) -> View:
    """A page behind a signed link: nobody keeps it, finds it or is told of it."""

    @csrf_exempt
    @wraps(view)
    def shown(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except links.Forged:
            response = _say(
                request, gettext("This link does not work"), _CUT_OFF, status=404
            )
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return shown


# --- Moderation


@from_mail
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, token: str) -> HttpResponse:
    """One comment and one button; pressed, it works once."""
    try:
        judgement = links.read_judgement(token)
    except links.Expired:
        return _expired_judgement(request)
    seen = now_seen()
    comments = Comment.objects.with_context()
    comment = comments.filter(pk=judgement.comment_pk).first()
    if comment is None:
        sentence = gettext("The post was deleted, and the comment with it.")
        return _say(request, gettext("It is not there any more"), sentence, status=410)
    moderator = _moderator(judgement.moderator_pk)
    if request.method != "POST":
        decision = _decided_since(judgement)
        if decision:
            return _say_decided(request, comment, decision)
        return _ask(request, judgement, comment, seen)
    return _act(request, judgement, comment, moderator)


def _ask(
    request: HttpRequest,
    judgement: links.Judgement,
    comment: Comment,
    seen: str,
    *,
    is_changed: bool = False,
) -> HttpResponse:
    context = {
        "comment": comment,
        "button": BUTTONS[judgement.verb],
        "seen": seen,
        "is_changed": is_changed,
    }
    status = 409 if is_changed else 200
    return render(request, "comments/judge.html", context, status=status)


def _act(
    request: HttpRequest,
    judgement: links.Judgement,
    comment: Comment,
    moderator: User,
) -> HttpResponse:
    state = VERBS[judgement.verb]
    with transaction.atomic():
        # Of two who press at once, the later one sees what the other did.
        Comment.objects.lock_trees([comment.tree_id])
        decision = _decided_since(judgement)
        if decision:
            return _say_decided(request, comment, decision)
        reason = wording.DECIDED_BY_MAIL[state].said(name=moderator.public_name)
        batch = posting.decide(
            [comment], state, reason, by=moderator, seen_at=seen_at(request)
        )
    seen = now_seen()
    comment.refresh_from_db()
    if comment.state != state:
        return _ask(request, judgement, comment, seen, is_changed=True)
    context = {
        "comment": comment,
        "title": gettext("It is %(state)s") % {"state": comment.get_state_display()},
    }
    if batch:
        undo_token = links.sign_undo(batch, moderator.pk)
        context["undo_url"] = reverse("comments:unjudge", args=[undo_token])
    return render(request, "comments/judged.html", context)


@from_mail
@require_POST
def unjudge(request: HttpRequest, token: str) -> HttpResponse:
    """Undo what was just done from a mail."""
    try:
        batch, moderator_pk = links.read_undo(token)
    except links.Expired:
        return _expired_judgement(request)
    _moderator(moderator_pk)
    if posting.undo(UUID(batch)):
        return _say(
            request, gettext("Undone"), gettext("All is as it was."), queue=True
        )
    sentence = gettext("It was undone already, or somebody has decided anew since.")
    return _say(request, gettext("That can’t be undone any more"), sentence, queue=True)


def _moderator(pk: int) -> User:
    """Whose link it is. Raises PermissionDenied where they moderate no more."""
    user = User.objects.filter(pk=pk).first()
    # An inactive user has no permission at all.
    if user is None or not user.has_perm("comments.moderate_comment"):
        raise PermissionDenied(
            gettext(
                "This link belongs to somebody who does not moderate here any more."
            )
        )
    return user


def _decided_since(judgement: links.Judgement) -> Decision | None:
    """The newest decision, if it was made after the mail was written."""
    rows = Decision.objects.filter(
        comment=judgement.comment_pk, pk__gt=judgement.last_decision_pk
    )
    return rows.order_by("-pk").first()


def _say_decided(
    request: HttpRequest, comment: Comment, decision: Decision
) -> HttpResponse:
    context = {
        "comment": comment,
        "decision": decision,
        "title": gettext("This was decided already"),
    }
    return render(request, "comments/judged.html", context)


def _expired_judgement(request: HttpRequest) -> HttpResponse:
    sentence = gettext(
        "Links in mails work for %(days)s days. Nothing was changed."
    ) % {"days": links.JUDGE_DAYS}
    return _say(
        request, gettext("This link is too old"), sentence, queue=True, status=410
    )


# --- Mails when one is answered


@from_mail
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Is this your address? Then press the button."""
    try:
        subscription_pk, comment_pk = links.read_confirm(token)
    except links.Expired:
        sentence = gettext(
            "Tick the box again below your next comment, and a new mail comes."
        )
        return _say(request, gettext("This link is too old"), sentence, status=410)
    subscription = _subscription(subscription_pk)
    if subscription is None:
        return _say_gone(request)
    post = subscription.post
    comment = Comment.objects.filter(pk=comment_pk).first()
    context = {
        "subscription": subscription,
        "post": post,
        "back_url": comment.get_absolute_url() if comment else post.get_absolute_url(),
    }
    if request.method == "POST":
        _set(Subscription.objects.filter(pk=subscription.pk), is_active=True)
        context["leave_url"] = links.leave(subscription)
    elif subscription.is_active:
        context["leave_url"] = links.leave(subscription)
    return render(request, "comments/confirm.html", context)


@from_mail
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Leave this conversation or all of them, or come back.

    A mail program's one click (RFC 8058) is a POST without cookies, `Origin` or
    `scope`: it leaves what the address says.
    """
    subscription_pk, is_all = links.read_leave(token)
    subscription = _subscription(subscription_pk)
    if subscription is None:
        return _say_gone(request)
    own = Subscription.objects.filter(email=subscription.email)
    this = own.filter(pk=subscription.pk)
    done = ""
    if request.method == "POST":
        scope = request.POST.get("scope") or ("all" if is_all else "this")
        if scope == "back":
            _set(this, is_active=True)
        else:
            _set(own.active() if scope == "all" else this, is_active=False)
        done = scope
    context: dict[str, Any] = {
        "subscription": subscription,
        "post": subscription.post,
        "is_all": is_all,
        "done": done,
        "is_active": this.active().exists(),
        "others_count": own.active().exclude(pk=subscription.pk).count(),
    }
    return render(request, "comments/leave.html", context)


def _subscription(pk: int) -> Subscription | None:
    return Subscription.objects.select_related("post").filter(pk=pk).first()


def _set(subscriptions: Any, *, is_active: bool) -> None:
    now = timezone.now()
    if is_active:
        subscriptions.exclude(pk__in=Subscription.objects.active()).update(
            confirmed_at=now, left_at=None
        )
    else:
        subscriptions.update(left_at=now)


def _say_gone(request: HttpRequest) -> HttpResponse:
    """A one-click leave is answered well: there is nothing left to leave."""
    sentence = gettext("No mails go to you about this conversation; it was deleted.")
    return _say(request, gettext("There is nothing to leave"), sentence)


def _say(
    request: HttpRequest,
    title: str,
    sentence: str | Promise,
    *,
    status: int = 200,
    queue: bool = False,
) -> HttpResponse:
    context = {"title": title, "sentence": sentence, "queue": queue}
    return render(request, "comments/mail_message.html", context, status=status)
