"""Dates of posts as lists ask for them."""

from typing import Any

from django.db.models import DateField, Func
from django.db.models.functions import Coalesce

# What has no date yet stands where it was last worked on.
LAST_DATE = Coalesce("published_at", "updated_at")


class FirstOfMonth(Func):
    """The first day of a date's month, computed by the database itself.

    Django's TruncMonth is a Python function on SQLite: a hundred times slower.
    """

    output_field = DateField()
    template = "DATE(%(expressions)s, 'start of month')"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = (
            "CAST(DATE_TRUNC('month', CAST(%(expressions)s AS timestamp)) AS date)"
        )
        return self.as_sql(compiler, connection, template=template, **context)
