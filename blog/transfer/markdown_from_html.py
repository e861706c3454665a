"""A body as Markdown that gives the same HTML again, to the letter.

Block by block: what Markdown has no way to say stays HTML, for itself alone.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import unescape

from blog.transfer import markdown_text
from blog.transfer.html_nodes import Node, Unbalanced, parsed
from blog.transfer.markdown_inline import NoMarkdown, Notes, inline
from blog.transfer.markdown_text import RAW_HTML, Layout

# More ways to part blocks than these, and the body stays HTML.
MAX_GAPS = 4
_BLANKS = "\t\n\f\r "
_CODE = re.compile(r'<pre><code(?: class="language-([\w+#.-]{1,30})")?>')
_WITHIN = re.compile(r"<(?:ul|ol|blockquote|table|thead|tbody|tr)\b[^<>]*>(\n?)<")
_START = re.compile(r' start="(\d{1,9})"')
_ALIGNED = re.compile(r' style="text-align:(left|center|right)"')
_RULES = {"": "---", "left": ":--", "center": ":-:", "right": "--:"}
_BLOCKS = frozenset(
    """
    address article aside blockquote center dd details div dl dt figcaption figure h1
    h2 h3 h4 h5 h6 hr li ol p pre section summary table tbody td tfoot th thead tr ul
    video audio picture header footer nav form fieldset script style iframe noscript !
    """.split()
)


@dataclass(frozen=True)
class Written:
    """Markdown, and how the HTML it stands for is laid out.

    Where no Markdown gives the HTML again, `source` is for reading only.
    """

    source: str
    layout: Layout
    is_exact: bool = True


def written(html: str) -> Written:
    """`html` as Markdown; `markdown_text.body` gives it back. Never raises."""
    # Most texts need no look at each block.
    for attempt in (_in_blocks, partial(_in_blocks, is_checked=True), _as_one):
        found = attempt(html)
        if found and markdown_text.body(found.source, found.layout) == html:
            return found
    return Written(_as_one(html).source, Layout(), is_exact=False)


def _as_one(html: str) -> Written:
    return Written(markdown_text.fenced(html, RAW_HTML) if html else "", Layout())


def _in_blocks(html: str, *, is_checked: bool = False) -> Written | None:
    try:
        parts, ends = _parts(parsed(html))
    except Unbalanced:
        return None
    gaps = Counter(gap for gap, _ in parts[1:])
    # Where none is more usual, a line's end.
    order = tuple(sorted(gaps, key=lambda gap: (-gaps[gap], gap != "\n", gap)))
    if len(order) > MAX_GAPS or not parts:
        return None
    layout = Layout(
        gaps=order or ("\n",),
        is_compact=_is_compact(html),
        begins=parts[0][0],
        ends=ends,
    )
    return Written(_Blocks(layout, is_checked=is_checked).joined(parts), layout)


def _is_compact(html: str) -> bool:
    found = Counter(_WITHIN.findall(html))
    return found[""] > found["\n"]


def _parts(nodes: Sequence[Node]) -> tuple[list[tuple[str, Node | str]], str]:
    """Each block with the blanks before it, and the blanks at the end.

    A block is an element, a comment, or as HTML what stands between two of them
    without a paragraph of its own.
    """
    parts: list[tuple[str, Node | str]] = []
    run = ""
    for node in [*nodes, None]:
        if node and node.tag not in _BLOCKS:
            run += node.html
            continue
        text = run.strip(_BLANKS)
        if text:
            begin = run.index(text)
            parts.append((run[:begin], text))
            run = run[begin + len(text) :]
        if node:
            parts.append((run, node))
            run = ""
    return parts, run


class _Blocks:
    """Writes the blocks of one body one below the other.

    Checked, each gives its HTML again for itself, or stays HTML.
    """

    def __init__(self, layout: Layout, *, is_checked: bool) -> None:
        self._layout = layout
        self._is_checked = is_checked
        self._notes = Notes()
        self._marks = ("-", ".")

    def joined(self, parts: Sequence[tuple[str, Node | str]]) -> str:
        out: list[str] = []
        last_tag = ""
        for gap, block in parts:
            if out:
                out.append("\n" * (self._layout.gaps.index(gap) + 2))
            tag = "" if isinstance(block, str) else block.tag
            # Two lists one below the other would be one.
            is_second = tag == last_tag and self._marks == ("-", ".")
            self._marks = ("*", ")") if is_second else ("-", ".")
            out.append(self._written(block))
            last_tag = tag
        notes = "".join(f"\n\n{note}" for note in self._notes.definitions())
        return "".join(out) + notes

    def _written(self, block: Node | str) -> str:
        html = block if isinstance(block, str) else block.html
        known = len(self._notes.texts)
        if not isinstance(block, str):
            try:
                source = self._block(block)
            except NoMarkdown:
                source = ""
            if source and self._gives(source, html, known):
                return source
            del self._notes.texts[known:]
            # HTML goes on to the next blank line, and may be what a list's item is.
            if self._gives(html, html, known):
                return html
        return markdown_text.fenced(html, RAW_HTML)

    def _gives(self, source: str, html: str, known: int) -> bool:
        if not self._is_checked:
            return True
        whole = "\n\n".join([source, *self._notes.definitions(known)])
        alone = Layout(is_compact=self._layout.is_compact)
        return markdown_text.body(whole, alone) == html

    def _block(self, node: Node) -> str:
        """Raises NoMarkdown."""
        make = {
            "p": self._paragraph,
            "ul": self._list,
            "ol": self._list,
            "blockquote": self._quote,
            "pre": self._code,
            "hr": lambda node: "---",
            "table": self._table,
        }.get(node.tag)
        if make is None and re.fullmatch("h[1-6]", node.tag):
            make = self._heading
        if make is None:
            raise NoMarkdown(node.tag)
        return make(node)

    def _paragraph(self, node: Node) -> str:
        return self._inline(node.children) if not node.attributes else ""

    def _inline(self, nodes: Sequence[Node]) -> str:
        return inline(nodes, self._notes)

    def _heading(self, node: Node) -> str:
        said = node.said()
        if said is None or not said.keys() <= {"id"}:
            raise NoMarkdown(node.begin)
        name = f" {{#{said['id']}}}" if said else ""
        return f"{'#' * int(node.tag[1])} {self._inline(node.children)}{name}"

    def _quote(self, node: Node) -> str:
        inside = "\n\n".join(self._children(node.children))
        return "\n".join(f"> {line}".rstrip() for line in inside.split("\n"))

    def _children(self, nodes: Sequence[Node]) -> list[str]:
        """Each block in another block; text without a paragraph is one, too."""
        found: list[str] = []
        run: list[Node] = []
        for node in [*nodes, None]:
            if node and node.tag not in _BLOCKS:
                run.append(node)
                continue
            if run and not all(one.is_blank for one in run):
                found.append(self._inline(run).strip(_BLANKS))
            run = []
            if node:
                found.append(self._block(node))
        return found

    def _list(self, node: Node) -> str:
        start = _START.fullmatch(node.attributes) if node.tag == "ol" else None
        if node.attributes and not start:
            raise NoMarkdown(node.begin)
        items = [item for item in node.children if not item.is_blank]
        is_loose = any(one.tag == "p" for item in items for one in item.children)
        number = int(start[1]) if start else 1
        out = []
        for place, item in enumerate(items):
            mark = (
                f"{number + place}{self._marks[1]}"
                if node.tag == "ol"
                else self._marks[0]
            )
            between = "\n\n" if is_loose else "\n"
            inside = between.join(self._children(item.children))
            indent = " " * (len(mark) + 1)
            lines = inside.split("\n")
            rest = [
                f"{indent}{line}".rstrip(" ") if not line else indent + line
                for line in lines[1:]
            ]
            out.append("\n".join([f"{mark} {lines[0]}", *rest]))
        return ("\n\n" if is_loose else "\n").join(out)

    def _code(self, node: Node) -> str:
        if len(node.children) != 1 or node.attributes:
            raise NoMarkdown(node.begin)
        (code,) = node.children
        found = _CODE.fullmatch(node.begin + code.begin)
        if found is None or any(child.tag for child in code.children):
            raise NoMarkdown(node.begin)
        written = "".join(child.begin for child in code.children)
        return markdown_text.fenced(unescape(written), found[1] or "")

    def _table(self, node: Node) -> str:
        rows = [row for row in _descendants(node) if row.tag == "tr"]
        cells = [[cell for cell in row.children if not cell.is_blank] for row in rows]
        if not cells or not all(cells):
            raise NoMarkdown(node.begin)
        rules = []
        for cell in cells[0]:
            aligned = _ALIGNED.fullmatch(cell.attributes)
            rules.append(_RULES[aligned[1] if aligned else ""])
        lines = [self._row(row) for row in cells]
        return "\n".join([lines[0], f"| {' | '.join(rules)} |", *lines[1:]])

    def _row(self, cells: Sequence[Node]) -> str:
        texts = (self._inline(cell.children) for cell in cells)
        escaped = (text.replace("|", "\\|").replace("\n", " ") for text in texts)
        return f"| {' | '.join(escaped)} |"


def _descendants(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        yield from _descendants(child)
