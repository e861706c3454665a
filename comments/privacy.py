"""What is known about a person by their e-mail address: handed out, or erased."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from blog.models import Post, User
from comments import gravatar, posting, tasks, traces
from comments.avatars import key_of
from comments.models import (
    Comment,
    Decision,
    IncomingPing,
    Like,
    Notice,
    Photo,
    Rule,
    Subscription,
)
from comments.models.comment import ERASED
from comments.pings import retention

# What of a comment tells of its writer; the rest is its place and its date.
_BLANK: dict[str, Any] = {
    "author": None,
    "author_name": "",
    "author_email": "",
    "author_url": "",
    "body": "",
    "ip_address": None,
    "user_agent": "",
    "spam_score": None,
    "source_url": "",
    "source_title": "",
    "source_site": "",
    "source_data": {},
    "is_decided": False,
}
_TREE_FIELDS = {"id", "post", "parent", "tree_id", "lft", "rght", "level"}


@dataclass(frozen=True)
class Erased:
    """What was erased, and what was not and why."""

    comments: int
    subscriptions: int
    notices: int
    rules: int
    decisions: int
    likes: int
    accounts_deleted: list[str]
    accounts_left: list[str]
    mentioned_at: list[str]

    def __str__(self) -> str:
        lines = [
            f"Erased: {in_words('comment', self.comments)}, "
            f"{in_words('subscription', self.subscriptions)}, "
            f"{in_words('mail', self.notices)}, {in_words('rule', self.rules)}, "
            f"{in_words('decision', self.decisions)}, {in_words('like', self.likes)}.",
            *(
                gettext("Deleted the account %(name)s.") % {"name": name}
                for name in self.accounts_deleted
            ),
            *(
                gettext(
                    "The account %(name)s has a part in this blog and was left: change "
                    "or delete it under Users."
                )
                % {"name": name}
                for name in self.accounts_left
            ),
            *(
                gettext("Somebody else wrote the address here, please look: %(url)s")
                % {"url": url}
                for url in self.mentioned_at
            ),
        ]
        return "\n".join(lines)


def export(email: str) -> dict[str, Any]:
    """Everything about an address, as plain values for JSON. About a dozen queries."""
    email = normal(email)
    comments = _comments_of(email)
    decisions = Decision.objects.filter(comment__in=comments).order_by("pk")
    about = {"email__iexact": email}
    return {
        "email": email,
        "exported_at": timezone.now().isoformat(),
        "comments": [_comment(comment) for comment in comments],
        "decisions": _rows(
            decisions, "comment_id", "state", "reason", "created_at", "undone_at"
        ),
        "pings": _rows(
            IncomingPing.objects.filter(comment__in=comments),
            *("source_url", "target_url", "given", "ip_address", "asked_at"),
        ),
        "subscriptions": [
            {"page": _absolute(subscription.post), **_values(subscription)}
            for subscription in Subscription.objects.filter(**about).select_related(
                "post"
            )
        ],
        "mails": _rows(
            Notice.objects.filter(**about),
            *("kind", "comment_id", "post_id", "note", "created_at", "sent_at"),
        ),
        "rules": _rows(_rules_about(email), "action", "trait", "value", "created_at"),
        "likes": [
            {"page": _absolute(like.post), "created_at": _plain(like.created_at)}
            for like in _likes_of(email).select_related("post")
        ],
        "avatar": _rows(_photos_of(email), "asked_at", "is_there"),
        "accounts": _rows(
            User.objects.filter(**about),
            *("username", "display_name", "first_name", "last_name", "email"),
            *("website", "bio", "date_joined", "last_login"),
        ),
    }


def in_words(noun: str, count: int) -> str:
    """`1 comment`, `2 comments`."""
    return ngettext(f"%(count)d {noun}", f"%(count)d {noun}s", count) % {"count": count}


def is_empty(exported: dict[str, Any]) -> bool:
    """Whether an export found nothing at all."""
    return not any(value for value in exported.values() if isinstance(value, list))


def erase(email: str) -> Erased:
    """Blank or delete everything about an address; what is left is in the answer.

    Comments stay as tombstones, so that replies keep their place. No undo brings
    anything back. An account that may do nothing but comment is deleted; one with a
    role, or with posts, is left.
    """
    email = normal(email)
    with transaction.atomic():
        # First: who verifies one holds it while a comment is stored.
        retention.erase(email, _comments_of(email))
        comments = _locked(email)
        for comment in comments:
            _blank(comment)
        traces.forget_in_log(comments)
        pks = [comment.pk for comment in comments]
        mine = Q(email__iexact=email)
        decisions = _delete(Decision.objects.filter(comment__in=pks))
        notices = _delete(Notice.objects.filter(mine | Q(comment__in=pks)))
        subscriptions = _delete(Subscription.objects.filter(mine))
        rules = _delete(_rules_about(email))
        likes = _delete(_likes_of(email))
        deleted, left = _end_accounts(email)
        traces.strike_out(email)
        gravatar.forget(email)
        posting.recount({comment.post_id for comment in comments})
        tasks.learn_soon()
    # Reads every text there is: by now nobody waits for it.
    mentioned_at = list(_mentions(email))
    return Erased(
        len(comments),
        subscriptions,
        notices,
        rules,
        decisions,
        likes,
        deleted,
        left,
        mentioned_at,
    )


def normal(email: str) -> str:
    """An address as it is looked up. Raises ValueError where it is none."""
    email = email.strip().lower()
    if "@" not in email.strip("@"):
        raise ValueError(
            gettext("“%(email)s” is no e-mail address.") % {"email": email}
        )
    return email


def _comments_of(email: str) -> QuerySet:
    """By the address they came with, or by the account they were written with."""
    mine = Q(author_email=email) | Q(author__email__iexact=email)
    return Comment.objects.filter(mine).select_related("post").order_by("pk")


def _rules_about(email: str) -> QuerySet[Rule]:
    found = Rule.objects.filter(value__icontains=email)
    named = [rule.pk for rule in found if traces.names(rule.value, email)]
    return Rule.objects.filter(pk__in=named)


def _likes_of(email: str) -> QuerySet[Like]:
    return Like.objects.filter(user__email__iexact=email).order_by("pk")


def _photos_of(email: str) -> QuerySet[Photo]:
    return Photo.objects.filter(pk=key_of(email, ""))


def _locked(email: str) -> list[Comment]:
    """The comments as they stand now, and nobody else changes them meanwhile."""
    trees = set(_comments_of(email).values_list("tree_id", flat=True))
    # What was said of somebody else may name the address too: see `traces`.
    naming = Comment.objects.filter(reasons__icontains=email).order_by()
    Comment.objects.lock_trees(trees | set(naming.values_list("tree_id", flat=True)))
    return list(_comments_of(email).filter(tree_id__in=trees))


def _blank(comment: Comment) -> None:
    for name, value in _BLANK.items():
        setattr(comment, name, value)
    comment.state, comment.reasons = Comment.State.TRASH, [ERASED]
    fields = [field.name for field in Comment._meta.concrete_fields]
    # Every column but its place: those that derive from the text go with it.
    comment.save(update_fields=[name for name in fields if name not in _TREE_FIELDS])


def _delete(rows: QuerySet) -> int:
    """Delete rows; how many of them, without what went along."""
    return rows.delete()[1].get(rows.model._meta.label, 0)


def _end_accounts(email: str) -> tuple[list[str], list[str]]:
    """Delete the accounts of mere readers. Login names of the deleted and the left."""
    deleted, left = [], []
    for user in User.objects.filter(email__iexact=email):
        is_reader = not (user.is_staff or user.is_superuser)
        if is_reader and not user.get_all_permissions() and not user.posts.exists():
            deleted.append(user.username)
            traces.forget_in_log([user])
            user.delete()
        else:
            left.append(user.username)
    return deleted, left


def _mentions(email: str) -> Iterable[str]:
    """Where others wrote the address: their words are not ours to change."""
    for post in Post.objects.filter(body__icontains=email):
        if traces.names(post.body, email):
            yield _absolute(post)
    said = Comment.objects.filter(body__icontains=email).select_related("post")
    for comment in said:
        if traces.names(comment.body, email):
            yield _absolute(comment)


def _comment(comment: Comment) -> dict[str, Any]:
    values = _values(comment)
    for name in ("tree_id", "lft", "rght", "level", "body_html", "post_id", "guid"):
        del values[name]
    return {"address": _absolute(comment), "on": comment.post.title, **values}


def _absolute(row: Post | Comment) -> str:
    return f"{settings.SITE_URL}{row.get_absolute_url()}"


def _rows(rows: QuerySet, *names: str) -> list[dict[str, Any]]:
    return [
        {name: _plain(value) for name, value in row.items()}
        for row in rows.values(*names)
    ]


def _values(row: Model) -> dict[str, Any]:
    fields = row._meta.concrete_fields
    return {field.attname: _plain(getattr(row, field.attname)) for field in fields}


def _plain(value: Any) -> Any:
    """Dates as text; all else is plain already."""
    return value.isoformat() if hasattr(value, "isoformat") else value
