"""Who may say something here: the refusals, each with a sentence for the visitor.

What is refused is not stored. What is stored, but perhaps not shown, is for
`comments.moderation` to say.
"""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Q, QuerySet
from django.utils import timezone

from blog.models import Post, SiteSettings, User
from comments.models import Comment
from comments.submission import Submission

FLOOD_SECONDS = 15
SAID_ALREADY = (
    "You have said exactly this here already. "
    "It may be waiting for approval; there is no need to send it again."
)
REGISTERED_ONLY = "Only readers who are logged in can comment here."

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
        return "This is not published, so nobody can comment on it yet."
    if not post.comments_open:
        return "Comments are closed."
    if _is_past_closing(post, site):
        return f"Comments closed {site.close_after_days} days after this was published."
    if site.registered_only and not (user and user.is_authenticated):
        return REGISTERED_ONLY
    return ""


def answered_comment(post: Post, submission: Submission) -> Comment | None:
    """The comment being answered, if one is. Raises ParentNotVisible.

    Visitors answer what they see; the blog's own people also what is held.
    """
    if submission.parent_id is None:
        return None
    answered = Comment.objects.filter(pk=submission.parent_id, post=post).first()
    is_own = is_trusted(post, submission.author)
    if answered and not answered.is_ping and (answered.is_approved or is_own):
        return answered
    raise ParentNotVisible(
        "The comment you are answering is not there any more. "
        "Your text is below: you can post it as a comment of its own."
    )


def check(
    post: Post, submission: Submission, site: SiteSettings, parent: Comment | None
) -> None:
    """Raise Refused where WordPress would refuse, in the same order.

    `parent` is what the comment will hang below. One query. Called inside the
    transaction that stores the comment.
    """
    reason = why_closed(post, site, submission.author)
    if reason:
        raise CommentsClosed(reason)
    asked = [_said_already(post, submission, parent), *_just_now(submission)]
    # Side by side in one statement, each on an index of its own.
    posts = Post.objects.filter(pk=post.pk).order_by()
    found = posts.values_list(*(Exists(rows.order_by()) for rows in asked))
    is_said, *is_flood = found.first() or [False]
    if is_said:
        raise Duplicate(SAID_ALREADY)
    if any(is_flood):
        raise TooFast(
            "You are writing faster than this blog takes comments. "
            f"Please wait {FLOOD_SECONDS} seconds and send it again."
        )


def check_edit(comment: Comment, submission: Submission) -> None:
    """Raise Refused where the new text of `comment` would not be taken. One query."""
    said = _said_already(comment.post, submission, comment.parent)
    if said.exclude(pk=comment.pk).exists():
        raise Duplicate(SAID_ALREADY)


def is_trusted(post: Post, user: User | None) -> bool:
    """Whether `user` is the post's author or a moderator."""
    if user is None:
        return False
    return user.pk == post.author_id or user.has_perm("comments.moderate_comment")


def _is_past_closing(post: Post, site: SiteSettings) -> bool:
    if not site.close_after_days or post.published_at is None:
        return False
    return post.published_at < timezone.now() - timedelta(days=site.close_after_days)


def _said_already(
    post: Post, submission: Submission, parent: Comment | None
) -> QuerySet[Comment]:
    said = Comment.objects.filter(
        _same_writer(submission), post=post, parent=parent, body=submission.body
    )
    return said.exclude(state=Comment.State.TRASH)


def _same_writer(submission: Submission) -> Q:
    if submission.author:
        return Q(author=submission.author)
    same = Q(author=None, author_name=submission.author_name)
    if submission.author_email:
        same |= Q(author_email=submission.author_email)
    return same


def _just_now(submission: Submission) -> list[QuerySet[Comment]]:
    """What the same sender said a moment ago, by each trait that tells senders apart."""
    user = submission.author
    if user and user.has_perm("comments.moderate_comment"):
        return []
    since = timezone.now() - timedelta(seconds=FLOOD_SECONDS)
    recent = Comment.objects.filter(created_at__gt=since)
    traits = {
        "ip_address": submission.ip_address,
        "author_email": submission.author_email,
    }
    return [recent.filter(**{name: value}) for name, value in traits.items() if value]
