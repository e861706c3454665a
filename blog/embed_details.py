"""What a page says of itself: by oEmbed, else Open Graph. Strangers write both.

What comes out is short plain text and the address of a picture; markup that a provider
offers is never looked at.
"""

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from blog import players
from blog.fetch import Answer, fetch
from blog.models.embed import MAX_ABOUT_LENGTH, MAX_TITLE_LENGTH

MAX_PAGE_BYTES = 2**19
MAX_OEMBED_BYTES = 2**17
_ASKED_BY = "describing a page a post embeds"
# What a page says of itself stands at its beginning.
_MAX_HEAD = 300_000
_MAX_TAGS = 400
_MAX_TAG = 5000

_HEAD_TAG = re.compile(r"<(meta|link|title)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"[\s/]*+(?:(>)|([^\s/>=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"']*+)))?)"
)
_COMMENT = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1|\Z)", re.DOTALL | re.I
)
# They turn the direction of what stands around them.
_BIDI = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


class NoDetails(Exception):
    """The page says nothing of itself, and will not in an hour; the message says why."""


class NotNow(Exception):
    """It could not be asked now."""


@dataclass(frozen=True)
class Details:
    """Plain text, each as long as its column at most; `picture` is an address."""

    title: str = ""
    author: str = ""
    site: str = ""
    about: str = ""
    picture: str = ""


def ask(url: str, seconds: float) -> Details:
    """What the page at `url` says of itself. Raises FetchError, NoDetails, NotNow.

    Two requests at most, each guarded and in `seconds`.
    """
    if endpoint := players.endpoint_for(url):
        return _of_oembed(_asked(endpoint, seconds, MAX_OEMBED_BYTES))
    answer = _asked(url, seconds, MAX_PAGE_BYTES)
    kind = answer.headers.get("Content-Type", "").lower()
    if "html" not in kind:
        raise NoDetails("It is no page.")
    tags = list(_head_tags(answer.text))
    said = _of_page(tags)
    if link := _oembed_link(tags, answer.url):
        try:
            more = _of_oembed(_asked(link, seconds, MAX_OEMBED_BYTES))
        except NoDetails:
            more = Details()
        said = _first_of(more, said)
    if not said.title:
        raise NoDetails("The page says nothing of itself.")
    return replace(said, picture=_joined(answer.url, said.picture))


def words(value: object, limit: int) -> str:
    """What somebody gave as a text, in a line, without signs that play tricks."""
    if not isinstance(value, str):
        return ""
    kept = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign
        for sign in value[: 20 * limit]
        if sign not in _BIDI
    )
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _asked(url: str, seconds: float, max_bytes: int) -> Answer:
    answer = fetch(
        url,
        asked_by=_ASKED_BY,
        max_bytes=max_bytes,
        may_cut=True,
        seconds=seconds,
        headers={"Accept": "text/html, application/json;q=0.9"},
    )
    if answer.status == 429 or answer.status >= 500:
        raise NotNow(f"It answered {answer.status}.")
    if not answer.is_ok:
        raise NoDetails(f"It answered {answer.status}.")
    return answer


def _of_oembed(answer: Answer) -> Details:
    """oEmbed 1.0, section 2.3: of an object the texts and the thumbnail."""
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise NoDetails("What it answered is no JSON.") from None
    if not isinstance(said, dict):
        raise NoDetails("What it answered describes nothing.")
    picture = said.get("thumbnail_url")
    if said.get("type") == "photo" and not picture:
        picture = said.get("url")
    return Details(
        title=words(said.get("title"), MAX_TITLE_LENGTH),
        author=words(said.get("author_name"), MAX_TITLE_LENGTH),
        site=words(said.get("provider_name"), MAX_TITLE_LENGTH),
        picture=_joined(answer.url, picture if isinstance(picture, str) else ""),
    )


def _of_page(tags: list[dict[str, str]]) -> Details:
    """Open Graph, else Twitter's cards, else what HTML has."""
    said: dict[str, str] = {}
    for tag in tags:
        name = tag.get("property") or tag.get("name") or ""
        said.setdefault(name.lower(), tag.get("content", ""))

    def first(limit: int, *names: str) -> str:
        found = (words(said.get(name), limit) for name in names)
        return next(filter(None, found), "")

    return Details(
        title=first(MAX_TITLE_LENGTH, "og:title", "twitter:title", "<title>"),
        author=first(MAX_TITLE_LENGTH, "author"),
        site=first(MAX_TITLE_LENGTH, "og:site_name", "application-name"),
        about=first(MAX_ABOUT_LENGTH, "og:description", "description"),
        picture=first(2000, "og:image:secure_url", "og:image", "twitter:image"),
    )


def _first_of(one: Details, other: Details) -> Details:
    return Details(
        title=one.title or other.title,
        author=one.author or other.author,
        site=one.site or other.site,
        about=one.about or other.about,
        picture=one.picture or other.picture,
    )


def _oembed_link(tags: list[dict[str, str]], base: str) -> str:
    for tag in tags:
        if tag.get("type", "").lower() == "application/json+oembed":
            return _joined(base, tag.get("href", ""))
    return ""


def _joined(base: str, address: str) -> str:
    try:
        joined = urljoin(base, address.strip()) if address else ""
    except ValueError:
        return ""
    return joined if joined.startswith(("http://", "https://")) else ""


def _head_tags(page: str) -> Iterator[dict[str, str]]:
    """The attributes of each `<meta>` and `<link>`, and the title. Linear."""
    head = _COMMENT.sub(" ", page[:_MAX_HEAD])
    for count, found in enumerate(_HEAD_TAG.finditer(head)):
        if count == _MAX_TAGS:
            return
        piece = head[found.end() : found.end() + _MAX_TAG]
        if found[1].lower() == "title":
            text = piece.partition(">")[2].partition("<")[0]
            yield {"name": "<title>", "content": html.unescape(text)}
        else:
            yield _attributes(piece)


def _attributes(piece: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(piece):
        if match[1]:
            break
        if match[2]:
            value = match[3] or match[4] or match[5] or ""
            found.setdefault(match[2].lower(), html.unescape(value))
    return found
