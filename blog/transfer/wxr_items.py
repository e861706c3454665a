"""An item of an export as a record: a post or page, or a file.

What an item says stands in its elements; docs/importing.md tells what becomes of each.
"""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import unquote

from blog.transfer import own_meta, wordpress_text, wxr_addresses
from blog.transfer.findings import Findings
from blog.transfer.records import EPOCH, MediaRecord, PostRecord, fitting_guid
from blog.transfer.shortcode_makers import Around
from blog.transfer.wordpress_text import Text
from blog.transfer.wxr_fields import Fields, plain
from blog.transfer.wxr_head import Names
from blog.transfer.wxr_responses import Responses

# WordPress's states, and ours.
STATUSES = {
    "publish": "published",
    "future": "published",
    "draft": "draft",
    "pending": "pending",
    "private": "private",
    "trash": "trash",
}
KINDS = {"post": "post", "page": "page", "": "post"}
_UNDATED = frozenset(["draft", "pending", "auto-draft"])


class Items:
    """Reads the items of one export, one after the other.

    `around` is what its texts may name, `home` the old blog's address, and `is_own`
    whether this blog, or another of its kind, wrote it: that is read to the letter.
    """

    def __init__(
        self, names: Names, around: Around, home: str, origin: str, *, is_own: bool
    ) -> None:
        self._names = names
        self._around = around
        self._home = home
        self._origin = origin
        self._is_own = is_own
        self._guids: set[str] = set()
        self.findings = Findings()

    def post(self, said: Fields, line: int) -> PostRecord:
        words = Fields.exact if self._is_own else Fields.words
        number = said.number("wp:post_id")
        guid = self._guid(said, number, line)
        status = said.text("wp:status") or "publish"
        moment = said.moment("wp:post_date") or said.published("pubDate")
        if status == "future" and moment is None:
            status = "draft"  # nobody knows when it was to be public
        meta = said.meta("wp:postmeta")
        below = Responses(
            said, guid, moment, self._origin, self._names.login_of, is_own=self._is_own
        )
        self.findings.add(below.noted, line)
        post = PostRecord(
            guid=guid,
            title=words(said, "title"),
            body=self._body(said, number, line),
            excerpt=words(said, "excerpt:encoded"),
            kind=KINDS[said.text("wp:post_type")],
            status=STATUSES.get(status, "draft"),
            published_at=None if status in _UNDATED else moment or EPOCH,
            date_is_estimated=status not in _UNDATED and moment is None,
            updated_at=said.moment("wp:post_modified"),
            slug=unquote(said.text("wp:post_name")),
            author=self._names.login(said.text("dc:creator")),
            password=said.text("wp:post_password"),
            is_sticky=said.text("wp:is_sticky") == "1",
            comments_open=said.text("wp:comment_status") != "closed",
            pings_open=said.text("wp:ping_status") != "closed",
            categories=list(dict.fromkeys(self._names.terms(said, "category"))),
            tags=list(dict.fromkeys(self._names.terms(said, "post_tag", "tag"))),
            responses=below.records,
            number=number,
            parent=said.number("wp:post_parent"),
            menu_order=_signed(said.text("wp:menu_order")),
            lead_image=_positive(meta.get("_thumbnail_id", "")),
            addresses=list(dict.fromkeys(wxr_addresses.of_item(said, self._home))),
            origin=self._origin,
            line=line,
        )
        is_told = self._is_own and own_meta.KEY in meta
        return own_meta.of_post(post, meta[own_meta.KEY]) if is_told else post

    def _body(self, said: Fields, number: int | None, line: int) -> str:
        source = said.raw("content:encoded")
        if self._is_own:
            return source
        around = replace(self._around, number=number or 0)
        text: Text = wordpress_text.read(source, around)
        self.findings.add(text.noted, line)
        return text.html

    def _guid(self, said: Fields, number: int | None, line: int) -> str:
        """Verbatim; where it is missing or stands twice, one made of what there is."""
        home = self._home.rstrip("/") + "/"
        address = f"{home}?p={number}" if number else ""
        guid = said.text("guid") or said.text("link") or address
        if not guid or guid in self._guids:
            guid = f"{guid or home}#{number or f'line-{line}'}"
        self._guids.add(guid)
        return fitting_guid(guid)


def media(said: Fields, *, is_own: bool) -> MediaRecord:
    words = Fields.exact if is_own else Fields.words
    meta = said.meta("wp:postmeta")
    alt = meta.get("_wp_attachment_image_alt", "")
    url = said.text("wp:attachment_url") or said.text("guid")
    record = MediaRecord(
        guid=said.text("guid") or url,
        url=url,
        title=words(said, "title"),
        alt=unescape(alt) if is_own else plain(alt),
        caption=words(said, "excerpt:encoded"),
        created_at=said.moment("wp:post_date"),
        number=said.number("wp:post_id"),
        link=said.text("link"),
        author=said.text("dc:creator"),
        parent=said.number("wp:post_parent"),
    )
    return own_meta.of_media(record, meta.get(own_meta.KEY, ""))


def _signed(text: str) -> int:
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else 0


def _positive(text: str) -> int | None:
    return int(text) or None if re.fullmatch(r"\s*[0-9]{1,18}\s*", text) else None
