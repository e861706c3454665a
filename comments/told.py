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


class ResponseTexts(NamedTuple):
    """What `_response.html` may print; of one that is gone little."""

    key: str
    address: str = ""
    label: str = ""
    avatar_url: str = ""
    writer: str = ""
    writer_url: str = ""
    # For machines, and for people.
    said_at: str = ""
    said_on: str = ""
    edited_on: str = ""
    answered_address: str = ""
    answered_writer: str = ""
    reply_address: str = ""
    # `12 more answers`, and where.
    more: str = ""
    more_address: str = ""


class ResponseHTML(NamedTuple):
    content: str
    # What stands below, for one visitor.
    own_links: str = ""
    form: str = ""


class PingKind(NamedTuple):
    """What `_ping.html` may compute with."""

    kind_label: str
    microformat: str
    # `liked this`, where that is all somebody did.
    gesture: str


class PingTexts(NamedTuple):
    """What `_ping.html` may print."""

    anchor: str
    address: str
    label: str
    gesturer: str
    writer: str
    writer_url: str
    source_url: str
    source_name: str
    source_title: str
    source_place: str
    said_at: str
    said_on: str
    categories: str


class PingHTML(NamedTuple):
    content: str


class Teller:
    """Of the responses of one page. What is the same in all of it is asked for once."""

    def __init__(self, below: Below, *, takes_answers: bool) -> None:
        self._below = below
        self._takes_answers = takes_answers
        self._zone = timezone.get_current_timezone()
        self._labels = {kind.value: str(kind.label) for kind in Comment.Kind}
        self._more_words = {0: ""}

    @cached_property
    def _moments(self) -> Written:
        return Written("DATETIME_FORMAT")

    @cached_property
    def _days(self) -> Written:
        return Written("DATE_FORMAT")

    def of_response(self, response: Response) -> Thing:
        """For `_response.html`."""
        row, answered = response.row, response.answered
        is_visible = response.is_visible
        kind = ResponseKind(
            row.level,
            min(row.level, MAX_INDENT),
            self._labels[row.kind],
            response.is_ping,
            is_visible,
            response.is_held,
            response.is_by_post_author,
            response.is_by_verified_reader,
            not is_visible and response.is_withdrawn,
            answered is not None and not answered.is_visible,
        )
        texts = self._texts(response) if is_visible else self._texts_of_gone(response)
        return Thing(kind, texts, self._html(response))

    def _texts(self, response: Response) -> ResponseTexts:
        """In the order of its fields: by their names it takes three times as long."""
        row, answered = response.row, response.answered
        said_at, said_on = self._when(response.created_at, self._moments)
        takes_answers = self._takes_answers and response.can_be_replied_to
        return ResponseTexts(
            str(row.pk),
            response.address,
            str(response.number or ""),
            response.avatar_url,
            row.writer,
            row.author_url,
            said_at,
            said_on,
            self._when(row.edited_at, self._moments)[1] if row.edited_at else "",
            answered.address if answered else "",
            answered.writer if answered else "",
            response.reply_address if takes_answers else "",
            self._more(response.more_count),
            response.more_address,
        )

    def _texts_of_gone(self, response: Response) -> ResponseTexts:
        return ResponseTexts(
            str(response.pk),
            more=self._more(response.more_count),
            more_address=response.more_address,
        )

    def _html(self, response: Response) -> ResponseHTML:
        content = response.row.body_html if response.is_visible else ""
        below = self._below.get(response.row.pk)
        return ResponseHTML(content, **below) if below else ResponseHTML(content)

    def _more(self, count: int) -> str:
        """`12 more answers`; empty where there are none."""
        if count not in self._more_words:
            words = ngettext("%(count)s more answer", "%(count)s more answers", count)
            self._more_words[count] = words % {"count": count}
        return self._more_words[count]

    def of_ping(self, ping: Response) -> Thing:
        """For `_ping.html`."""
        kind = PingKind(self._labels[ping.row.kind], ping.microformat, ping.gesture)
        said_at, said_on = self._when(ping.created_at, self._days)
        place = ping.source_place
        texts = PingTexts(
            anchor=ping.anchor,
            address=ping.address,
            label=str(ping.number or ""),
            gesturer=ping.gesturer if kind.gesture else "",
            writer=ping.writer,
            writer_url=ping.writer_url,
            source_url=ping.row.source_url,
            source_name=ping.source_name,
            source_title=ping.row.source_title,
            source_place=place if place != ping.writer else "",
            said_at=said_at,
            said_on=said_on,
            categories=gettext(", ").join(ping.source_categories),
        )
        return Thing(kind, texts, PingHTML(ping.row.body_html))

    def _when(self, moment: datetime | None, written: Written) -> tuple[str, str]:
        """For machines, to the second, as HTML has it; and for people."""
        if moment is None:
            return "", ""
        local = moment.astimezone(self._zone)
        return local.isoformat(timespec="seconds"), written.of(local)
