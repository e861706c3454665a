"""Which of what was found comes first.

A word in the title counts for more than one in a tag, and that for more than any number
of them in the text; what was typed for more than another form of it; and of two that are
as good, the newer one a little more.
"""

from collections.abc import Sequence
from datetime import datetime

from blog.search.candidates import Found
from blog.search.entries import GAP, TAG_SIGN, TITLE_SIGN
from blog.search.groups import Group

IN_TITLE = 8.0
IN_TAG = 4.0
# However often it stands there, a text gives less than this.
IN_TEXT = 3.0
OTHER_FORM = 0.75
WHOLE_TITLE = 6.0
AS_PHRASE = 1.5
NEW = 0.25
NEW_FOR_DAYS = 730


def score(found: Found, groups: Sequence[Group], at: datetime, now: datetime) -> float:
    """How well it answers: any number above 0."""
    words = found.head
    total = sum(_score_of(group, words) for group in groups)
    typed = [word for group in groups for word in group.phrases[0]]
    title = words.partition(f" {GAP} ")[2]
    if title.startswith(f"{' '.join(typed)} {GAP}"):
        total += WHOLE_TITLE
    elif len(typed) > 1 and f" {' '.join(typed)} " in words:
        total += AS_PHRASE
    age_days = max(0, (now - at).days)
    return total * (1 + NEW * 0.5 ** (age_days / NEW_FOR_DAYS))


def _score_of(group: Group, words: str) -> float:
    best = 0.0
    for place, phrase in enumerate(group.phrases):
        one = _score_of_phrase(phrase, words) * (OTHER_FORM if place else 1)
        best = max(best, one)
    return best


def _score_of_phrase(phrase: Sequence[str], words: str) -> float:
    if all(f" {TITLE_SIGN}{word} " in words for word in phrase):
        return IN_TITLE
    if all(f" {TAG_SIGN}{word} " in words for word in phrase):
        return IN_TAG
    count = words.count(f" {' '.join(phrase)} ")
    # Also where it stands beyond what was read of a long text.
    return IN_TEXT * (count + 0.2) / (count + 2)
