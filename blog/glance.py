"""The whole blog at a glance: how much was published in each year and month."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count
from django.http import HttpRequest

from blog import fragments
from blog.dates import month_number
from blog.models import Post
from blog.models.post_dates import FirstOfMonth

BYTES_A_MONTH = 250
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


def kept_years(request: HttpRequest) -> list[Year]:
    """The same as `years`, counted once in each generation of the blog."""
    kept = fragments.of(request)
    found: list[Year] | None = kept.get(years)
    if found is None:
        found = years()
        months = sum(len(year.months) for year in found)
        kept.keep(years, found, size=BYTES_A_MONTH * months)
    return found


def years() -> list[Year]:
    """The years and months that have public posts, newest first. One query."""
    rows = (
        Post.objects.published()
        .posts()
        .annotate(month=FirstOfMonth("published_on"))
        .values_list("month")
        .annotate(count=Count("pk"))
        .order_by("-month")
    )
    months = [Month(*row) for row in rows]
    return [
        Year(number, list(group))
        for number, group in groupby(months, lambda month: month.first.year)
    ]


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
