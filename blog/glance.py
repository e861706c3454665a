"""The whole blog at a glance: how much was published in each year and month."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpRequest

from blog import stretches, tallies
from blog.dates import month_number

CHART_HEIGHT = 40
# So that a bar of one post can be seen beside one of a thousand.
MIN_BAR = 1
# A date somebody mistyped by a thousand years makes no chart of a thousand years.
MAX_CHART_YEARS = 100


@dataclass(frozen=True)
class Month:
    first: date
    count: int


@dataclass(frozen=True)
class Year:
    number: int
    months: list[Month]

    @property
    def count(self) -> int:
        return sum(month.count for month in self.months)


@dataclass(frozen=True)
class Chart:
    """A bar for each month, from January of the first year to December of the last.

    `bars` is what an SVG path says, a month one unit wide.
    """

    first: int
    last: int
    bars: str
    width: int
    height: int = CHART_HEIGHT


def years(request: HttpRequest) -> list[Year]:
    """The years and months that have public posts, newest first."""
    months = newest_months(request)
    return [
        Year(number, list(group))
        for number, group in groupby(months, lambda month: month.first.year)
    ]


def newest_months(request: HttpRequest) -> list[Month]:
    counts = stretches.of(request).of(tallies.MONTHS)
    first_days = sorted((day for day in counts if day), reverse=True)
    return [Month(day, counts[day]) for day in first_days]


def chart(shown: list[Year]) -> Chart | None:
    """The years as a plot; None where one would say nothing. No query."""
    months = [month for year in shown for month in year.months]
    if len(months) < 2:
        return None
    first, last = shown[-1].number, shown[0].number
    if last - first >= MAX_CHART_YEARS:
        return None
    start = month_number(date(first, 1, 1))
    most = max(month.count for month in months)
    bars = [_bar(month_number(m.first) - start, m.count / most) for m in months]
    return Chart(first, last, "".join(reversed(bars)), 12 * (last - first + 1))


def _bar(at: int, share: float) -> str:
    height = max(round(share * CHART_HEIGHT, 1), MIN_BAR)
    return f"M{at}.1 {CHART_HEIGHT}v-{height:g}h.8v{height:g}z"
