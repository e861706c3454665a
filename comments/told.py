"""What the templates of the conversation are told of each response."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from blog.moments import Written
from comments.drawing import Thing
from comments.models import Comment
from comments.responses import Response

MAX_INDENT = 5
# Below a response, by its key: what else stands there, as HTML, by its name.
Below = Mapping[int, Mapping[str, SafeString]]


class ResponseKind(NamedTuple):
    """What `_response.html` may compute with."""

    # 0 for an answer to the post itself; and how far it is set in.
    depth: int
    indent: int
    kind_label: str
    is_ping: bool
    is_visible: bool
    is_held: bool
    is_by_post_author: bool
    is_by_verified_reader: bool
    # Of one that is gone: whether its own writer took it away.
    is_withdrawn: bool
    # Whether what it answers is gone.
    answers_removed: bool


class PingKind(NamedTuple):
    """What `_ping.html` may compute with."""

    kind_label: str
    microformat: str
    # `liked this`, where that is all somebody did.
    gesture: str


class Teller:
    """Of the responses of one page. What is the same in all of it is asked for once."""

    def __init__(self, below: Below, *, takes_answers: bool) -> None:
        self._below = below
        self._takes_answers = takes_answers
        self._zone = timezone.get_current_timezone()
        self._labels = {kind.value: str(kind.label) for kind in Comment.Kind}

    @cached_property
    def _moments(self) -> Written:
        return Written("DATETIME_FORMAT")

    @cached_property
    def _days(self) -> Written:
        return Written("DATE_FORMAT")

    def of_response(self, response: Response) -> Thing:
        """For `_response.html`."""
        row, answered = response.row, response.answered
        is_visible, is_ping = response.is_visible, response.is_ping
        is_held = response.is_held
        kind = ResponseKind(
            depth=row.level,
            indent=min(row.level, MAX_INDENT),
            kind_label=self._labels[row.kind],
            is_ping=is_ping,
            is_visible=is_visible,
            is_held=is_held,
            is_by_post_author=response.is_by_post_author,
            is_by_verified_reader=response.is_by_verified_reader,
            is_withdrawn=not is_visible and response.is_withdrawn,
            answers_removed=answered is not None and not answered.is_visible,
        )
        if is_visible:
            takes_answers = self._takes_answers and not (is_held or is_ping)
            texts = self._said(response, takes_answers=takes_answers)
        else:
            texts = _NOTHING | {"key": str(row.pk)}
        if response.more_count:
            texts |= _more(response)
        return Thing(kind, texts, self._html(response))

    def _said(self, response: Response, *, takes_answers: bool) -> dict[str, str]:
        row, answered = response.row, response.answered
        said_at, said_on = self._when(response.created_at, self._moments)
        edited_on = row.edited_at and self._when(row.edited_at, self._moments)[1]
        return {
            "key": str(row.pk),
            "address": response.address,
            "label": str(response.number or ""),
            "avatar_url": response.avatar_url,
            "writer": row.writer,
            "writer_url": row.author_url,
            "said_at": said_at,
            "said_on": said_on,
            "edited_on": edited_on or "",
            "answered_address": answered.address if answered else "",
            "answered_writer": answered.writer if answered else "",
            "reply_address": response.reply_address if takes_answers else "",
            "more": "",
            "more_address": "",
        }

    def _html(self, response: Response) -> dict[str, str]:
        below = self._below.get(response.row.pk, {})
        return {
            "content": response.row.body_html if response.is_visible else "",
            "own_links": below.get("own_links", ""),
            "form": below.get("form", ""),
        }

    def of_ping(self, ping: Response) -> Thing:
        """For `_ping.html`."""
        kind = PingKind(self._labels[ping.row.kind], ping.microformat, ping.gesture)
        said_at, said_on = self._when(ping.created_at, self._days)
        place = ping.source_place
        texts = {
            "anchor": ping.anchor,
            "address": ping.address,
            "label": str(ping.number or ""),
            "gesturer": ping.gesturer if kind.gesture else "",
            "writer": ping.writer,
            "writer_url": ping.writer_url,
            "source_url": ping.row.source_url,
            "source_name": ping.source_name,
            "source_title": ping.row.source_title,
            "source_place": place if place != ping.writer else "",
            "said_at": said_at,
            "said_on": said_on,
            "categories": gettext(", ").join(ping.source_categories),
        }
        return Thing(kind, texts, {"content": ping.row.body_html})

    def _when(self, moment: datetime | None, written: Written) -> tuple[str, str]:
        """For machines, to the second, as HTML has it; and for people."""
        if moment is None:
            return "", ""
        local = moment.astimezone(self._zone)
        return local.isoformat(timespec="seconds"), written.of(local)


def _more(response: Response) -> dict[str, str]:
    count = response.more_count
    words = ngettext("%(count)s more answer", "%(count)s more answers", count)
    return {"more_address": response.more_address, "more": words % {"count": count}}


# Of one that is gone.
_NOTHING = dict.fromkeys(
    (
        "key",
        "address",
        "label",
        "avatar_url",
        "writer",
        "writer_url",
        "said_at",
        "said_on",
        "edited_on",
        "answered_address",
        "answered_writer",
        "reply_address",
        "more",
        "more_address",
    ),
    "",
)
