"""TrackBack's autodiscovery: RDF in a comment of HTML (TrackBack 1.2)."""

import re
from collections.abc import Iterator
from html import unescape

_DESCRIPTION = re.compile(r"<rdf:Description(?=\s)")
_ATTRIBUTE = re.compile(r"""\s++([\w:.-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")


def ping_urls(html: str) -> Iterator[tuple[str, str]]:
    """Each page that is named, and where it is told of trackbacks.

    A page of several posts names several. Linear in the size of `html`.
    """
    for comment in _comments(html):
        place = 0
        while found := _DESCRIPTION.search(comment, place):
            attributes, place = _attributes(comment, found.end())
            if {"dc:identifier", "trackback:ping"} <= attributes.keys():
                yield attributes["dc:identifier"], attributes["trackback:ping"]


def _comments(html: str) -> Iterator[str]:
    place = html.find("<!--")
    while place >= 0 and (end := html.find("-->", place)) >= 0:
        yield html[place:end]
        place = html.find("<!--", end)


def _attributes(text: str, place: int) -> tuple[dict[str, str], int]:
    """By name, and where they end. "--" may not stand in a comment: it is escaped."""
    found: dict[str, str] = {}
    while match := _ATTRIBUTE.match(text, place):
        place = match.end()
        value = match[2] if match[2] is not None else match[3]
        found.setdefault(match[1], unescape(value).strip())
    return found, place
