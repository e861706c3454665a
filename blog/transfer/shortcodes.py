"""WordPress's shortcodes: `[caption width="300"]…[/caption]` and their like."""

import re
from collections import Counter
from html import unescape

from blog.transfer import spans
from blog.transfer.shortcode_makers import ENCLOSING, MAKERS, Around, Said

# `[[name]]` shows a shortcode instead of using it.
_ANY = re.compile(
    r"(?P<before>\[?)\[(?P<name>[a-zA-Z][\w-]{1,40})(?P<attributes>(?:[\s=][^\[\]]*)?)\]"
    r"(?P<after>\]?)"
)
_END = re.compile(r"\[/(?P<name>[a-zA-Z][\w-]{1,40})\]")
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'])([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))"""
)
_FIRST = re.compile(r"""\s*[=:]?\s*["']?([^\s"'\]|]+)""")
_IN_PARAGRAPH = re.compile(r"<p>\s*(\[[^\[\]<>]+\](?:[^\[\]<>]*\[/\w+\])?)\s*</p>")
# `<a href="…">[caption]<img>[/caption]</a>`: the link is the picture's.
_LINKED_CAPTION = re.compile(
    r"(<a\b[^<>]*>)\s*(\[(?:wp_)?caption\b[^\[\]]*\])\s*(<img\b[^<>]*>)([^\[]*)"
    r"(\[/(?:wp_)?caption\])\s*</a>",
    re.IGNORECASE,
)
# A player that WordPress.com wrote as `[audio:http://…]`.
_COLON = re.compile(r"\[(audio|youtube|vimeo):(?=\S)")


def replaced(source: str, around: Around, noted: Counter[str]) -> str:
    """`source` with the shortcodes it knows as markup; those it does not are noted."""
    if "[" not in source:
        return source
    source = _LINKED_CAPTION.sub(r"\2\1\3</a>\4\5", _COLON.sub(r"[\1 ", source))
    source = _IN_PARAGRAPH.sub(r"\1", source)
    out: list[str] = []
    closing = spans.by_name(source, _END)
    opening = spans.by_name(source, _ANY)
    place = 0
    for found in _ANY.finditer(source):
        if found.start() < place:
            continue  # within one that was made markup
        if found["before"] and found["after"]:
            out += [source[place : found.start()], found[0][1:-1]]
            place = found.end()
            continue
        name = found["name"].lower()
        end = spans.end_of(found, opening[name], closing.get(name, ()))
        is_enclosing = end is not None and name in ENCLOSING
        after = found.end() - len(found["after"])
        inside = source[after : end.start()] if end and is_enclosing else ""
        made = _made(name, _said(found["attributes"], inside), around)
        if made is None:
            if name in MAKERS or found["attributes"].strip() or end:
                noted[f"[{name}] is not known here: it stays as it is"] += 1
            continue
        out += [source[place : found.start() + len(found["before"])], made]
        place = end.end() if end and is_enclosing else after
    out.append(source[place:])
    return "".join(out)


def _made(name: str, said: Said, around: Around) -> str | None:
    make = MAKERS.get(name)
    return make(said, around) if make else None


def _said(text: str, inside: str) -> Said:
    text = text.rstrip().removesuffix("/")
    named = {
        name.lower(): unescape(quoted or single or bare)
        for name, quoted, single, bare in _ATTRIBUTE.findall(text)
    }
    first = _FIRST.match(text)
    # `[name key="value"]` has nothing alone; `[name=http://…?a=b]` has.
    is_alone = first is not None and not _ATTRIBUTE.match(text.lstrip())
    return Said(named, unescape(first[1]) if first and is_alone else "", inside)
