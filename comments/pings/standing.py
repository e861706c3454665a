"""What became of a ping, in a sentence: for the lists, and beside the post."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from blog.moments import ago
from comments import wording
from comments.models import IncomingPing, OutgoingPing
from comments.models.ping import CLAIM_MINUTES, Errand


def of_sent(ping: OutgoingPing) -> str:
    """Ends without a full stop, unless its reason has one. No query."""
    State = OutgoingPing.State
    if ping.state == State.WAITING:
        return _waiting(ping, gettext("being sent"), gettext("waits to be sent"))
    if ping.state == State.SENT:
        return _because(_sent(ping), ping.reason)
    if ping.state == State.GIVEN_UP:
        words = ngettext(
            "given up after one attempt",
            "given up after %(count)s attempts",
            ping.attempts,
        )
        return _because(words % {"count": ping.attempts}, ping.reason)
    if ping.state == State.UNSURE:
        stopped = gettext("the worker was stopped before it had read the answer")
        return _because(gettext("sent, perhaps"), ping.reason or stopped)
    return _because(ping.get_state_display(), ping.reason)


def of_received(ping: IncomingPing) -> str:
    """Ends without a full stop, unless its reason has one. No query."""
    if ping.state == IncomingPing.State.WAITING:
        return _waiting(
            ping, gettext("being verified"), gettext("waits to be verified")
        )
    if ping.state == IncomingPing.State.GONE and ping.reason:
        return _because(gettext("removed"), ping.reason)
    if ping.state == IncomingPing.State.TAKEN and ping.looked_at and ping.reason:
        # It could not be read since; that takes nothing away.
        return _because(
            gettext("verified earlier; when it was looked at last"), ping.reason
        )
    return _because(ping.get_state_display(), ping.reason)


def is_due(ping: Errand) -> bool:
    """Whether somebody may be at it this minute, if it waits at all."""
    return ping.due_at <= timezone.now()


def _waiting(ping: Errand, is_at_it: str, waits: str) -> str:
    fresh = timezone.now() - timedelta(minutes=CLAIM_MINUTES)
    if ping.claimed_at and ping.claimed_at > fresh:
        return is_at_it
    if ping.attempts:
        attempt = ping.attempts + 1
        again = gettext("soon") if is_due(ping) else when(ping.due_at)
        words = gettext("will be tried again %(when)s (attempt %(number)s)")
        return _because(words % {"when": again, "number": attempt}, ping.reason)
    words = waits if is_due(ping) else f"{waits} {when(ping.due_at)}"
    return _because(words, ping.reason)


def _sent(ping: OutgoingPing) -> str:
    words = gettext("sent")
    if ping.protocol:
        words = gettext("sent as a %(protocol)s") % {"protocol": ping.protocol}
    return f"{words}, {_ago(ping.sent_at)}" if ping.sent_at else words


def _because(words: str, reason: str) -> str:
    return f"{words}: {wording.shown(reason)}" if reason else words


def _ago(moment: datetime) -> str:
    if timezone.now() - moment < timedelta(days=1):
        return ago(moment)
    return when(moment)


def date_of(moment: datetime) -> str:
    """`23 Nov 2026, 14:05`, by the blog's clock."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def when(moment: datetime) -> str:
    """`at 14:05`, or where that is not today, `on 23 Nov 2026, 14:05`."""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        time = date_format(local, "TIME_FORMAT")
        return gettext("at %(time)s") % {"time": time}
    return gettext("on %(date)s") % {"date": date_of(moment)}
