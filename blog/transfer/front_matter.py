"""The head of a Markdown file, in the four ways generators of blogs write it."""

import json
import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from blog.transfer import yaml_text

MAX_HEAD_CHARACTERS = 6_000_000

_YAML_FENCE = re.compile(r"---(?:yaml)?[ \t]*\n", re.IGNORECASE)
_YAML_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_TOML_FENCE = re.compile(r"\+\+\+[ \t]*\n")
_TOML_END = re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)
_LINE = re.compile(r"([A-Za-z][\w -]{0,40}):(?:[ \t]+(.*)|[ \t]*)$")
_MORE_OF_IT = re.compile(r"(?: {4}|\t)[ \t]*(.*)$")
# Without a fence, a first line of these says that a head begins.
_KNOWN = frozenset(
    "title date modified category tags slug author authors status summary".split()
)


class BrokenHead(Exception):
    """`sentence` says why, `line` where in the file, the first being 1."""

    def __init__(self, sentence: str, line: int) -> None:
        self.sentence, self.line = sentence, line
        super().__init__(sentence)


@dataclass
class Head:
    """What a file says of its text, keys in lower case; `line` is the text's first."""

    said: dict[str, Any] = field(default_factory=dict)
    format: str = ""  # yaml, toml, json, lines; empty: there is none
    line: int = 1


def split(text: str) -> tuple[Head, str]:
    """The head and the text below it; newlines are `\\n`. Raises BrokenHead."""
    for begins, read in (
        (_YAML_FENCE, _yaml),
        (_TOML_FENCE, _toml),
        (re.compile(r"\{"), _json),
    ):
        if found := begins.match(text):
            format_, inside, rest = read(text, found.end())
            break
    else:
        format_, inside, rest = _lines(text)
    if not isinstance(inside, dict):
        if inside is not None:
            raise BrokenHead("the front matter is no list of names and values", 2)
        inside = {}
    said = {str(key).lower(): value for key, value in inside.items()}
    line = text.count("\n", 0, len(text) - len(rest)) + 1
    return Head(said, format_, line), rest.removeprefix("\n")


def _yaml(text: str, begin: int) -> tuple[str, Any, str]:
    inside, rest = _fenced(text, begin, _YAML_END)
    try:
        return "yaml", yaml_text.load(inside), rest
    except yaml_text.BrokenYAML as error:
        sentence = f"the YAML of the front matter is broken: {error.sentence}"
        raise BrokenHead(sentence, error.line + 1) from error


def _toml(text: str, begin: int) -> tuple[str, Any, str]:
    inside, rest = _fenced(text, begin, _TOML_END)
    try:
        return "toml", tomllib.loads(inside), rest
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"\(at line (\d+)", str(error))
        sentence = f"the TOML of the front matter is broken: {_first_words(error)}"
        raise BrokenHead(sentence, int(place[1]) + 1 if place else 2) from error


def _fenced(text: str, begin: int, end: re.Pattern[str]) -> tuple[str, str]:
    found = end.search(text, begin, begin + MAX_HEAD_CHARACTERS)
    if found is None:
        raise BrokenHead("the front matter has no end", 1)
    return text[begin : found.start()], text[found.end() + 1 :]


def _json(text: str, begin: int) -> tuple[str, Any, str]:
    try:
        inside, end = json.JSONDecoder().raw_decode(text[:MAX_HEAD_CHARACTERS])
    except json.JSONDecodeError as error:
        sentence = f"the JSON of the front matter is broken: {_first_words(error)}"
        raise BrokenHead(sentence, error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise BrokenHead("the JSON of the front matter is broken", 1) from error
    return "json", inside, text[end:].lstrip(" \t").removeprefix("\n")


def _first_words(error: Exception) -> str:
    return str(error).split(" (at ")[0].split(": line")[0]


def _lines(text: str) -> tuple[str, dict[str, str] | None, str]:
    """`Title: …` without any fence, up to the first blank line, as Pelican has it."""
    said: dict[str, str] = {}
    last, end = "", 0
    for line in text[:MAX_HEAD_CHARACTERS].splitlines(keepends=True):
        bare = line.rstrip("\n")
        if found := _LINE.match(bare):
            last = found[1].strip().lower()
            if not said and last not in _KNOWN:
                return "", None, text
            said[last] = found[2] or ""
        elif last and (more := _MORE_OF_IT.match(bare)) and bare.strip():
            said[last] = f"{said[last]}\n{more[1]}".strip("\n")
        elif said and not bare.strip():
            end += len(line)
            break
        else:
            return "", None, text
        end += len(line)
    return ("lines", said, text[end:]) if said else ("", None, text)
