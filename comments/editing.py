"""What writers do to their own comment while they may: change it, or take it back."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from blog.models import SiteSettings
from comments import moderation, policy
from comments.models import Comment
from comments.owning import WITHDRAWN, can_change
from comments.policy import Refused
from comments.posting import decide, store_changed, wait_for_twins
from comments.submission import Sender, Submission

TOO_LATE = _(
    "This comment can’t be changed any more: the time for that is over, or it was "
    "removed. Your text is below; you can post it as a new comment."
)


class TooLate(Refused):
    pass


def edit_comment(comment: Comment, body: str, sender: Sender) -> Comment:
    """Store another text for `comment`, judged anew; as it stands afterwards.

    A rule may take it from view, but none shows what waited: otherwise one could
    have something harmless looked at and show something else. Raises
    `policy.Refused`, nothing is stored then.
    """
    site = SiteSettings.current()
    submission = _as_submission(comment, body, sender)
    # What takes time comes first: while one writes, others wait.
    case = moderation.gather(comment.post, submission, site)
    with transaction.atomic():
        wait_for_twins(comment.post, submission)
        found = _locked(comment, site)
        policy.check_edit(found, submission)
        verdict = moderation.judge(case)
        found.body = body
        store_changed(found, ["body"], verdict, site)
    return found


def withdraw(comment: Comment) -> None:
    """Move one's own comment to the trash. Raises `policy.Refused` when it is too late."""
    with transaction.atomic():
        decide(
            [_locked(comment, SiteSettings.current())], Comment.State.TRASH, WITHDRAWN
        )


def _locked(comment: Comment, site: SiteSettings) -> Comment:
    """The comment as it stands now, kept from other writers. Raises TooLate."""
    Comment.objects.lock_trees([comment.tree_id])
    found = Comment.objects.select_related("post", "author").get(pk=comment.pk)
    if not can_change(found, site):
        raise TooLate(str(TOO_LATE))
    return found


def _as_submission(comment: Comment, body: str, sender: Sender) -> Submission:
    """The new text as if it came in now, from the one who wrote the comment.

    It counts as proven: what came in without a proof waits, and an edit changes
    nothing about that.
    """
    return Submission(
        body=body,
        body_format=comment.body_format,
        author=comment.author,
        author_name=comment.author_name,
        author_email=comment.author_email,
        author_url=comment.author_url,
        parent_id=comment.parent_id,
        has_proof=True,
        **sender,
    )
