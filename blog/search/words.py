"""The words of a text, as the index knows them: folded, and parted where none are.

The same for what is indexed, for what is asked and for what is highlighted. A word is
a run of letters, digits and the marks that belong to them; it is folded to lower case
without accents. Where a language puts no spaces between words, every two neighbouring
letters are taken for one: a phrase of such pairs is found wherever it stands.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

# What is longer is no word, but an address or a picture somebody pasted.
MAX_WORD_SIGNS = 40

# Scripts without spaces, and Korean, which glues to a word what others put before it.
_PAIRED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007"
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
# Marks that change how a letter looks or is pronounced, but not which word it is. In
# other scripts, such as Devanagari, marks are vowels.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u200c\u200d\ufe00-\ufe0f\u00ad]"
)
# Letters that Unicode does not take apart, though a keyboard may lack them.
_ALIKE = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "ł": "l",
        "þ": "th",
        "ŧ": "t",
        # Arabic as it is typed in a hurry, and on a Persian keyboard.
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ة": "ه",
        "ک": "ك",
    }
)
_BETWEEN = re.compile("[“”„‘’‚«»‹›–—…·•→←§°©®™€£\u00a0\u202f\u2009]")
# Of ASCII what is no letter and no digit parts words.
_ASCII_FOLDED = {
    number: chr(number).lower() if chr(number).isalnum() else " "
    for number in range(128)
}
_PAIRED_RUN = re.compile(f"([{_PAIRED}]+)")


def _marks() -> str:
    """All marks that belong to letters, as ranges of a regular expression."""
    marks = [
        number
        for number in range(0x300, 0x1E95B)
        if unicodedata.category(chr(number)).startswith("M")
    ]
    starts = [
        m for m, before in zip(marks, [0, *marks], strict=False) if m - before > 1
    ]
    ends = [m for m, after in pairwise([*marks, 0x20000]) if after - m > 1]
    return "".join(
        f"{chr(start)}-{chr(end)}" for start, end in zip(starts, ends, strict=True)
    )


# A joiner between letters and a soft hyphen don't part a word.
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_marks()}\u0640\u200c\u200d\u00ad])*")


class Word(NamedTuple):
    """One word of a text, and where in it the signs stand that it was made of."""

    text: str
    start: int
    end: int


def plain(text: str) -> str:
    """The same without what typesetters put between words: often it is ASCII then.

    Sign by sign, so that places stay what they are.
    """
    return text if text.isascii() else _BETWEEN.sub(" ", text)


def words_of(text: str) -> list[str]:
    """Every word of `text`, in order, as it is indexed. Never raises."""
    text = plain(text)
    if text.isascii():
        words = text.translate(_ASCII_FOLDED).split()
        is_short = max(map(len, words), default=0) <= MAX_WORD_SIGNS
        return words if is_short else [word[:MAX_WORD_SIGNS] for word in words]
    return [word for match in _WORD.finditer(text) for word in _parted(match[0])]


def placed_words(text: str) -> Iterator[Word]:
    """The words of `text` with their places.

    Pairs overlap, as they do in the index. Where folding changes how many signs there
    are, the words made of one run of letters share its whole place.
    """
    for match in _WORD.finditer(text):
        placed: list[Word] = []
        place = match.start()
        for piece in _PAIRED_RUN.split(match[0]):
            placed += _placed(piece, place)
            place += len(piece)
        whole = _parted(match[0])
        # Khmer digits, say, and narrow kana are of another script when they are folded.
        if tuple(word.text for word in placed) != whole:
            placed = [Word(word, *match.span()) for word in whole]
        yield from placed


def _placed(piece: str, start: int) -> Iterator[Word]:
    words = _parted(piece) if piece else ()
    if len(words) == len(piece) - 1 and _PAIRED_RUN.match(piece):
        for place, word in enumerate(words):
            yield Word(word, start + place, start + place + 2)
    else:
        for word in words:
            yield Word(word, start, start + len(piece))


def is_paired(word: str) -> bool:
    """Whether it belongs to a script that is indexed by pairs of letters."""
    return bool(_PAIRED_RUN.match(word))


def single_signs(words: Iterable[str]) -> list[str]:
    """Each letter of the pairs among `words` once: they can be asked for alone."""
    found = {
        sign: None
        for word in words
        if not word.isascii() and is_paired(word)
        for sign in word
    }
    return list(found)


@lru_cache(maxsize=20_000)
def _parted(run: str) -> tuple[str, ...]:
    """What a run of letters is indexed as: one word, or pairs, or some of both."""
    words: list[str] = []
    for number, piece in enumerate(_PAIRED_RUN.split(fold(run))):
        if number % 2 == 0:
            pieces = _WORD.findall(piece)
            words += [word[:MAX_WORD_SIGNS] for word in pieces]
        elif len(piece) == 1:
            words.append(piece)
        else:
            words += [left + right for left, right in pairwise(piece)]
    return tuple(words)


def fold(text: str) -> str:
    """Lower case, without accents, digits as 0 to 9; what cannot be stored left out."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold()
    plain = _DROPPED.sub("", apart).translate(_ALIKE)
    whole = unicodedata.normalize("NFC", plain)
    return "".join(map(_plain_sign, whole)) if not whole.isascii() else whole


def _plain_sign(sign: str) -> str:
    # Half a character, which no database takes, stays no word's.
    if "\ud800" <= sign <= "\udfff":
        return " "
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)
