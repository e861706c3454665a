"""When, as people and programs write it in the head of a text."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone as clock

from blog.transfer.wxr_fields import on_all_clocks

# Where only a day is told, it is this hour of the blog's own time, as for captures.
NOON = time(12)

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?P<year>\d{4})"
_DAYS = [
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}})",
        rf"(?:[A-Za-z]+,? +)?{_DAY} +{_MONTH},? +{_YEAR}",
        rf"(?:[A-Za-z]+, +)?{_MONTH} +{_DAY},? +{_YEAR}",
    )
]
_TIME = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<rest>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
)
_OFFSET = re.compile(
    r"(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?"
)
_ZONE_NAME = re.compile(r"[A-Za-z]{2,20}(?:/[A-Za-z_+-]{2,30}){0,2}")


class Told(NamedTuple):
    """`at` is aware. Where only the day was told it is noon, and `has_time` False."""

    at: datetime
    has_time: bool


def read(value: Any, zone: tzinfo | None = None) -> Told | None:
    """What a head says; None for what is no date, or none every clock can show.

    A time without a zone is of `zone`; None: the blog's own.
    """
    try:
        told = _read(value, zone or clock.get_default_timezone())
    except (ValueError, OverflowError):
        return None
    return told if told and on_all_clocks(told.at) else None


def _read(value: Any, here: tzinfo) -> Told | None:
    if isinstance(value, datetime):
        return Told(value if value.tzinfo else _at(value, here), has_time=True)
    if isinstance(value, date):
        return Told(_noon(value), has_time=False)
    if not isinstance(value, str) or len(value) > 100:
        return None
    text = " ".join(value.split())
    day = next((found for one in _DAYS if (found := one.match(text))), None)
    if day is None:
        return _of_mail(text)
    rest = text[day.end() :].lstrip(" ,T").removeprefix("at ")
    found = _TIME.match(rest)
    if not found:
        return Told(_noon(_day(day)), has_time=False)
    naive = datetime.combine(_day(day), _time(found))
    zone = zone_of(rest[found.end() :].strip(" ()"))
    return Told(naive.replace(tzinfo=zone) if zone else _at(naive, here), has_time=True)


def _day(found: re.Match[str]) -> date:
    month = found["month"]
    number = int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1
    return date(int(found["year"]), number, int(found["day"]))


def _time(found: re.Match[str]) -> time:
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"][0] in "Pp" else 0)
    parts = int(found["minute"]), int(found["second"] or 0)
    return time(hour, *parts, int((found["rest"] or "0")[:6].ljust(6, "0")))


def zone_of(text: str) -> tzinfo | None:
    """None where none is told, or nobody knows it."""
    if text in ("Z", "z", "UTC", "GMT"):
        return UTC
    if found := _OFFSET.fullmatch(text):
        minutes = int(found["hours"]) * 60 + int(found["minutes"] or 0)
        return timezone(
            timedelta(minutes=-minutes if found["sign"] == "-" else minutes)
        )
    if not _ZONE_NAME.fullmatch(text):
        return None
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, OSError):
        return None


def _of_mail(text: str) -> Told | None:
    found = parsedate_to_datetime(text)
    return Told(found if found.tzinfo else found.replace(tzinfo=UTC), has_time=True)


def _noon(day: date) -> datetime:
    """Of the blog's own time, in which the post has its address."""
    return clock.make_aware(datetime.combine(day, NOON))


def _at(naive: datetime, zone: tzinfo) -> datetime:
    return clock.make_aware(naive, zone)
