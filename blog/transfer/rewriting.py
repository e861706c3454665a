"""Puts new addresses into HTML. All else stays to the letter, broken markup included."""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from html import escape, unescape
from html.entities import html5

New = Callable[[str], str | None]
# By the guid of each post, all that its text names.
Named = Mapping[str, Set[str]]

_ADDRESSES = frozenset(
    "href src poster data cite action longdesc background xlink:href".split()
)
_LISTS = frozenset(["srcset", "imagesrcset"])
# The text of these is no markup, up to the end tag of the same name.
_RAW = frozenset(
    "script style textarea title xmp iframe noembed noframes plaintext".split()
)

# The blanks of HTML, which are fewer than Python's. No pattern here can go back over
# what it has read, so any text is read in linear time: `++` takes all there is.
_BLANK = r"[\t\n\f\r ]"
_BEGIN = re.compile(
    r"<(?:(?P<comment>!--(?:-?>)?)|(?P<bogus>[!?]|/(?![a-zA-Z]))"
    r"|(?P<end>/)?(?P<name>[a-zA-Z][^\t\n\f\r />]*+))"
)
_COMMENT_END = re.compile(r"--!?>")
_ATTRIBUTE = re.compile(
    rf"(?:{_BLANK}|/)*+(?P<name>[^\t\n\f\r />][^\t\n\f\r />=]*+)"
    rf"""(?:{_BLANK}*+={_BLANK}*+(?P<value>"[^"]*+"?|'[^']*+'?|[^\t\n\f\r >"'][^\t\n\f\r >]*+)?)?"""
)
_TAG_END = re.compile(rf"(?:{_BLANK}|/)*+>")
_REFERENCE = re.compile(
    r"&(?:#[0-9]++;?|#[xX][0-9a-fA-F]++;?|(?P<name>[a-zA-Z0-9]++(?:;|(?!=))))"
)
_CANDIDATE = re.compile(rf"(?:{_BLANK}|,)*+(?P<address>[^\t\n\f\r ]++)")
_DESCRIPTORS = re.compile(r"(?:[^,(]++|\([^)]*+\)?)*+")
_SPLITS_A_LIST = re.compile(rf"{_BLANK}|,")


def with_addresses(html: str, new: New) -> str:
    """`html` with each address for which `new` gives another one replaced by it.

    `new` is asked with the address as a browser reads it: references resolved, blanks
    around it gone. It answers None for what is to stay. Addresses are the values of
    `href`, `src` and their like, and those in a `srcset`; what stands in comments,
    scripts and text is none. Takes time linear in the length of `html`.
    """
    pieces: list[str] = []
    done = 0
    for begin, end, written in _replacements(html, new):
        pieces += (html[done:begin], written)
        done = end
    return "".join([*pieces, html[done:]]) if pieces else html


def addresses_in(html: str) -> set[str]:
    """All for which `with_addresses` would ask."""
    found: set[str] = set()
    with_addresses(html, found.add)  # which answers None: nothing changes
    return found


def _replacements(html: str, new: New) -> Iterator[tuple[int, int, str]]:
    """Begin and end of each attribute's value that changes, and what to write there."""
    at = 0
    while begin := _BEGIN.search(html, at):
        at = begin.end()
        if begin["comment"]:
            at = _after_comment(html, begin)
        elif begin["bogus"]:
            at = html.find(">", at) + 1 or len(html)
        else:
            values, at = _attributes(html, at)
            if begin["end"]:
                continue
            for name, first, last in values:
                written = _rewritten(name, html[first:last], new)
                if written is not None:
                    yield first, last, written
            at = _after_raw(html, begin["name"].lower(), at)


def _after_comment(html: str, begin: re.Match[str]) -> int:
    if begin["comment"].endswith(">"):  # <!--> is a whole one
        return begin.end()
    end = _COMMENT_END.search(html, begin.end())
    return end.end() if end else len(html)


def _attributes(html: str, at: int) -> tuple[list[tuple[str, int, int]], int]:
    """Name, begin and end of each value in the tag that begins before `at`; its end.

    No values where the text ends within it: then it is no tag.
    """
    found = []
    while not (end := _TAG_END.match(html, at)):
        attribute = _ATTRIBUTE.match(html, at)
        if attribute is None:
            return [], len(html)
        if attribute["value"]:
            found.append((attribute["name"].lower(), *attribute.span("value")))
        at = attribute.end()
    return found, end.end()


def _after_raw(html: str, name: str, at: int) -> int:
    if name not in _RAW:
        return at
    end = re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE).search(html, at)
    return end.start() if end else len(html)


def _rewritten(name: str, written: str, new: New) -> str | None:
    """What to write instead of an attribute's value, quotes included; None: nothing."""
    if name not in _ADDRESSES and name not in _LISTS:
        return None
    is_quoted = written[0] in "\"'"
    said = _read(written[1:-1] if is_quoted else written)
    changed = _list(said, new) if name in _LISTS else _one(said, new)
    if changed is None:
        return None
    quote = written[0] if is_quoted else '"'
    return quote + escape(changed) + quote


def _read(value: str) -> str:
    """As a browser reads an attribute: `&copy=1` in a query is no sign there."""

    def resolved(reference: re.Match[str]) -> str:
        name = reference["name"]
        return html5.get(name, reference[0]) if name else unescape(reference[0])

    return _REFERENCE.sub(resolved, value) if "&" in value else value


def _one(value: str, new: New) -> str | None:
    address = value.strip("\t\n\f\r ")
    return new(address) if address else None


def _list(value: str, new: New) -> str | None:
    """A srcset: addresses, each with its width or density. HTML, section 4.8.4.2.1."""
    pieces: list[str] = []
    at = done = 0
    while found := _CANDIDATE.match(value, at):
        address = found["address"].rstrip(",")
        first, at = found.start("address"), found.end()
        if address == found["address"]:
            at = _DESCRIPTORS.match(value, at).end()  # type: ignore[union-attr]
        changed = new(address)
        if changed is not None:
            pieces += (value[done:first], _SPLITS_A_LIST.sub(_encoded, changed))
            done = first + len(address)
    return "".join([*pieces, value[done:]]) if pieces else None


def _encoded(blank: re.Match[str]) -> str:
    return f"%{ord(blank[0]):02X}"
