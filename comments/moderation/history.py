"""What happened before: of the same sender, with the same text, in the last minutes."""

from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateTimeField,
    Exists,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from blog.models import Post
from blog.prepared import Prepared, Slot
from comments.models import Comment, IncomingPing, Rule, SpamModel
from comments.models.comment import text_key
from comments.submission import Submission

DUPLICATE_DAYS = 30
# So many comments of strangers held, or put to the spam, in so many minutes.
ATTACK_COMMENTS, ATTACK_MINUTES = 20, 10

State = Comment.State


class History(NamedTuple):
    """What happened before, as the database tells it."""

    approved_by_account: bool = False
    approved_by_name: bool = False
    approved_by_host: bool = False
    same_text_count: int | None = None
    # So many comments of strangers in so few minutes: put to the spam, or held too.
    spam: bool = False
    suspicious: bool = False
    has_rules: bool = False
    trained_at: datetime | None = None


def look_back(post: Post, submission: Submission) -> History:
    """What is known of the sender, the text and the last minutes. One query.

    The post may have been deleted a moment ago: storing will say so.
    """
    user, now = submission.author, timezone.now()
    found = _HISTORY.row(
        post=post.pk,
        author=user.pk if user else None,
        # Who has an account is known by it, whatever the name.
        name=None if user else submission.author_name,
        email=None if user else submission.author_email,
        host=(urlsplit(submission.source_url).hostname or None)
        if submission.is_ping
        else None,
        text_key=text_key(submission.body),
        since=now - timedelta(days=DUPLICATE_DAYS),
        lately=now - timedelta(minutes=ATTACK_MINUTES),
    )
    return History(*found) if found else History()


def _what_happened() -> QuerySet:
    return Post.objects.filter(pk=Slot("post", BigIntegerField())).values_list(
        Exists(_approved_by_account()),
        Exists(_approved_by_name()),
        Exists(_approved_by_host()),
        Subquery(_same_text()),
        Exists(_so_many([State.SPAM])),
        Exists(_so_many([State.SPAM, State.PENDING])),
        Exists(Rule.objects.order_by()),
        Subquery(SpamModel.objects.filter(pk=1).values("trained_at")),
    )


def _approved_by_account() -> QuerySet:
    """What the same account had approved before."""
    said = Comment.objects.filter(
        author=Slot("author", BigIntegerField()), kind=Comment.Kind.COMMENT
    )
    # Not "the approved ones": SQLite would go through all of them.
    others = [State.PENDING, State.SPAM, State.TRASH]
    return said.exclude(state__in=others).order_by()


def _approved_by_name() -> QuerySet:
    """What a visitor of the same name and e-mail had approved before."""
    approved = Comment.objects.approved().filter(
        author_email=Slot("email", CharField()),
        author_name=Slot("name", CharField()),
        kind=Comment.Kind.COMMENT,
    )
    return approved.exclude(author_email="").order_by()


def _approved_by_host() -> QuerySet:
    """What another page of the same host told us, and had approved."""
    told = IncomingPing.objects.filter(source_host=Slot("host", CharField()))
    return told.filter(comment__state=State.APPROVED).order_by()


def _same_text() -> QuerySet:
    """Below how many other posts this was said lately, as one row, or none."""
    said = Comment.objects.filter(
        text_key=Slot("text_key", CharField()),
        created_at__gt=Slot("since", DateTimeField()),
    )
    elsewhere = said.exclude(post=OuterRef("pk")).order_by()
    counted = elsewhere.values("text_key").annotate(posts=Count("post", distinct=True))
    return counted.values("posts")


def _so_many(states: list[str]) -> QuerySet:
    """The comment of a stranger that makes it an attack, if there are so many.

    A storm of pings is none on readers: they need not prove anything for it.
    """
    # Not `author=None`: SQLite would go through all that strangers ever said.
    lately = Comment.objects.alias(writer=Coalesce("author_id", 0)).filter(
        state__in=states,
        created_at__gt=Slot("lately", DateTimeField()),
        writer=0,
        kind=Comment.Kind.COMMENT,
    )
    newest = lately.order_by("-created_at")
    return newest[ATTACK_COMMENTS - 1 : ATTACK_COMMENTS]


_HISTORY = Prepared(_what_happened)
