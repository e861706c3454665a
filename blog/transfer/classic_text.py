"""Paragraphs for classic texts, in which WordPress keeps none: blank lines part them.

As WordPress shows such a text (`wpautop`): in quotes, cells and boxes too, with every
other end of a line as `<br>`, and nothing done to what is shown to the letter.
"""

import re
from collections import Counter

from blog.transfer.aside import BLOCK_PLACE, UNSEEN
from blog.transfer.tags import CODE_NAMES, TAG, name_of

_VERBATIM = (CODE_NAMES - {"code", "kbd", "samp"}) | {"svg", "select", "math"}
# What stands in these is other blocks; blanks between them are nothing.
_BARE = frozenset(
    """
    audio colgroup datalist dl figure hgroup menu object ol picture table tbody tfoot
    thead tr ul video
    """.split()
)
# A text in these is one paragraph without being called so.
_ONE = frozenset(
    "address caption dt figcaption h1 h2 h3 h4 h5 h6 legend summary".split()
)
# In these it is paragraphs where it is more than one.
_ROOMY = frozenset(
    """
    article aside center details div fieldset footer form header main nav section
    """.split()
)
_MANY = _ROOMY | {"dd", "li", "td", "th"}
_ALWAYS = frozenset(["", "blockquote"])
_BLOCKS = _VERBATIM | _BARE | _ONE | _MANY | _ALWAYS | {"p", "hr"}
_EMPTY = frozenset(["hr"])
# A cut of the text, or a block that was put aside: no part of a paragraph.
_MARK = re.compile(rf"<!--\s*(?:more\b|nextpage\s*--)|{BLOCK_PLACE}")
# Another one of the first ends one of the second that is open.
_ENDED_BY_NEXT = {
    "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"},
    "td": {"td", "th"}, "th": {"td", "th"}, "tr": {"td", "th", "tr"},
}  # fmt: skip
_LINE_BROKEN = re.compile(r"<br\s*/?>\s*\Z", re.IGNORECASE)


def paragraphs(source: str, *, is_within_blocks: bool = True) -> str:
    """`source` with its paragraphs marked, within its blocks too or only around them.

    Never raises; linear in its length.
    """
    return _Walk(is_within_blocks=is_within_blocks).of(source)


class _Walk:
    def __init__(self, *, is_within_blocks: bool) -> None:
        self._is_within_blocks = is_within_blocks
        self._out: list[str] = []
        self._run: list[str] = []
        self._open = [""]
        self._count: Counter[str] = Counter()
        self._verbatim = ""

    def of(self, source: str) -> str:
        for token in TAG.split(source):
            name = name_of(token)
            if self._verbatim:
                self._out.append(token)
                if name == self._verbatim and token.startswith("</"):
                    self._verbatim = ""
            elif _MARK.match(token):
                self._leave_paragraph()
                self._out.append(f"\n{token}\n")
            elif name in _BLOCKS:
                self._block(token, name)
            else:
                self._run.append(token)
        self._flush()
        return "".join(self._out)

    def _block(self, token: str, name: str) -> None:
        is_end = token.startswith("</")
        if name == "p" and is_end and not self._count["p"]:
            self._flush()  # what it ended was ended by a block within
            return
        self._leave_paragraph() if not is_end or name != "p" else self._flush()
        if is_end:
            self._close(name)
        elif name in _VERBATIM:
            self._verbatim = name
        elif name not in _EMPTY:
            while self._open[-1] in _ENDED_BY_NEXT.get(name, ()):
                self._count[self._open.pop()] -= 1
            self._open.append(name)
            self._count[name] += 1
        self._out.append(token)

    def _leave_paragraph(self) -> None:
        """No block stands in a paragraph: it ends here, said or not."""
        self._flush()
        if self._open[-1] == "p":
            self._close("p")
            self._out.append("</p>")

    def _close(self, name: str) -> None:
        while self._count[name]:
            last = self._open.pop()
            self._count[last] -= 1
            if last == name:
                return

    def _flush(self) -> None:
        text, self._run = "".join(self._run), []
        inside = self._open[-1]
        is_left = inside in _BARE or (inside and not self._is_within_blocks)
        if is_left or UNSEEN.fullmatch(text):
            self._out.append(text)
            return
        chunks = [chunk for chunk in map(str.strip, _chunks(text)) if chunk]
        lines = list(map(_with_breaks, chunks))
        if inside == "p":
            self._out.append("</p>\n<p>".join(lines))
        elif inside in _ONE or (
            inside in _MANY and not _is_parted(inside, lines, text)
        ):
            self._out.append("<br>\n".join(lines))
        else:
            self._out.append("\n".join(map(_paragraph, lines)))


def _paragraph(line: str) -> str:
    return line if UNSEEN.fullmatch(line) else f"<p>{line}</p>"


def _is_parted(inside: str, lines: list[str], text: str) -> bool:
    """Whether it was set apart by blank lines, or is in two parts in a cell."""
    return len(lines) > 1 or (inside in _ROOMY and "\n\n" in text)


def _chunks(text: str) -> list[str]:
    # Line by line: an expression for “blanks before a newline” takes the square of
    # their number where no newline follows.
    lines = (line.strip(" \t") for line in text.split("\n"))
    return "\n".join(lines).split("\n\n")


def _with_breaks(text: str) -> str:
    out = []
    lines = text.split("\n")
    for line in lines[:-1]:
        end = line[-12:]
        out.append(f"{line}\n" if _LINE_BROKEN.search(end) else f"{line}<br>\n")
    return "".join(out) + lines[-1]
