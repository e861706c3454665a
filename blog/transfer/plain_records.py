"""Records as plain data, names and values, and back: for formats people can read.

What comes back is from a file: it is believed as far as it is of the kind a record
holds.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime
from typing import Any

from blog.transfer import told_values

_NUMBER = re.compile(r"-?[0-9]{1,18}")


def plain(record: Any, leave_out: frozenset[str]) -> dict[str, Any]:
    """What a record says beyond what it says where nothing is told."""
    said = {one.name: getattr(record, one.name) for one in fields(record)}
    return {
        one.name: said[one.name]
        for one in fields(record)
        if one.name not in leave_out and said[one.name] != _default(one)
    }


def _default(one: Field[Any]) -> Any:
    if one.default_factory is not MISSING:
        return one.default_factory()
    return None if one.default is MISSING else one.default


def fields_of(kind: type, said: Mapping[str, Any]) -> dict[str, Any]:
    """Of what is `said` all that a record of this kind has a field for."""
    found = {}
    for one in fields(kind):
        read = _READERS.get(one.type)
        value = read(said[one.name]) if read and one.name in said else None
        if value is not None:
            found[one.name] = value
    return found


def _flag(value: Any) -> bool | None:
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


def _number(value: Any) -> int | None:
    is_number = isinstance(value, str) and _NUMBER.fullmatch(value)
    return int(value) if is_number else None


_READERS: dict[Any, Callable[[Any], Any]] = {
    str: told_values.text,
    bool: _flag,
    int: _number,
    int | None: _number,
    datetime: told_values.moment,
    datetime | None: told_values.moment,
    str | None: told_values.text,
    list[str]: told_values.texts,
}
