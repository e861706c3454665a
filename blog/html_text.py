"""HTML and the text in it: paragraphs made of lines, runs of text, words, links.

Nothing here is called safe, and nothing is sanitised: `markup` does that. What is said
of canonical HTML holds for what `nh3` wrote.
"""

import html
import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urljoin

BLOCK_TAGS = frozenset(
    """
    address article aside blockquote caption center dd details div dl dt figcaption
    figure h1 h2 h3 h4 h5 h6 hr li ol p pre section summary table tbody td tfoot th
    thead tr ul video audio picture
    """.split()
)
# Text in these is shown to the letter.
_VERBATIM_TAGS = frozenset(["pre", "code", "kbd", "samp", "tt", "var"])

# In canonical HTML. A bare quote cannot stand inside an attribute's value there.
_CANONICAL_TAG = re.compile(r'(<(?:[^>"]|"[^"]*")*>)')
# In anything at all: stops at the next `<`, so hostile input costs linear time.
ANY_TAG = re.compile(r"(<[^<>]*>)")
# Among a tag's attributes, and not in the value of one.
_HREF = re.compile(r'<a(?:[^>"]|"[^"]*")*?\shref="([^"]*)"')
_WEB_ADDRESS = re.compile(r"https?://[^/\s]", re.IGNORECASE)
_TAG_NAME = re.compile(r"</?\s*([a-zA-Z][a-zA-Z0-9]*)")


def plain_to_html(text: str) -> str:
    """Plain text as paragraphs of HTML, nothing in it taken for markup."""
    return paragraphs(html.escape(text, quote=False))


def paragraphs(source: str) -> str:
    """Blank lines as paragraphs, single newlines as `<br>`, blocks left alone.

    What WordPress calls autop, for texts written without `<p>`.
    """
    out: list[str] = []
    run: list[str] = []
    depth = 0
    for token in ANY_TAG.split(source.replace("\r\n", "\n").replace("\r", "\n")):
        name = tag_name(token)
        if name in BLOCK_TAGS:
            if depth == 0:
                out.append(_as_paragraphs("".join(run)))
                run = []
            out.append(token)
            if name != "hr":
                depth = max(0, depth + (-1 if token.startswith("</") else 1))
        elif depth == 0:
            run.append(token)
        else:
            out.append(token)
    out.append(_as_paragraphs("".join(run)))
    return "".join(out)


def map_text(
    markup: str,
    change: Callable[[str], str],
    skip: frozenset[str] | set[str] = frozenset(),
) -> str:
    """`change` applied to each run of text in canonical HTML.

    Text inside `skip` and inside code is left as it is. Runs are HTML-escaped.
    """
    skipped = _VERBATIM_TAGS | skip
    depth = 0
    tokens = _CANONICAL_TAG.split(markup)
    for place, token in enumerate(tokens):
        name = _short_name(token[:32]) if token.startswith("<") else None
        if name is None:
            if token and not depth:
                tokens[place] = change(token)
        elif name in skipped:
            depth += -1 if token.startswith("</") else 1
    return "".join(tokens)


def text_of(markup: str) -> str:
    """The visible text of HTML; block elements part words, inline ones don't."""
    return " ".join(parted_text_of(markup).split())


def parted_text_of(markup: str) -> str:
    """The same, with all the blanks and ends of lines that stand in it."""
    runs = ANY_TAG.split(markup)
    # How it begins is enough to name a tag, and few begin otherwise than others.
    runs[1::2] = [_shown_of(tag[:32]) for tag in runs[1::2]]
    return html.unescape("".join(runs))


@lru_cache(maxsize=4096)
def _shown_of(tag: str) -> str:
    return " " if tag_name(tag) in BLOCK_TAGS | {"br"} else ""


def first_words(markup: str, limit: int, mark: str) -> str:
    """The first `limit` words as plain text; `mark` follows where more would come."""
    return first(text_of(markup), limit, mark)


def first(text: str, limit: int, mark: str) -> str:
    """The first `limit` words of plain text, as `text_of` gives it."""
    words = text.split(" ", limit)
    return " ".join(words[:limit]) + (mark if len(words) > limit else "")


def links_in(markup: str, base: str = "") -> list[str]:
    """The web addresses that links in rendered HTML lead to, in order, each once.

    Whole addresses only; with a `base`, the others too, as they read from there.
    """
    tags = [token for token in _CANONICAL_TAG.split(markup) if tag_name(token) == "a"]
    found = [match for tag in tags if (match := _HREF.match(tag))]
    # One within the page, to a footnote and back, leads nowhere else.
    addresses = [match[1] for match in found if not match[1].startswith("#")]
    links = [_joined(base, html.unescape(address)) for address in addresses]
    return list(dict.fromkeys(link for link in links if _WEB_ADDRESS.match(link)))


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip())
    except ValueError:  # a bracket where none may be
        return ""


def _as_paragraphs(run: str) -> str:
    # Line by line: an expression for “blanks before a newline” takes the square of
    # their number where no newline follows.
    run = "\n".join(line.strip(" \t") for line in run.split("\n"))
    blocks = [block.strip() for block in run.split("\n\n")]
    return "\n".join(
        "<p>{}</p>".format(block.replace("\n", "<br>\n")) for block in blocks if block
    )


def tag_name(token: str) -> str | None:
    match = _TAG_NAME.match(token) if token.startswith("<") else None
    return match[1].lower() if match else None


@lru_cache(maxsize=4096)
def _short_name(begin: str) -> str | None:
    """Of a tag by how it begins: of a name that is cut nothing is asked."""
    return tag_name(begin)
