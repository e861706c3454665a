"""What writers do to their own comment while they may: change it, or take it back."""

from django.db import transaction
from django.utils import timezone

from blog.models import SiteSettings
from comments import akismet, moderation, notify, policy, tasks
from comments.models import Comment
from comments.owning import WITHDRAWN, can_change
from comments.policy import Refused
from comments.posting import decide, recount, wait_for_twins
from comments.submission import Sender, Submission

TOO_LATE = (
    "This comment can’t be changed any more: the time for that is over, or it was "
    "removed. Your text is below; you can post it as a new comment."
)
# `body_html` and `text_key` follow from the body.
CHANGED = [
    "body",
    "body_html",
    "text_key",
    "edited_at",
    "is_decided",
    "state",
    "reasons",
    "spam_score",
]


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
        found.edited_at = timezone.now()
        found.spam_score = verdict.spam_score
        # Whatever somebody decided, they decided about another text.
        found.is_decided = False
        if verdict.state != Comment.State.APPROVED:
            found.state, found.reasons = verdict.state, verdict.reasons
        found.save(update_fields=CHANGED)
        recount([found.post_id])
        if akismet.is_asked_about(found):
            tasks.ask_akismet.enqueue(found.pk)
        if found.state != comment.state:
            # What was to be told of a comment on show is not to be told any more.
            notify.about_decided([found.pk])
            notify.about_posted(found, site)
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
        raise TooLate(TOO_LATE)
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
