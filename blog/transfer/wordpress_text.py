"""From what WordPress keeps of a post's text to HTML as this blog keeps it.

WordPress stores less than it shows: no paragraphs in classic texts, comments that mark
blocks in newer ones, shortcodes in square brackets. What is known becomes markup; what
is not stays as it stands and is named.
"""

import re
from dataclasses import dataclass, field
from html import escape

from blog import markup
from blog.transfer import shortcodes

_BLOCK_COMMENT = re.compile(
    r"<!--\s*(?P<end>/?)wp:(?P<name>[a-z][\w/-]*)(?P<data>\s[^>]*?)?(?P<void>/?)\s*-->"
)
_NEXT_PAGE = re.compile(r"(?:<p>\s*)?<!--\s*nextpage\s*-->(?:\s*</p>)?")
_MORE_IN_PARAGRAPH = re.compile(r"<p>\s*(<!--\s*more\b[^<>]*-->)\s*</p>")
# Blocks of addresses that WordPress shows as players or cards.
_EMBED_BLOCK = re.compile(
    r"<figure\b[^<>]*\bwp-block-embed\b[^<>]*>\s*<div\b[^<>]*>\s*"
    r"(?P<address>https?://[^\s<>\"']+)\s*</div>\s*"
    r"(?:<figcaption\b[^<>]*>(?P<caption>.*?)</figcaption>)?\s*</figure>",
    re.DOTALL,
)
_ADDRESS_ALONE = re.compile(r"^[ \t]*(https?://[^\s<>\"'\[\]]+)[ \t]*$", re.MULTILINE)
_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_IS_SMILEY = re.compile(r"""class\s*=\s*["'][^"']*\b(?:wp-smiley|emoji)\b""")
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
# WordPress's smileys that have a character of their own.
_SMILEYS = {
    ":)": "🙂", ":-)": "🙂", ":smile:": "🙂", ":D": "😀", ":-D": "😀", ":grin:": "😀",
    ";)": "😉", ";-)": "😉", ":wink:": "😉", ":(": "🙁", ":-(": "🙁", ":sad:": "🙁",
    ":P": "😛", ":-P": "😛", ":razz:": "😛", ":o": "😮", ":-o": "😮", ":O": "😮",
    ":eek:": "😮", ":lol:": "😆", ":|": "😐", ":-|": "😐", ":neutral:": "😐",
    ":?": "😕", ":-?": "😕", ":???:": "😕", "8)": "😎", "8-)": "😎", ":cool:": "😎",
    ":x": "😡", ":-x": "😡", ":mad:": "😡", ":cry:": "😥", ":oops:": "😳",
    ":evil:": "👿", ":twisted:": "😈", ":roll:": "🙄", ":!:": "❗", ":?:": "❓",
    ":idea:": "💡", ":arrow:": "➡", ":mrgreen:": "😀", ":shock:": "😯", "<3": "❤",
}  # fmt: skip


@dataclass
class Text:
    """A body, and what in it could not be made markup."""

    html: str
    unknown: set[str] = field(default_factory=set)  # "[name]" or "block name"
    is_cut_in_pages: bool = False


def read(source: str) -> Text:
    """The body of a post or page. Never raises; takes time linear in its length."""
    text = Text(source.replace("\r\n", "\n").replace("\r", "\n"))
    text.html, code = shortcodes.put_code_aside(text.html)
    text.html = _IMAGE.sub(_smiley, text.html)
    text.html = _without_blocks(text)
    text.html, unknown = shortcodes.replaced(text.html)
    text.unknown |= unknown
    text.html = _EMBED_BLOCK.sub(_embed_block, text.html)
    text.html = _ADDRESS_ALONE.sub(_embed_alone, text.html)
    text.html = markup.paragraphs(text.html)
    text.html = _MORE_IN_PARAGRAPH.sub(r"\1", text.html)
    text.is_cut_in_pages = bool(_NEXT_PAGE.search(text.html))
    text.html = _NEXT_PAGE.sub("<hr>", text.html)
    text.html = shortcodes.put_code_back(text.html, code)
    return text


def _smiley(image: re.Match[str]) -> str:
    """The character a picture of a smiley stands for; other pictures as they are."""
    if not _IS_SMILEY.search(image[0]):
        return image[0]
    alt = _ALT.search(image[0])
    said = (alt[1] or alt[2] or "") if alt else ""
    return _SMILEYS.get(said, said) if said else image[0]


def _without_blocks(text: Text) -> str:
    """The markup between the comments; a block that is all comment is named."""

    def replaced(found: re.Match[str]) -> str:
        # What needs WordPress to be shown has no markup between two comments.
        if found["void"] and not found["end"]:
            text.unknown.add(f"block {found['name']}")
        return ""

    return _BLOCK_COMMENT.sub(replaced, text.html)


def _embed_block(found: re.Match[str]) -> str:
    return embed(found["address"], found["caption"] or "")


def _embed_alone(found: re.Match[str]) -> str:
    return embed(found[1])


def embed(address: str, caption: str = "") -> str:
    """How this blog keeps an address that is shown as a card; a link to who reads it."""
    said = escape(address.replace("&amp;", "&"))
    words = f"<figcaption>{caption.strip()}</figcaption>" if caption.strip() else ""
    return f'<figure class="embed"><a href="{said}">{said}</a>{words}</figure>'
