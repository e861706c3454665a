"""The Link header of HTTP, as far as pings need it (RFC 8288)."""

import re
from collections.abc import Iterator

_NO_SEPARATOR = re.compile(r"[^ \t,]")
_PARAMETER = re.compile(
    r"""
    [ \t]*+ ; [ \t]*+
    (?:
        ([^\s=;,"]++) [ \t]*+
        (?: = [ \t]*+ ( "(?:[^"\\]|\\.)*+" | [^;,]*+ ) )?
    )?
    [ \t]*+
    """,
    re.DOTALL | re.VERBOSE,
)


def links_in_header(value: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Each address with its relations, in lower case; several headers by commas.

    What stands between "<" and ">" or between quotes may hold commas and semicolons.
    Links of other pages (`anchor`) are left out. Never raises: what is no link is
    passed over. Linear in the length of `value`.
    """
    place = 0
    while begin := _NO_SEPARATOR.search(value, place):
        place = begin.start()
        if not value.startswith("<", place):
            # No link: go on behind the next comma.
            place = value.find(",", place) + 1
            if not place:
                return
            continue
        end = value.find(">", place)
        if end < 0:
            return
        target = value[place + 1 : end].strip()
        parameters, place = _parameters(value, end + 1)
        if "anchor" not in parameters:
            rels = parameters.get("rel", "").lower().split()
            yield target, frozenset(rels)


def _parameters(value: str, place: int) -> tuple[dict[str, str], int]:
    """By name, the first of each, as section 3.3 says; and where they end."""
    found: dict[str, str] = {}
    while match := _PARAMETER.match(value, place):
        place = match.end()
        if match[1]:
            found.setdefault(match[1].lower(), _unquoted(match[2] or ""))
    return found, place


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL)
    return value.strip()
