"""One thing somebody said, as the page shows it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import markup
from blog.models import Post, SiteSettings
from comments import avatars
from comments.addresses import permalink, with_query
from comments.models import Comment
from comments.owning import WITHDRAWN
from comments.pings import page_address

# Of a page without a title, so much of its address is shown.
MAX_ADDRESS_LENGTH = 80
GESTURES = {
    "like": _("liked this"),
    "repost": _("reposted this"),
    "bookmark": _("bookmarked this"),
}
MICROFORMATS = {"like": "u-like", "repost": "u-repost", "bookmark": "u-bookmark"}


class Row(NamedTuple):
    """What a page needs of a comment. Values, not objects: a thread may be long."""

    pk: int
    parent_id: int | None
    tree_id: int
    lft: int
    level: int
    kind: str
    state: str
    author_id: int | None
    author_name: str
    author__display_name: str | None
    author_email: str
    author_url: str
    body_html: str
    created_at: datetime
    date_is_estimated: bool
    edited_at: datetime | None
    source_url: str
    source_title: str
    source_site: str
    # Whom it answers, where that is not its parent.
    in_reply_to_id: int | None
    # As JSON: few pages show anything of them.
    reasons_text: str
    source_text: str

    @property
    def writer(self) -> str:
        """The name; empty where it was lost."""
        return self.author_name or self.author__display_name or ""

    @property
    def answered_pk(self) -> int | None:
        return self.in_reply_to_id or self.parent_id


# What a queryset has to be annotated with for the fields of a Row.
TEXTS = {
    "reasons_text": Cast("reasons", TextField()),
    "source_text": Cast("source_data", TextField()),
}


class Said(NamedTuple):
    """What is told of a comment that was answered and stands on another page."""

    state: str
    author_name: str
    author__display_name: str | None

    @property
    def writer(self) -> str:
        return self.author_name or self.author__display_name or ""


class Answered(NamedTuple):
    """Whom a response answers, and where that stands."""

    address: str
    # Empty where it was lost or the comment was removed.
    writer: str
    is_visible: bool


@dataclass(slots=True)
class Response:
    """A row and what follows from the page it stands on."""

    row: Row
    # Its place in the whole conversation; None for what not everybody sees.
    number: int | None
    # Its lasting address.
    address: str
    answered: Answered | None
    is_visible: bool
    is_by_post_author: bool
    # With the form below it, where there is no JavaScript.
    reply_address: str = ""
    avatar_url: str = ""
    # After the last one shown of a tree: how many more there are, and where.
    more_count: int = 0
    more_address: str = ""

    @property
    def pk(self) -> int:
        return self.row.pk

    @property
    def depth(self) -> int:
        """0 for an answer to the post itself."""
        return self.row.level

    @property
    def anchor(self) -> str:
        return f"comment-{self.row.pk}"

    @property
    def is_ping(self) -> bool:
        return self.row.kind != _COMMENT

    @property
    def writer(self) -> str:
        """The name; empty where it was lost."""
        return self.row.writer

    @property
    def writer_url(self) -> str:
        return self.row.author_url

    @property
    def content(self) -> SafeString:
        return markup.trusted(self.row.body_html)

    @property
    def created_at(self) -> datetime | None:
        """When it was said; None where nobody knows."""
        return None if self.row.date_is_estimated else self.row.created_at

    @property
    def edited_at(self) -> datetime | None:
        return self.row.edited_at

    @property
    def is_by_verified_reader(self) -> bool:
        """Whether it was written by somebody who was logged in."""
        return self.row.author_id is not None and not self.is_by_post_author

    @property
    def is_held(self) -> bool:
        return self.is_visible and self.row.state != _APPROVED

    @property
    def is_withdrawn(self) -> bool:
        """Whether its own writer took it away."""
        return json.loads(self.row.reasons_text) == [WITHDRAWN]

    @property
    def can_be_replied_to(self) -> bool:
        return self.is_visible and not self.is_held and not self.is_ping

    @property
    def source_name(self) -> str:
        """What its link says: the title, else the address as people read it."""
        if self.row.source_title:
            return self.row.source_title
        page = page_address.read(self.row.source_url)
        named = f"{page.host}{page.path}"
        short = f"{named[: MAX_ADDRESS_LENGTH - 1]}…"
        return named if len(named) <= MAX_ADDRESS_LENGTH else short

    @property
    def source_place(self) -> str:
        """The blog it stands on, or its host; empty where its link says that."""
        named = self.row.source_site, self.row.source_title
        if not any(named):
            return ""
        return named[0] or page_address.read(self.row.source_url).host

    @property
    def gesture(self) -> str:
        """`liked this`, where that is all somebody did; empty for words of theirs."""
        return str(GESTURES.get(self._source.get("type", ""), ""))

    @property
    def gesturer(self) -> str:
        return (
            self.writer or self.source_place or self.source_name or gettext("Somebody")
        )

    @property
    def microformat(self) -> str:
        """What it is to the post, in microformats2."""
        return MICROFORMATS.get(self._source.get("type", ""), "u-comment")

    @property
    def source_categories(self) -> list[str]:
        return self._source.get("categories", [])

    @property
    def _source(self) -> dict[str, Any]:
        return json.loads(self.row.source_text)


class Factory:
    """Makes the responses of one page."""

    def __init__(
        self,
        post: Post,
        site: SiteSettings,
        address: str,
        rows: Iterable[Row],
        elsewhere: Mapping[int, Said],
        own_pk: int | None,
    ) -> None:
        """`elsewhere` is what its rows answer on other pages, by key."""
        self.post = post
        self._site = site
        self._address = f"{address}#comment-"
        self._reply_address = with_query(post, replytocom="")
        self._here = {row.pk: row for row in rows}
        self._elsewhere = elsewhere
        self._own_pk = own_pk
        # A writer often says more than one thing.
        self._avatars: dict[tuple[str, str], str] = {}

    def make(self, row: Row, number: int | None) -> Response:
        is_approved = row.state == _APPROVED
        is_visible = is_approved or (
            row.pk == self._own_pk and row.state == Comment.State.PENDING
        )
        author_id = self.post.author_id
        return Response(
            row,
            number,
            f"{self._address}{row.pk}",
            self._answered(row),
            is_visible,
            author_id is not None and row.author_id == author_id,
            f"{self._reply_address}{row.pk}#respond",
            self._avatar(row) if is_visible and self._site.show_avatars else "",
        )

    def _answered(self, row: Row) -> Answered | None:
        pk = row.answered_pk
        if pk is None:
            return None
        here = self._here.get(pk)
        told = here or self._elsewhere.get(pk)
        if told is None:
            return None
        is_visible = told.state == _APPROVED
        address = f"#comment-{pk}" if here else permalink(pk)
        return Answered(address, told.writer if is_visible else "", is_visible)

    def _avatar(self, row: Row) -> str:
        who = row.author_email, row.writer
        if who not in self._avatars:
            key = avatars.key_of(*who)
            may_be_photo = self._site.use_gravatar
            self._avatars[who] = avatars.url_of(key, may_be_photo=may_be_photo)
        return self._avatars[who]


# To look them up in their enumerations takes longer than to compare them.
_APPROVED = Comment.State.APPROVED.value
_COMMENT = Comment.Kind.COMMENT.value
