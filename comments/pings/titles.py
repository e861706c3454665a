"""What a page is called, and the site it stands on, where no microformat says it."""

import re

from selectolax.lexbor import LexborHTMLParser

from comments.pings import excerpts

# What people put between a page's title and its blog's name.
_SEPARATOR = re.compile(r"\s+(?:[|·•»«—–-]|::)\s+")
MAX_SITE_LENGTH = 60


def title_and_site(page: LexborHTMLParser) -> tuple[str, str]:
    """Both may be empty. The blog's name is cut off where the title ends with it."""
    node = page.css_first("title")
    whole = excerpts.line_of(node) if node is not None else ""
    title, site = _said(page, "og:title"), _said(page, "og:site_name")
    if not whole:
        return title, site
    *_, last = [None, *_SEPARATOR.finditer(whole)]
    if last is None:
        return whole, site
    first_part, last_part = whole[: last.start()], whole[last.end() :]
    if site:
        return (first_part if last_part == site else whole), site
    if len(last_part) > MAX_SITE_LENGTH:
        return whole, ""
    return first_part, last_part


def _said(page: LexborHTMLParser, name: str) -> str:
    node = page.css_first(f'meta[property="{name}"]')
    value = (node.attributes.get("content") or "") if node is not None else ""
    return excerpts.line(value)
