"""What generators of blogs let stand in a text: Liquid's tags and Hugo's shortcodes.

What is known here becomes Markdown or HTML. What is not stays text, to the letter:
no mark of Markdown in it counts.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape

from blog.transfer import markdown_text

# Of one text so many are told of.
MAX_UNKNOWN = 50

# Where a piece is put back. No text holds these: they are no characters of XML.
_PLACE = "\ufdd0{}\ufdd1"
_PLACED = re.compile("\ufdd0(\\d+)\ufdd1")

_RAW = re.compile(
    r"\{%-?\s*raw\s*-?%\}((?:(?!\{%-?\s*raw\b).)*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL
)
_COMMENT = re.compile(
    r"\{%-?\s*comment\s*-?%\}(?:(?!\{%-?\s*comment).)*?\{%-?\s*endcomment\s*-?%\}\n?",
    re.DOTALL,
)
_HIGHLIGHT = re.compile(
    r"\{%-?\s*highlight\s+([\w+#.-]{1,30})[^%\n]*%\}\n?"
    r"((?:(?!\{%-?\s*highlight\b).)*?)\n?[ \t]*"
    r"\{%-?\s*endhighlight\s*-?%\}",
    re.DOTALL,
)
_TAG = re.compile(
    r"\{%-?\s*(?P<name>[A-Za-z_][\w-]{0,40})"
    r"(?P<rest>(?:[^\n{]|\{(?!%)){0,2000}?)-?%\}"
)
_VALUE = re.compile(r"\{\{-?(?![<%])\s*(?P<inside>[^{}\n]{1,500}?)\s*-?\}\}")
_SHORTCODE = re.compile(
    r"\{\{(?P<mark>[<%])\s*(?P<end>/\s*)?(?P<name>[A-Za-z][\w./-]{0,60})"
    r"(?P<rest>[^{}]{0,4000}?)/?\s*[>%]\}\}"
)
_ESCAPED = re.compile(r"\{\{([<%])/\*((?:(?!\{\{[<%]/\*).)*?)\*/([>%])\}\}", re.DOTALL)
_ARGUMENT = re.compile(
    r"""(?:(?P<key>[\w-]+)\s*=\s*)?(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|`(?P<tick>[^`]*)`|(?P<bare>[^\s"'`=]+))"""
)
_LITERAL = re.compile(r"""["']([^"'|]*)["']\s*((?:\|[^|]*)*)""")
_LINK_FILTERS = re.compile(
    r"(?:\|\s*(?:relative_url|absolute_url|url|prepend:\s*site\.(?:base)?url)\s*)+"
)
_KEY = re.compile(r"[\w-]{1,60}")
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")

# The address of another text by how a text names it; None where there is none.
FindText = Callable[[str], str | None]


@dataclass
class Tags:
    """One text's tags: what was put aside, and the names nobody knows by their line."""

    find: FindText
    has_liquid: bool = True
    values: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    _aside: list[str] = field(default_factory=list)

    def replaced(self, source: str) -> str:
        """`source` for the Markdown parser; `put_back` completes what that made."""
        source = source.replace("\ufdd0", "").replace("\ufdd1", "")
        if "{{" not in source and "{%" not in source:
            return source
        source = _ESCAPED.sub(
            lambda of: self._keep(f"{{{{{of[1]}{of[2]}{of[3]}}}}}"), source
        )
        if self.has_liquid:
            source = _RAW.sub(lambda of: self._raw(of[1]), source)
            source = _COMMENT.sub("", source)
            source = _HIGHLIGHT.sub(lambda of: fence(of[2], of[1]), source)
        source = "".join(self._shortcodes(source))
        if self.has_liquid:
            source = _TAG.sub(self._tag, source)
            source = _VALUE.sub(self._value, source)
        return source

    def put_back(self, html: str) -> str:
        return _PLACED.sub(lambda of: escape(self._aside[int(of[1])]), html)

    def _keep(self, text: str) -> str:
        self._aside.append(text)
        return _PLACE.format(len(self._aside) - 1)

    def _raw(self, inside: str) -> str:
        """Markdown, in which no tag counts."""
        return re.sub(r"\{[{%][^\n]*?[}%]\}", lambda of: self._keep(of[0]), inside)

    def _unknown(self, found: re.Match[str], name: str) -> str:
        if name not in self.unknown and len(self.unknown) < MAX_UNKNOWN:
            self.unknown[name] = found.string.count("\n", 0, found.start())
        return self._keep(found[0])

    def _shortcodes(self, source: str) -> Iterator[str]:
        place = 0
        ends: dict[str, list[re.Match[str]]] = {}
        every = list(_SHORTCODE.finditer(source))
        for one in reversed(every):
            if one["end"]:
                ends.setdefault(one["name"], []).append(one)
        for one in every:
            waiting = ends.get(one["name"], [])
            while waiting and waiting[-1].start() < max(one.end(), place):
                waiting.pop()
            if one.start() < place:
                continue
            yield source[place : one.start()]
            end = waiting[-1] if waiting and not one["end"] else None
            text, place = self._shortcode(one, end)
            yield text
        yield source[place:]

    def _shortcode(
        self, one: re.Match[str], end: re.Match[str] | None
    ) -> tuple[str, int]:
        name = one["name"].removesuffix(".html").lower()
        said = arguments(one["rest"])
        inside = one.string[one.end() : end.start()] if end else ""
        if name in ("ref", "relref"):
            address = self.find(said.get("path") or said.get("0", ""))
            if address is not None:
                return address, one.end()
        if name in ENCLOSING and end:
            made = ENCLOSING[name](said, inside)
            if made is not None:
                return made, end.end()
        make = MAKERS.get(name)
        made = make(said) if make and not one["end"] else None
        if made is None:
            return self._unknown(
                one, f"{{{{{one['mark']} {one['name']} }}}}"
            ), one.end()
        is_known_pair = end is not None and not inside.strip()
        return alone(made), end.end() if end and is_known_pair else one.end()

    def _tag(self, found: re.Match[str]) -> str:
        name, rest = found["name"].lower(), found["rest"].strip()
        if name in ("post_url", "link"):
            address = self.find(rest)
            return (
                self._unknown(found, f"{{% {name} %}}") if address is None else address
            )
        said = arguments(rest)
        if name in ("include", "include_relative"):
            name = said.pop("0", "").rpartition("/")[2].partition(".")[0].lower()
            said = {"src": said.get("image_path") or said.get("url", "")} | said
        make = MAKERS.get(name)
        made = make(said) if make else None
        return (
            self._unknown(found, f"{{% {found['name']} %}}")
            if made is None
            else alone(made)
        )

    def _value(self, found: re.Match[str]) -> str:
        inside = found["inside"]
        if inside in self.values:
            return self.values[inside]
        literal = _LITERAL.fullmatch(inside)
        if literal and (not literal[2] or _LINK_FILTERS.fullmatch(literal[2])):
            # What makes an address of it encodes its blanks, too.
            return literal[1].replace(" ", "%20") if literal[2] else literal[1]
        return self._unknown(found, "{{ " + inside.split("|")[0].strip() + " }}")


def arguments(text: str) -> dict[str, str]:
    """By name; those without one by their place: "0", "1", …"""
    said: dict[str, str] = {}
    place = 0
    for found in _ARGUMENT.finditer(text):
        key = found["key"]
        if key is None:
            key, place = str(place), place + 1
        kept = ("double", "single", "tick", "bare")
        said[key.lower()] = next(
            found[name] for name in kept if found[name] is not None
        )
    return said


def fence(code: str, language: str = "") -> str:
    return f"\n\n{markdown_text.fenced(code, language)}\n\n"


def alone(block: str) -> str:
    return f"\n\n{block}\n\n" if block.startswith("<figure") else block


def _embed(address: str, caption: str = "") -> str:
    """How this blog keeps an address that is shown as a card."""
    shown = escape(address)
    words = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure class="embed"><a href="{shown}">{shown}</a>{words}</figure>'


def _figure(said: dict[str, str]) -> str | None:
    source = said.get("src") or said.get("0", "")
    if not source:
        return None
    image = f'<img src="{escape(source)}" alt="{escape(said.get("alt", ""))}">'
    if said.get("link"):
        image = f'<a href="{escape(said["link"])}">{image}</a>'
    words = [escape(said["title"])] if said.get("title") else []
    told = (said[name] for name in ("caption", "attr") if said.get(name))
    words += map(markdown_text.inline_html, told)
    caption = f"<figcaption>{'. '.join(words)}</figcaption>" if words else ""
    return f"<figure>{image}{caption}</figure>"


def _player(begin: str) -> Callable[[dict[str, str]], str | None]:
    def made(said: dict[str, str]) -> str | None:
        key = said.get("id") or said.get("video_id") or said.get("0", "")
        if key.startswith("https://"):
            return _embed(key)
        return _embed(begin + key) if _KEY.fullmatch(key) else None

    return made


def _gist(said: dict[str, str]) -> str | None:
    parts = [
        part for key in ("0", "1") for part in said.get(key, "").split("/") if part
    ]
    if not parts or not all(map(_KEY.fullmatch, parts[:2])):
        return None
    return _embed("https://gist.github.com/" + "/".join(parts[:2]))


def _status(said: dict[str, str]) -> str | None:
    """A short message of elsewhere, as Hugo's `tweet` and `x` show it."""
    user, key = said.get("user", "i"), said.get("id") or said.get("0", "")
    if not (_KEY.fullmatch(user) and key.isdecimal()):
        return None
    return _embed(f"https://x.com/{user}/status/{key}")


def _highlight(said: dict[str, str], inside: str) -> str | None:
    language = said.get("0", "")
    named = language if _LANGUAGE.fullmatch(language) else ""
    return fence(inside.strip("\n"), named)


def _details(said: dict[str, str], inside: str) -> str | None:
    summary = said.get("summary") or said.get("0") or said.get("title", "")
    words = f"<summary>{escape(summary)}</summary>" if summary else ""
    return f"\n\n<details>{words}\n\n{inside.strip()}\n\n</details>\n\n"


def _as_it_is(said: dict[str, str], inside: str) -> str | None:
    return inside


MAKERS: dict[str, Callable[[dict[str, str]], str | None]] = {
    "figure": _figure,
    "image": _figure,
    "img": _figure,
    "youtube": _player("https://www.youtube.com/watch?v="),
    "vimeo": _player("https://vimeo.com/"),
    "instagram": _player("https://www.instagram.com/p/"),
    "gist": _gist,
    "tweet": _status,
    "x": _status,
}
# Of these what stands up to their end belongs to them.
ENCLOSING: dict[str, Callable[[dict[str, str], str], str | None]] = {
    "highlight": _highlight,
    "details": _details,
    "rawhtml": _as_it_is,
    "raw": _as_it_is,
}
