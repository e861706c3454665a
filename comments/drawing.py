"""A template drawn once for each kind of thing, and filled in for each thing.

A page shows hundreds of responses, but few kinds of them: with a website or without, an
answer or not, removed. So the template is asked once for each kind, with marks where
names, dates and texts go, and what comes of it is kept as a pattern to fill in. A
template drawn for each response took ten times as long.

So a template drawn like this prints its places and asks whether there is something in
them; no filter and no comparison sees what it is.
"""

import re
from collections.abc import Callable, Iterable
from html import escape
from operator import itemgetter
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.template.base import Template
from django.template.context import Context
from django.utils.translation import get_language

# Of all languages together; there are some dozens in each.
MAX_PATTERNS = 1000
_START, _END = "\ue000", "\ue001"
_MARK = re.compile(f"{_START}([a-z_]+){_END}")


class CannotBeFilledIn(Exception):
    """A template did something with a place that is not known when it is drawn."""


class Thing(NamedTuple):
    """What a template is told of one thing: three tuples with names.

    `kind` is what it may compute with; `texts` and `html` are what it may print, the
    same names for all of a kind.
    """

    kind: Any
    texts: Any
    # Safe already: made by `blog.markup`, or by another template.
    html: Any


class _Pattern(NamedTuple):
    """What a template says of a kind of thing."""

    # Its own words; each second one is a place to fill in.
    parts: list[str]
    # What goes there, of the texts and the html of a thing.
    picked: Callable[[tuple[str, ...]], Iterable[str]]


_patterns: WeakKeyDictionary[Template, dict[Any, _Pattern]] = WeakKeyDictionary()


def draw(template: Template, name: str, things: Iterable[Thing]) -> list[str]:
    """Each of them, as safe HTML; the template knows each by `name`. No query."""
    patterns = _patterns.setdefault(template, {})
    language = get_language()
    drawn = []
    for thing in things:
        kind, texts, html = thing
        # What is empty makes a kind of its own.
        key = language, kind, *map(bool, texts), *map(bool, html)
        pattern = patterns.get(key)
        if pattern is None:
            if len(patterns) >= MAX_PATTERNS:
                patterns.clear()
            pattern = patterns[key] = _pattern(template, name, thing)
        # One look at all of them: most have nothing to escape.
        if _needs_escape("".join(texts)):
            texts = [escape(text) if _needs_escape(text) else text for text in texts]
        parts = pattern.parts.copy()
        parts[1::2] = pattern.picked((*texts, *html))
        drawn.append("".join(parts))
    return drawn


def _needs_escape(text: str) -> bool:
    """To look for each sign takes a twentieth of a regular expression's time."""
    return "&" in text or "<" in text or ">" in text or '"' in text or "'" in text


def _pattern(template: Template, name: str, thing: Thing) -> _Pattern:
    """To be filled in with what is told of any thing of this kind."""
    told = thing.texts._asdict() | thing.html._asdict()
    marks = {
        place: f"{_START}{place}{_END}" if text else "" for place, text in told.items()
    }
    drawn = template.render(Context({name: _Told(thing.kind._asdict() | marks)}))
    parts = _MARK.split(drawn)
    if any(_START in part or _END in part for part in parts):
        raise CannotBeFilledIn(f"{template.name} changes what it is to print.")
    return _Pattern(parts, _picking(list(map([*told].index, parts[1::2]))))


def _picking(numbers: list[int]) -> Callable[[tuple[str, ...]], Iterable[str]]:
    """`itemgetter`, which gives no tuple of less than two."""
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return lambda values: [values[number] for number in numbers]


class _Told(dict[str, Any]):
    """Says so where a template asks for what it is not told."""

    def __missing__(self, name: str) -> Any:
        raise CannotBeFilledIn(
            f"A template that is drawn once for many knows no “{name}”, only: "
            f"{', '.join(self)}."
        )
