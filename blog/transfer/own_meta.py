"""What this blog's own exports say of a record beyond WordPress's elements.

It comes from a file, so it is believed as far as it is of the kind a record holds.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from blog.transfer import told_values
from blog.transfer.records import (
    CategoryRecord,
    MediaRecord,
    PostRecord,
    ResponseRecord,
    TagRecord,
    UserRecord,
    fitting_guid,
)

Term = TypeVar("Term", UserRecord, CategoryRecord, TagRecord)
Record = TypeVar(
    "Record",
    PostRecord,
    ResponseRecord,
    MediaRecord,
    UserRecord,
    CategoryRecord,
    TagRecord,
)

# The one name in the metadata.
KEY = "_quillback"
_KINDS = frozenset(["comment", "pingback", "trackback", "webmention"])
_STATES = frozenset(["approved", "pending", "spam", "trash"])
_FORMATS = frozenset(["html", "markdown"])


def _guid(value: Any) -> str | None:
    text = told_values.text(value)
    return fitting_guid(text) if text else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Any) -> int | None:
    return value if type(value) is int and value > 0 else None


def _one_of(names: frozenset[str]) -> Callable[[Any], str | None]:
    return lambda value: value if isinstance(value, str) and value in names else None


_OF_POST: dict[str, Callable[[Any], Any]] = {
    "published_at": told_values.moment,
    "updated_at": told_values.moment,
    "date_is_estimated": _flag,
    "language": told_values.text,
    "meta_title": told_values.text,
    "meta_description": told_values.text,
    "addresses": told_values.texts,
}
_OF_RESPONSE: dict[str, Callable[[Any], Any]] = {
    "guid": _guid,
    "text": told_values.text,
    "created_at": told_values.moment,
    "kind": _one_of(_KINDS),
    "number": _number,
    "state": _one_of(_STATES),
    "author": told_values.text,
    "author_name": told_values.text,
    "author_email": told_values.text,
    "author_url": told_values.text,
    "ip_address": told_values.text,
    "user_agent": told_values.text,
    "date_is_estimated": _flag,
    "source_site": told_values.text,
    "source_title": told_values.text,
    "source_url": told_values.text,
    "categories": told_values.texts,
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
_OF_MEDIA: dict[str, Callable[[Any], Any]] = {"created_at": told_values.moment}


_OF_TERM: dict[str, Callable[[Any], Any]] = {"addresses": told_values.texts}
_OF_USER = _OF_TERM | {"slug": told_values.text}


def of_term(record: Term, said: str) -> Term:
    """A person, a category or a tag: what number it had in the file means nothing."""
    readers = _OF_USER if isinstance(record, UserRecord) else _OF_TERM
    return _with(replace(record, addresses=[]), said, readers, {})


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
