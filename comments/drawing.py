"""A template drawn once for each kind of thing, and filled in for each thing.

A page shows hundreds of responses, but few kinds of them: with a website or without, an
answer or not, removed. So the template is asked once for each kind, with marks where
names, dates and texts go, and what comes of it is kept as a pattern to fill in. A
template drawn for each response took ten times as long.

So a template drawn like this prints its places and asks whether there is something in
them; no filter and no comparison sees what it is.
"""

import re
from collections.abc import Iterable
from html import escape
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.template.base import Template
from django.template.context import Context
from django.utils.translation import get_language

# Of all languages together; there are some dozens in each.
MAX_PATTERNS = 1000
_START, _END = "\ue000", "\ue001"
_MARK = re.compile(f"{_START}([a-z_]+){_END}")
_needs_escape = re.compile("[&<>\"']").search

_patterns: WeakKeyDictionary[Template, dict[Any, str]] = WeakKeyDictionary()


class CannotBeFilledIn(Exception):
    """A template did something with a place that is not known when it is drawn."""


class Thing(NamedTuple):
    """What a template is told of one thing.

    `kind` is what it may compute with, a tuple with names; `texts` and `html` are what
    it may print, the same names in the same order for all of a kind.
    """

    kind: Any
    texts: dict[str, str]
    # Safe already: made by `blog.markup`, or by another template.
    html: dict[str, str]


def draw(template: Template, name: str, things: Iterable[Thing]) -> list[str]:
    """Each of them, as safe HTML; the template knows each by `name`. No query."""
    patterns = _patterns.setdefault(template, {})
    language = get_language()
    drawn = []
    for thing in things:
        kind, texts, html = thing
        # What is empty makes a kind of its own.
        key = language, kind, *map(bool, texts.values()), *map(bool, html.values())
        pattern = patterns.get(key)
        if pattern is None:
            if len(patterns) >= MAX_PATTERNS:
                patterns.clear()
            pattern = patterns[key] = _pattern(template, name, thing)
        # One look at all of them: most have nothing to escape.
        if _needs_escape("".join(texts.values())):
            texts = {place: escape(text) for place, text in texts.items()}
        drawn.append(pattern % (texts | html))
    return drawn


def _pattern(template: Template, name: str, thing: Thing) -> str:
    """To be filled in by `%` with the places of any thing of this kind."""
    marks = {
        place: f"{_START}{place}{_END}" if text else ""
        for place, text in (thing.texts | thing.html).items()
    }
    told = _Told(thing.kind._asdict() | marks)
    drawn = template.render(Context({name: told}))
    pattern = _MARK.sub(r"%(\1)s", drawn.replace("%", "%%"))
    if _START in pattern or _END in pattern:
        raise CannotBeFilledIn(f"{template.name} changes what it is to print.")
    return pattern


class _Told(dict[str, Any]):
    """Says so where a template asks for what it is not told."""

    def __missing__(self, name: str) -> Any:
        raise CannotBeFilledIn(
            f"A template that is drawn once for many knows no “{name}”, only: "
            f"{', '.join(self)}."
        )
