"""From what WordPress keeps of a post's text to HTML as this blog keeps it.

WordPress stores less than it shows: no paragraphs in classic texts, comments that mark
blocks in newer ones, shortcodes in square brackets. What is known becomes markup; what
is not stays as it stands and is noted.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from blog.transfer import (
    blocks,
    classic_text,
    leftovers,
    looks,
    not_shown,
    old_players,
    shortcodes,
    smileys,
)
from blog.transfer.aside import Aside
from blog.transfer.shortcode_makers import Around

_MORE = re.compile(r"(?:<p>\s*)?<!--\s*more\b((?:[^<>-]|-(?!->))*)-->(?:\s*</p>)?")
_NO_TEASER = re.compile(r"<!--\s*noteaser\s*-->")
_NEXT_PAGE = re.compile(r"(?:<p>\s*)?<!--\s*nextpage\s*-->(?:\s*</p>)?")
_ADDRESS = r"https?://[^\s<>\"'\[\]]+"
_ADDRESS_ALONE = re.compile(
    rf"^[ \t]*(?:<p>[ \t]*)?({_ADDRESS})[ \t]*(?:</p>[ \t]*)?$", re.MULTILINE
)


@dataclass
class Text:
    """A body; `noted` counts what whoever moves it should know, a sentence each."""

    html: str
    noted: Counter[str] = field(default_factory=Counter)


def read(source: str, around: Around | None = None) -> Text:
    """The body of a post or page, with what its export has `around` it.

    Never raises; takes time linear in its length.
    """
    around = around or Around()
    text = Text("")
    aside = Aside(text.noted)
    html = source.replace("\r\n", "\n").replace("\r", "\n")
    html = blocks.unfolded(html, around.reusable)
    is_of_blocks = blocks.are_in(html)
    html = leftovers.taken_out(html, text.noted)
    html = smileys.as_characters(aside.taken(_NO_TEASER.sub("", html)))
    html = blocks.settled(blocks.without_comments(html, text.noted))
    html = shortcodes.replaced(html, around, text.noted)
    html = looks.as_markup(old_players.as_embeds(html, text.noted))
    html = _ADDRESS_ALONE.sub(lambda found: old_players.figure(found[1]), html)
    if "<!--" in html:
        html = _MORE.sub(r"<!--more\1-->", html)
    html = classic_text.paragraphs(html, is_within_blocks=not is_of_blocks)
    html, cuts = _NEXT_PAGE.subn("<hr>", html) if "<!--" in html else (html, 0)
    if cuts:
        text.noted["the pages of a post stand below one another"] += 1
    text.html = aside.put_back(html)
    not_shown.note(text.html, text.noted)
    return text
