"""Makes elements of a piece of an export, however its XML was broken.

Elements are called by their family, whatever prefix and version the export uses:
`wp:post_id`, `content:encoded`, `excerpt:encoded`, `dc:creator`.

A piece is only ever read within an element of ours. There nothing can be declared, no
document type and no entity, so there are none to be expanded or fetched.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from html import escape, unescape
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers.expat import errors

from blog import xml_text

# A namespace belongs to the first family whose words are in its name; the prefix says
# it where nothing was declared.
_FAMILIES = {
    "wordpress.org/export/": "wp",
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/dc/elements": "dc",
}
_EXCERPT = re.compile(r"wordpress\.org/export/[^/]*/excerpt")
_DECLARATION = re.compile(
    r"""\sxmlns:((?!xml)[A-Za-z_][\w.-]*)\s*=\s*["']([^"']*)["']""", re.ASCII
)
# An element that holds nothing but one section of CDATA: that ends where the element
# does, whatever stands within.
_CDATA_BEGINS = re.compile(
    r"<(?P<name>[A-Za-z_][\w:.-]*)(?P<attributes>(?:\s[^<>]*)?)>\s*<!\[CDATA\["
)
_CDATA_ENDS = re.compile(r"\]\]>\s*</(?P<name>[A-Za-z_][\w:.-]*)\s*>")
_BEGIN, _END = "<![CDATA[", "]]>"
# How a section of CDATA that may not say `]]>` says it.
_ESCAPED_END = "]]]]><![CDATA[>"
_TAG_NAME = re.compile(r"(</?)([A-Za-z_][\w.-]*):([\w.-]+)")
_ATTRIBUTE_NAME = re.compile(r"(\s)([A-Za-z_][\w.-]*):([\w.-]+)(?=\s*=)")
_TAG = re.compile(r"<[A-Za-z_/][^<>]*>")
_REFERENCE = re.compile(
    r"&(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][\w]{1,31});)?"
)
_XML_NAMES = frozenset(["amp", "lt", "gt", "quot", "apos"])
_NO_ENDS: tuple[list[int], list[int]] = ([], [])
# What parts a name from a prefix that nobody declared: a colon would be refused.
_JOINT = "..."


class BrokenXML(ValueError):
    """It can't be read even leniently; says why and in which line of the piece."""

    def __init__(self, sentence: str, line: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line  # from 1


def families(head: str) -> dict[str, str]:
    """What family each prefix of an export stands for, as its `<rss>` declares."""
    begin = head[: head.find(">", head.find("<rss")) + 1]
    return {prefix: _family(prefix, uri) for prefix, uri in _DECLARATION.findall(begin)}


def _family(prefix: str, uri: str) -> str:
    if _EXCERPT.search(uri):
        return "excerpt"
    named = (family for words, family in _FAMILIES.items() if words in uri)
    return next(named, prefix)


def element(text: str, family_of: Mapping[str, str]) -> Element:
    """The one element that `text` is. Raises BrokenXML."""
    if _has_plain_sections(text):
        with suppress(BrokenXML):
            return _parsed(text, family_of)
    clean = "".join(_well_formed(xml_text.allowed(text), family_of))
    return _parsed(clean, family_of)


def _has_plain_sections(text: str) -> bool:
    """Whether each section of CDATA is all that its element holds, and whole.

    Then XML's own rules read it as `_well_formed` does, at a tenth of the time.
    """
    begins = text.count(_BEGIN)
    return (
        begins == text.count(f">{_BEGIN}") == text.count(f"{_END}</")
        and "xmlns" not in text
    )


def _parsed(text: str, family_of: Mapping[str, str]) -> Element:
    """As it stands; each prefix that the export declared means its family."""
    names = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in family_of.items())
    try:
        found = fromstring(f"<piece{names}>{text}</piece>")  # noqa: S314
    except ParseError as error:
        sentence = f"broken XML, {errors.messages[error.code]}"
        raise BrokenXML(sentence, error.position[0]) from error
    if len(found) != 1 or found[0].tail:
        raise BrokenXML("broken XML, junk after document element", 1)
    return found[0]


@lru_cache(maxsize=1000)
def name_of(tag: str) -> str:
    """`wp:post_id`"""
    return tag.removeprefix("{").replace("}", ":", 1).replace(_JOINT, ":")


def _well_formed(text: str, family_of: Mapping[str, str]) -> Iterator[str]:
    """The same in pieces, as a parser takes it. As many lines as before."""
    # Where the sections of each element end: first and last place, in order.
    ends: dict[str, tuple[list[int], list[int]]] = {}
    for end in _CDATA_ENDS.finditer(text):
        starts, stops = ends.setdefault(end["name"], ([], []))
        starts.append(end.start())
        stops.append(end.end())
    names = {name: _renamed(f"<{name}", family_of)[1:] for name in ends}
    place = 0
    for begin in _CDATA_BEGINS.finditer(text):
        starts, stops = ends.get(begin["name"], _NO_ENDS)
        first = bisect_left(starts, begin.end())
        if begin.start() < place or first == len(starts):
            continue
        yield _outside(text[place : begin.start()], family_of)
        inside = text[begin.end() : starts[first]].replace(_ESCAPED_END, "]]>")
        name = names[begin["name"]]
        attributes = _outside(begin["attributes"], family_of)
        yield f"<{name}{attributes}>{escape(inside, quote=False)}</{name}>"
        place = stops[first]
    yield _outside(text[place:], family_of)


def _outside(text: str, family_of: Mapping[str, str]) -> str:
    """What stands outside of such elements: markup, and text that was escaped once."""
    if not text or text.isspace():
        return text
    out: list[str] = []
    place = 0
    while (begin := text.find(_BEGIN, place)) >= 0:
        end = text.find(_END, begin)
        if end < 0:
            break
        out.append(_markup(text[place:begin], family_of))
        out.append(escape(text[begin + len(_BEGIN) : end], quote=False))
        place = end + len(_END)
    out.append(_markup(text[place:], family_of))
    return "".join(out)


def _markup(text: str, family_of: Mapping[str, str]) -> str:
    text = _REFERENCE.sub(_reference, text).replace("]]>", "]]&gt;")
    return _TAG.sub(lambda tag: _renamed(tag[0], family_of), text)


def _renamed(tag: str, family_of: Mapping[str, str]) -> str:
    def name(found: re.Match[str]) -> str:
        begin, prefix, local = found.groups()
        return found[0] if prefix in family_of else f"{begin}{prefix}{_JOINT}{local}"

    return _ATTRIBUTE_NAME.sub(name, _TAG_NAME.sub(name, tag))


def _reference(found: re.Match[str]) -> str:
    """A character for what only HTML names; an ampersand that is just one, escaped."""
    named = found[1]
    if named is None:
        return "&amp;"
    if named.startswith("#"):
        return escape(xml_text.allowed(unescape(found[0])), quote=False)
    if named in _XML_NAMES:
        return found[0]
    return unescape(found[0]) if f"{named};" in html5 else f"&amp;{named};"
