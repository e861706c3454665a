"""Who may say something here: the refusals, each with a sentence for the visitor.

What is refused is not stored. What is stored, but perhaps not shown, is for
`comments.moderation` to say.
"""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    Exists,
    GenericIPAddressField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog import freshness
from blog.models import Post, SiteSettings, User
from blog.prepared import Prepared, Slot
from comments.models import Comment
from comments.models.comment import text_key
from comments.submission import Submission

FLOOD_SECONDS = 15
SAID_ALREADY = _(
    "You have said exactly this here already. "
    "It may be waiting for approval; there is no need to send it again."
)
REGISTERED_ONLY = _("Only readers who are logged in can comment here.")

Visitor = User | AnonymousUser


class Refused(Exception):
    """A submission that is not taken; `message` tells the visitor what to do."""

    status = 403

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class CommentsClosed(Refused):
    pass


class ParentNotVisible(Refused):
    pass


class Duplicate(Refused):
    status = 409


class TooFast(Refused):
    status = 429


class ProofNeeded(Refused):
    """The browser is to solve a puzzle first, or somebody will look at the comment."""


def why_closed(post: Post, site: SiteSettings, user: Visitor | None = None) -> str:
    """Why nothing can be said below `post`, as a sentence; empty if it can."""
    if not post.is_public:
        return gettext("This is not published, so nobody can comment on it yet.")
    if not post.comments_open:
        return gettext("Comments are closed.")
    if _is_past_closing(post, site):
        return ngettext(
            "Comments closed %(days)s day after this was published.",
            "Comments closed %(days)s days after this was published.",
            site.close_after_days or 0,
        ) % {"days": site.close_after_days}
    if site.registered_only and not (user and user.is_authenticated):
        return str(REGISTERED_ONLY)
    return ""


def why_pings_closed(post: Post, site: SiteSettings) -> str:
    """Why `post` takes no pings, as a sentence; empty if it does. No query."""
    if not post.is_public:
        return gettext("This is not published, so nobody can link to it yet.")
    if post.password:
        return gettext(
            "Only who knows its password can read this, so it takes no pings."
        )
    if not site.takes_pings:
        return gettext("This blog takes no pings.")
    if not post.pings_open:
        return gettext("This takes no pings.")
    if _is_past_closing(post, site):
        return ngettext(
            "Pings closed %(days)s day after this was published.",
            "Pings closed %(days)s days after this was published.",
            site.close_after_days or 0,
        ) % {"days": site.close_after_days}
    return ""


def answered_comment(post: Post, submission: Submission) -> Comment | None:
    """The comment being answered, if one is. Raises ParentNotVisible.

    Nobody answers what not everybody sees: the queue approves it first.
    """
    if submission.parent_id is None:
        return None
    answered = _ANSWERED.instance(pk=submission.parent_id, post=post.pk)
    if answered and answered.can_be_replied_to:
        return answered
    raise ParentNotVisible(
        gettext(
            "The comment you are answering is not there any more. "
            "Your text is below: you can post it as a comment of its own."
        )
    )


def check(
    post: Post, submission: Submission, site: SiteSettings, parent: Comment | None
) -> None:
    """Raise Refused where WordPress would refuse, in the same order.

    `parent` is what the comment will hang below. One query; none for a ping. Called inside the
    transaction that stores the comment.
    """
    if submission.is_ping:
        # That it comes once only is the row's business, and a constraint's.
        if reason := why_pings_closed(post, site):
            raise CommentsClosed(reason)
        return
    reason = why_closed(post, site, submission.author)
    if reason:
        raise CommentsClosed(reason)
    is_said, is_flood = _what_was_just_said(post, submission, parent)
    if is_said:
        raise Duplicate(str(SAID_ALREADY))
    if is_flood:
        raise TooFast(
            gettext(
                "You are writing faster than this blog takes comments. "
                "Please wait %(seconds)s seconds and send it again."
            )
            % {"seconds": FLOOD_SECONDS}
        )


def check_edit(comment: Comment, submission: Submission) -> None:
    """Raise Refused where the new text of `comment` would not be taken. One query."""
    is_said, _ = _what_was_just_said(
        comment.post, submission, comment.parent, edited=comment
    )
    if is_said:
        raise Duplicate(str(SAID_ALREADY))


def is_trusted(post: Post, user: User | None) -> bool:
    """Whether `user` is the post's author or a moderator."""
    if user is None:
        return False
    return user.pk == post.author_id or user.has_perm("comments.moderate_comment")


def _is_past_closing(post: Post, site: SiteSettings) -> bool:
    if not site.close_after_days or post.published_at is None:
        return False
    closes_at = post.published_at + timedelta(days=site.close_after_days)
    is_past = closes_at < timezone.now()
    if not is_past:
        freshness.good_until(closes_at)
    return is_past


def _what_was_just_said(
    post: Post,
    submission: Submission,
    parent: Comment | None,
    edited: Comment | None = None,
) -> tuple[bool, bool]:
    """Whether it is said there already, and whether this sender spoke a moment ago."""
    user = submission.author
    found = _JUST_SAID.row(
        post=post.pk,
        parent=parent.pk if parent else 0,
        edited=edited.pk if edited else 0,
        text_key=text_key(submission.body),
        body=submission.body,
        author=user.pk if user else None,
        # Who has an account is known by it, whatever the name.
        name=None if user else submission.author_name,
        email=submission.author_email,
        email_of_stranger=None if user else submission.author_email,
        ip_address=submission.ip_address,
        since=timezone.now() - timedelta(seconds=FLOOD_SECONDS),
    )
    is_said, *is_flood = found or (False,)
    is_exempt = user is not None and user.has_perm("comments.moderate_comment")
    return bool(is_said), any(is_flood) and not is_exempt


def _just_said() -> QuerySet:
    """The duplicate and the flood, by address and by e-mail, each on its own index."""
    same_writer = (
        Q(author=Slot("author", BigIntegerField()))
        | Q(author=None, author_name=Slot("name", CharField()))
        | Q(author_email=Slot("email_of_stranger", CharField())) & ~Q(author_email="")
    )
    placed = Comment.objects.alias(place=Coalesce("parent", 0))
    said = placed.filter(
        same_writer,
        post=OuterRef("pk"),
        place=Slot("parent", BigIntegerField()),
        # By the key it is found, by the text it is told.
        text_key=Slot("text_key", CharField()),
        body=Slot("body", TextField()),
    ).exclude(state=Comment.State.TRASH)
    recent = Comment.objects.filter(created_at__gt=Slot("since", DateTimeField()))
    by_address = recent.filter(ip_address=Slot("ip_address", GenericIPAddressField()))
    by_email = recent.filter(author_email=Slot("email", CharField()))
    return Post.objects.filter(pk=Slot("post", BigIntegerField())).values_list(
        Exists(said.exclude(pk=Slot("edited", BigIntegerField())).order_by()),
        Exists(by_address.order_by()),
        Exists(by_email.exclude(author_email="").order_by()),
    )


_JUST_SAID = Prepared(_just_said)
_ANSWERED = Prepared(
    lambda: Comment.objects.filter(
        pk=Slot("pk", BigIntegerField()), post=Slot("post", BigIntegerField())
    ).order_by()
)
