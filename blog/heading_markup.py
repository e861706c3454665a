"""Headings that can be linked to, and the contents of a long text.

What is stored has ids alone. The links beside the headings are put in where a post
stands by itself: in a list they would lead to a place that moves. All of it works on
canonical HTML, as nh3 writes it, in linear time.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from blog import footnote_markup
from blog.slugs import slug_from

MAX_ID_LENGTH = 60
# Fewer than that are seen at a glance.
MIN_HEADINGS = 3
# For a heading of which nothing can be read, as where it is a picture; and before what
# the page calls a part of its own.
UNREADABLE = "section"

_TAG = re.compile(r'(<(?:[^>"]|"[^"]*")*>)')
_HEADING = re.compile(r"<h([2-6])\b")
_ID = re.compile(r'\sid="([^"]*)"')
_QUOTED = re.compile(r"<(/?)blockquote\b")
_WITH_ID = re.compile(r'(<(?!t[dh]\b)[a-z](?:[^>"]|"[^"]*")*?) id="([^"]*)"')
_LEADS_WITHIN = re.compile(r'(<a\b(?:[^>"]|"[^"]*")*?\shref=")(#[^"]*)"')
# The notes' own, which hold the post's key: no two posts of a list share them.
_OF_A_NOTE = re.compile(r"#?fn(?:ref)?-[0-9a-f]{8}-\d+")
# What the page around a text calls its own parts.
_OF_THE_PAGE = re.compile(
    r"content|contents|elsewhere|kept-text|likes|more|related|respond|responses|share"
    r"|comment-\d+|(?:elsewhere|respond|responses|shown)-title|unlock-password"
    r"|(?:footer|likes|reply|search|theme|year)-.*"
)


@dataclass(frozen=True)
class Section:
    """A part of a text: what its heading says, as plain text, and what stands in it."""

    id: str
    title: str
    below: list["Section"] = field(default_factory=list)


def with_ids(rendered: str) -> str:
    """`rendered` with an id on every heading, unique in it and in a post's page.

    One that its author set is kept, whatever it stands on, unless it is another's
    already.
    """
    if "<h" not in rendered and ' id="' not in rendered:
        return rendered
    tokens = _TAG.split(rendered)
    names = _Names(_set_ids(tokens))
    for place, _, words in list(_headings(tokens)):
        tag = tokens[place]
        if not _ID.search(tag):
            tokens[place] = f'{tag[:3]} id="{names.new(words)}"{tag[3:]}'
    return "".join(tokens)


def sections(rendered: str) -> list[Section]:
    """The contents of what `with_ids` gave, two levels deep; quoted headings left out.

    Empty where there are fewer than MIN_HEADINGS.
    """
    tokens = _TAG.split(rendered)
    found = [
        (level, Section(html.unescape(match[1]), words))
        for place, level, words in _headings(tokens, skips_quoted=True)
        if words and (match := _ID.search(tokens[place]))
    ]
    if len(found) < MIN_HEADINGS:
        return []
    top = min(level for level, _ in found)
    shown: list[Section] = []
    for level, section in found:
        if level == top or not shown:
            shown.append(section)
        elif level == top + 1:
            shown[-1].below.append(section)
    return shown


def with_links(rendered: str, label: str) -> str:
    """`rendered` with a link beside each heading that leads to it, called `label`.

    The link holds no text: who copies the heading copies its words alone.
    """
    if "<h" not in rendered:
        return rendered
    tokens = _TAG.split(rendered)
    name = html.escape(label)
    waiting = ""
    for place in range(1, len(tokens), 2):
        tag = tokens[place]
        if _HEADING.match(tag):
            match = _ID.search(tag)
            waiting = match[1] if match else ""
        elif waiting and tag.startswith("</h"):
            link = f'<a class="heading-link" href="#{waiting}" aria-label="{name}"></a>'
            tokens[place] = f" {link}{tag}"
            waiting = ""
    return "".join(tokens)


def among_others(rendered: str, address: str) -> str:
    """For a list of posts: without the ids another post may have, too.

    What led within the text leads to the post at `address`.
    """
    if ' id="' in rendered:
        rendered = _WITH_ID.sub(
            lambda tag: tag[0] if _OF_A_NOTE.fullmatch(tag[2]) else tag[1], rendered
        )
    if 'href="#' in rendered:
        shown = html.escape(address)
        rendered = _LEADS_WITHIN.sub(
            lambda tag: (
                tag[0] if _OF_A_NOTE.match(tag[2]) else f'{tag[1]}{shown}{tag[2]}"'
            ),
            rendered,
        )
    return rendered


class _Names:
    """Gives away ids, each once."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        # By what is wanted: a thousand headings that say the same cost linear time.
        self._counts: dict[str, int] = {}

    def new(self, words: str) -> str:
        wanted = _shortened(slug_from(words, fallback=UNREADABLE))
        if any(map(_OF_THE_PAGE.fullmatch, (wanted, f"{wanted}-2"))):
            wanted = f"{UNREADABLE}-{wanted}"
        number = self._counts.get(wanted, 1)
        name = wanted if number == 1 else f"{wanted}-{number}"
        while name in self._taken:
            number += 1
            name = f"{wanted}-{number}"
        self._counts[wanted] = number
        self._taken.add(name)
        return name


def _set_ids(tokens: list[str]) -> set[str]:
    """The ids that are set; what is another's already is taken from its tag."""
    taken: set[str] = set()
    for place in range(1, len(tokens), 2):
        match = _ID.search(tokens[place])
        if match is None:
            continue
        name = match[1]
        is_ours = tokens[place] == '<span id="more">'
        is_free = name and name not in taken and not re.search(r"\s", name)
        if is_ours or (is_free and not _OF_THE_PAGE.fullmatch(name)):
            taken.add(name)
        else:
            tokens[place] = tokens[place].replace(match[0], "", 1)
    return taken


def _headings(
    tokens: list[str], *, skips_quoted: bool = False
) -> Iterator[tuple[int, int, str]]:
    """Where each heading begins among the tokens, its level, and its plain words."""
    begun: tuple[int, int] | None = None
    depth = 0
    for place in range(1, len(tokens), 2):
        tag = tokens[place]
        match = _HEADING.match(tag)
        if quote := _QUOTED.match(tag):
            depth += -1 if quote[1] else 1
        # One may hold another, by way of a quotation.
        if begun and (match or tag.startswith("</h")):
            start, level = begun
            begun = None
            if not (depth and skips_quoted):
                yield start, level, _words("".join(tokens[start + 1 : place]))
        if match:
            begun = place, int(match[1])


def _words(inner: str) -> str:
    text = _TAG.sub("", footnote_markup.without(inner))
    return " ".join(html.unescape(text).split())


def _shortened(slug: str) -> str:
    """At most MAX_ID_LENGTH characters of it, cut between words where there are any."""
    if len(slug) <= MAX_ID_LENGTH:
        return slug
    begun = slug[: MAX_ID_LENGTH + 1]
    return (begun.rpartition("-")[0] or begun[:MAX_ID_LENGTH]).rstrip("-_")
