"""Who has the write page of a post open: one window at a time holds its lock.

A lock asks others first and forbids nothing; what keeps anybody from writing over
somebody unseen is the check of `read_at` when a form is saved. Each question is one
conditional write, so of two who open a page at the same instant one gets it.
"""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet, Value
from django.utils import timezone

from blog.models import Post, User
from blog.models.unsaved import LOCK_SECONDS, EditLock


def live(post: Post) -> EditLock | None:
    """The lock somebody holds just now. One query."""
    is_live = Q(seen_at__gt=_heard_since())
    return EditLock.objects.filter(is_live, post=post).select_related("holder").first()


def with_viewer(posts: QuerySet, user: User) -> QuerySet:
    """`posts`, each with `viewer_id`: who is told who writes it.

    Nobody needs to be told of themselves; and whoever comes from the write page is
    there still while this is read, for a page says farewell only when the next is here.
    """
    return posts.annotate(viewer_id=Value(user.pk))


def hold(
    post: Post, user: User, window: str, before: str = "", *, by_force: bool = False
) -> EditLock:
    """Hold the lock for this window, or keep holding it; returns the lock there is.

    Whose it is stands in it: another one's, where that one was heard of lately, unless
    taken over `by_force`. `before` names the window this one follows in the same tab,
    so that saving and loading anew is no leaving. Four queries at most.
    """
    now = timezone.now()
    own = EditLock.objects.filter(post=post, holder=user)
    is_held = own.filter(window=window).update(seen_at=now) or (
        before and _follow(post, user, window, before, now)
    )
    if not is_held:
        _take(post, user, window, now, by_force=by_force)
    return EditLock.objects.select_related("holder").get(post=post)


def leave(post: Post, user: User, window: str) -> None:
    """Set it free; nothing where this window does not hold it any more.

    The row stays for whoever follows in this tab in a moment.
    """
    own = EditLock.objects.filter(post=post, holder=user, window=window)
    own.update(seen_at=_heard_since())


def _follow(post: Post, user: User, window: str, before: str, now: datetime) -> int:
    """Go on where the window before was; the lock says since when, as it did."""
    lately = _heard_since() - timedelta(seconds=LOCK_SECONDS)
    own = EditLock.objects.filter(post=post, holder=user, seen_at__gt=lately)
    return own.filter(window=before).update(window=window, seen_at=now)


def _take(
    post: Post, user: User, window: str, now: datetime, *, by_force: bool
) -> None:
    values = {"holder": user, "window": window, "since": now, "seen_at": now}
    is_free = Q() if by_force else Q(seen_at__lte=_heard_since())
    if not EditLock.objects.filter(is_free, post=post).update(**values):
        # One row for each post: where there is one by now, another one was faster.
        new = EditLock(post=post, **values)
        EditLock.objects.bulk_create([new], ignore_conflicts=True)


def _heard_since() -> datetime:
    return timezone.now() - timedelta(seconds=LOCK_SECONDS)
