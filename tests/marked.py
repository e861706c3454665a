"""A language in which every translated sentence stands in brackets: ⟦Archives⟧.

What a page says outside of them is either somebody's own words, or was never made
translatable.
"""

import re
from collections.abc import Iterator
from html import unescape

from django.apps import apps
from django.db import models
from django.utils.translation import trans_real
from selectolax.lexbor import LexborHTMLParser, LexborNode

OPENS, CLOSES = "⟦⟧"
_SPOKEN = ["title", "alt", "aria-label", "placeholder", "content", "data-plain"]
_NOT_READ = {"script", "style", "template", "noscript"}
# What may stand around words of either kind.
_BESIDE = " \n·,.:“”()#"
_WORD = re.compile(r"[^\W\d_]{2,}")


class Marked(trans_real.DjangoTranslation):
    """Every catalogue at once: whatever is asked for, is translated."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.plural = lambda number: int(number != 1)

    def gettext(self, message: str) -> str:
        words = message.split("\x04")[-1]
        return words if words.isspace() else f"{OPENS}{words}{CLOSES}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def unmarked(html: str, known: set[str]) -> list[str]:
    """What the page says that is neither translated nor among the `known` words."""
    # What was searched for is marked within its word.
    tree = LexborHTMLParser(re.sub("</?mark>", "", html))
    said = [*_outside(tree), *_attributes(tree)]
    return [words for words in said if _WORD.search(words) and not _is(words, known)]


def _outside(tree: LexborHTMLParser) -> Iterator[str]:
    """Texts in the order of the page, without what stands in brackets."""
    depth = 0
    for node in tree.root.traverse(include_text=True) if tree.root else ():
        if not node.is_text_node or _is_unread(node):
            continue
        text = node.text_content or ""
        kept = ""
        for sign in text:
            depth += (sign == OPENS) - (sign == CLOSES)
            kept += sign if not depth and sign != CLOSES else "\n"
        yield from filter(None, map(str.strip, kept.splitlines()))


def _is_unread(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in _NOT_READ:
            return True
        parent = parent.parent
    return False


def _attributes(tree: LexborHTMLParser) -> Iterator[str]:
    for name in _SPOKEN:
        for node in tree.css(f"[{name}]"):
            if node.tag == "meta" and node.attributes.get("name") == "viewport":
                continue
            words = node.attributes[name] or ""
            while (
                bare := re.sub(rf"{OPENS}[^{OPENS}{CLOSES}]*{CLOSES}", "\n", words)
            ) != words:
                words = bare
            yield from filter(None, map(str.strip, words.splitlines()))


def _is(words: str, known: set[str]) -> bool:
    pieces = [piece.strip(_BESIDE) for piece in words.split(" · ")]
    return all(
        not _WORD.search(piece)
        or piece in known
        # An address, or the beginning of a long text.
        or ("://" in piece and " " not in piece)
        or ("." in piece and " " not in piece)
        or (len(piece) > 12 and any(piece.rstrip("…[] ") in one for one in known))
        for piece in pieces
    )


def own_words() -> set[str]:
    """All that anybody wrote: every text in the database, and every text within one."""
    known: set[str] = set()
    for model in apps.get_models():
        fields = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._base_manager.values_list(*fields) if fields else ():
            for value in row:
                known |= _texts(value)
    return known


def _texts(value: object) -> set[str]:
    if isinstance(value, dict):
        return {text for part in value.values() for text in _texts(part)}
    if isinstance(value, list):
        return {text for part in value for text in _texts(part)}
    if not isinstance(value, str):
        return set()
    inner = re.split(r"<[^>]*>", value)
    return {unescape(text).strip(_BESIDE) for text in (value, *inner)} - {""}
