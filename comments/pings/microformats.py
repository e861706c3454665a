"""What a page says of itself by microformats2: who wrote what, and in answer to what.

Reads what a response shows, and no more of it than a page of people has. Nothing
here goes deeper than the page does, and that is shallow (see `tame`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from selectolax.lexbor import LexborHTMLParser, LexborNode

from comments.pings import excerpts

# {property: what it makes of a response}; the first one found counts.
RELATIONS = {
    "u-in-reply-to": "reply",
    "u-repost-of": "repost",
    "u-like-of": "like",
    "u-bookmark-of": "bookmark",
}
MAX_CANDIDATES = 50
MAX_AUTHORS = 3
# So many elements of a citation are looked at for its address.
MAX_PARTS = 50

# Whether the address an element gives is the post's.
LeadsHere = Callable[[str], bool]
Resolve = Callable[[str], str]


@dataclass(frozen=True)
class Entry:
    """An h-entry; what it does not say is empty."""

    name: str = ""
    content: str = ""
    # The element its own words are in.
    words: LexborNode | None = None
    author_name: str = ""
    author_url: str = ""
    type: str = "mention"
    published_at: datetime | None = None


def entry_around(
    page: LexborHTMLParser, link: LexborNode, resolve: Resolve, leads_here: LeadsHere
) -> Entry | None:
    """The nearest h-entry around `link`, else the only one of the page."""
    root = _root(page, link)
    if root is None:
        return None
    words = _first(root, "e-content")
    content = excerpts.text_of(words) if words is not None else ""
    name, url = _author(page, root, resolve)
    return Entry(
        name=_name(root, content),
        content=content or _line(_first(root, "p-summary")),
        words=words,
        author_name=name,
        author_url=url,
        type=_type(root, resolve, leads_here),
        published_at=_moment(_first(root, "dt-published")),
    )


def site_name(page: LexborHTMLParser) -> str:
    """The name of the page's h-feed, where it has one."""
    feed = page.css_first(".h-feed")
    return _line(_first(feed, "p-name")) if feed is not None else ""


def _root(page: LexborHTMLParser, link: LexborNode) -> LexborNode | None:
    node: LexborNode | None = link
    while node is not None:
        if "h-entry" in _classes(node):
            return node
        node = node.parent
    entries = page.css(".h-entry")
    return entries[0] if len(entries) == 1 else None


def _name(root: LexborNode, content: str) -> str:
    """Its title. A note has none: what it says stands in for it."""
    name = _line(_first(root, "p-name"))
    return "" if name == " ".join(content.split()) else name


def _type(root: LexborNode, resolve: Resolve, leads_here: LeadsHere) -> str:
    for property_name, kind in RELATIONS.items():
        for node in _owned(root, property_name):
            # A citation of the post gives its address within.
            parts = islice(node.traverse(), MAX_PARTS)
            if any(leads_here(resolve(_address(part))) for part in parts):
                return kind
    return "mention"


def _author(
    page: LexborHTMLParser, root: LexborNode, resolve: Resolve
) -> tuple[str, str]:
    """Name and address: the entry's own, its feed's, or the page's one h-card."""
    for node in islice(_author_nodes(page, root), MAX_AUTHORS):
        name, url = _card(node) if "h-card" in _classes(node) else _plain(node)
        if name or url:
            return name, resolve(url) if url else ""
    return "", ""


def _author_nodes(page: LexborHTMLParser, root: LexborNode) -> Iterator[LexborNode]:
    yield from _owned(root, "p-author")
    yield from _owned(root, "u-author")
    feed = _owner(root)
    if feed is not None and "h-feed" in _classes(feed):
        yield from _owned(feed, "p-author")
    cards = page.css(".h-card")
    lonely = [card for card in cards[:MAX_CANDIDATES] if _owner(card) is None]
    if len(lonely) == 1:
        yield lonely[0]


def _card(node: LexborNode) -> tuple[str, str]:
    name = _line(_first(node, "p-name")) or excerpts.line_of(node)
    if not name:
        pictures = [node, *node.css("img[alt]")[:1]]
        name = " ".join((_attribute(pictures[-1], "alt")).split())
    address = _first(node, "u-url")
    if address is None:
        links = node.css("a[href]")
        address = node if node.tag == "a" else links[0] if len(links) == 1 else None
    return name, _address(address) if address is not None else ""


def _plain(node: LexborNode) -> tuple[str, str]:
    is_name = "p-author" in _classes(node)
    name = excerpts.line_of(node) if is_name or node.tag == "a" else ""
    return name, _address(node)


def _first(root: LexborNode, property_name: str) -> LexborNode | None:
    return next(_owned(root, property_name), None)


def _owned(root: LexborNode, property_name: str) -> Iterator[LexborNode]:
    """The elements that say this of `root`, and not of something within it."""
    for node in root.css(f".{property_name}")[:MAX_CANDIDATES]:
        owner = _owner(node)
        if owner is not None and owner.mem_id == root.mem_id:
            yield node


def _owner(node: LexborNode) -> LexborNode | None:
    """The microformat it is a part of."""
    parent = node.parent
    while parent is not None:
        if any(name.startswith("h-") for name in _classes(parent)):
            return parent
        parent = parent.parent
    return None


def _classes(node: LexborNode) -> list[str]:
    return _attribute(node, "class").split()


def _attribute(node: LexborNode, name: str) -> str:
    return (node.attributes or {}).get(name) or "" if node.tag != "-document" else ""


def _address(node: LexborNode) -> str:
    """Where an element leads, as it is written there."""
    for name in ("href", "src", "value"):
        if address := _attribute(node, name):
            return address.strip()
    text = node.first_child
    is_all = text is not None and text.is_text_node and text.next is None
    return (text.text_content or "").strip() if is_all and text is not None else ""


def _line(node: LexborNode | None) -> str:
    if node is None:
        return ""
    value = _attribute(node, "value" if node.tag == "data" else "title")
    is_said_there = node.tag in ("data", "abbr") and value
    return " ".join(value.split()) if is_said_there else excerpts.line_of(node)


def _moment(node: LexborNode | None) -> datetime | None:
    if node is None:
        return None
    said = _attribute(node, "datetime") or excerpts.line_of(node)
    try:
        moment = parse_datetime(said.strip()[:40])
    except ValueError:
        return None
    if moment is None or timezone.is_aware(moment):
        return moment
    return timezone.make_aware(moment)
