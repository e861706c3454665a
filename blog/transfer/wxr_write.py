"""Writes records as WordPress's export, WXR 1.2, which its own importer takes.

What WordPress has no element for goes into its metadata, under a name WordPress keeps
and does not show; `wxr` reads it back.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from itertools import count
from urllib.parse import urljoin

from django.utils import timezone

from blog import xml_text
from blog.transfer import own_meta
from blog.transfer.records import (
    BlogRecord,
    CategoryRecord,
    MediaRecord,
    PostRecord,
    ResponseRecord,
    TagRecord,
    UserRecord,
)

GENERATOR = "Quillback"
_ZERO = "0000-00-00 00:00:00"
_STATUSES = {"published": "publish", "pending": "pending", "private": "private"}
_APPROVED = {"approved": "1", "pending": "0", "spam": "spam", "trash": "trash"}
_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- This is a WordPress eXtended RSS file: a whole blog, to move it elsewhere. -->
<!-- generator="{GENERATOR}" -->
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
"""
_TAIL = "</channel>\n</rss>\n"


def written(blog: BlogRecord) -> Iterator[str]:
    """The export in pieces, one for the head and one for each item."""
    names = _Names(blog)
    yield _HEAD + "".join(_channel(blog))
    for media in blog.media:
        yield _item(_media_parts(media))
    for post in blog.posts:
        yield _item(_post_parts(post, blog.url, names))
    yield _TAIL


class _Names:
    """What items call by a slug or a login, and WordPress by a name or a number too."""

    def __init__(self, blog: BlogRecord) -> None:
        self.of_category = {one.slug: one.name for one in blog.categories}
        self.of_tag = {one.slug: one.name for one in blog.tags}
        self.of_login = {one.login: one.number for one in blog.users}


def _channel(blog: BlogRecord) -> Iterator[str]:
    yield _element("title", escape(blog.title, quote=False))
    yield _element("link", blog.url)
    yield _element("description", escape(blog.tagline, quote=False))
    yield _element("pubDate", format_datetime(datetime.now(UTC)))
    yield _element("language", blog.language)
    yield _element("wp:wxr_version", "1.2")
    yield _element("wp:base_site_url", blog.url)
    yield _element("wp:base_blog_url", blog.url)
    for user in blog.users:
        yield _element("wp:author", inner=_user_parts(user))
    for number, category in enumerate(blog.categories, start=1):
        yield _element("wp:category", inner=_category_parts(category, number))
    for number, tag in enumerate(blog.tags, start=len(blog.categories) + 1):
        yield _element("wp:tag", inner=_tag_parts(tag, number))
    yield _element("generator", GENERATOR)


def _user_parts(user: UserRecord) -> Iterator[str]:
    yield _element("wp:author_id", str(user.number or 0))
    yield _element("wp:author_login", user.login)
    yield _element("wp:author_email", user.email)
    yield _element("wp:author_display_name", escape(user.display_name, quote=False))
    yield _element("wp:author_first_name", escape(user.first_name, quote=False))
    yield _element("wp:author_last_name", escape(user.last_name, quote=False))
    yield from _term_extras(slug=user.slug, addresses=user.addresses)


def _category_parts(category: CategoryRecord, number: int) -> Iterator[str]:
    yield _element("wp:term_id", str(number))
    yield _element("wp:category_nicename", category.slug)
    yield _element("wp:category_parent", category.parent)
    yield _element("wp:cat_name", escape(category.name, quote=False))
    described = escape(category.description, quote=False)
    yield _element("wp:category_description", described)
    yield from _term_extras(addresses=category.addresses)


def _tag_parts(tag: TagRecord, number: int) -> Iterator[str]:
    yield _element("wp:term_id", str(number))
    yield _element("wp:tag_slug", tag.slug)
    yield _element("wp:tag_name", escape(tag.name, quote=False))
    yield from _term_extras(addresses=tag.addresses)


def _media_parts(media: MediaRecord) -> Iterator[str]:
    yield _element("title", escape(media.title, quote=False))
    yield _element("link", media.link or media.url)
    yield _element("dc:creator", media.author)
    yield _element("guid", media.guid, isPermaLink="false")
    yield _element("excerpt:encoded", escape(media.caption, quote=False))
    yield _element("wp:post_id", str(media.number or 0))
    yield _element("wp:post_parent", str(media.parent or 0))
    yield from _dates("wp:post_date", media.created_at)
    yield _element("wp:comment_status", "closed")
    yield _element("wp:ping_status", "closed")
    yield _element("wp:post_name", _file_name(media))
    yield _element("wp:status", "inherit")
    yield _element("wp:post_parent", "0")
    yield _element("wp:menu_order", "0")
    yield _element("wp:post_type", "attachment")
    yield _element("wp:attachment_url", media.url)
    yield _meta("post", "_wp_attachment_image_alt", escape(media.alt, quote=False))
    yield _extras("post", created_at=media.created_at)


def _file_name(media: MediaRecord) -> str:
    return media.url.rpartition("/")[2].partition("?")[0].rpartition(".")[0]


def _post_parts(post: PostRecord, home: str, names: _Names) -> Iterator[str]:
    address = post.addresses[0] if post.addresses else f"/?p={post.number}"
    yield _element("title", escape(post.title, quote=False))
    yield _element("link", urljoin(f"{home}/", address))
    if post.published_at:
        yield _element("pubDate", format_datetime(post.published_at))
    yield _element("dc:creator", post.author)
    yield _element("guid", post.guid, isPermaLink="false")
    yield _element("content:encoded", post.body)
    yield _element("excerpt:encoded", escape(post.excerpt, quote=False))
    yield _element("wp:post_id", str(post.number or 0))
    yield from _dates("wp:post_date", post.published_at)
    yield from _dates("wp:post_modified", post.updated_at)
    yield _element("wp:comment_status", _switch(is_on=post.comments_open))
    yield _element("wp:ping_status", _switch(is_on=post.pings_open))
    yield _element("wp:post_name", post.slug)
    yield _element("wp:status", _status(post))
    yield _element("wp:post_parent", str(post.parent or 0))
    yield _element("wp:menu_order", str(post.menu_order))
    yield _element("wp:post_type", post.kind)
    yield _element("wp:post_password", post.password)
    yield _element("wp:is_sticky", "1" if post.is_sticky else "0")
    yield from _filed("category", post.categories, names.of_category)
    yield from _filed("post_tag", post.tags, names.of_tag)
    if post.lead_image:
        yield _meta("post", "_thumbnail_id", str(post.lead_image))
    yield _extras(
        "post",
        published_at=post.published_at,
        updated_at=post.updated_at,
        date_is_estimated=post.date_is_estimated,
        language=post.language,
        meta_title=post.meta_title,
        meta_description=post.meta_description,
        addresses=post.addresses,
    )
    numbers = _numbers(post.responses)
    for response in post.responses:
        parts = _response_parts(response, numbers, names)
        yield _element("wp:comment", inner=parts)


def _filed(
    domain: str, slugs: Iterable[str], names: Mapping[str, str]
) -> Iterator[str]:
    for slug in slugs:
        name = escape(names.get(slug) or slug, quote=False)
        yield _element("category", name, domain=domain, nicename=slug)


def _status(post: PostRecord) -> str:
    is_to_come = post.published_at and post.published_at > timezone.now()
    if post.status == "published" and is_to_come:
        return "future"
    return _STATUSES.get(post.status, post.status)


def _switch(*, is_on: bool) -> str:
    return "open" if is_on else "closed"


def _numbers(responses: Iterable[ResponseRecord]) -> dict[str, int]:
    """A number for each response, by its guid: its own, or one nobody has."""
    responses = list(responses)
    own = {response.number for response in responses if response.number}
    others = (number for number in count(max(own, default=0) + 1))
    return {response.guid: response.number or next(others) for response in responses}


def _response_parts(
    response: ResponseRecord, numbers: dict[str, int], names: _Names
) -> Iterator[str]:
    kind = "" if response.kind == "comment" else response.kind
    name = response.author_name or _ping_name(response)
    yield _element("wp:comment_id", str(numbers[response.guid]))
    yield _element("wp:comment_author", escape(name, quote=False))
    yield _element("wp:comment_author_email", response.author_email)
    yield _element("wp:comment_author_url", response.author_url or response.source_url)
    yield _element("wp:comment_author_IP", response.ip_address)
    yield from _dates("wp:comment_date", response.created_at)
    yield _element("wp:comment_content", _said(response))
    yield _element("wp:comment_approved", _APPROVED[response.state])
    yield _element("wp:comment_type", kind)
    yield _element("wp:comment_parent", str(numbers.get(response.parent or "", 0)))
    yield _element("wp:comment_user_id", str(names.of_login.get(response.author) or 0))
    # Whatever WordPress would say otherwise, or not at all.
    kept = vars(response) | {"rendered": "", "parent": None, "origin": ""}
    yield _extras("comment", **kept)


def _said(response: ResponseRecord) -> str:
    """As WordPress keeps it: of a trackback the title stands above its words."""
    said = response.rendered or response.text
    if response.kind == "trackback" and response.source_title:
        title = escape(response.source_title, quote=False)
        return f"<strong>{title}</strong>\n\n{said}"
    return said


def _ping_name(response: ResponseRecord) -> str:
    """How WordPress names who pings: `Title « Blog`."""
    named = (response.source_title, response.source_site)
    return " « ".join(part for part in named if part)


def _dates(name: str, moment: datetime | None) -> Iterator[str]:
    """In the blog's time zone and in UTC; zeros where there is none."""
    local = f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else _ZERO
    utc = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if moment else _ZERO
    yield _element(name, local)
    yield _element(f"{name}_gmt", utc)


def _item(parts: Iterable[str]) -> str:
    return _element("item", inner=parts)


def _extras(of: str, **said: object) -> str:
    """One piece of metadata with what has no element, as JSON; empty values left out."""
    kept = {name: value for name, value in said.items() if value}
    return _meta(
        of,
        own_meta.KEY,
        json.dumps(kept, default=datetime.isoformat, ensure_ascii=False),
    )


def _term_extras(**said: object) -> Iterator[str]:
    if any(said.values()):
        yield _extras("term", **said)


def _meta(of: str, key: str, value: str) -> str:
    parts = [_element("wp:meta_key", key), _element("wp:meta_value", value)]
    return _element(f"wp:{of}meta", inner=parts)


def _element(
    name: str, text: str = "", inner: Iterable[str] = (), **attributes: str
) -> str:
    said = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    within = "".join(inner)
    if within:
        within = f"\n{within}"
    elif text:
        # A section of CDATA can't say its own end: it is cut in two there.
        kept = xml_text.allowed(text).replace("]]>", "]]]]><![CDATA[>")
        within = f"<![CDATA[{kept}]]>"
    return f"<{name}{said}>{within}</{name}>\n"
