"""Looks at the page that is said to link to a post, and does what follows from it."""

import socket
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from blog.fetch import Answer, FetchError, TooLarge, UnsafeURL, fetch
from blog.models import SiteSettings
from comments import tasks
from comments.models import IncomingPing
from comments.pings import keeping, sources
from comments.pings.refusals import (
    AlreadyRegistered,
    NoLink,
    PingRefused,
    SourceFailed,
    SourceMissing,
)
from comments.pings.sources import Mention
from comments.policy import Refused

State = IncomingPing.State

# A few minutes, an hour, six hours; then it is refused.
BACK_OFF_MINUTES = [5, 60, 360]
MAX_RETRY_AFTER = timedelta(days=1)
# Somebody else looks at it just now; perhaps at what has changed since.
BUSY_SECONDS = 30
# A row this late has lost its task.
LATE_MINUTES = 10
MAX_SWEPT = 500


class _Later(SourceFailed):
    """The page may be there another time; `after` is how long its server asks for."""

    def __init__(self, message: str, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


def look_at(pk: int) -> datetime | None:
    """Verify this ping, if it waits; when to look again, where it is put off."""
    row = IncomingPing.objects.filter(pk=pk, state=State.WAITING).first()
    if row is None:
        return None
    if row.due_at > timezone.now():
        return row.due_at
    ping = _claimed(pk)
    if ping is None:
        return timezone.now() + timedelta(seconds=BUSY_SECONDS)
    try:
        _look(ping)
    except _Later as error:
        return _put_off(ping, error)
    except (PingRefused, Refused) as error:
        _settle(ping, error)
    return None


def now(pk: int) -> None:
    """Verify this ping for somebody who waits for it. Raises PingRefused."""
    ping = _claimed(pk)
    if ping is None:
        raise AlreadyRegistered("This page is being looked at already.")
    try:
        _look(ping)
    except Refused as error:
        _settle(ping, error)
        raise PingRefused(error.message) from None
    except PingRefused as error:
        _settle(ping, error)
        raise


def sweep() -> int:
    """Enqueue what waits and was forgotten; how many. Cheap if there is none."""
    late = timezone.now() - timedelta(minutes=LATE_MINUTES)
    rows = IncomingPing.objects.filter(state=State.WAITING, due_at__lt=late)
    pks = list(rows.order_by("due_at", "pk").values_list("pk", flat=True)[:MAX_SWEPT])
    with transaction.atomic():
        IncomingPing.objects.filter(pk__in=pks).update(due_at=timezone.now())
        for pk in pks:
            tasks.verify_ping.enqueue(pk)
    return len(pks)


def _claimed(pk: int) -> IncomingPing | None:
    """The row, if it waits and is ours now."""
    if not IncomingPing.objects.claim(pk):
        return None
    ping = IncomingPing.objects.select_related("post").get(pk=pk)
    if ping.state == State.WAITING:
        return ping
    _rows(ping).update(claimed_by="", claimed_at=None)
    return None


def _look(ping: IncomingPing) -> None:
    """Fetch the page and keep what it says. Raises PingRefused, policy.Refused."""
    page = _fetched(ping)
    is_exact = ping.kind == IncomingPing.Kind.WEBMENTION
    _keep(ping, sources.read(page, ping.target_url, is_exact=is_exact))


def _fetched(ping: IncomingPing) -> Answer:
    by = f" from {ping.ip_address}" if ping.ip_address else ""
    try:
        answer = fetch(ping.source_url, asked_by=f"verifying a {ping.kind}{by}")
    except UnsafeURL as error:
        raise SourceMissing(f"Your page can’t be looked at. {error}") from error
    except TooLarge as error:
        raise SourceFailed(f"The page can’t be read: {error}") from error
    except FetchError as error:
        if _has_no_such_host(error):
            raise SourceMissing("There is no server of that name.") from error
        raise _Later(f"The page can’t be read: {error}") from error
    if answer.status in (404, 410):
        raise SourceMissing(
            f"There is no such page: its server answers {answer.status}."
        )
    if answer.status == 429 or answer.status >= 500:
        raise _Later(f"The page’s server answers {answer.status}.")
    if not answer.is_ok:
        raise SourceFailed(
            f"The page can’t be read: its server answers {answer.status}."
        )
    return answer


def _has_no_such_host(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, socket.gaierror):
            return error.errno != socket.EAI_AGAIN
        error = error.__cause__ or error.__context__
    return False


def _keep(ping: IncomingPing, mention: Mention) -> None:
    site = SiteSettings.current()
    with transaction.atomic():
        # Of two that took the same row for theirs, the later one finds it changed.
        if not _rows(ping).select_for_update().exists():
            return
        comment = keeping.store(ping, mention, site)
        _write(ping, state=State.TAKEN, comment=comment, reason="")


def _settle(ping: IncomingPing, error: PingRefused | Refused) -> None:
    state = State.REFUSED
    if ping.comment_id and isinstance(error, NoLink | SourceMissing):
        state = State.GONE
    _write(ping, state=state, reason=error.message)


def _put_off(ping: IncomingPing, error: _Later) -> datetime | None:
    if ping.attempts >= len(BACK_OFF_MINUTES):
        _settle(ping, error)
        return None
    wait = timedelta(minutes=BACK_OFF_MINUTES[ping.attempts])
    due_at = timezone.now() + wait
    _write(ping, due_at=due_at, attempts=ping.attempts + 1, reason=error.message)
    return due_at


def _write(ping: IncomingPing, **outcome: object) -> None:
    """Write what came of it and let go of the row, if it is still ours."""
    _rows(ping).update(
        claimed_by="", claimed_at=None, looked_at=timezone.now(), **outcome
    )


def _rows(ping: IncomingPing) -> QuerySet[IncomingPing]:
    return IncomingPing.objects.filter(pk=ping.pk, claimed_by=ping.claimed_by)
