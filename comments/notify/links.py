"""Addresses that stand in mails: absolute, and signed where they let one do something."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Max
from django.urls import reverse

from comments.models import Comment, Decision, Notice, Subscription

JUDGE_DAYS = 7
CONFIRM_DAYS = 7
_DAY = 24 * 3600
_JUDGE, _UNDO = "comments.judge", "comments.undo"
_CONFIRM, _LEAVE = "comments.confirm", "comments.leave"


class Expired(Exception):
    """The link was good once; it is too old now."""


class Forged(Exception):
    """Not a link of ours, or cut off on its way."""


@dataclass(frozen=True)
class Judgement:
    """What the bearer of a link may do to one comment, once."""

    comment_pk: int
    verb: str
    moderator_pk: int
    # The newest decision about the comment when the mail was written; 0 for none.
    last_decision_pk: int

    def as_token(self) -> str:
        return signing.dumps(list(astuple(self)), salt=_JUDGE)


def read_judgement(token: str) -> Judgement:
    """Raises Expired or Forged."""
    return Judgement(*_read(token, _JUDGE, JUDGE_DAYS * _DAY))


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def permalink(comment: Comment) -> str:
    return absolute(comment.get_absolute_url())


def queue() -> str:
    return absolute(f"{reverse('admin:comments_comment_changelist')}?state=pending")


def last_decisions(comments: Iterable[Comment]) -> dict[int, int]:
    """The newest decision about each, for `judge`. One query."""
    rows = Decision.objects.filter(comment__in=[comment.pk for comment in comments])
    newest = rows.order_by().values("comment").annotate(newest=Max("pk"))
    return dict(newest.values_list("comment", "newest"))


def judge(notice: Notice, verb: str, last_decision_pk: int) -> str:
    assert notice.user_id is not None  # noqa: S101  for the type checker
    judgement = Judgement(notice.comment.pk, verb, notice.user_id, last_decision_pk)
    return absolute(reverse("comments:judge", args=[judgement.as_token()]))


def sign_undo(batch: object, moderator_pk: int) -> str:
    return signing.dumps([str(batch), moderator_pk], salt=_UNDO)


def read_undo(token: str) -> tuple[str, int]:
    """The batch and the moderator. Raises Expired or Forged."""
    batch, moderator_pk = _read(token, _UNDO, JUDGE_DAYS * _DAY)
    return batch, moderator_pk


def confirm(subscription: Subscription, comment: Comment) -> str:
    token = signing.dumps([subscription.pk, comment.pk], salt=_CONFIRM)
    return absolute(reverse("comments:confirm", args=[token]))


def read_confirm(token: str) -> tuple[int, int]:
    """The keys of the subscription and of the comment. Raises Expired or Forged."""
    subscription_pk, comment_pk = _read(token, _CONFIRM, CONFIRM_DAYS * _DAY)
    return subscription_pk, comment_pk


def leave(subscription: Subscription, *, is_all: bool = False) -> str:
    """Leaves this conversation, or all of the same address. Never expires."""
    token = signing.dumps([subscription.pk, is_all], salt=_LEAVE)
    return absolute(reverse("comments:leave", args=[token]))


def read_leave(token: str) -> tuple[int, bool]:
    """The key of the subscription, and whether all are meant. Raises Forged."""
    subscription_pk, is_all = _read(token, _LEAVE, None)
    return subscription_pk, is_all


def _read(token: str, salt: str, max_age_seconds: int | None) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=max_age_seconds)
    except signing.SignatureExpired as error:
        raise Expired from error
    except signing.BadSignature as error:
        raise Forged from error
