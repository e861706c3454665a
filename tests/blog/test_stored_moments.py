"""A moment is read from SQLite as it was stored, by our connection as by Django's."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.db.backends.sqlite3.operations import DatabaseOperations
from django.db.models import DateTimeField, F
from hypothesis import given
from hypothesis import strategies as st

from blog.sqlite3.base import DatabaseWrapper, Operations

own = DatabaseWrapper(connection.settings_dict | {"TIME_ZONE": None, "NAME": ""})
FIELD = F("published_at")
FIELD.output_field = DateTimeField()


def read(operations, text):
    return operations(own).convert_datetimefield_value(text, FIELD, own)


@given(st.datetimes(timezones=st.just(UTC)))
def test_each_is_what_it_was(moment):
    text = own.ops.adapt_datetimefield_value(moment)
    assert read(Operations, text) == moment
    assert read(Operations, text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        None,
        "2026-11-22",
        "2026-11-22 16:30",
        "2026-11-22 16:30:05.1",
        "2026-11-22 16:30:05+02:00",
        "2026-11-22 16:30:05Z",
        "2026-11-22 16:30:05 +0200",
        datetime(2026, 11, 22, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_what_others_wrote_is_read_as_by_django(text):
    assert read(Operations, text) == read(DatabaseOperations, text)
