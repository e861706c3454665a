"""The comments between which WordPress's block editor keeps a text, and what is in them.

The markup between two of them is shown as it is; a block that is all comment needs
WordPress to be shown. Of those only a reusable one tells where its text is.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping

from blog.transfer import old_players, spans, tags

_COMMENT = re.compile(
    r"<!--\s*(?P<end>/?)wp:(?P<name>[a-z][\w/-]*)(?P<data>(?:\s(?:[^-<]|-(?!->)|<(?!!--))*)?)-->"
)
# Blocks of addresses that WordPress shows as players or cards.
_EMBED = re.compile(
    r"<figure\b(?=[^<>]{0,400}?\bwp-block-embed\b)[^<>]*>\s*(?:<div\b[^<>]*>\s*)?"
    r"(?P<address>https?://[^\s<>\"']+)\s*(?:</div>\s*)?"
    r"(?:<figcaption\b[^<>]*>(?P<caption>(?:[^<]|<(?!/?fig))*)</figcaption>\s*)?"
    r"</figure>",
)
_DIV = re.compile(r"<(?P<name>div)\b[^<>]*>", re.IGNORECASE)
_DIV_END = re.compile(r"</(?P<name>div)\s*>", re.IGNORECASE)
_PICTURE_BEHIND = re.compile(
    r"background(?:-image)?\s*:[^;]{0,200}?url\(\s*[\"']?([^\"')\s]+)"
)
_BACKGROUND = re.compile(
    r"<span\b[^<>]*\bwp-block-cover__(?:gradient-)?background\b[^<>]*>\s*</span>"
)
# Navigation and other furniture of a theme, of which nothing is lost in a text.
_FURNITURE = frozenset(["page-list", "home-link", "site-title", "template-part"])
MAX_DEPTH = 5
MAX_INSERTED_CHARACTERS = 1_000_000


def are_in(source: str) -> bool:
    return "<!-- wp:" in source


def unfolded(source: str, reusable: Mapping[int, str]) -> str:
    """`source` with each reusable block's text where it is named.

    `reusable` has them by their numbers. What holds itself, and what would make more
    of a text than one can be, stays out, and is then a block like those unknown.
    """
    if not reusable:
        return source
    budget = MAX_INSERTED_CHARACTERS
    for _ in range(MAX_DEPTH):
        parts: list[str] = []
        place = 0
        for found in _COMMENT.finditer(source):
            text = reusable.get(_reference(found))
            if text is None or len(text) > budget:
                continue
            budget -= len(text)
            parts += [source[place : found.start()], f"\n\n{text}\n\n"]
            place = found.end()
        if not parts:
            break
        source = "".join(parts) + source[place:]
    return source


def _reference(found: re.Match[str]) -> int:
    """The number of the reusable block this is, or 0."""
    if found["name"] not in ("block", "core/block") or found["end"]:
        return 0
    try:
        said = json.loads(found["data"].strip().removesuffix("/").strip() or "{}")
    except (ValueError, RecursionError):
        return 0
    number = said.get("ref") if isinstance(said, dict) else None
    return number if type(number) is int else 0


def without_comments(source: str, noted: Counter[str]) -> str:
    """The markup between the comments; a block that is all comment is noted."""

    def removed(found: re.Match[str]) -> str:
        name = found["name"].removeprefix("core/")
        is_whole = found["data"].rstrip().endswith("/") and not found["end"]
        if is_whole and name not in _FURNITURE:
            noted[f"the block “{name}” needs WordPress to be shown: left out"] += 1
        return ""

    return _COMMENT.sub(removed, source)


def settled(source: str) -> str:
    """Markup of blocks that would be lost, or empty, in a form that stands by itself."""
    if "wp-block-" not in source:
        return source
    source = _EMBED.sub(_embed, source)
    source = spans.replaced(source, _DIV, _DIV_END, _spacer)
    source = _BACKGROUND.sub("", source)
    return _DIV.sub(_cover, source)


def _embed(found: re.Match[str]) -> str:
    address = found["address"].replace("&amp;", "&").replace("&#038;", "&")
    return old_players.figure(address, found["caption"] or "")


def _spacer(found: re.Match[str], inside: str) -> str | None:
    return "" if "wp-block-spacer" in found[0] and not inside.strip() else None


def _cover(found: re.Match[str]) -> str:
    """Of a picture that is only told in `style`, the picture."""
    said = tags.attributes(found[0])
    picture = _PICTURE_BEHIND.search(said.get("style", ""))
    if "wp-block-cover" not in said.get("class", "") or not picture:
        return found[0]
    return f'{found[0]}<img src="{picture[1]}" alt="">'
