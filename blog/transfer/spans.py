"""Parts of a text from a beginning to its end, found in time linear in its length."""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence

# Gives what a span becomes, from its beginning and what stands in it; None: as it is.
Make = Callable[[re.Match[str], str], str | None]


def replaced(
    source: str, begins: re.Pattern[str], ends: re.Pattern[str], make: Make
) -> str:
    """`source` with each span as `make` gives it.

    Both patterns have a group `name`. A span runs from the last beginning before an
    end of its name: what was begun before that has no end, and is left as it stands.
    """
    opening = by_name(source, begins)
    if not opening:
        return source
    closing = by_name(source, ends)
    out: list[str] = []
    place = 0
    for found in begins.finditer(source):
        if found.start() < place:
            continue
        name = found["name"].lower()
        end = end_of(found, opening[name], closing.get(name, ()))
        inside = source[found.end() : end.start()] if end else None
        made = make(found, inside) if inside is not None else None
        if end is None or made is None:
            continue
        out += [source[place : found.start()], made]
        place = end.end()
    out.append(source[place:])
    return "".join(out)


def by_name(source: str, pattern: re.Pattern[str]) -> dict[str, list[re.Match[str]]]:
    """Where each name stands, in order."""
    found: dict[str, list[re.Match[str]]] = {}
    for one in pattern.finditer(source):
        found.setdefault(one["name"].lower(), []).append(one)
    return found


def end_of(
    begin: re.Match[str],
    opening: Sequence[re.Match[str]],
    closing: Sequence[re.Match[str]],
) -> re.Match[str] | None:
    """The first of `closing` behind `begin`, with none of `opening` in between."""
    end = _next(closing, begin.end())
    again = _next(opening, begin.end())
    return None if end and again and again.start() < end.start() else end


def _next(places: Sequence[re.Match[str]], place: int) -> re.Match[str] | None:
    first = bisect_left(places, place, key=lambda one: one.start())
    return places[first] if first < len(places) else None
