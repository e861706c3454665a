"""What is kept of pings that came in, and for how long."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from comments import traces
from comments.models import Comment, IncomingPing

# So long its sender can ask why it was refused.
REFUSED_DAYS = 30
# At a time: nobody waits for it, and it keeps nobody waiting.
MAX_DELETED = 500


def forget_addresses(days: int) -> int:
    """Blank the sender's address where it last asked so long ago; how many."""
    old = timezone.now() - timedelta(days=days)
    kept = IncomingPing.objects.filter(ip_address__isnull=False, asked_at__lt=old)
    return kept.update(ip_address=None)


def delete_refused() -> int:
    """Delete some of what was refused long ago; how many.

    Not what became a response: it says that the pair is known. What waits stays
    however long it does.
    """
    old = timezone.now() - timedelta(days=REFUSED_DAYS)
    refused = IncomingPing.objects.alias(
        refused_at=Coalesce("looked_at", "asked_at")
    ).filter(state=IncomingPing.State.REFUSED, comment=None, refused_at__lt=old)
    pks = list(refused.order_by().values_list("pk", flat=True)[:MAX_DELETED])
    # Only as it was seen: it may just have been told again.
    return refused.filter(pk__in=pks).delete()[0]


def erase(email: str, comments: QuerySet[Comment]) -> None:
    """Leave no row that tells of these comments, or names the address.

    Whatever such a page says of itself can be looked at anew.
    """
    naming = Q(source_url__icontains=email) | Q(target_url__icontains=email)
    naming |= Q(given__icontains=email)
    pks = [
        ping.pk
        for ping in IncomingPing.objects.filter(naming)
        if any(traces.names(text, email) for text in _texts(ping))
    ]
    about = Q(comment__in=comments.order_by().values("pk")) | Q(pk__in=pks)
    IncomingPing.objects.filter(about).delete()


def _texts(ping: IncomingPing) -> list[str]:
    return [ping.source_url, ping.target_url, *map(str, ping.given.values())]
