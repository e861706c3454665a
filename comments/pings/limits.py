"""How much of other people's time, and of ours, strangers may spend by pinging.

Every ping makes this server fetch a page: without limits it would be a hose that
anybody can point at somebody else.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from comments.models.ping import IncomingPing
from comments.pings.refusals import QueueFull, TooManyPings

WINDOW = timedelta(hours=1)
# A blog's server that tells of a long list of links; services that send for many.
MAX_FROM_ADDRESS_AN_HOUR = 120
# One visit a minute is nothing to any host, whoever it was that sent us there.
MAX_ABOUT_HOST_AN_HOUR = 60
# A page that is corrected all day long.
MAX_OF_PAIR_A_DAY = 10
PAIR_WINDOW = timedelta(days=1)
# About ten minutes for one worker, as pages answer; an hour and a half at the worst.
MAX_WAITING = 500
QUEUE_RETRY = timedelta(minutes=15)
# What one customer of a provider has to himself.
IPV6_PREFIX_LENGTH = 64


def check(address: str | None, host: str, known: IncomingPing | None) -> None:
    """Raise TooManyPings or QueueFull where one more would be too much.

    `address` as `sender` gives it, `known` is the row of the pair if there is one.
    Three queries, each on an index.
    """
    now = timezone.now()
    if known and times_asked(known, now) >= MAX_OF_PAIR_A_DAY:
        raise _too_many(
            gettext("This page was looked at %(limit)s times within a day.")
            % {"limit": MAX_OF_PAIR_A_DAY},
            known.counted_at + PAIR_WINDOW - now,
        )
    if address and _asked(now, ip_address=address) >= MAX_FROM_ADDRESS_AN_HOUR:
        raise _too_many(
            gettext("More than %(limit)s pings came from your address within an hour.")
            % {"limit": MAX_FROM_ADDRESS_AN_HOUR},
            WINDOW,
        )
    if _asked(now, source_host=host) >= MAX_ABOUT_HOST_AN_HOUR:
        raise _too_many(
            gettext(
                "More than %(limit)s pages of %(host)s were looked at within an hour."
            )
            % {"limit": MAX_ABOUT_HOST_AN_HOUR, "host": host},
            WINDOW,
        )
    waiting = IncomingPing.objects.filter(state=IncomingPing.State.WAITING).order_by()
    if waiting[:MAX_WAITING].count() >= MAX_WAITING:
        raise QueueFull(
            gettext(
                "Too many pages wait to be looked at. Please send it again %(when)s."
            )
            % {"when": _in_words(QUEUE_RETRY)},
            int(QUEUE_RETRY.total_seconds()),
        )


def sender(address: str | None) -> str | None:
    """Who is counted as one: an IPv4 address, or the /64 an IPv6 one lies in."""
    if address is None:
        return None
    found = ip_address(address)
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        network = ip_network((found, IPV6_PREFIX_LENGTH), strict=False)
        return str(network.network_address)
    return address


def times_asked(ping: IncomingPing, now: datetime) -> int:
    """How often this pair was asked for in the day that is being counted."""
    return 0 if now - ping.counted_at >= PAIR_WINDOW else ping.asked_count


def _asked(now: datetime, **about: str) -> int:
    """How many visits were asked for; those for one pair, over its day."""
    rows = IncomingPing.objects.filter(asked_at__gt=now - WINDOW, **about)
    return rows.order_by().aggregate(count=Sum("asked_count"))["count"] or 0


def _too_many(reason: str, wait: timedelta) -> TooManyPings:
    return TooManyPings(
        gettext("%(reason)s Please send it again %(when)s.")
        % {"reason": reason, "when": _in_words(wait)},
        max(1, int(wait.total_seconds())),
    )


def _in_words(wait: timedelta) -> str:
    minutes = max(1, round(wait.total_seconds() / 60))
    if minutes < 60:
        words = ngettext("in a minute", "in %(count)s minutes", minutes)
        return words % {"count": minutes}
    hours = round(minutes / 60)
    return ngettext("in an hour", "in %(count)s hours", hours) % {"count": hours}
