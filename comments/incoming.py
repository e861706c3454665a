"""What a response of a blog that moves in is stored as: the columns of its comment.

All that follows from the response alone is made here, without a query: in the process
that reads the source, where there is one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any, NamedTuple

from blog import comment_markup, languages
from blog.transfer import fixture
from blog.transfer.fitting import of_column, rooms
from blog.transfer.records import PostRecord, ResponseRecord
from blog.web_address import MAX_ADDRESS_LENGTH
from comments import wording
from comments.models import Comment
from comments.models.comment import derived

# What a source may still correct later.
FOLLOWED = ("body", "author_name", "source_url", "source_title", "source_site")
# How much of a response its columns hold; see `fitting`.
ROOMS = {
    **rooms(
        Comment,
        author_name="name",
        user_agent="browser's name",
        source_title="page's title",
        source_site="blog's name",
    ),
    "author_email": of_column(
        Comment, "author_email", "address", is_all_or_nothing=True
    ),
    "author_url": of_column(Comment, "author_url", "website", is_all_or_nothing=True),
    "source_url": of_column(Comment, "source_url", "page", is_all_or_nothing=True),
}
# One for all that have none: nobody changes it.
_NO_DATA: dict[str, Any] = {}


class Said(NamedTuple):
    """A response as it is stored, and whom it names as the source calls them."""

    number: int | None
    parent: str | None  # a guid
    author: str  # a login
    # All that follow are columns.
    guid: str
    kind: str
    state: str
    reasons: list[str]
    is_decided: bool
    body: str
    body_format: str
    author_name: str
    author_email: str
    author_url: str
    ip_address: str | None
    user_agent: str
    created_at: datetime
    date_is_estimated: bool
    source_url: str
    source_title: str
    source_site: str
    source_data: dict[str, Any]
    body_html: str
    text_key: str
    is_like: bool


COLUMNS = Said._fields[Said._fields.index("guid") :]


def said_below(post: PostRecord) -> list[Said]:
    """The responses below a post, in their order. No query."""
    language = languages.of_blog()
    return [_said(response, language) for response in _each_source_once(post.responses)]


def _each_source_once(
    responses: Iterable[ResponseRecord],
) -> Iterator[ResponseRecord]:
    """A page pings a post once in each way: what came again keeps its words alone."""
    seen: set[tuple[str, str]] = set()
    for response in responses:
        if not response.source_url or response.kind == Comment.Kind.COMMENT:
            yield response
            continue
        source = response.kind, kept_url(response.source_url, MAX_ADDRESS_LENGTH)
        yield replace(response, source_url="") if source in seen else response
        seen.add(source)


def _said(response: ResponseRecord, language: str) -> Said:
    columns = fields(response)
    html = comment_markup.render(response.text, response.text_format, language)
    columns |= derived(columns, html)
    number, parent, author = response.number, response.parent, response.author
    return Said(number, parent, author, response.guid, **columns)


def fixture_rows(posts: Iterable[PostRecord]) -> Iterator[dict]:
    """The responses as rows of a Django fixture: natural keys, no tree numbers."""
    for post in posts:
        for response in _each_source_once(post.responses):
            row = {
                "model": "comments.comment",
                "fields": {
                    "guid": response.guid,
                    "post": [post.guid],
                    "parent": [response.parent] if response.parent else None,
                    **fields(response),
                    "created_at": response.created_at.isoformat(),
                    "author": [response.author] if response.author else None,
                },
            }
            yield fixture.numbered(row, response.number)


def fields(response: ResponseRecord) -> dict[str, Any]:
    """The columns a response tells, without those that follow from others of them."""
    categories = response.categories
    address = _kept_ip(response.ip_address)
    return {
        "kind": response.kind,
        "state": response.state,
        "reasons": _reasons(response.state, response.origin),
        # What waits was not decided about by anybody.
        "is_decided": response.state != Comment.State.PENDING,
        "body": response.text,
        "body_format": response.text_format,
        "author_name": response.author_name,
        "author_email": response.author_email,
        "author_url": kept_url(_website(response.author_url), 200),
        "ip_address": address,
        # Kept with the address it came from, and gone with it.
        "user_agent": response.user_agent if address else "",
        "created_at": response.created_at,
        "date_is_estimated": response.date_is_estimated,
        "source_url": kept_url(response.source_url, MAX_ADDRESS_LENGTH),
        "source_title": response.source_title,
        "source_site": response.source_site,
        "source_data": {"categories": categories} if categories else _NO_DATA,
    }


# One list for many, which nobody changes: it is made ready for the database once.
@lru_cache(maxsize=64)
def _reasons(state: str, origin: str) -> list[str]:
    return [wording.IMPORTED[state].said(origin=origin)]


def _website(told: str) -> str:
    """A bare `example.org` was a link in WordPress, too."""
    is_bare = "." in told and ":" not in told and not told.startswith(("/", "#", "?"))
    return f"http://{told}" if is_bare and not any(map(str.isspace, told)) else told


def kept_url(url: str, limit: int) -> str:
    """A web address that fits; half of one would lead elsewhere."""
    is_web = url[:8].lower().startswith(("http://", "https://"))
    return url if is_web and len(url) <= limit else ""


@lru_cache(maxsize=1024)
def _kept_ip(address: str) -> str | None:
    try:
        found = ip_address(address)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)
