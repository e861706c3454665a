"""What stands in a paragraph, from HTML to Markdown; what Markdown lacks stays a tag."""

import re
from collections.abc import Sequence
from html import unescape

from blog.transfer.html_nodes import VOID, Node

# A backslash before one of these keeps it text, wherever it stands.
_SIGNS = re.compile(r"[\\`*\[\]]|~~|(?<![^\W_])_|_(?![^\W_])")
_BARE_AMPERSAND = re.compile(r"&amp;(?!#?\w{1,40};)")
_LESS = re.compile(r"&lt;(?=[\s\d=,.]|$)")
# What begins a block, at the begin of a line.
_BLOCK_SIGN = re.compile(
    r"(?m)^(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|=+[ \t]*$|-{2,}[ \t]*$|~{3,})"
)
_BLOCK_NUMBER = re.compile(r"(?m)^(\d{1,9})([.)])(?=\s|$)")
_PLAIN_ENTITIES = re.compile(r"&(?!(?:amp|lt|gt);)")
_AUTOLINK = re.compile(r"https?://[^\s<>&\"'`\\]+")
_PLAIN_ADDRESS = re.compile(r"[^\s()<>\\\"']+")
_MARKS = {"em": ("*", "_"), "strong": ("**", "__"), "s": ("~~", "~~")}


class NoMarkdown(Exception):
    """There is none for it: it stays HTML."""


class Notes:
    """The footnotes of a text, numbered as they are called."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def add(self, text: str) -> str:
        self.texts.append(text)
        return f"[^{len(self.texts)}]"

    def definitions(self, first: int = 0) -> list[str]:
        return [
            f"[^{number}]: {text}".replace("\n", "\n    ")
            for number, text in enumerate(self.texts, start=1)
            if number > first
        ]


def inline(nodes: Sequence[Node], notes: Notes, above: str = "") -> str:
    """Raises NoMarkdown. `above` is the mark all of it stands in."""
    out: list[str] = []
    for node, following in zip(nodes, [*nodes[1:], None], strict=False):
        if not node.tag:
            out.append(_text(node.begin, is_begin=not out or out[-1].endswith("\n")))
        elif node.tag == "br" and _begins_line(following) and node.begin == "<br>":
            out.append("\\")
        else:
            out.append(_element(node, notes, above))
    return "".join(out)


def _begins_line(node: Node | None) -> bool:
    return node is not None and not node.tag and node.begin.startswith("\n")


def _text(run: str, *, is_begin: bool) -> str:
    """Escaped, but for what can't be taken for a mark where it stands."""
    run = _SIGNS.sub(lambda sign: "".join(f"\\{one}" for one in sign[0]), run)
    run = _BARE_AMPERSAND.sub("&", run)
    run = _LESS.sub("<", run)
    run = run.replace("&gt;", ">").replace("&lt;", "\\<")
    head, newline, rest = ("", "", run) if is_begin else run.partition("\n")
    rest = _BLOCK_SIGN.sub(r"\\\1", rest)
    return head + newline + _BLOCK_NUMBER.sub(r"\1\\\2", rest)


def _element(node: Node, notes: Notes, above: str) -> str:
    make = _MAKERS.get(node.tag)
    made = make(node, notes, above) if make else None
    if made is not None:
        return made
    if node.tag in VOID or node.tag == "!":
        return node.begin
    return node.begin + inline(node.children, notes, above) + node.end


def _marked(node: Node, notes: Notes, above: str) -> str | None:
    if node.attributes:
        return None
    mark = _MARKS[node.tag][1 if above[:1] == "*" else 0]
    inside = inline(node.children, notes, mark)
    is_tight = inside and not inside[0].isspace() and not inside[-1].isspace()
    return f"{mark}{inside}{mark}" if is_tight else None


def _code(node: Node, notes: Notes, above: str) -> str | None:
    is_text = len(node.children) == 1 and not node.children[0].tag
    if node.attributes or not is_text:
        return None
    written = node.children[0].begin
    if _PLAIN_ENTITIES.search(written) or "\n" in written:
        return None
    code = unescape(written)
    runs = {len(run) for run in re.findall("`+", code)}
    mark = "`" * next(count for count in range(1, len(code) + 2) if count not in runs)
    is_padded = code[:1] in "` " or code[-1:] in "` "
    pad = " " if is_padded else ""
    return f"{mark}{pad}{code}{pad}{mark}"


def _link(node: Node, notes: Notes, above: str) -> str | None:
    said = node.said()
    if said is None or list(said) not in (["href"], ["href", "title"]):
        return None
    words = "".join(child.html for child in node.children)
    if words == said["href"] and list(said) == ["href"] and _AUTOLINK.fullmatch(words):
        return f"<{words}>"
    inside = inline(node.children, notes, above)
    return f"[{inside}]({_target(said)})"


def _image(node: Node, notes: Notes, above: str) -> str | None:
    said = node.said()
    if said is None or list(said) not in (["src", "alt"], ["src", "alt", "title"]):
        return None
    words = _text(said["alt"].replace("&quot;", '"'), is_begin=False)
    return f"![{words}]({_target(said)})"


def _target(said: dict[str, str]) -> str:
    """An address and perhaps a title, as they stand between parentheses."""
    address = unescape(said.get("href") or said.get("src", ""))
    written = (
        address.replace("\\", "\\\\").replace("&", "&amp;")
        if "&" in address and re.search(r"&#?\w{1,40};", address)
        else address
    )
    if not _PLAIN_ADDRESS.fullmatch(written):
        written = "<{}>".format(written.replace("<", "\\<").replace(">", "\\>"))
    if "title" not in said:
        return written
    title = unescape(said["title"]).replace("\\", "\\\\").replace('"', '\\"')
    return f'{written} "{title}"'


def _span(node: Node, notes: Notes, above: str) -> str | None:
    """A footnote goes below the text, its number stays."""
    if node.attributes != ' class="footnote"' or above == "note":
        return None
    inside = inline(node.children, notes, "note")
    return notes.add(inside) if inside.strip() else None


_MAKERS = {
    "em": _marked,
    "strong": _marked,
    "s": _marked,
    "code": _code,
    "a": _link,
    "img": _image,
    "span": _span,
}
