"""What this blog's own exports say of a record beyond WordPress's elements.

It comes from a file, so it is believed as far as it is of the kind a record holds.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from blog import xml_text
from blog.transfer.records import (
    MediaRecord,
    PostRecord,
    ResponseRecord,
    fitting_guid,
)
from blog.transfer.wxr_fields import on_all_clocks

Record = TypeVar("Record", PostRecord, ResponseRecord, MediaRecord)

# The one name in the metadata.
KEY = "_quillback"
_KINDS = frozenset(["comment", "pingback", "trackback", "webmention"])
_STATES = frozenset(["approved", "pending", "spam", "trash"])
_FORMATS = frozenset(["html", "markdown"])


def _text(value: Any) -> str | None:
    return xml_text.allowed(value) if isinstance(value, str) else None


def _guid(value: Any) -> str | None:
    text = _text(value)
    return fitting_guid(text) if text else None


def _texts(value: Any) -> list[str] | None:
    is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return list(map(xml_text.allowed, value)) if is_list else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Any) -> int | None:
    return value if type(value) is int and value > 0 else None


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return on_all_clocks(found) if found.tzinfo else None


def _one_of(names: frozenset[str]) -> Callable[[Any], str | None]:
    return lambda value: value if isinstance(value, str) and value in names else None


_OF_POST: dict[str, Callable[[Any], Any]] = {
    "published_at": _moment,
    "updated_at": _moment,
    "date_is_estimated": _flag,
    "language": _text,
    "meta_title": _text,
    "meta_description": _text,
    "addresses": _texts,
}
_OF_RESPONSE: dict[str, Callable[[Any], Any]] = {
    "guid": _guid,
    "text": _text,
    "created_at": _moment,
    "kind": _one_of(_KINDS),
    "number": _number,
    "state": _one_of(_STATES),
    "author": _text,
    "author_name": _text,
    "author_email": _text,
    "author_url": _text,
    "ip_address": _text,
    "user_agent": _text,
    "date_is_estimated": _flag,
    "source_site": _text,
    "source_title": _text,
    "source_url": _text,
    "categories": _texts,
    "text_format": _one_of(_FORMATS),
}
# What an empty value is, which the writer leaves out.
_EMPTY_RESPONSE = {
    "number": None,
    "author_name": "",
    "author_url": "",
    "source_site": "",
    "source_title": "",
    "source_url": "",
    "date_is_estimated": False,
}
_OF_MEDIA: dict[str, Callable[[Any], Any]] = {"created_at": _moment}


def of_post(record: PostRecord, said: str) -> PostRecord:
    empty = {"published_at": None, "date_is_estimated": False}
    return _with(record, said, _OF_POST, empty)


def of_response(record: ResponseRecord, said: str) -> ResponseRecord:
    return _with(record, said, _OF_RESPONSE, _EMPTY_RESPONSE)


def of_media(record: MediaRecord, said: str) -> MediaRecord:
    return _with(record, said, _OF_MEDIA, {})


def _with(
    record: Record,
    said: str,
    readers: dict[str, Callable[[Any], Any]],
    empty: dict[str, Any],
) -> Record:
    """The record with what `said`, JSON, tells of it; as it is where that is none."""
    try:
        told = json.loads(said)
    except (ValueError, RecursionError):
        return record
    if not isinstance(told, dict):
        return record
    found = {
        name: value
        for name, read in readers.items()
        if name in told and (value := read(told[name])) is not None
    }
    return replace(record, **empty | found)
