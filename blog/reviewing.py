"""Review: who may not publish sends a text to the editors; they publish it or send it back.

A note goes along each way. The last one stands in the post until it is out, and
each of them in its revisions.
"""

from enum import StrEnum

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from blog.models import Post, User

Status = Post.Status
FIELDS = ("review_note", "review_by", "review_at")
_OUT = (Status.PUBLISHED, Status.PRIVATE)
_UNFINISHED = (Status.DRAFT, Status.PENDING)


class Step(StrEnum):
    """What became of a text that somebody waits for."""

    SENT = "review"
    RETURNED = "returned"
    OUT = "out"


def write_note(post: Post, by: User, note: str) -> None:
    """Set, not stored yet: what `by` has to say, for whoever has the text next."""
    post.review_note, post.review_by, post.review_at = note, by, timezone.now()


def answer_to(post: Post, user: User) -> str:
    """What somebody else had to say of this draft; `user` is to see it on top."""
    is_own = post.review_by_id in (None, user.pk)
    return "" if is_own or post.status in _OUT else post.review_note


def may_publish(post: Post, user: User) -> bool:
    """Whether `user` may publish this text of somebody else's."""
    wanted = [
        "blog.publish_post",
        "blog.change_others_post",
        f"blog.change_{post.kind}",
    ]
    return user.has_perms(wanted)


def settle(post: Post, by: User | None) -> str:
    """Forget the note of what is out; returns the words `by` sends along now."""
    note = post.review_note if by and post.review_by_id == by.pk else ""
    if post.status in _OUT:
        post.review_note, post.review_by, post.review_at = "", None, None
    elif post.status == Status.PENDING and post.review_at is None:
        post.review_by, post.review_at = by, timezone.now()
    return note


def announce(post: Post, was: str | None, by: User | None, note: str = "") -> None:
    """Tell whoever the settings name of a step, in the transaction that took it.

    `was` is its state until now, read under the lock that lets one writer at a time
    change it: of two who press the same button one takes the step.
    """
    step = _step(post, was, by)
    if step:
        for name in settings.AFTER_REVIEWING:
            import_string(name)(post, step, by, note)


def _step(post: Post, was: str | None, by: User | None) -> Step | None:
    if post.status == was:
        return None
    if post.status == Status.PENDING:
        # What comes out of the trash again was told when it was sent.
        return Step.SENT if was in (None, Status.DRAFT) else None
    is_by_another = by is not None and by.pk != post.author_id
    if is_by_another and was == Status.PENDING and post.status == Status.DRAFT:
        return Step.RETURNED
    if is_by_another and was in _UNFINISHED and post.status == Status.PUBLISHED:
        return Step.OUT
    return None
