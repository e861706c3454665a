"""Tells one page that we link to it: each row once, whatever happens to the worker.

A row is claimed first. `handed_at` is stored, and committed, just before the request
leaves: were it stored afterwards, a worker stopped in between would send it twice. So
who takes over the row of a process that is gone knows: without it nothing left, and it
is sent; with it the other side may have taken it, nobody knows, and only people send
it again. The same where only the answer to a trackback was lost on its way: rather one
less than one twice. A webmention or a pingback is sent again then: who knows the pair
already looks at the page once more, or says so (fault 48), and that is all.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import processes
from blog.fetch import FetchError, UnsafeURL
from blog.models import SiteSettings
from comments import tasks
from comments.models import OutgoingPing
from comments.models.ping import CLAIM_MINUTES
from comments.pings import discover, follow, pingback, trackback, webmention
from comments.pings.delivery import Endpoint, Undelivered

# To wait after the first, the second, … attempt.
BACK_OFF_MINUTES = [1, 10, 60, 360, 1440]
MAX_ATTEMPTS = len(BACK_OFF_MINUTES) + 1
# Whoever asks for patience gets it, between these.
MIN_WAIT = timedelta(minutes=1)
MAX_WAIT = timedelta(days=2)
# A row nobody came to look at so long after it was due has lost its task.
LATE_MINUTES = 10
MAX_SWEPT = 500
LEFT_AND_STOPPED = _(
    "It was leaving, and the worker was stopped before it had read the answer. "
    "It is not sent again by itself."
)
LEFT_UNANSWERED = _(
    "It left, and no answer could be read. It is not sent again by itself."
)

Protocol = OutgoingPing.Protocol
State = OutgoingPing.State


def look_at(pk: int) -> datetime | None:
    """Tell this page if it is due; when to look again, where it is put off.

    While the settings say that nothing is sent, it waits.
    """
    waiting = OutgoingPing.objects.filter(state=State.WAITING)
    due_at = waiting.filter(pk=pk).values_list("due_at", flat=True).first()
    if due_at is None or not SiteSettings.current().sends_pings:
        return None
    if due_at > timezone.now():
        return due_at
    if not OutgoingPing.objects.claim(pk):
        return None  # somebody else is at it
    ping = waiting.filter(pk=pk).select_related("post").first()
    if ping is None or ping.due_at > timezone.now():
        return _release(pk, ping)
    return _look_at_claimed(ping)


def again(pings: Iterable[OutgoingPing]) -> int:
    """Tell these pages (again), now, whatever became of it before; how many.

    Left alone is what somebody is sending just now.
    """
    rows = OutgoingPing.objects.filter(pk__in=[ping.pk for ping in pings])
    with transaction.atomic():
        pks = list(rows.filter(_is_free()).values_list("pk", flat=True))
        rows.filter(_is_free(), pk__in=pks).update(
            state=State.WAITING,
            due_at=timezone.now(),
            attempts=0,
            handed_at=None,
            claimed_by="",
            claimed_at=None,
            told_key="",
            reason="",
        )
        for pk in pks:
            tasks.send_ping.enqueue(pk)
    return len(pks)


def sweep() -> int:
    """Enqueue what is due and was not looked at; how many. Cheap if there is none.

    That is what lost its task, and what a process had that is gone.
    """
    if not SiteSettings.current().sends_pings:
        return 0
    now = timezone.now()
    rows = OutgoingPing.objects.filter(state=State.WAITING, due_at__lte=now)
    late = Q(due_at__lt=now - timedelta(minutes=LATE_MINUTES)) & _is_free()
    pks = set(rows.filter(late).values_list("pk", flat=True)[:MAX_SWEPT])
    claimed = rows.exclude(claimed_by="").values_list("pk", "claimed_by")
    pks |= {pk for pk, name in claimed[:MAX_SWEPT] if processes.is_gone(name)}
    rows.filter(pk__in=pks).update(due_at=now)
    for pk in sorted(pks):
        tasks.send_ping.enqueue(pk)
    return len(pks)


def _is_free() -> Q:
    stale = timezone.now() - timedelta(minutes=CLAIM_MINUTES)
    return Q(claimed_at=None) | Q(claimed_at__lte=stale)


def _look_at_claimed(ping: OutgoingPing) -> datetime | None:
    if ping.handed_at:
        return _settle(ping, state=State.UNSURE, reason=LEFT_AND_STOPPED)
    if ping.attempts >= MAX_ATTEMPTS:
        return _settle(ping, state=State.GIVEN_UP)
    key = follow.to_tell(ping, ping.post)
    if not key:
        follow.call_off(ping)
        return None
    # Counted before: what ends its worker each time comes to an end itself.
    _mine(ping).update(attempts=F("attempts") + 1)
    ping.attempts += 1
    return _try(ping, key)


def _try(ping: OutgoingPing, key: str) -> datetime | None:
    told_before = ping.told_key
    left = Event()
    try:
        endpoint = _endpoint(ping)
        if endpoint is None or follow.knows(ping, endpoint.protocol, key):
            return _nobody_to_tell(ping, key)
        _note_leaving(ping, endpoint, key)
        said = _tell(ping, endpoint, left.set)
    except Undelivered as refusal:
        return _undelivered(ping, refusal, told_before)
    except UnsafeURL as error:
        unsafe = Undelivered(
            gettext("Not asked: %(error)s") % {"error": error}, is_final=True
        )
        return _undelivered(ping, unsafe, told_before)
    except FetchError as error:
        if left.is_set():
            return _unanswered(ping, error)
        lost = Undelivered(str(error), is_final=False)
        return _undelivered(ping, lost, told_before)
    return _taken(ping, key, said)


def _endpoint(ping: OutgoingPing) -> Endpoint | None:
    """Where it wants to be told, asked anew each time. Raises as `discover` does."""
    if ping.is_trackback:
        return Endpoint(Protocol.TRACKBACK, ping.target_url)
    _, endpoint = discover.look_at(ping.target_url, ping.source_url)
    return endpoint


def _nobody_to_tell(ping: OutgoingPing, key: str) -> datetime | None:
    if follow.is_told(ping):
        reason = gettext("It was told, and takes no webmentions any more.")
        return _settle(ping, state=State.SENT, told_key=key, reason=reason)
    return _settle(ping, state=State.SILENT)


def _note_leaving(ping: OutgoingPing, endpoint: Endpoint, key: str) -> None:
    """From here on nobody can tell whether it was taken, until there is an answer."""
    ping.protocol, ping.endpoint = endpoint.protocol, endpoint.url
    named = {"protocol": ping.protocol, "endpoint": ping.endpoint}
    _mine(ping).update(handed_at=timezone.now(), told_key=key, **named)


def _tell(
    ping: OutgoingPing, endpoint: Endpoint, on_sent: Callable[[], None]
) -> str | None:
    """Say it; what the other side tells in return. Raises Undelivered, FetchError."""
    if endpoint.protocol == Protocol.WEBMENTION:
        url = webmention.tell(endpoint.url, ping.source_url, ping.target_url, on_sent)
        return (
            gettext("what becomes of it is told at %(url)s") % {"url": url}
            if url
            else ""
        )
    if endpoint.protocol == Protocol.PINGBACK:
        pingback.tell(endpoint.url, ping.source_url, ping.target_url, on_sent)
        return ""
    post = ping.post
    title, excerpt = (post.headline, post.summary) if post else ("", "")
    blog_name = SiteSettings.current().title
    trackback.tell(endpoint.url, ping.source_url, title, excerpt, blog_name, on_sent)
    return ""


def _taken(ping: OutgoingPing, key: str, said: str | None) -> datetime | None:
    """Sent; and if the post changed while it was on its way, it waits once more.

    Asked while the post is locked, as `follow` has it: so one of the two sees it.
    """
    news = gettext("It was told that the link is gone") if key == follow.GONE else ""
    words = [news, said or ""]
    with transaction.atomic():
        row = _mine(ping).only("post_id").first()
        post = follow.locked(row.post_id) if row else None
        ping.sent_at, ping.told_key = timezone.now(), key
        has_news = bool(follow.to_tell(ping, post))
        return _settle(
            ping,
            state=State.WAITING if has_news else State.SENT,
            due_at=follow.news_at(post) if has_news else None,
            attempts=0 if has_news else ping.attempts,
            sent_at=ping.sent_at,
            told_key=key,
            reason="; ".join(filter(None, words)),
        )


def _unanswered(ping: OutgoingPing, error: FetchError) -> datetime | None:
    """It left, and what was answered is lost: it may have been taken."""
    if ping.protocol == Protocol.TRACKBACK:
        reason = f"{LEFT_UNANSWERED} ({error})"
        return _settle(ping, state=State.UNSURE, reason=reason)
    lost = Undelivered(
        gettext("It left, and no answer came: %(error)s") % {"error": error},
        is_final=False,
    )
    return _undelivered(ping, lost, follow.PERHAPS)


def _undelivered(
    ping: OutgoingPing, refusal: Undelivered, told_before: str
) -> datetime | None:
    outcome: dict[str, Any] = {"reason": refusal.message, "told_key": told_before}
    if refusal.is_final:
        return _settle(ping, state=State.REFUSED, **outcome)
    if ping.attempts >= MAX_ATTEMPTS:
        return _settle(ping, state=State.GIVEN_UP, **outcome)
    wait = timedelta(minutes=BACK_OFF_MINUTES[ping.attempts - 1])
    if refusal.after is not None:
        wait = min(max(wait, refusal.after, MIN_WAIT), MAX_WAIT)
    again_at = timezone.now() + wait
    return _settle(ping, state=State.WAITING, due_at=again_at, **outcome)


def _settle(
    ping: OutgoingPing,
    *,
    state: str,
    due_at: datetime | None = None,
    **outcome: object,
) -> datetime | None:
    """Write what became of it and let it go, if it is still ours.

    `due_at` of what waits for nothing is when it was settled.
    """
    due_at = due_at or timezone.now()
    left = {} if state == State.UNSURE else {"handed_at": None}
    named = {"protocol": ping.protocol, "endpoint": ping.endpoint, "state": state}
    free = {"due_at": due_at, "claimed_by": "", "claimed_at": None}
    _mine(ping).update(**named, **free, **left, **outcome)
    return due_at if state == State.WAITING else None


def _release(pk: int, ping: OutgoingPing | None) -> datetime | None:
    """It was settled, or put off, between the look and the claim."""
    rows = OutgoingPing.objects.filter(pk=pk)
    if ping:
        rows = rows.filter(claimed_by=ping.claimed_by)
    rows.update(claimed_by="", claimed_at=None)
    return ping.due_at if ping else None


def _mine(ping: OutgoingPing) -> QuerySet[OutgoingPing]:
    """The row, as long as nobody took it over."""
    return OutgoingPing.objects.filter(pk=ping.pk, claimed_by=ping.claimed_by)
