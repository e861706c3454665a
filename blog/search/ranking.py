"""Which of what was found comes first.

A word in the title counts for more than one in a tag, and that for more than any number
of them in the text; what was typed for more than another form of it; and of two that are
as good, the newer one a little more.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from blog.search.entries import GAP, TAG_SIGN, TITLE_SIGN, second_of
from blog.search.groups import Group
from blog.search.wanted import Found

IN_TITLE = 8.0
IN_TAG = 4.0
# However often it stands there, a text gives less than this.
IN_TEXT = 3.0
OTHER_FORM = 0.75
WHOLE_TITLE = 6.0
AS_PHRASE = 1.5
NEW = 0.25
NEW_FOR_SECONDS = 730 * 86_400


class Scale:
    """What some groups of words are worth in a text: made once, for many texts."""

    def __init__(self, groups: Sequence[Group], now: datetime) -> None:
        self._now = second_of(now)
        self._groups = [
            [_weighed(phrase, OTHER_FORM if place else 1.0) for place, phrase in each]
            for each in (enumerate(group.phrases) for group in groups)
        ]
        typed = " ".join(word for group in groups for word in group.phrases[0])
        self._whole = f"{typed} {GAP} "
        self._phrase = f" {typed} " if len(groups) > 1 else ""

    def score(self, found: Found) -> float:
        """How well it answers: any number above 0."""
        words = found.head
        head, _, rest = words.partition(f" {GAP} ")
        head += " "
        total = 0.0
        for group in self._groups:
            total += _best(group, head, words)
        if rest.startswith(self._whole):
            total += WHOLE_TITLE
        elif self._phrase and self._phrase in words:
            total += AS_PHRASE
        age = max(0, self._now - found.second)
        return total * (1 + NEW * 0.5 ** (age / NEW_FOR_SECONDS))


class _Weighed(NamedTuple):
    """A phrase as it stands in an entry: in the text, each word in title and tags."""

    text: str
    title: tuple[str, ...]
    tags: tuple[str, ...]
    weight: float


def _weighed(phrase: Sequence[str], weight: float) -> _Weighed:
    return _Weighed(
        f" {' '.join(phrase)} ",
        tuple(f" {TITLE_SIGN}{word} " for word in phrase),
        tuple(f" {TAG_SIGN}{word} " for word in phrase),
        weight,
    )


def _best(group: Sequence[_Weighed], head: str, words: str) -> float:
    """What the best form of a word is worth."""
    best = 0.0
    for one in group:
        if one.weight * IN_TITLE > best:
            best = max(best, one.weight * _worth(one, head, words))
    return best


def _worth(one: _Weighed, head: str, words: str) -> float:
    # Mostly there is not even the first of them: a loop of its own costs more.
    if one.title[0] in head and all(word in head for word in one.title):
        return IN_TITLE
    if one.tags[0] in head and all(word in head for word in one.tags):
        return IN_TAG
    count = words.count(one.text)
    # Also where it stands beyond what was read of a long text.
    return IN_TEXT * (count + 0.2) / (count + 2)
