"""Approving, spam and trash: in bulk or one by one, and back again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from blog.models import User
from comments import posting, rules, wording
from comments.models import Comment, Decision, Rule

State = Comment.State
VERBS = {
    "approve": State.APPROVED,
    "hold": State.PENDING,
    "spam": State.SPAM,
    "trash": State.TRASH,
}
# What the key `u` asks for, and the button on the page of decisions.
LATEST = "latest"
_NOTHING_TO_DO = {
    State.APPROVED: _("Nothing to do: that is approved already."),
    State.PENDING: _("Nothing to do: that is held already."),
    State.SPAM: _("Nothing to do: that is marked as spam already."),
    State.TRASH: _("Nothing to do: that is moved to the trash already."),
}
_ONE_IS = {
    State.APPROVED: _("What %(name)s wrote is approved."),
    State.PENDING: _("What %(name)s wrote is held."),
    State.SPAM: _("What %(name)s wrote is marked as spam."),
    State.TRASH: _("What %(name)s wrote is moved to the trash."),
}
_MANY_ARE = {
    State.APPROVED: ngettext_lazy(
        "%(count)s comment is approved.", "%(count)s comments are approved.", "count"
    ),
    State.PENDING: ngettext_lazy(
        "%(count)s comment is held.", "%(count)s comments are held.", "count"
    ),
    State.SPAM: ngettext_lazy(
        "%(count)s comment is marked as spam.",
        "%(count)s comments are marked as spam.",
        "count",
    ),
    State.TRASH: ngettext_lazy(
        "%(count)s comment is moved to the trash.",
        "%(count)s comments are moved to the trash.",
        "count",
    ),
}


@dataclass(frozen=True)
class Outcome:
    """What came of a button: told above the list, or to the script that pressed it."""

    sentence: str
    level: int = messages.SUCCESS
    # What can be undone now, and what was.
    batch: UUID | None = None
    undone: UUID | None = None
    # Where what was posted can be read.
    url: str = ""


@require_POST
def judge_one(request: HttpRequest, pk: int, state: str) -> HttpResponse:
    """One of the buttons in a row of the list."""
    check_may_moderate(request)
    comment = get_object_or_404(Comment.objects.with_context(), pk=pk)
    outcome = judge([comment], state, request.user, seen_at(request))
    return respond(request, outcome)


def judge_all(request: HttpRequest, comments: QuerySet, state: str) -> None:
    """A bulk action: so many at once as were ticked, or all the list shows."""
    narrow = Comment.objects.filter(pk__in=comments.order_by().values("pk"))
    chosen = narrow.select_related("author").only(
        *("state", "reasons", "kind", "tree_id"),
        *("author_name", "author__display_name", "source_site"),
    )
    tell(request, judge(list(chosen), state, request.user, seen_at(request)))


def judge(
    comments: list[Comment], state: str, user: User, seen_at: datetime | None
) -> Outcome:
    """Move comments to `state`, with a way back.

    None of them is shown whose text was changed after the moderator looked.
    """
    moved = [comment for comment in comments if comment.state != state]
    reason = reason_for(state, user)
    batch = posting.decide(comments, state, reason, by=user, seen_at=seen_at)
    left = _unseen(moved, seen_at) if state == State.APPROVED else set()
    moved = [comment for comment in moved if comment.pk not in left]
    again = ""
    if left:
        again = ngettext(
            "%(count)s was changed since you looked: open the page again to see it.",
            "%(count)s were changed since you looked: open the page again to see it.",
            len(left),
        ) % {"count": len(left)}
    if batch is None:
        why = again or _why_nothing(comments, state)
        return Outcome(why, messages.WARNING if left else messages.INFO)
    return Outcome(f"{_sentence(moved, state)} {again}".strip(), batch=batch)


def _unseen(comments: list[Comment], seen_at: datetime | None) -> set[int]:
    """Those that wait because they were changed. One query, or none."""
    if seen_at is None:
        return set()
    waiting = Comment.objects.filter(pk__in=[comment.pk for comment in comments])
    waiting = waiting.exclude(state=State.APPROVED).filter(edited_at__gt=seen_at)
    return set(waiting.values_list("pk", flat=True))


def _why_nothing(comments: list[Comment], state: str) -> str:
    if any(comment.is_erased for comment in comments):
        return gettext("Nothing to do: that was erased, and nothing is left to show.")
    return str(_NOTHING_TO_DO[State(state)])


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Put comments back where they stood, each with the reasons it had."""
    check_may_moderate(request)
    asked = request.POST.get("undo", "")
    try:
        batch = _latest_batch(request.user) if asked == LATEST else UUID(asked)
    except ValueError:
        batch = None
    if batch is None:
        nothing = gettext("There is nothing of yours to undo.")
        gone = gettext("That can't be undone any more.")
        sentence = nothing if asked == LATEST else gone
        return respond(request, Outcome(sentence, messages.ERROR))
    return respond(request, _take_back(batch))


def _take_back(batch: UUID) -> Outcome:
    asked = Decision.objects.filter(batch=batch, undone_at=None).count()
    count, rule_count = rules.undo(batch)
    if not count and not rule_count:
        return Outcome(gettext("That can't be undone any more."), messages.ERROR)
    told = []
    if count:
        words = ngettext(
            "%(count)s comment is as before", "%(count)s comments are as before", count
        )
        told.append(words % {"count": count})
    if rule_count:
        words = ngettext(
            "%(count)s rule is gone", "%(count)s rules are gone", rule_count
        )
        told.append(words % {"count": rule_count})
    sentence = gettext("Undone: %(list)s.") % {"list": ", ".join(told)}
    if kept := asked - count:
        words = ngettext(
            "%(count)s decided anew since stays.",
            "%(count)s decided anew since stay.",
            kept,
        )
        sentence = f"{sentence} {words % {'count': kept}}"
    return Outcome(sentence, undone=batch)


def _latest_batch(user: User) -> UUID | None:
    """What `user` did last and has not undone. Two queries."""
    decided = user.decisions.standing().first()
    ruled = Rule.objects.filter(created_by=user, batch__isnull=False)
    ruled = ruled.order_by("-created_at").first()
    done = [row for row in (decided, ruled) if row is not None]
    return max(done, key=lambda row: row.created_at).batch if done else None


def respond(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    """Back to the list with a message, or told to the script that asked."""
    if not wants_json(request):
        tell(request, outcome)
        return HttpResponseRedirect(where_from(request))
    is_done = outcome.level == messages.SUCCESS
    answer = {
        "sentence": outcome.sentence,
        "batch": str(outcome.batch) if outcome.batch else None,
        "undone": str(outcome.undone) if outcome.undone else None,
        "counts": Comment.objects.all().state_counts(),
    }
    return JsonResponse(answer, status=200 if is_done else 409)


def tell(request: HttpRequest, outcome: Outcome) -> None:
    said = outcome.sentence
    if outcome.url:
        said = format_html(
            '{} <a href="{}">{}</a>', said, outcome.url, gettext("Read it.")
        )
    if outcome.batch:
        said = format_html("{} {}", said, undo_button(outcome.batch))
    messages.add_message(request, outcome.level, said)


def undo_button(batch: UUID) -> SafeString:
    # It belongs to the list's own form, which has the CSRF token.
    return format_html(
        '<button type="submit" class="undo" form="changelist-form" formmethod="post"'
        ' formaction="{}" name="undo" value="{}">{}</button>',
        reverse("admin:comments_comment_undo"),
        batch,
        gettext("Undo"),
    )


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def check_may_moderate(request: HttpRequest) -> None:
    if not request.user.has_perm("comments.moderate_comment"):
        raise PermissionDenied


def now_seen() -> str:
    """The moment for the field `seen` of a form below what is to be judged."""
    return timezone.now().isoformat()


def seen_at(request: HttpRequest) -> datetime | None:
    """When the form that was sent was shown, if it says so."""
    try:
        moment = datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        return None
    return moment if moment.utcoffset() == timedelta(0) else None


def reason_for(state: str, user: User) -> str:
    """As it is stored."""
    return wording.DECIDED[state].said(name=user.public_name)


def where_from(request: HttpRequest) -> str:
    """The page of the queue one looked at; never another site."""
    queue = reverse("admin:comments_comment_changelist")
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if not asked:
        referer = urlsplit(request.headers.get("Referer", ""))
        is_ours = referer.path in {queue, reverse("admin:comments_decision_changelist")}
        asked = f"{referer.path}?{referer.query}" if is_ours else queue
    if url_has_allowed_host_and_scheme(asked, request.get_host(), request.is_secure()):
        return asked
    return queue


def _sentence(changed: list[Comment], state: str) -> str:
    if len(changed) == 1:
        # Isolated: a name may be written from right to left.
        return _ONE_IS[State(state)] % {"name": f"\u2068{changed[0].writer}\u2069"}
    return str(_MANY_ARE[State(state)] % {"count": len(changed)})
