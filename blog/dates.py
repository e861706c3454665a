"""Dates as they come in addresses."""

from calendar import monthrange
from datetime import date

from django.http import Http404


def day_or_404(year: int, month: int, day: int) -> date:
    """The date; Http404 for one that never was, such as 30 February."""
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Http404("There is no such date.") from error


def last_of_month(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])
