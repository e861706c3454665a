"""Looks at the page that is said to link to a post, and does what follows from it."""

import socket
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.http import parse_http_date_safe

from blog import permalinks
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


class _Gone(SourceMissing):
    """Its server says that there is no such page, with the status `answered`."""

    def __init__(self, message: str, answered: int) -> None:
        super().__init__(message)
        self.answered = answered


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
    ping = IncomingPing.objects.select_related("post", "comment").get(pk=pk)
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
    _check_status(answer)
    if permalinks.is_ours(answer.url) and not permalinks.is_ours(ping.source_url):
        raise NoLink("The address leads to this blog itself.")
    return answer


def _check_status(answer: Answer) -> None:
    status = answer.status
    # Most blogs answer 404 for what was deleted: to us that is as final as 410.
    if status in (404, 410):
        raise _Gone(f"There is no such page: its server answers {status}.", status)
    said = f"The page can’t be read: its server answers {status}."
    if status == 429 or status >= 500:
        raise _Later(said, _retry_after(answer))
    if not answer.is_ok:
        raise SourceFailed(said)


def _retry_after(answer: Answer) -> timedelta | None:
    """As RFC 9110, 10.2.3 has it: seconds, or a moment."""
    asked = answer.headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdecimal():
        return min(timedelta(seconds=int(asked[:9])), MAX_RETRY_AFTER)
    moment = parse_http_date_safe(asked)
    if moment is None:
        return None
    seconds = max(0.0, moment - timezone.now().timestamp())
    return min(timedelta(seconds=seconds), MAX_RETRY_AFTER)


def _has_no_such_host(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, socket.gaierror):
            return error.errno != socket.EAI_AGAIN
        error = error.__cause__ or error.__context__
    return False


def _keep(ping: IncomingPing, mention: Mention) -> None:
    site = SiteSettings.current()
    with transaction.atomic():
        if _is_still_ours(ping):
            comment = keeping.store(ping, mention, site)
            _write(ping, state=State.TAKEN, comment=comment, removal=None, reason="")


def _settle(ping: IncomingPing, error: PingRefused | Refused) -> None:
    """Refuse it; of what is here already, only what has gone is removed.

    A page that can't be read today has not gone.
    """
    if ping.comment is None:
        _write(ping, state=State.REFUSED, reason=error.message)
        return
    with transaction.atomic():
        if not _is_still_ours(ping):
            return
        if isinstance(error, NoLink):
            keeping.remove(ping, "does not link here any more")
        elif isinstance(error, _Gone):
            keeping.remove(ping, f"answers {error.answered}")
        is_gone = isinstance(error, NoLink | _Gone) or ping.removal is not None
        state = State.GONE if is_gone else State.TAKEN
        _write(ping, state=state, removal=ping.removal, reason=error.message)


def _put_off(ping: IncomingPing, error: _Later) -> datetime | None:
    if ping.attempts >= len(BACK_OFF_MINUTES):
        _settle(ping, error)
        return None
    wait = timedelta(minutes=BACK_OFF_MINUTES[ping.attempts])
    due_at = timezone.now() + max(wait, error.after or wait)
    _write(ping, due_at=due_at, attempts=ping.attempts + 1, reason=error.message)
    return due_at


def _write(ping: IncomingPing, **outcome: object) -> None:
    """Write what came of it and let go of the row, if it is still ours."""
    _rows(ping).update(
        claimed_by="", claimed_at=None, looked_at=timezone.now(), **outcome
    )


def _is_still_ours(ping: IncomingPing) -> bool:
    """Keeps the row from others: of two that took it, the later one finds it changed."""
    return bool(_rows(ping).select_for_update().values_list("pk"))


def _rows(ping: IncomingPing) -> QuerySet[IncomingPing]:
    return IncomingPing.objects.filter(pk=ping.pk, claimed_by=ping.claimed_by)
