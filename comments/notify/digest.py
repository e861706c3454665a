"""Once a day, one mail to each moderator with all that is held."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from blog.models import SiteSettings, User
from comments.models import Comment, Notice
from comments.notify import notices, recipients

# In the blog's time zone: with the morning coffee.
FROM_HOUR = 7
MAX_HELD = 100


def send_digests() -> int:
    """Write down today's mails to the moderators, if it is time; how many comments.

    May be called as often as one likes: at most one mail a day goes to each, and
    none where nothing new is held. What is written here is sent in one mail,
    because it has waited.
    """
    site = SiteSettings.current()
    if site.moderator_mail != SiteSettings.ModeratorMail.DAILY:
        return 0
    now = timezone.localtime()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if now.hour < FROM_HOUR:
        return 0
    return sum(_write(user, today) for user in recipients.moderators())


def _write(user: User, today: datetime) -> int:
    """Rows of today's digest, unless there are some; they began to wait at midnight."""
    email = user.email.lower()
    with transaction.atomic():
        held = Notice.objects.filter(kind=Notice.Kind.HELD, email=email)
        if held.filter(created_at=today).exists():
            return 0
        comments = Comment.objects.pending().exclude(notices__email=email)
        comments = comments.exclude(author=user).exclude(author_email=email)
        rows = [
            Notice(
                kind=Notice.Kind.HELD,
                comment=comment,
                email=email,
                user=user,
                created_at=today,
            )
            for comment in comments.order_by("created_at", "pk")[:MAX_HELD]
        ]
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        written = held.open().filter(created_at=today)
        notices.enqueue(written.values_list("pk", flat=True))
    return len(rows)
