"""HTML as a tree of what stands in it, to the letter: nothing is mended or read anew."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# Deeper than anybody writes; what walks a tree goes down by calling itself.
MAX_DEPTH = 40

_PIECE = re.compile(
    r"<!--.*?-->|<(?P<end>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9:-]*+)"
    r"""(?P<attributes>(?:[^<>"']|"[^"]*+"|'[^']*+')*+)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r'\s+([a-zA-Z][\w:-]*)="([^"]*)"')
VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)
_RAW = frozenset("script style textarea title xmp iframe noscript".split())


class Unbalanced(Exception):
    """Tags that do not close one another: the text is no tree."""


@dataclass
class Node:
    """An element (`tag`), a comment (`tag` is "!") or a run of text (`tag` is "").

    `begin` and `end` are its tags as they are written, `begin` alone the whole of
    what has no children.
    """

    tag: str
    begin: str
    attributes: str = ""
    children: list["Node"] = field(default_factory=list)
    end: str = ""

    @property
    def html(self) -> str:
        return self.begin + "".join(child.html for child in self.children) + self.end

    @property
    def is_blank(self) -> bool:
        return not self.tag and not self.begin.strip("\t\n\f\r ")

    def said(self) -> dict[str, str] | None:
        """Its attributes, escaped as they are; None where they are written oddly."""
        found = _ATTRIBUTE.findall(self.attributes)
        written = "".join(f' {name}="{value}"' for name, value in found)
        return dict(found) if written == self.attributes else None


def parsed(html: str) -> list[Node]:
    """The nodes at the top. Raises Unbalanced. Linear but for hostile text."""
    top: list[Node] = []
    open_: list[Node] = []
    for node, is_end in _pieces(html):
        here = open_[-1].children if open_ else top
        if is_end:
            if not open_ or open_[-1].tag != node.tag:
                raise Unbalanced(node.begin)
            open_.pop().end = node.begin
            continue
        here.append(node)
        is_open = node.tag not in VOID and not node.end and node.tag not in ("", "!")
        if is_open:
            open_.append(node)
            if len(open_) > MAX_DEPTH:
                raise Unbalanced("nested too deep")
    if open_:
        raise Unbalanced(open_[-1].begin)
    return top


def _pieces(html: str) -> Iterator[tuple[Node, bool]]:
    """Each tag, comment and run of text; whether it is an end tag."""
    place = 0
    while found := _PIECE.search(html, place):
        if found.start() > place:
            yield Node("", html[place : found.start()]), False
        place = found.end()
        tag = (found["tag"] or "!").lower()
        node = Node(tag, found[0], found["attributes"] or "")
        if tag in _RAW and not found["end"]:
            end = re.compile(rf"</{tag}\s*>", re.IGNORECASE).search(html, place)
            if end is None:
                raise Unbalanced(found[0])
            node.children = [Node("", html[place : end.start()])]
            node.end, place = end[0], end.end()
        yield node, bool(found["end"])
    if place < len(html):
        yield Node("", html[place:]), False
