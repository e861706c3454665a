"""One's own comment: the token that proves whose it is, and how long it can be changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from blog.models import SiteSettings
from comments import wording
from comments.addresses import with_query
from comments.models import Comment
from comments.policy import Visitor

# For so long the address a visitor was sent to shows them what they wrote.
SEEN_SECONDS = 24 * 3600
WITHDRAWN = wording.WITHDRAWN.said()

_signer = TimestampSigner(salt="comments.own")


@dataclass(frozen=True)
class Own:
    """A comment whose writer is looking, and until when they may change it."""

    pk: int
    token: str
    editable_until: datetime | None = None

    @property
    def edit_address(self) -> str:
        return reverse("comments:own", args=[self.token])


def sign(comment: Comment) -> str:
    """A token that proves to this blog that its bearer wrote `comment`."""
    return _signer.sign(str(comment.pk))


def read(token: str) -> int | None:
    """The comment's key in a token of `sign`; None for anything else, or after a day."""
    try:
        return int(_signer.unsign(token, max_age=SEEN_SECONDS))
    except (BadSignature, ValueError):
        return None


def editable_until(posted_at: datetime, site: SiteSettings) -> datetime | None:
    """When the window to change what was posted then closes; None if it has."""
    closes_at = posted_at + timedelta(minutes=site.edit_minutes)
    return closes_at if timezone.now() < closes_at else None


def can_change(comment: Comment, site: SiteSettings) -> bool:
    """Whether its writer may still edit or withdraw it: in time, and not removed."""
    is_there = comment.state in (Comment.State.APPROVED, Comment.State.PENDING)
    return is_there and editable_until(comment.created_at, site) is not None


def address_for_writer(comment: Comment, token: str = "") -> str:
    """Where its writer sees the comment, held or not: `…?own=TOKEN#comment-12`."""
    own = token or sign(comment)
    return f"{with_query(comment.post, own=own)}#comment-{comment.pk}"


def state_in_words(comment: Comment) -> str:
    """What became of a comment, fit for the one who wrote it.

    Which rule held it is not told: who writes spam would learn from it.
    """
    if comment.is_approved:
        return gettext("Everybody can read it.")
    if comment.state == Comment.State.PENDING:
        return gettext("It waits for the author’s approval.")
    if comment.reasons == [WITHDRAWN]:
        return gettext("You withdrew it.")
    return gettext("It is not shown.")


def written_by(user: Visitor) -> QuerySet[Comment]:
    """What a reader has said here, newest first, with the posts. One query."""
    return (
        Comment.objects.filter(author=user, kind=Comment.Kind.COMMENT)
        .select_related("post")
        .defer("post__body", "post__body_html")
        .order_by("-created_at", "-pk")
    )
