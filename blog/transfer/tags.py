"""Tags of HTML as people wrote it: found without a parser, in linear time."""

import re
from html import escape, unescape

# Stops at the next `<`: a bracket that was never closed costs nothing.
TAG = re.compile(r"(<[^<>]*>)")
# What stands in these is shown to the letter, or not at all.
CODE_NAMES = frozenset(["code", "kbd", "pre", "samp", "script", "style", "textarea"])
_NAME = re.compile(r"</?([a-zA-Z][\w:-]*)")
_ATTRIBUTE = re.compile(
    r"""[\s"'/]([a-zA-Z][\w:-]*)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))"""
)

_CLASS = re.compile(
    r"""\sclass\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)""", re.IGNORECASE
)


def name_of(token: str) -> str | None:
    """Of a tag its name in lower case; None for text and for comments."""
    found = _NAME.match(token) if token.startswith("<") else None
    return found[1].lower() if found and token.endswith(">") else None


def attributes(tag: str) -> dict[str, str]:
    """A tag's attributes that have a value, as text; of two alike the first."""
    said: dict[str, str] = {}
    for name, quoted, single, bare in _ATTRIBUTE.findall(tag):
        said.setdefault(name.lower(), unescape(quoted or single or bare))
    return said


def classes(tag: str) -> list[str]:
    return attributes(tag).get("class", "").split()


def with_classes(tag: str, names: list[str]) -> str:
    """The same tag with these classes and no others."""
    said = f' class="{escape(" ".join(names))}"' if names else ""
    if _CLASS.search(tag):
        return _CLASS.sub(lambda _: said, tag, count=1)
    end = "/>" if tag.endswith("/>") else ">"
    return f"{tag.removesuffix(end).rstrip()}{said}{end}"
