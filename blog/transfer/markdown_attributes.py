"""Attributes that Kramdown, Python-Markdown and Hugo let stand behind what they are of.

`{: .wide #first}` on a line of its own below a block, or right behind a picture, a
link or words that stand out. What the sanitiser drops anyway is not taken along.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_KEPT = frozenset("class id title lang dir width height".split())
# With a colon anything may follow; without one a class or a name must.
_LIST = r"\{(?::(?P<said>[^{}\n]*)|(?P<bare>[ \t]*[.#][^{}\n]*))\}"
_ALONE = re.compile(rf"{_LIST}[ \t]*")
_LAST_LINE = re.compile(rf"\n[ \t]*{_LIST}[ \t]*\Z")
_AT_END = re.compile(rf"[ \t]+{_LIST}[ \t]*\Z")
_BEHIND = re.compile(_LIST)
_PART = re.compile(
    r"""\.(?P<class>-?[A-Za-z_][\w-]*)|\#(?P<id>[\w-]+)"""
    r"""|(?P<key>[A-Za-z][\w-]*)=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<word>[^\s"']+))"""
)
_OPENING = {
    "link_close": "link_open",
    "em_close": "em_open",
    "strong_close": "strong_open",
}
# A list that Kramdown replaces by the contents of the text.
_CONTENTS = re.compile(
    r"^[*+-] .*\n[ \t]*\{:[ \t]*toc\b[^{}\n]*\}[ \t]*$", re.MULTILINE
)
_PARSED_INSIDE = re.compile(
    r"""^(<[a-z]+\b[^<>\n]*?)\s+markdown=(?:"[^"]*"|'[^']*'|\w+)([^<>\n]*>)[ \t]*$""",
    re.MULTILINE,
)


# Below a table it would be a row of it.
_BELOW_TABLE = re.compile(r"^(\|[^\n]*\n)(?=[ \t]*\{:)", re.MULTILINE)


def prepared(source: str) -> str:
    """`source` without a list of contents; HTML that holds Markdown says where it is."""
    if "{:" in source:
        source = _BELOW_TABLE.sub(r"\1\n", _CONTENTS.sub("", source))
    return _PARSED_INSIDE.sub(r"\1\2\n", source) if "markdown=" in source else source


def of_blocks(state: StateCore) -> None:
    """Between blocks and inlines: takes the lists from the text to their blocks."""
    kept: list[Token] = []
    for token in state.tokens:
        kept.append(token)
        if token.type != "inline" or "{" not in token.content:
            continue
        if len(kept) == 1:  # the words of a heading, without the heading
            token.content = _AT_END.sub("", token.content)
            continue
        at_end = _AT_END if kept[-2].type == "heading_open" else _LAST_LINE
        if found := at_end.search(token.content):
            token.content = token.content[: found.start()]
            _give(kept[-2], found)
        elif (found := _ALONE.fullmatch(token.content)) and len(kept) > 2:
            token.content = ""
            _give(_before(kept), found)
            # A paragraph that says nothing is not shown.
            kept[-2].hidden = True
            kept[-2].meta = {"is_empty": True}
    state.tokens = list(_without_empty(kept))


def _before(tokens: Sequence[Token]) -> Token:
    """Where the block begins that ends right before the paragraph at the end."""
    closing = tokens[-3]
    if closing.nesting != -1:
        return closing
    opening = closing.type.removesuffix("close") + "open"
    return next(
        token
        for token in reversed(tokens[:-3])
        if token.type == opening and token.level == closing.level
    )


def _without_empty(tokens: Sequence[Token]) -> Iterator[Token]:
    waiting = 0
    for token in tokens:
        if token.meta.get("is_empty"):
            waiting = 3  # the paragraph, what stands in it, its end
        if waiting:
            waiting -= 1
        else:
            yield token


def of_inlines(state: StateCore) -> None:
    """Behind a picture, a link, words that stand out."""
    for token in state.tokens:
        children = token.children or []
        for place, child in enumerate(children[1:], start=1):
            before = children[place - 1]
            if child.type != "text" or not child.content.startswith("{"):
                continue
            found = _BEHIND.match(child.content)
            target = _target(children, place - 1) if found else None
            if found and target:
                _give(target, found)
                child.content = child.content[found.end() :]
            elif found and before.type == "code_inline":
                child.content = child.content[found.end() :]


def _target(children: Sequence[Token], place: int) -> Token | None:
    token = children[place]
    if token.type == "image":
        return token
    opening = _OPENING.get(token.type)
    matching = (one for one in reversed(children[:place]) if one.level == token.level)
    return next((one for one in matching if one.type == opening), None)


def _give(token: Token, found: re.Match[str]) -> None:
    for part in _PART.finditer(found["said"] or found["bare"] or ""):
        if part["class"]:
            token.attrJoin("class", part["class"])
        elif part["id"]:
            token.attrs["id"] = part["id"]
        elif part["key"].lower() in _KEPT:
            value = part["double"] or part["single"] or part["word"] or ""
            token.attrs[part["key"].lower()] = value
