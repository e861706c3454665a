"""Reads WordPress's own export, WXR 1.0 to 1.2.

What an item says stands in its elements; docs/importing.md tells what becomes of each.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from blog.slugs import slug_from
from blog.transfer import own_meta, wordpress_text, wxr_xml
from blog.transfer.records import (
    EPOCH,
    BlogRecord,
    CategoryRecord,
    MediaRecord,
    Note,
    PostRecord,
    ResponseRecord,
    SourceRefused,
    TagRecord,
    UserRecord,
    fitting_guid,
)
from blog.transfer.wordpress_text import Text
from blog.transfer.wxr_fields import Fields, plain
from blog.transfer.wxr_pieces import Piece, pieces
from blog.transfer.wxr_responses import Responses
from blog.transfer.wxr_write import GENERATOR

# WordPress's states, and ours.
STATUSES = {
    "publish": "published",
    "future": "published",
    "draft": "draft",
    "pending": "pending",
    "private": "private",
    "trash": "trash",
}
_KINDS = {"post": "post", "page": "page", "": "post"}
# What WordPress keeps among the posts, and nobody would miss.
_SILENT_KINDS = frozenset(["revision", "customize_changeset", "oembed_cache"])
_UNDATED = frozenset(["draft", "pending", "auto-draft"])
_IS_FILE = re.compile(r"<[\w.-]+:post_type>\s*(?:<!\[CDATA\[)?\s*attachment\b")


def recognises(source: Path) -> bool:
    """Whether it is an RSS document with a namespace of WordPress's exports."""
    if not source.is_file():
        return False
    with source.open("rb") as file:
        begin = file.read(16_384)
    return b"<rss" in begin and b"wordpress.org/export/" in begin


def read(source: Path) -> BlogRecord:
    """What the export says; its posts are read while they are asked for.

    It is walked through twice: first whole, so that a torn one is refused before
    anything is made of it. Raises SourceRefused.
    """
    return _Reader(source).blog()


class _Reader:
    def __init__(self, source: Path) -> None:
        self._source = source
        self._blog = BlogRecord()
        self._family_of: dict[str, str] = {}
        self._base = ""
        # Written by this blog, or another of its kind: read to the letter.
        self._is_own = False
        self._guids: set[str] = set()
        self._left_out: Counter[str] = Counter()
        self._unknown: dict[str, int] = {}  # by the line it was first seen in

    def blog(self) -> BlogRecord:
        first = self._survey()
        self._read_head(first)
        self._blog.posts = self._posts()
        return self._blog

    def _survey(self) -> Piece:
        """The head. Counts the items and takes down the files among them."""
        walk = pieces(self._source)
        head = next(walk)
        if "<channel" not in head.text:
            self._refuse("there is no <channel> in it", head.line)
        self._family_of = wxr_xml.families(head.text)
        count = 0
        for piece in walk:
            if _IS_FILE.search(piece.text):
                self._take_file(piece)
            else:
                count += 1
        if not count and "wxr_version" not in head.text:
            self._refuse("there is no item in it", head.line)
        self._blog.post_count = count
        return head

    def _take_file(self, piece: Piece) -> None:
        said = self._fields(piece)
        if said is not None:
            self._blog.media.append(_media(said))

    def _fields(self, piece: Piece) -> Fields | None:
        """What an item says; None where it is too broken, which is noted."""
        try:
            return Fields(wxr_xml.element(piece.text, self._family_of))
        except wxr_xml.BrokenXML as error:
            line = piece.line + error.line - 1
            self._warn(f"an item was set aside: {error.sentence}", line)
            return None

    def _read_head(self, head: Piece) -> None:
        begin = head.text.index("<channel")
        line = head.line + head.text.count("\n", 0, begin)
        try:
            text = f"{head.text[begin:]}</channel>"
            said = Fields(wxr_xml.element(text, self._family_of))
        except wxr_xml.BrokenXML as error:
            self._refuse(error.sentence, line + error.line - 1)
        self._is_own = said.text("generator") == GENERATOR
        blog = self._blog
        blog.title = said.words("title")
        blog.tagline = said.words("description")
        blog.url = said.text("wp:base_blog_url") or said.text("link")
        blog.language = said.text("language")
        blog.users = list(map(_user, said.parts("wp:author")))
        blog.categories = list(map(_category, said.parts("wp:category")))
        blog.tags = list(map(_tag, said.parts("wp:tag")))
        self._base = blog.url.rstrip("/") + "/"

    def _posts(self) -> Iterator[PostRecord]:
        walk = pieces(self._source)
        next(walk)
        for piece in walk:
            if not _IS_FILE.search(piece.text) and (post := self._post(piece)):
                yield post
        for kind, count in sorted(self._left_out.items()):
            noun = "item" if count == 1 else "items"
            self._warn(f"{count} {noun} of the kind “{kind}” left out")
        for name, line in sorted(self._unknown.items()):
            self._warn(f"{name} is not known here: it stays as it is", line)

    def _post(self, piece: Piece) -> PostRecord | None:
        said = self._fields(piece)
        if said is None:
            return None
        kind = said.text("wp:post_type")
        if kind not in _KINDS or said.text("wp:status") == "auto-draft":
            if kind not in _SILENT_KINDS:
                self._left_out[kind or "auto-draft"] += 1
            return None
        return self._record(said, piece.line)

    def _record(self, said: Fields, line: int) -> PostRecord:
        source = said.raw("content:encoded")
        text = Text(source) if self._is_own else wordpress_text.read(source)
        for name in text.unknown:
            self._unknown.setdefault(name, line)
        if text.is_cut_in_pages:
            self._warn("the pages of this post stand below one another", line)
        status = said.text("wp:status") or "publish"
        moment = said.moment("wp:post_date") or said.published("pubDate")
        meta = said.meta("wp:postmeta")
        number = said.number("wp:post_id")
        guid = self._guid(said, number, line)
        post = PostRecord(
            guid=guid,
            title=self._words(said, "title"),
            body=text.html,
            excerpt=self._words(said, "excerpt:encoded"),
            kind=_KINDS[said.text("wp:post_type")],
            status=STATUSES.get(status, "draft"),
            published_at=None if status in _UNDATED else moment or EPOCH,
            date_is_estimated=status not in _UNDATED and moment is None,
            updated_at=said.moment("wp:post_modified"),
            slug=unquote(said.text("wp:post_name")),
            author=self._login(said.text("dc:creator")),
            password=said.text("wp:post_password"),
            is_sticky=said.text("wp:is_sticky") == "1",
            comments_open=said.text("wp:comment_status") != "closed",
            pings_open=said.text("wp:ping_status") != "closed",
            categories=list(dict.fromkeys(self._terms(said, "category"))),
            tags=list(dict.fromkeys(self._terms(said, "post_tag", "tag"))),
            responses=self._responses(said, guid, moment, line),
            number=number,
            parent=said.number("wp:post_parent"),
            menu_order=_signed(said.text("wp:menu_order")),
            lead_image=_positive(meta.get("_thumbnail_id", "")),
            addresses=list(dict.fromkeys(_addresses(said, self._base))),
            origin=self._source.name,
            line=line,
        )
        is_own = self._is_own and own_meta.KEY in meta
        return own_meta.of_post(post, meta[own_meta.KEY]) if is_own else post

    def _words(self, said: Fields, name: str) -> str:
        return unescape(said.raw(name)) if self._is_own else said.words(name)

    def _login(self, login: str) -> str:
        """As it stands, known to the blog's list from now on: some exports have none."""
        if login and login not in self._logins:
            self._logins.add(login)
            self._blog.users.append(UserRecord(login))
        return login

    @cached_property
    def _login_of(self) -> dict[int, str]:
        return {user.number: user.login for user in self._blog.users if user.number}

    @cached_property
    def _logins(self) -> set[str]:
        return {user.login for user in self._blog.users}

    def _guid(self, said: Fields, number: int | None, line: int) -> str:
        """Verbatim; where it is missing or stands twice, one made of what there is."""
        address = f"{self._base}?p={number}" if number else ""
        guid = said.text("guid") or said.text("link") or address
        if not guid or guid in self._guids:
            guid = f"{guid or self._base}#{number or f'line-{line}'}"
        self._guids.add(guid)
        return fitting_guid(guid)

    def _terms(self, said: Fields, *domains: str) -> Iterator[str]:
        """Slugs. Old exports name each term twice, once without its slug."""
        for found in said.all("category"):
            name = plain("".join(found.itertext()))
            domain = found.get("domain") or "category"
            if domain not in domains or not name:
                continue
            slug = unquote(found.get("nicename") or "")
            if not slug and "domain" not in found.attrib and self._is_named(said, name):
                continue
            yield self._term(domain, slug or slug_from(name, domain), name)

    def _is_named(self, said: Fields, name: str) -> bool:
        named = (one for one in said.all("category") if one.get("nicename"))
        return any(plain("".join(one.itertext())) == name for one in named)

    def _term(self, domain: str, slug: str, name: str) -> str:
        """`slug`, known to the blog's list from now on."""
        known = self._categories if domain == "category" else self._tags
        if slug not in known:
            known.add(slug)
            if domain == "category":
                self._blog.categories.append(CategoryRecord(slug, name))
            else:
                self._blog.tags.append(TagRecord(slug, name))
        return slug

    @cached_property
    def _categories(self) -> set[str]:
        return {category.slug for category in self._blog.categories}

    @cached_property
    def _tags(self) -> set[str]:
        return {tag.slug for tag in self._blog.tags}

    def _responses(
        self, said: Fields, guid: str, moment: datetime | None, line: int
    ) -> list[ResponseRecord]:
        below = Responses(said, guid, moment, self._source.name, self._login_of)
        for kind in below.left_out:
            self._left_out[f"{kind} (a comment)"] += 1
        if below.orphans:
            noun = "response answers" if below.orphans == 1 else "responses answer"
            sentence = f"{below.orphans} {noun} what is not there: now the post itself"
            self._warn(sentence, line)
        return below.records

    @property
    def _path(self) -> str:
        return str(self._source)

    def _warn(self, sentence: str, line: int | None = None) -> None:
        self._blog.warnings.append(Note(sentence, self._path, line))

    def _refuse(self, sentence: str, line: int) -> NoReturn:
        note = Note(f"this is no WordPress export: {sentence}", self._path, line)
        raise SourceRefused([note])


def _user(said: Fields) -> UserRecord:
    return UserRecord(
        login=said.text("wp:author_login"),
        number=said.number("wp:author_id"),
        email=said.text("wp:author_email"),
        display_name=said.words("wp:author_display_name"),
        first_name=said.words("wp:author_first_name"),
        last_name=said.words("wp:author_last_name"),
    )


def _category(said: Fields) -> CategoryRecord:
    name = said.words("wp:cat_name")
    slug = unquote(said.text("wp:category_nicename"))
    return CategoryRecord(
        slug=slug or slug_from(name, "category"),
        name=name or slug,
        parent=unquote(said.text("wp:category_parent")),
        description=plain(said.raw("wp:category_description")),
    )


def _tag(said: Fields) -> TagRecord:
    name = said.words("wp:tag_name")
    slug = unquote(said.text("wp:tag_slug"))
    return TagRecord(slug=slug or slug_from(name, "tag"), name=name or slug)


def _media(said: Fields) -> MediaRecord:
    meta = said.meta("wp:postmeta")
    url = said.text("wp:attachment_url") or said.text("guid")
    record = MediaRecord(
        guid=said.text("guid") or url,
        url=url,
        title=said.words("title"),
        alt=plain(meta.get("_wp_attachment_image_alt", "")),
        caption=plain(said.raw("excerpt:encoded")),
        created_at=said.moment("wp:post_date"),
        number=said.number("wp:post_id"),
        link=said.text("link"),
    )
    return own_meta.of_media(record, meta.get(own_meta.KEY, ""))


def _addresses(said: Fields, base: str) -> Iterator[str]:
    """Where an item was read: its permalink, its number, and under former slugs."""
    home = urlsplit(base)
    for name in ("link", "guid"):
        parts = _parts(said.text(name))
        if parts and parts.hostname == home.hostname and (parts.path or parts.query):
            yield urlunsplit(("", "", parts.path or "/", parts.query, ""))
    slug = said.text("wp:post_name")
    link = _parts(said.text("link"))
    if link and slug:
        begin, found, rest = link.path.rpartition(f"/{slug}")
        for old in said.metas("wp:postmeta", "_wp_old_slug"):
            if found and old:
                yield f"{begin}/{old}{rest}"
    if number := said.number("wp:post_id"):
        is_page = said.text("wp:post_type") == "page"
        yield f"/?{'page_id' if is_page else 'p'}={number}"


def _parts(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _signed(text: str) -> int:
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else 0


def _positive(text: str) -> int | None:
    return int(text) or None if re.fullmatch(r"\s*[0-9]{1,18}\s*", text) else None
