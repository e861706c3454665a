"""Moments in words."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.utils import dateformat, timezone
from django.utils.formats import get_format
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext

# A format in stretches: of the time of day alone, of the day alone, of anything. What
# is no letter, or has a backslash before it, stands for itself in each.
_ITSELF = r"\\.|[^A-Za-z\\]"
_STRETCHES = re.compile(
    rf"(?P<time>(?:{_ITSELF}|[aAfgGhHiP])+)"
    rf"|(?P<day>(?:{_ITSELF}|[bdDEFjlLmMnNotwWyYzS])+)"
    rf"|(?P<moment>(?:{_ITSELF}|[A-Za-z])+?)",
    re.DOTALL,
)


def ago(moment: datetime) -> str:
    """`3 hours ago`; within the first minute, `just now`."""
    if timezone.now() - moment < timedelta(minutes=1):
        return gettext("just now")
    return gettext("%(time)s ago") % {"time": timesince(moment, depth=1)}


class Written:
    """Moments as the filter `date` writes them, for a page that shows hundreds.

    No two are the same, but their days are, and their times of day: each of these is
    written once. By a format of the language that is on, like `DATETIME_FORMAT`.
    """

    def __init__(self, format_name: str) -> None:
        self._language = get_language() or ""
        self._stretches = [
            (match.lastgroup, match[0])
            for match in _STRETCHES.finditer(get_format(format_name))
        ]

    def of(self, local: datetime) -> str:
        """`local` is in the time zone it is to be told in."""
        return "".join(
            [
                _part(local.date(), stretch, self._language)
                if kind == "day"
                else _part(time(local.hour, local.minute), stretch, self._language)
                if kind == "time"
                else dateformat.format(local, stretch)
                for kind, stretch in self._stretches
            ]
        )


@lru_cache(maxsize=4096)
def _part(part: date | time, stretch: str, language: str) -> str:
    if isinstance(part, time):
        return dateformat.time_format(part, stretch)
    return dateformat.format(part, stretch)
