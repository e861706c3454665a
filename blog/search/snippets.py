"""The piece of a text that shows why it was found, with the words marked."""

import re
from collections.abc import Collection, Sequence

from django.utils.safestring import SafeString

from blog import markup
from blog.search.groups import Group, Phrase
from blog.search.words import Word, placed_words, plain

SNIPPET_SIGNS = 240
# What is found further down in a book is not looked for.
MAX_SIGNS = 60_000
_BEFORE_SIGNS = 60
_BLANK = re.compile(r"\s")

Place = tuple[int, int]


def marked(text: str, groups: Sequence[Group]) -> SafeString:
    """All of `text`, escaped, with what was asked for in `<mark>`."""
    return markup.marked(text, _places(text, groups))


def snippet(text: str, groups: Sequence[Group]) -> SafeString:
    """At most SNIPPET_SIGNS of `text` or so, where most of what was asked for stands."""
    text = text[:MAX_SIGNS]
    places = _places(text, groups)
    start, end = _window(text, places)
    inside = [(a - start, b - start) for a, b in places if start <= a and b <= end]
    shown = markup.marked(text[start:end], inside)
    before = "… " if start else ""
    after = " …" if end < len(text) else ""
    return markup.trusted(f"{before}{shown}{after}")


def _places(text: str, groups: Sequence[Group]) -> list[Place]:
    """Where the phrases stand, none over another."""
    text = plain(text[:MAX_SIGNS])
    phrases = [phrase for group in groups for phrase in group.phrases]
    if text.isascii():
        return [match.span() for match in _pattern(phrases).finditer(text)]
    return _places_by_words(list(placed_words(text)), phrases)


def _pattern(phrases: Sequence[Phrase]) -> re.Pattern[str]:
    """Any of the phrases in a text of ASCII: the longest first."""
    longest = sorted((phrase for phrase in phrases), key=len, reverse=True)
    either = "|".join("[^a-z0-9]+".join(phrase) for phrase in longest)
    return re.compile(
        f"(?<![a-z0-9])(?:{either})(?![a-z0-9])", re.IGNORECASE | re.ASCII
    )


def _places_by_words(words: list[Word], phrases: Sequence[Phrase]) -> list[Place]:
    by_first: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        by_first.setdefault(phrase[0], []).append(phrase)
    places: list[Place] = []
    for number, word in enumerate(words):
        for phrase in by_first.get(word.text, ()):
            if _stands(phrase, words, number):
                place = (word.start, words[number + len(phrase) - 1].end)
                _add(places, place)
    return places


def _stands(phrase: Phrase, words: Sequence[Word], number: int) -> bool:
    found = words[number : number + len(phrase)]
    return tuple(word.text for word in found) == phrase


def _add(places: list[Place], place: Place) -> None:
    """Pairs of letters overlap: those that do are one place."""
    if places and place[0] < places[-1][1]:
        places[-1] = (places[-1][0], max(places[-1][1], place[1]))
    else:
        places.append(place)


def _window(text: str, places: Collection[Place]) -> Place:
    """From where to where: a little before the first place of the best piece."""
    if len(text) <= SNIPPET_SIGNS:
        return 0, len(text)
    best, most = 0, 0
    ordered = list(places)
    for number, (start, _) in enumerate(ordered):
        inside = {
            text[a:b].casefold()
            for a, b in ordered[number : number + 12]
            if b <= start + SNIPPET_SIGNS - _BEFORE_SIGNS
        }
        if len(inside) > most:
            best, most = start, len(inside)
    start = _word_start(text, max(0, best - _BEFORE_SIGNS))
    start = min(start, best)
    return start, _word_end(text, min(len(text), start + SNIPPET_SIGNS))


def _word_start(text: str, start: int) -> int:
    """The next beginning of a word; where there is none near, `start` itself."""
    if start == 0:
        return 0
    blank = _BLANK.search(text, start, start + _BEFORE_SIGNS)
    return blank.end() if blank else start


def _word_end(text: str, end: int) -> int:
    if end == len(text):
        return end
    blank = text.rfind(" ", end - _BEFORE_SIGNS, end)
    return blank if blank > 0 else end
