"""Dates as heads of texts tell them."""

from datetime import UTC

import pytest

from blog.transfer import told_dates


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2006-11-30 10:00:00 +0100", "2006-11-30T09:00:00+00:00"),
        ("2006-11-30T10:00:00.5Z", "2006-11-30T10:00:00.500000+00:00"),
        ("2006-11-30 10:00 Europe/Berlin", "2006-11-30T09:00:00+00:00"),
        ("30 Nov 2006 3:04 pm", "2006-11-30T15:04:00+00:00"),
        ("November 30th, 2006", "2006-11-30T12:00:00+00:00"),
        ("Thu, 30 Nov 2006 10:00:00 -0500", "2006-11-30T15:00:00+00:00"),
        ("2006/11/30", "2006-11-30T12:00:00+00:00"),
        ("2006-02-30", None),
        ("9999-12-31 23:59 -1400", None),
        ("0001-01-01", None),
        ("yesterday", None),
        ("2006-11-30 25:00", None),
    ],
)
def test_dates_of_any_shape(told, moment):
    found = told_dates.read(told)
    assert (found and found.at.astimezone(UTC).isoformat()) == moment
