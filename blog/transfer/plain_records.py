"""Records as plain data, names and values, and back: for formats people can read.

What comes back is from a file: it is believed as far as it is of the kind a record
holds.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime
from typing import Any

from blog import xml_text
from blog.transfer.wxr_fields import on_all_clocks

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


def _text(value: Any) -> str | None:
    return xml_text.allowed(value) if isinstance(value, str) else None


def _flag(value: Any) -> bool | None:
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


def _number(value: Any) -> int | None:
    is_number = isinstance(value, str) and _NUMBER.fullmatch(value)
    return int(value) if is_number else None


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return on_all_clocks(found) if found.tzinfo else None


def _texts(value: Any) -> list[str] | None:
    is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return list(map(xml_text.allowed, value)) if is_list else None


_READERS: dict[Any, Callable[[Any], Any]] = {
    str: _text,
    bool: _flag,
    int: _number,
    int | None: _number,
    datetime: _moment,
    datetime | None: _moment,
    str | None: _text,
    list[str]: _texts,
}
