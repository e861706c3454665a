"""How a fixture is read: as Django's JSON, with the numbers rows had elsewhere.

Named in `SERIALIZATION_MODULES`, as the format "json". A row may say `"number": 12`
beside its `fields`; Django itself would read past it.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.core.serializers import json as json_format
from django.core.serializers.base import DeserializationError, DeserializedObject

from blog.transfer.numbers import MAX_NUMBER

Serializer = json_format.Serializer


class Deserializer(json_format.Deserializer):
    """Each object comes with what `numbers_of` tells of it."""

    def __init__(self, stream_or_string: Any, **options: Any) -> None:
        super().__init__(stream_or_string, **options)
        self._highest: dict[Any, int] = defaultdict(int)
        rows: Any = self.stream
        for row in rows:
            number = _number(row)
            if number and number <= MAX_NUMBER:
                model = row.get("model")
                self._highest[model] = max(self._highest[model], number)

    def _handle_object(self, obj: Any) -> Iterator[DeserializedObject]:
        for each in super()._handle_object(obj):  # type: ignore[misc]
            each.number, each.highest = _number(obj), self._highest[obj["model"]]
            yield each


def numbers_of(obj: DeserializedObject) -> tuple[int | None, int]:
    """The number its row had elsewhere, and the highest one of such a row."""
    return getattr(obj, "number", None), getattr(obj, "highest", 0)


def _number(row: Any) -> int | None:
    """Raises DeserializationError where it is none."""
    number = row.get("number") if isinstance(row, dict) else None
    if number is not None and (type(number) is not int or number < 1):
        raise DeserializationError(f"“{number}” is not the number of a row.")
    return number
