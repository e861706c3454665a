"""What was said below an item of an export: comments, pingbacks, trackbacks."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256

from blog.transfer import own_meta, smileys
from blog.transfer.records import EPOCH, ResponseRecord, fitting_guid
from blog.transfer.wxr_fields import Fields, plain

STATES = {
    "1": "approved",
    "approved": "approved",
    "0": "pending",
    "hold": "pending",
    "spam": "spam",
    "trash": "trash",
    "post-trashed": "trash",
}
KINDS = {
    "": "comment",
    "comment": "comment",
    "pingback": "pingback",
    "trackback": "trackback",
    "webmention": "webmention",
}
# “Title « Blog”, or the other way round: how WordPress names who pings.
_PING_NAME = re.compile(r"(?P<title>.+?)\s*(?:«|\|)\s*(?P<site>[^«|]+)")
_OTHER_WAY = re.compile(r"(?P<site>[^»]+?)\s*»(?:\s*Blog Archive\s*»)?\s*(?P<title>.+)")
_TRACKBACK_TITLE = re.compile(r"\s*<strong>(.*?)</strong>\s*", re.DOTALL)


class Responses:
    """Those below one item, each behind what it answers; `noted` tells of the others."""

    def __init__(
        self,
        said: Fields,
        post_guid: str,
        posted_at: datetime | None,
        origin: str,
        login_of: Mapping[int, str],
        *,
        is_own: bool,
    ) -> None:
        self._post_guid = post_guid
        self._origin = origin
        self._login_of = login_of
        self._posted_at = posted_at
        self._is_own = is_own
        self.noted: Counter[str] = Counter()
        self.records = list(self._read(said.parts("wp:comment")))

    def _read(self, parts: Iterable[Fields]) -> Iterator[ResponseRecord]:
        found: dict[int, ResponseRecord] = {}
        parent_of: dict[int, int] = {}
        for place, said in enumerate(parts, start=1):
            kind = KINDS.get(said.text("wp:comment_type"))
            if kind is None:
                name = said.text("wp:comment_type")
                self.noted[f"a comment of the kind “{name}” was left out"] += 1
                continue
            # Numbers that are missing or stand twice: one of our own, which none has.
            number = said.number("wp:comment_id") or -place
            if number in found:
                number = -place
            found[number] = self._record(said, number, kind)
            parent_of[number] = said.number("wp:comment_parent") or 0
        return self._in_order(found, parent_of)

    def _in_order(
        self, found: dict[int, ResponseRecord], parent_of: dict[int, int]
    ) -> Iterator[ResponseRecord]:
        """Each behind its parent, else as they stood; a circle is cut at its first."""
        given: set[int] = set()
        for number in found:
            branch: dict[int, None] = {}
            above = number
            while above in found and above not in given and above not in branch:
                branch[above] = None
                above = parent_of[above]
            if above and above not in found:
                self.noted[
                    "a response answers what is not there: now the post itself"
                ] += 1
            for child in reversed(branch):
                parent = found.get(parent_of[child])
                is_given = parent_of[child] in given
                found[child].parent = parent.guid if parent and is_given else None
                given.add(child)
                yield found[child]

    def _record(self, said: Fields, number: int, kind: str) -> ResponseRecord:
        created_at = said.moment("wp:comment_date")
        name = said.words("wp:comment_author")
        record = ResponseRecord(
            guid=self._guid(said, number),
            number=number if number > 0 else None,
            text=self._text(said),
            created_at=created_at or self._posted_at or EPOCH,
            date_is_estimated=created_at is None,
            kind=kind,
            state=STATES.get(said.text("wp:comment_approved"), "pending"),
            author=self._login_of.get(said.number("wp:comment_user_id") or 0, ""),
            author_name=name,
            author_email=_email(said.text("wp:comment_author_email")),
            author_url=said.text("wp:comment_author_url"),
            ip_address=said.text("wp:comment_author_IP"),
            user_agent=said.text("wp:comment_agent"),
            origin=self._origin,
        )
        if kind != "comment":
            _as_ping(record)
        meta = said.meta("wp:commentmeta")
        told = meta.get(own_meta.KEY)
        return own_meta.of_response(record, told) if told else record

    def _text(self, said: Fields) -> str:
        text = said.raw("wp:comment_content")
        return text if self._is_own else smileys.as_characters(text)

    def _guid(self, said: Fields, number: int) -> str:
        """With the post's: real exports have the same number below several posts."""
        if number > 0:
            return fitting_guid(f"{self._post_guid}#comment-{number}")
        told = (said.raw("wp:comment_content"), said.text("wp:comment_date"))
        digest = sha256("\0".join((*told, str(number))).encode()).hexdigest()[:16]
        return fitting_guid(f"{self._post_guid}#comment-{digest}")


def _email(text: str) -> str:
    """WordPress notes `pinged` there for some of its pings."""
    return text if "@" in text else ""


def _as_ping(record: ResponseRecord) -> None:
    """Names the page and the blog it came from, which WordPress keeps in one line."""
    named = _PING_NAME.fullmatch(record.author_name) or _OTHER_WAY.fullmatch(
        record.author_name
    )
    record.source_url = record.author_url
    record.source_title = named["title"] if named else record.author_name
    record.source_site = named["site"] if named else ""
    if record.kind == "trackback" and (title := _TRACKBACK_TITLE.match(record.text)):
        record.source_title = plain(title[1]) or record.source_title
        record.text = record.text[title.end() :]
