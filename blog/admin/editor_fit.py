"""Which HTML the editor keeps whole, element by element.

It drops what it does not know as soon as it opens a text. Whoever teaches it a new kind
of node names its elements here.
"""

import re
from html.parser import HTMLParser

# Marks lie over each other, but nothing lies over or in inline code.
_MARKS = frozenset("a b em i s strong sub sup u".split())
_INLINE = _MARKS | {"br", "code", "span"}
_BLOCKS = frozenset("blockquote h2 h3 h4 hr ol p pre table ul".split())
# What each element may hold for the editor to hold the same.
_MAY_HOLD = {
    "": _BLOCKS | _INLINE,
    "blockquote": _BLOCKS | _INLINE | {"cite"},
    "cite": _INLINE,
    "li": _INLINE | {"p", "ol", "ul"},
    "td": (_BLOCKS | _INLINE) - {"table"},
    "th": (_BLOCKS | _INLINE) - {"table"},
    "p": _INLINE,
    "h2": _INLINE,
    "h3": _INLINE,
    "h4": _INLINE,
    **dict.fromkeys(_MARKS, _MARKS | {"br", "span"}),
    "span": _MARKS,
    "ol": {"li"},
    "ul": {"li"},
    "pre": {"code"},
    "table": {"tbody", "colgroup"},
    "colgroup": {"col"},
    "tbody": {"tr"},
    "tr": {"td", "th"},
}
_NO_TEXT = frozenset("ol ul table colgroup tbody tr".split())
_ATTRIBUTES = {
    "a": {"href", "title", "rel", "target"},
    "ol": {"start", "type", "data-type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
# The classes an element may have, where it may have any: each is a node of its own.
_CLASSES = {"hr": {"more"}, "span": {"footnote"}}
# Without one, these are nothing the editor knows.
_NEED_CLASS = frozenset(["span"])
_LANGUAGE = re.compile(r"language-[a-z0-9][a-z0-9_-]*")
# A link with another scheme would be taken off its words.
_LINK = re.compile(r"\s*(?:https?:|mailto:|[^:]*(?:[/?#]|$))", re.IGNORECASE)
_EMPTY = frozenset(["br", "col", "hr"])


class _Fit(HTMLParser):
    """Walks a body and notes whether the editor can hold all of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [""]
        self.is_good = True
        # Where a quote names who said it, nothing follows within the quote.
        self.cited_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_known = tag in _MAY_HOLD.get(self.open[-1], ())
        named = values.pop("class", None) or ""
        is_code = tag == "code" and self.open[-1] == "pre"
        if not (is_code and _LANGUAGE.fullmatch(named)):
            classes = set(named.split())
            is_known = is_known and classes <= _CLASSES.get(tag, set())
            is_known = is_known and bool(classes or tag not in _NEED_CLASS)
        if len(self.open) == self.cited_depth:
            is_known = False
        if not is_known or values.keys() - _ATTRIBUTES.get(tag, set()):
            self.is_good = False
        if tag == "a" and not _LINK.match(values.get("href") or ":"):
            self.is_good = False
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_data(self, data: str) -> None:
        is_place = self.open[-1] not in _NO_TEXT and len(self.open) != self.cited_depth
        if data.strip() and not is_place:
            self.is_good = False

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        if self.open[-1] == tag:
            self.open.pop()
            self.cited_depth = len(self.open) if tag == "cite" else 0
        else:
            self.is_good = False

    def handle_comment(self, data: str) -> None:
        self.is_good = False

    def handle_decl(self, decl: str) -> None:
        self.is_good = False

    unknown_decl = handle_pi = handle_decl


def fits(source: str) -> bool:
    """Whether the editor, opening and saving `source`, would keep all of it.

    `source` is the editor's own form of a text: see `body.for_editor`.
    """
    fit = _Fit()
    fit.feed(source)
    fit.close()
    return fit.is_good and fit.open == [""]
