"""Writes YAML that people read: plain words where they are plain, long text in blocks."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

# What no reader takes for a number, a date, a sign of its own or a yes.
_PLAIN = re.compile(r"[^\W\d_][\w .,/()!?“”‘’„…–—'-]*[\w.)!?”’]|[^\W\d_]")
# An address or a path, and no number.
_ADDRESS = re.compile(r"(?:[a-z]{2,20}:|\.{0,2}/)[\w./:%?=&~+@#-]*[\w/]")
_WORDS_OF_ITS_OWN = frozenset(
    "y n yes no true false on off null nan inf infinity none".split()
)
# What YAML may not contain as it is, or takes for the end of a line.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")
_SHORT_LIST = 100


def dumped(value: dict[str, Any]) -> str:
    """A mapping of texts, numbers, truth, moments, lists and mappings, by lines."""
    return "".join(f"{line}\n" for line in _mapping(value, ""))


def dumped_list(values: list[dict[str, Any]]) -> str:
    return "".join(f"{line}\n" for line in _items(values, ""))


def _mapping(value: dict[str, Any], indent: str) -> Iterator[str]:
    for key, inner in value.items():
        name = f"{indent}{_scalar(key)}:"
        if isinstance(inner, dict) and inner:
            yield name
            yield from _mapping(inner, f"{indent}  ")
        elif isinstance(inner, list):
            yield from _list(name, inner, indent)
        elif isinstance(inner, str) and _is_block(inner):
            yield f"{name} {'|' if inner.endswith(chr(10)) else '|-'}"
            lines = inner.removesuffix("\n").split("\n")
            yield from (f"{indent}  {line}" if line else "" for line in lines)
        else:
            yield f"{name} {_scalar(inner)}"


def _list(name: str, values: list[Any], indent: str) -> Iterator[str]:
    if any(isinstance(one, dict | list) for one in values):
        yield name
        yield from _items(values, f"{indent}  ")
        return
    written = [_scalar(one) for one in values]
    short = f"{name} [{', '.join(map(_in_brackets, written))}]"
    if len(short) <= _SHORT_LIST:
        yield short
        return
    yield name
    yield from (f"{indent}  - {one}" for one in written)


def _items(values: list[Any], indent: str) -> Iterator[str]:
    """Each mapping behind a dash, its lines below one another."""
    for value in values:
        lines = list(_mapping(value, f"{indent}  "))
        yield f"{indent}- {lines[0].lstrip()}" if lines else f"{indent}- {{}}"
        yield from lines[1:]


def _in_brackets(scalar: str) -> str:
    is_plain = not scalar.startswith('"') and "," in scalar
    return json.dumps(scalar, ensure_ascii=False) if is_plain else scalar


def _is_block(text: str) -> bool:
    return (
        "\n" in text.removesuffix("\n")
        and not text.startswith((" ", "\t", "\n"))
        and not text.endswith("\n\n")
        and "\t" not in text
        and not _UNPRINTABLE.search(text)
        and not _HALF.search(text)
        and text.strip() != ""
    )


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_ITS_OWN:
        return text
    if _ADDRESS.fullmatch(text):
        return text
    written = json.dumps(_HALF.sub("\ufffd", text), ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", written)
