"""Many rows in one parameter, as JSON: one for each value takes longer than its row."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL


def among(pks: Iterable[int]) -> RawSQL:
    """For an `__in`: any number of keys."""
    return _values(list(pks), "bigint")


def among_words(words: Iterable[str]) -> RawSQL:
    return _values(list(words), "text")


def _values(values: list[Any], type: str) -> RawSQL:
    if connection.vendor == "postgresql":
        sql = f"SELECT json_array_elements_text(%s::json)::{type}"
    else:
        sql = "SELECT value FROM json_each(%s)"
    return RawSQL(sql, [json.dumps(values)])  # noqa: S611


def selected(*types: str) -> str:
    """The SELECT of rows that its one parameter has, lists of values of these types."""
    if connection.vendor == "postgresql":
        values = [f"(row->>{place})::{type}" for place, type in enumerate(types)]
        return f"SELECT {', '.join(values)} FROM json_array_elements(%s::json) AS row"  # noqa: S608
    values = [f"json_extract(value, '$[{place}]')" for place, _ in enumerate(types)]
    # WHERE: or else SQLite takes an ON CONFLICT behind it for a join.
    return f"SELECT {', '.join(values)} FROM json_each(%s) WHERE true"  # noqa: S608
