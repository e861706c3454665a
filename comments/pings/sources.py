"""Reads a page that is said to link to a post, by its media type."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext

from blog.fetch import Answer
from blog.typed_addresses import address_at
from comments.pings import excerpts, html_sources
from comments.pings.html_sources import NO_LINK
from comments.pings.mention import Mention
from comments.pings.refusals import NoLink
from comments.pings.targets import Target

__all__ = ["Mention", "read"]

_HTML = re.compile(r"text/html|application/xhtml\+xml|")
_JSON = re.compile(r"application/json|application/[\w.+-]+\+json|text/json")
_TEXT = re.compile(r"text/(?!xml$|html$|json$)[\w.+-]+")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
# What JSON calls a title, and words.
_NAMES, _WORDS = ("title", "name"), ("summary", "content", "content_text")


def read(
    answer: Answer,
    target_url: str,
    *,
    is_exact: bool = False,
    post_pk: int | None = None,
) -> Mention:
    """What the page says of itself, where it links to `target_url`; else NoLink.

    Webmention 3.2.2. With `is_exact` any element that has the address counts, and
    its fragment does. With `post_pk` any address of that post does. Never raises
    anything else, whatever the page is, and takes no more than a second for a megabyte.
    """
    target = Target(target_url, is_exact=is_exact, post_pk=post_pk)
    text = answer.text
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if _HTML.fullmatch(kind):
        return html_sources.read(text, answer.url, target)
    if _JSON.fullmatch(kind):
        return _in_json(text, target)
    if _TEXT.fullmatch(kind):
        return _in_text(text, target)
    raise NoLink(
        gettext("Only HTML, JSON and plain text are read; the page is %(kind)s.")
        % {"kind": kind[:60]}
    )


def _in_json(text: str, target: Target) -> Mention:
    """A string anywhere in it is the address."""
    try:
        # Numbers are no addresses: a long one would take a while to understand.
        said = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise NoLink(gettext("The page says it is JSON, and is not.")) from None
    if not any(target.is_at(value) for value in _strings(said)):
        raise NoLink(str(NO_LINK))
    return Mention(
        title=excerpts.line(_first(said, _NAMES)),
        excerpt=excerpts.beginning(_first(said, _WORDS), html_sources.CUT_WORDS),
    )


def _strings(said: Any) -> Iterator[str]:
    """All of them that may be addresses, however deep."""
    waiting = [said]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and _ADDRESS.match(value):
            yield value


def _first(said: Any, names: tuple[str, ...]) -> str:
    values = [said.get(name) for name in names] if isinstance(said, dict) else []
    return next((value for value in values if isinstance(value, str)), "")


def _in_text(text: str, target: Target) -> Mention:
    """The address stands there as a whole, not as the beginning of a longer one."""
    place = 0
    while found := _ADDRESS.search(text, place):
        address = address_at(text, found.start())
        place = found.start() + max(len(address), 1)
        if target.is_at(address):
            return Mention(excerpt=excerpts.around_text(text, found.start(), place))
    raise NoLink(str(NO_LINK))
