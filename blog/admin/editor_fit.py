"""Which HTML the editor keeps whole, element by element.

It drops what it does not know as soon as it opens a text. Whoever teaches it a new kind
of node names its elements here.
"""

import re
from collections import Counter
from functools import lru_cache
from html.parser import HTMLParser

# Marks lie over each other, but nothing lies over or in inline code.
_MARKS = frozenset("a b em i s strong sub sup u".split())
_INLINE = _MARKS | {"br", "code", "img", "span"}
_BLOCKS = frozenset("blockquote figure h2 h3 h4 hr ol p pre table ul".split())
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
    **dict.fromkeys(_MARKS, _MARKS | {"br", "img", "span"}),
    "span": _MARKS,
    # A picture with its words, or several such: see `_is_figure`.
    "figure": {"img", "a", "figcaption", "figure"},
    "figcaption": _INLINE,
    "ol": {"li"},
    "ul": {"li"},
    "pre": {"code"},
    "table": {"tbody", "colgroup"},
    "colgroup": {"col"},
    "tbody": {"tr"},
    "tr": {"td", "th"},
}
_NO_TEXT = frozenset("figure ol ul table colgroup tbody tr".split())
_ATTRIBUTES = {
    "a": {"href", "title", "rel", "target"},
    "figure": {"id"},
    "img": set("src alt title width height id srcset sizes loading decoding".split()),
    "ol": {"start", "type", "data-type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
# Said of an embed that was found to be whole; nobody writes it.
_WHOLE = "embed-with-its-address"
# The classes an element may have, where it may have any: each is a node of its own.
_CLASSES = {"hr": {"more"}, "span": {"footnote"}}
_ANY_CLASS = frozenset(["figcaption", "figure", "img"])
# Without one, these are nothing the editor knows.
_NEED_CLASS = frozenset(["span"])
_LANGUAGE = re.compile(r"language-[a-z0-9][a-z0-9_-]*")
# A link with another scheme would be taken off its words.
_LINK = re.compile(r"\s*(?:https?:|mailto:|[^:]*(?:[/?#]|$))", re.IGNORECASE)
# A picture that lies in the text itself is sent to the library as soon as it is edited.
_PICTURE = re.compile(r"(?!\s*data:)\s*\S", re.IGNORECASE)
_EMPTY = frozenset(["br", "col", "hr", "img"])
# An embed is one node with its address: to the walk below, a picture of its own.
_EMBED = re.compile(
    r'<figure class="embed">\s*<a href="https?://[^"<>]*">[^<]*</a>'
    r"(?=\s*(?:<figcaption>|</figure>))",
    re.IGNORECASE,
)


class _Fit(HTMLParser):
    """Walks a body and notes what of it the editor can't hold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [""]
        self.open_count: Counter[str] = Counter()
        # What stands in each of the open ones, so far.
        self.inside: list[list[str]] = [[]]
        self.strange: set[str] = set()
        # Where a quote names who said it, nothing follows within the quote.
        self.cited_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_known = tag in _MAY_HOLD.get(self.open[-1], ())
        named = values.pop("class", None) or ""
        is_code = tag == "code" and self.open[-1] == "pre"
        if tag not in _ANY_CLASS and not (is_code and _LANGUAGE.fullmatch(named)):
            classes = set(named.split())
            is_known = is_known and classes <= _CLASSES.get(tag, set())
            is_known = is_known and bool(classes or tag not in _NEED_CLASS)
        if len(self.open) == self.cited_depth:
            is_known = False
        if named == _WHOLE and self.open_count["figure"]:  # no gallery is made of those
            is_known = False
        if values.keys() - _ATTRIBUTES.get(tag, set()):
            is_known = False
        if tag == "a" and not _LINK.match(values.get("href") or ":"):
            is_known = False
        if tag == "img" and not self._keeps_image(values.get("src") or ""):
            is_known = False
        if not is_known:
            self.strange.add(self.get_starttag_text() or f"<{tag}>")
        self.inside[-1].append(tag)
        if tag not in _EMPTY:
            self.open.append(tag)
            self.open_count[tag] += 1
            self.inside.append([])

    def _keeps_image(self, address: str) -> bool:
        # A footnote is text alone, whatever marks lie over it.
        return bool(_PICTURE.match(address)) and not self.open_count["span"]

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        self.inside[-1].append("text")
        if self.open[-1] in _NO_TEXT or len(self.open) == self.cited_depth:
            self.strange.add(f"words in <{self.open[-1]}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        if self.open[-1] != tag:
            self.strange.add(f"</{tag}>")
            return
        self.open.pop()
        self.open_count[tag] -= 1
        self.cited_depth = len(self.open) if tag == "cite" else 0
        inside = self.inside.pop()
        is_kept = tag != "figure" or _is_figure(inside)
        # The link of a picture holds nothing else; such a figure is no gallery's.
        if tag == "a" and self.open[-1] == "figure" and inside != ["img"]:
            is_kept = False
        if tag == "figure" and self.open[-1] == "figure" and "figure" in inside:
            is_kept = False
        if not is_kept:
            self.strange.add(f"<{tag}> with {', '.join(inside) or 'nothing'}")

    def handle_comment(self, data: str) -> None:
        self.strange.add(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.strange.add(f"<!{decl}>")

    unknown_decl = handle_pi = handle_decl


def _is_figure(inside: list[str]) -> bool:
    if "figure" in inside:
        return set(inside) == {"figure"}
    return inside[:1] in (["img"], ["a"]) and inside[1:] in ([], ["figcaption"])


# A form asks of the same text several times, and of a long one each takes a while.
@lru_cache(maxsize=4)
def strange(source: str) -> frozenset[str]:
    """What of `source` the editor, opening and saving it, would drop: tags as written.

    `source` is the editor's own form of a text: see `body.for_editor`.
    """
    fit = _Fit()
    fit.feed(_EMBED.sub(f'<figure class="{_WHOLE}"><img src="/">', source))
    if "<" in fit.rawdata:
        # A tag that never ends. The parser would begin anew at each `<` behind it.
        fit.strange.add(fit.rawdata[:80])
    else:
        fit.close()
    unclosed = {f"<{tag}> without its end" for tag in fit.open[1:]}
    return frozenset(fit.strange | unclosed)


def fits(source: str) -> bool:
    """Whether the editor, opening and saving `source`, would keep all of it."""
    return not strange(source)
