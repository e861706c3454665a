"""The Link header of HTTP, as far as pings need it (RFC 8288)."""

import re
from collections.abc import Iterator

_SPACE = r"[ \t]*+"
_TARGET = re.compile(rf"[ \t,]*+<([^>]*+)>{_SPACE}")
_PARAMETER = re.compile(
    rf""";{_SPACE}(?:([^\s=;,"]++){_SPACE}(?:={_SPACE}("(?:[^"\\]|\\.)*+"|[^;,]*+))?)?{_SPACE}""",
    re.DOTALL,
)


def links_in_header(value: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Each address with its relations, in lower case; several headers by commas.

    What stands between "<" and ">" or between quotes may hold commas and semicolons.
    Links of other pages (`anchor`) are left out. Never raises: what is no link is
    passed over.
    """
    place = 0
    while place < len(value):
        target = _TARGET.match(value, place)
        if target is None:
            # No link: go on behind the next comma.
            place = value.find(",", place) + 1 or len(value)
            continue
        parameters, place = _parameters(value, target.end())
        if "anchor" not in parameters:
            rels = parameters.get("rel", "").lower().split()
            yield target[1].strip(), frozenset(rels)


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
