"""A rendered text for feed readers: whole addresses, nothing that needs our page.

No class or id to be styled or found by, no form, frame or script; the lines of a card
and the list of footnotes part themselves without a style sheet.
"""

import html
import re
from urllib.parse import urljoin

import nh3

from blog import embed_markup, footnote_markup, picture_markup
from blog.markup import MORE_ANCHOR, POST_ATTRIBUTES, POST_TAGS, URL_SCHEMES
from blog.models import Media

_ADDRESSES = frozenset(["href", "src", "cite", "poster"])
_ATTRIBUTES = POST_ATTRIBUTES | {
    "*": {"dir", "lang", "title"},
    "a": {"href", "title", "rel", "hreflang"},
}
_BETWEEN_SOURCES = re.compile(r",\s+")


def for_readers(rendered: str, base: str) -> str:
    """What `markup.render_post` or `render_comment` gave, as a feed carries it.

    Addresses are read from `base`, the whole address of the page. Linear.
    """

    def whole(_tag: str, name: str, value: str) -> str | None:
        if name in _ADDRESSES:
            return _joined(base, value)
        return _sources(base, value) if name == "srcset" else value

    notes = footnote_markup.parted(rendered.replace(MORE_ANCHOR, ""))
    return nh3.clean(
        embed_markup.plain(notes),
        tags=POST_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=whole,
        url_schemes=URL_SCHEMES,
        link_rel=None,
    )


def picture(media: Media) -> str:
    """A post's picture above its text, with what stands below it; for `for_readers`."""
    image = picture_markup.element(media.picture, {})
    words = " · ".join(filter(None, (media.caption, media.credit)))
    below = f"<figcaption>{html.escape(words)}</figcaption>" if words else ""
    return f"<figure>{image}{below}</figure>"


def in_language(content: str, language: str) -> str:
    """What is written in a language of its own says so."""
    return (
        f'<div lang="{html.escape(language)}">{content}</div>' if language else content
    )


def _sources(base: str, value: str) -> str | None:
    """A `srcset`, each address in it whole."""
    found = []
    for source in _BETWEEN_SOURCES.split(value.strip()):
        address, _, size = source.partition(" ")
        whole = _joined(base, address)
        if whole:
            found.append(f"{whole} {size}".strip())
    return ", ".join(found) or None


def _joined(base: str, address: str) -> str | None:
    try:
        return urljoin(base, address.strip())
    except ValueError:  # a bracket where none may be
        return None
