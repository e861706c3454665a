"""How long a text is, and how long it takes to read.

The one place that knows the rates. `write/lengths.js` counts in the same way at the
desk, with the numbers given here.
"""

import re
from typing import NamedTuple

WORDS_PER_MINUTE = 230
SIGNS_PER_MINUTE = 500
# Scripts without spaces between words, as ranges for a regular expression: Thai to
# Burmese, Khmer, kana, Chinese. Of them each sign counts.
SIGN_RANGES = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e45\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec4"
    "\u1000-\u102a\u1780-\u17b3\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U000323af"
)
# Spaces part words, and so do dashes that stand for one.
_SIGN = re.compile(f"[{SIGN_RANGES}]")
_DASHES = "\u2013\u2014\u2026"
_LETTER = re.compile(r"[^\W_]")


class Length(NamedTuple):
    """Words that spaces part, and signs of scripts that write none."""

    words: int
    signs: int

    @property
    def minutes(self) -> int:
        """To read it, rounded; 0 for nothing at all, else at least 1."""
        exact = self.words / WORDS_PER_MINUTE + self.signs / SIGNS_PER_MINUTE
        return max(int(exact + 0.5), 1) if self.words + self.signs else 0


def of(text: str) -> Length:
    """The length of plain text. Its time grows with the text alone."""
    rest, signs = _SIGN.subn(" ", text)
    for dash in _DASHES:
        rest = rest.replace(dash, " ")
    # Most are letters alone: only the others are looked into.
    words = [word for word in rest.split() if word.isalnum() or _LETTER.search(word)]
    return Length(len(words), signs)
