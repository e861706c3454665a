"""Which mails are to go out: one row each, written with what they tell of.

A row is stored in the transaction that stored or moved the comment, together with
a task that only says "look at this row": nothing is mailed that did not happen, and
nothing that happened is forgotten.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from blog.models import SiteSettings, User
from comments import tasks
from comments.models import Comment, Notice, Subscription
from comments.notify import recipients

# A row this late has lost its task.
LATE_MINUTES = 10
MAX_SWEPT = 500


def about_posted(
    comment: Comment, site: SiteSettings, *, wants_mail: bool = False
) -> None:
    """Somebody said something. Called in the transaction that stored it.

    `wants_mail`: its writer asks for a mail when they are answered.
    """
    if comment.state in (Comment.State.SPAM, Comment.State.TRASH):
        return
    if wants_mail and comment.author_email:
        _subscribe(comment)
    _store(recipients.of([comment], site))


def about_decided(pks: Iterable[int], by: User | None = None) -> None:
    """These comments are in another state. Called in the transaction that moved them.

    What was to be told of the state they were in is forgotten, unless it went out.
    """
    pks = list(pks)
    Notice.objects.open().filter(comment__in=pks).delete()
    approved = Comment.objects.approved().filter(pk__in=pks)
    comments = list(
        approved.select_related("author", "post__author", "parent", "in_reply_to")
    )
    if comments:
        site = SiteSettings.current()
        _store(recipients.of(comments, site, decided_by=by))


def send_again(notices: QuerySet[Notice]) -> int:
    """Try anew what was not sent, or is not known to have been; how many."""
    unsent = list(notices.filter(sent_at=None).values_list("pk", flat=True))
    now = timezone.now()
    rows = Notice.objects.filter(pk__in=unsent)
    rows.update(claimed_at=None, attempts=0, error="", due_at=now)
    enqueue(unsent)
    return len(unsent)


def sweep() -> int:
    """Enqueue what is due and was not looked at; how many. Cheap if there is none."""
    now = timezone.now()
    late = now - timedelta(minutes=LATE_MINUTES)
    rows = Notice.objects.open().filter(due_at__lt=late).order_by("due_at", "pk")
    pks = list(rows.values_list("pk", flat=True)[:MAX_SWEPT])
    Notice.objects.open().filter(pk__in=pks).update(due_at=now)
    enqueue(pks)
    return len(pks)


def enqueue(pks: Iterable[int]) -> None:
    for pk in pks:
        tasks.send_notice.enqueue(pk)


def _store(notices: list[Notice]) -> None:
    """What somebody was told already is not told again."""
    if not notices:
        return
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    new = Notice.objects.open().filter(
        comment__in={notice.comment_id for notice in notices}
    )
    enqueue(new.order_by("pk").values_list("pk", flat=True))


def _subscribe(comment: Comment) -> None:
    """Note the wish; it counts when the address was confirmed."""
    subscription, is_new = Subscription.objects.get_or_create(
        post_id=comment.post_id, email=comment.author_email
    )
    if not is_new and not subscription.is_active:
        subscription.asked_at = timezone.now()
        subscription.save(update_fields=["asked_at"])
