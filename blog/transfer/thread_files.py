"""What was said below a post, as a file beside it: who answers whom by how it is nested."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from blog.transfer import plain_records, yaml_text, yaml_write
from blog.transfer.records import EPOCH, ResponseRecord, fitting_guid

# Threads deeper than this go on at the left, with the guid of what they answer.
MAX_NESTING = 8
_KINDS = frozenset(["comment", "pingback", "trackback", "webmention"])
_STATES = frozenset(["approved", "pending", "spam", "trash"])
_FORMATS = frozenset(["html", "markdown"])
# Told by where it stands, or made anew from the text.
_LEFT_OUT = frozenset(["text", "parent", "rendered", "origin"])
_NOT_READ = frozenset(["parent", "rendered", "origin"])
_FIRST = ("author_name", "source_site", "source_title", "created_at")


def dumped(responses: Iterable[ResponseRecord]) -> str:
    responses = list(responses)
    known = {response.guid for response in responses}
    below: dict[str | None, list[ResponseRecord]] = {}
    for response in responses:
        parent = response.parent if response.parent in known else None
        below.setdefault(parent, []).append(response)
    return yaml_write.dumped_list(list(map(_without_empty, _nested(responses, below))))


def _nested(
    responses: list[ResponseRecord], below: dict[str | None, list[ResponseRecord]]
) -> list[dict[str, Any]]:
    """Each once, those it was answered with in its `replies`. Without recursion."""
    top: list[dict[str, Any]] = []
    # What is still to be written, with the list it belongs to and how deep that is.
    waiting = [(response, top, 0) for response in reversed(below.get(None, []))]
    # Those that answer one another in a circle stand below none.
    left = [(response, top, 0) for response in reversed(responses)]
    written: set[str] = set()
    while waiting or left:
        response, among, depth = (waiting or left).pop()
        if response.guid in written:
            continue
        written.add(response.guid)
        if depth > MAX_NESTING:
            among, depth = top, 0
        replies: list[dict[str, Any]] = []
        answers = (
            {"answers": response.parent} if among is top and response.parent else {}
        )
        among.append(_told(response) | answers | {"replies": replies})
        following = reversed(below.get(response.guid, []))
        waiting += [(answer, replies, depth + 1) for answer in following]
    return top


def _told(response: ResponseRecord) -> dict[str, Any]:
    said = plain_records.plain(response, _LEFT_OUT)
    first = {name: said.pop(name) for name in _FIRST if name in said}
    return first | {"text": response.text} | said


def _without_empty(told: dict[str, Any]) -> dict[str, Any]:
    replies = [_without_empty(one) for one in told.pop("replies")]
    return told | ({"replies": replies} if replies else {})


def read(text: str, post_guid: str, origin: str) -> list[ResponseRecord]:
    """Each behind what it answers. Raises BrokenYAML."""
    told = yaml_text.load(text)
    if told is None:
        return []
    if not isinstance(told, list):
        raise yaml_text.BrokenYAML("it is no list of responses", 1)
    return list(_read(told, None, post_guid, origin))


def _read(
    told: list[Any], parent: str | None, post_guid: str, origin: str
) -> Iterator[ResponseRecord]:
    for number, one in enumerate(told, start=1):
        if not isinstance(one, dict):
            raise yaml_text.BrokenYAML("a response is no list of names and values", 1)
        record = _record(one, f"{parent or post_guid}#{number}")
        record.parent = parent or plain_records.fields_of(
            ResponseRecord, {"parent": one.get("answers")}
        ).get("parent")
        record.origin = origin
        yield record
        replies = one.get("replies")
        if isinstance(replies, list):
            yield from _read(replies, record.guid, post_guid, origin)


def _record(said: dict[str, Any], guid: str) -> ResponseRecord:
    told = {name: value for name, value in said.items() if name not in _NOT_READ}
    found = plain_records.fields_of(ResponseRecord, told)
    for name, known in (
        ("kind", _KINDS),
        ("state", _STATES),
        ("text_format", _FORMATS),
    ):
        if found.get(name) not in known:
            found.pop(name, None)
    if said.get("state") and "state" not in found:
        found["state"] = "pending"  # told, and none of ours: somebody has to look
    is_dated = "created_at" in found
    found["guid"] = fitting_guid(found.get("guid") or guid)
    record = replace(ResponseRecord("", "", EPOCH), **found)
    if not is_dated:
        record.date_is_estimated = True
    return record
