"""Dates as they come in addresses, and months to count with."""

from calendar import monthrange
from datetime import date, datetime

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext


def day_or_404(year: int, month: int, day: int) -> date:
    """The date; Http404 for one that never was, such as 30 February."""
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Http404(gettext("There is no such date.")) from error


def last_of_month(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def month_number(day: date) -> int:
    """Months since year 0, so that one can count with them."""
    return day.year * 12 + day.month - 1


def first_of_month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def moment_of(day: date) -> datetime:
    """When it begins, by the blog's clock."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001
