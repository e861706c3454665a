"""Looks at the page that is said to link to a post, and does what follows from it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from blog import permalinks
from blog.fetch import Answer, FetchError, TooLarge, UnknownHost, UnsafeURL, fetch
from blog.models import SiteSettings
from comments import tasks, wording
from comments.models import IncomingPing
from comments.pings import keeping, sources
from comments.pings.answers import asked_to_wait
from comments.pings.refusals import (
    AlreadyRegistered,
    NoLink,
    PingRefused,
    SourceFailed,
    SourceMissing,
    TargetUnknown,
)
from comments.pings.sources import Mention
from comments.policy import Refused

Kind, State = IncomingPing.Kind, IncomingPing.State

# A few minutes, an hour, six hours; then it is refused.
BACK_OFF_MINUTES = [5, 60, 360]
MAX_RETRY_AFTER = timedelta(days=1)
# Somebody else looks at it just now; perhaps at what has changed since.
BUSY_SECONDS = 30
# A row this late has lost its task.
LATE_MINUTES = 10
MAX_SWEPT = 500
_RELEASED: dict[str, object] = {"claimed_by": "", "claimed_at": None}


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
        raise AlreadyRegistered(gettext("This page is being looked at already."))
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
    ping = IncomingPing.objects.filter(pk=pk).first()
    if ping is None or ping.state == State.WAITING:
        return ping
    _rows(ping).update(**_RELEASED)
    return None


def _look(ping: IncomingPing) -> None:
    """Fetch the page and keep what it says. Raises PingRefused, policy.Refused."""
    page = _fetched(ping)
    # A trackback names no address: whichever leads to its post is meant.
    post_pk = ping.post_id if ping.kind == Kind.TRACKBACK else None
    is_exact = ping.kind == Kind.WEBMENTION
    said = sources.read(page, ping.target_url, is_exact=is_exact, post_pk=post_pk)
    _keep(ping, said)


def _fetched(ping: IncomingPing) -> Answer:
    by = f" from {ping.ip_address}" if ping.ip_address else ""
    try:
        answer = fetch(ping.source_url, asked_by=f"verifying a {ping.kind}{by}")
    except UnsafeURL as error:
        raise SourceMissing(
            gettext("Your page can’t be looked at. %(error)s") % {"error": error}
        ) from error
    except TooLarge as error:
        raise SourceFailed(
            gettext("The page can’t be read: %(error)s") % {"error": error}
        ) from error
    except UnknownHost as error:
        raise SourceMissing(str(error)) from error
    except FetchError as error:
        raise _Later(
            gettext("The page can’t be read: %(error)s") % {"error": error}
        ) from error
    _check_status(answer)
    if permalinks.is_ours(answer.url) and not permalinks.is_ours(ping.source_url):
        raise NoLink(gettext("The address leads to this blog itself."))
    return answer


def _check_status(answer: Answer) -> None:
    status = answer.status
    # Most blogs answer 404 for what was deleted: to us that is as final as 410.
    if status in (404, 410):
        raise _Gone(
            gettext("There is no such page: its server answers %(status)s.")
            % {"status": status},
            status,
        )
    said = gettext("The page can’t be read: its server answers %(status)s.") % {
        "status": status
    }
    if status == 429 or status >= 500:
        raise _Later(said, asked_to_wait(answer))
    if not answer.is_ok:
        raise SourceFailed(said)


def _keep(ping: IncomingPing, mention: Mention) -> None:
    """Store what the page says. Raises PingRefused where nobody wants it any more."""
    site = SiteSettings.current()
    with transaction.atomic():
        row = _held(ping)
        if row is None:
            raise _not_ours(ping)
        comment = keeping.store(row, mention, site)
        _write(row, state=State.TAKEN, comment=comment, removal=None, reason="")


def _settle(ping: IncomingPing, error: PingRefused | Refused) -> None:
    """Refuse it; of what is here already, only what has gone is removed.

    A page that can't be read today has not gone.
    """
    with transaction.atomic():
        row = _held(ping)
        if row is None:
            return
        row.comment = keeping.response_to(row)
        if isinstance(error, NoLink):
            keeping.remove(row, wording.PAGE_LINKS_NO_MORE.said())
        elif isinstance(error, _Gone):
            keeping.remove(row, wording.PAGE_ANSWERS.said(status=error.answered))
        is_gone = isinstance(error, NoLink | _Gone) or row.removal is not None
        state = State.GONE if is_gone else State.TAKEN
        if row.comment is None:
            state = State.REFUSED
        kept = {"comment": row.comment, "removal": row.removal}
        _write(row, state=state, reason=error.message, **kept)


def _put_off(ping: IncomingPing, error: _Later) -> datetime | None:
    if ping.attempts >= len(BACK_OFF_MINUTES):
        _settle(ping, error)
        return None
    wait = timedelta(minutes=BACK_OFF_MINUTES[ping.attempts])
    due_at = timezone.now() + max(wait, min(error.after or wait, MAX_RETRY_AFTER))
    outcome = {"due_at": due_at, "attempts": ping.attempts + 1}
    _rows(ping).update(**_RELEASED, **outcome, reason=error.message)
    return due_at


def _write(row: IncomingPing, **outcome: object) -> None:
    """Write what came of it and let go of the row, which is held.

    Where it was asked for again since it was claimed, it is looked at once more.
    """
    now = timezone.now()
    if row.claimed_at and row.asked_at > row.claimed_at:
        outcome |= {"state": State.WAITING, "due_at": now, "attempts": 0}
        tasks.verify_ping.enqueue(row.pk)
    _rows(row).update(**_RELEASED, looked_at=now, **outcome)


def _held(ping: IncomingPing) -> IncomingPing | None:
    """The row as it is by now, kept from others; None where it is not ours any more.

    Of two that took it, the later one finds it changed. Held before any comment and
    any post is locked, by everybody who holds one.
    """
    rows = _rows(ping).select_related("post", "comment")
    return rows.select_for_update(of=["self"]).first()


def _not_ours(ping: IncomingPing) -> PingRefused:
    if IncomingPing.objects.filter(pk=ping.pk).exists():
        return AlreadyRegistered(gettext("This page is being looked at already."))
    return TargetUnknown(gettext("There is nothing at that address any more."))


def _rows(ping: IncomingPing) -> QuerySet[IncomingPing]:
    return IncomingPing.objects.filter(pk=ping.pk, claimed_by=ping.claimed_by)
