"""The words of a page: all of an element's, or those around a link."""

import html
import re
from secrets import token_hex

from selectolax.lexbor import LexborNode

from comments.unseen import without_unseen

# About so many characters each side of the link's text, and at most so many of it.
AROUND = 100
MAX_LINK_TEXT = 200
# A paragraph of fewer says nothing by itself, and its neighbours are looked at too.
MIN_TELLING = 60
MAX_CLIMBS = 4
# Of plain text so much is looked at, either side.
MAX_READ = 1000
BEGINS, ENDS = "[…]", "[…]"
# Nothing in an excerpt is longer than this: what is left out, the marks included.
MAX_LENGTH = 2 * AROUND + MAX_LINK_TEXT + 2 * len(" […]") + 1
BLOCKS = frozenset(
    "article aside blockquote body div footer header li main nav p section".split()
)
# A page's furniture.
ASIDE = frozenset({"nav", "header", "footer", "aside"})

_TAG = re.compile(r"<(/?)(\w+)(?:[^>\"]|\"[^\"]*+\")*+>")


def text_of(node: LexborNode) -> str:
    """An element's text, with an empty line between its blocks. Safe to show."""
    return cleaned(_spelt(node))


def line_of(node: LexborNode) -> str:
    """The same on one line."""
    return " ".join(text_of(node).split())


def around(link: LexborNode) -> str:
    """`[…] some words, the link’s text, and some more […]`, on one line.

    At most MAX_LENGTH characters; empty where there is no text at all. The page is
    not the same afterwards.
    """
    start, end = f"\ue000{token_hex(8)}", f"\ue001{token_hex(8)}"
    link.insert_before(start)
    link.insert_after(end)
    before, _, rest = _spelt(_block(link)).partition(start)
    said, _, after = rest.partition(end)
    return _excerpt(before, said, after)


def around_text(text: str, start: int, end: int) -> str:
    """The same of plain text, around what stands from `start` to `end`."""
    before, after = text[max(0, start - MAX_READ) : start], text[end : end + MAX_READ]
    return _excerpt(before, text[start:end], after)


def _excerpt(before: str, said: str, after: str) -> str:
    words = cut(line(said), MAX_LINK_TEXT)
    # A blank stands between them where there was one.
    before, after = line(f"{before}|")[:-1], line(f"|{after}")[1:]
    told = f"{_tail(before, AROUND)}{words}{_head(after, AROUND)}".strip()
    return f"{BEGINS} {told} {ENDS}" if told else ""


def beginning(text: str, limit: int) -> str:
    """The first words of `text` as an excerpt; the mark follows if there are more."""
    whole = line(text)
    kept = _head(whole, limit).strip()
    return kept if kept == whole else f"{kept} {ENDS}"


def cut(text: str, limit: int) -> str:
    """At most `limit` characters of a line, if possible whole words."""
    return text if len(text) <= limit else f"{_head(text, limit - 1).rstrip()}…"


def cleaned(text: str) -> str:
    """Without what would disturb what stands around it, paragraph by paragraph."""
    paragraphs = [line(paragraph) for paragraph in re.split(r"\n\s*\n", text)]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def line(text: str) -> str:
    """All of it on one line, without what would disturb what stands around it."""
    return " ".join(without_unseen(" ".join(text.split())).split())


def _spelt(node: LexborNode) -> str:
    """Its text, with blank lines where blocks begin and end."""
    return html.unescape(_TAG.sub(_gap, node.html or ""))


def _gap(tag: re.Match[str]) -> str:
    if tag[2] == "br":
        return "\n"
    return "\n\n" if tag[2] in BLOCKS else ""


def _block(link: LexborNode) -> LexborNode:
    """The paragraph it stands in; what is around that, where it says little."""
    found, climbs = link, 0
    while (parent := found.parent) is not None and parent.tag not in ("html", None):
        found = parent
        if found.tag not in BLOCKS:
            continue
        climbs += 1
        if climbs == MAX_CLIMBS or found.tag == "article" or _is_telling(found):
            break
    return found


def _is_telling(node: LexborNode) -> bool:
    return len(line(_spelt(node))) >= MIN_TELLING + 2 * len(f"_{token_hex(8)}")


def _head(text: str, limit: int) -> str:
    """The first `limit` characters, less the word that is cut."""
    if len(text) <= limit:
        return text
    kept, blank, _ = text[: limit + 1].rpartition(" ")
    return kept if blank else text[:limit]


def _tail(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    _, blank, kept = text[-limit - 1 :].partition(" ")
    return kept if blank else text[-limit:]
