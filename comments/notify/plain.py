"""HTML of a comment as text that can be read in a mail."""

from html.parser import HTMLParser

_BREAKS = {"br": "\n"}
# How many newlines stand before and after.
_BLOCKS = {"p": 2, "ul": 2, "ol": 2, "pre": 2, "li": 1, "div": 2}
_BLOCKS |= dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "table", "tr"), 2)


def from_html(markup: str) -> str:
    """Paragraphs, quotes and lists as people type them; links with their address.

    Takes HTML that `blog.markup` rendered.
    """
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines = [line.rstrip() for line in reader.text().strip("\n").split("\n")]
    return "\n".join(lines)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        # What was read on each level of quoting.
        self._levels = [""]
        self._href = ""
        self._link_start = 0
        self._is_verbatim = False

    def text(self) -> str:
        while len(self._levels) > 1:
            self._end_quote()
        return self._levels[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self._part(2)
            self._levels.append("")
        elif tag == "a":
            self._href = dict(attrs).get("href") or ""
            self._link_start = len(self._levels[-1])
        elif tag in _BREAKS:
            self._levels[-1] += _BREAKS[tag]
        elif tag in _BLOCKS:
            self._part(_BLOCKS[tag])
            self._levels[-1] += "- " if tag == "li" else ""
            self._is_verbatim |= tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote" and len(self._levels) > 1:
            self._end_quote()
        elif tag == "a":
            self._end_link()
        elif tag in _BLOCKS:
            self._part(_BLOCKS[tag])
            self._is_verbatim &= tag != "pre"

    def handle_data(self, data: str) -> None:
        if not self._is_verbatim:
            data = " ".join(f"x{data}x".split())[1:-1]
            if self._levels[-1].endswith(("\n", " ")) or not self._levels[-1]:
                data = data.lstrip()
        self._levels[-1] += data

    def _part(self, newlines: int) -> None:
        """At least so many newlines, where anything stands before them."""
        text = self._levels[-1].rstrip(" ")
        if text:
            there = len(text) - len(text.rstrip("\n"))
            text += "\n" * (newlines - there)
        self._levels[-1] = text

    def _end_quote(self) -> None:
        quoted = self._levels.pop().strip("\n").split("\n")
        self._levels[-1] += "\n".join(f"> {line}".rstrip() for line in quoted)
        self._part(2)

    def _end_link(self) -> None:
        shown = self._levels[-1][self._link_start :]
        if self._href and self._href not in (shown, f"mailto:{shown}"):
            self._levels[-1] += f" <{self._href}>"
        self._href = ""
