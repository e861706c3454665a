"""WordPress's shortcodes: `[caption width="300"]…[/caption]` and their like."""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from html import escape, unescape

_CODE_NAMES = "sourcecode|source|code|highlight"
_CODE = re.compile(
    rf"\[(?P<name>{_CODE_NAMES})(?P<attributes>\s[^\]]*)?\](?P<inside>.*?)\[/(?P=name)\]",
    re.DOTALL | re.IGNORECASE,
)
# `[[name]]` shows a shortcode instead of using it.
_ANY = re.compile(
    r"(?P<before>\[?)\[(?P<name>[a-zA-Z][\w-]{1,40})(?P<attributes>(?:[\s=][^\[\]]*?)?)/?\]"
    r"(?P<after>\]?)"
)
_END = re.compile(r"\[/([a-zA-Z][\w-]{1,40})\]")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
_BARE = re.compile(r"""\s*=?\s*["']?(https?://[^\s"'\]]+)""")
_WEB = re.compile(r"(?:https?:/)?/[^\s\"'<>]+")
_PLAYER_KEY = re.compile(r"[\w-]{11}")
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
_IMAGE = re.compile(r"(?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?", re.IGNORECASE)
_ALIGNMENTS = {"alignleft": "align-left", "alignright": "align-right"}
# Where a piece of code is put back. No text holds these: they are no characters of XML.
_PLACE = "\ufdd0{}\ufdd1"
_PLACED = re.compile("\ufdd0(\\d+)\ufdd1")


def put_code_aside(source: str) -> tuple[str, list[str]]:
    """`source` with a mark for each piece of code, and the code as markup.

    Nothing else may touch what stands in it.
    """
    kept: list[str] = []

    def taken(found: re.Match[str]) -> str:
        said = _attributes(found["attributes"] or "")
        kept.append(_code(found["inside"], said))
        return "\n\n" + _PLACE.format(len(kept) - 1) + "\n\n"

    return _CODE.sub(taken, source), kept


def put_code_back(html: str, kept: list[str]) -> str:
    html = re.sub("<p>(\ufdd0\\d+\ufdd1)</p>", r"\1", html)
    return _PLACED.sub(lambda found: kept[int(found[1])], html)


def _code(inside: str, said: dict[str, str]) -> str:
    language = said.get("language") or said.get("lang") or ""
    named = f' class="language-{language}"' if _LANGUAGE.fullmatch(language) else ""
    # WordPress keeps code escaped or not, by how it was typed.
    plain = unescape(inside).strip("\n")
    return f"<pre><code{named}>{escape(plain, quote=False)}</code></pre>"


def replaced(source: str) -> tuple[str, set[str]]:
    """`source` with the shortcodes it knows as markup; those it does not, by name."""
    unknown: set[str] = set()
    out: list[str] = []
    ends = _ends(source)
    place = 0
    for found in _ANY.finditer(source):
        if found.start() < place:
            continue  # within one that was made markup
        if found["before"] and found["after"]:
            out += [source[place : found.start()], found[0][1:-1]]
            place = found.end()
            continue
        begin = found.start() + len(found["before"])
        after = found.end() - len(found["after"])
        name = found["name"].lower()
        end = _next(ends.get(name, ()), after)
        inside = source[after : end.start()] if end and name in _ENCLOSING else ""
        make = _MAKERS.get(name)
        made = make(_attributes(found["attributes"]), inside) if make else None
        if made is None:
            if make or found["attributes"] or end:
                unknown.add(f"[{name}]")
            continue
        out += [source[place:begin], made]
        place = end.end() if end and name in _ENCLOSING else after
    out.append(source[place:])
    return "".join(out), unknown


def _ends(source: str) -> dict[str, list[re.Match[str]]]:
    """Where each name is closed, in order."""
    found: dict[str, list[re.Match[str]]] = {}
    for end in _END.finditer(source):
        found.setdefault(end[1].lower(), []).append(end)
    return found


def _next(ends: Sequence[re.Match[str]], place: int) -> re.Match[str] | None:
    first = bisect_left(ends, place, key=lambda end: end.start())
    return ends[first] if first < len(ends) else None


def _attributes(text: str) -> dict[str, str]:
    """By lower-case name; an address alone (`[youtube=https://…]`) is called `src`."""
    said = {
        name.lower(): unescape(quoted or single or bare)
        for name, quoted, single, bare in _ATTRIBUTE.findall(text)
    }
    alone = _BARE.match(text)
    return said | ({"src": unescape(alone[1])} if alone else {})


def _caption(said: dict[str, str], inside: str) -> str | None:
    """A figure. The words stand behind the picture, or in an attribute, as of old."""
    image = _IMAGE.search(inside)
    if image is None:
        return None
    words = inside[image.end() :].strip() or said.get("caption", "")
    align = _ALIGNMENTS.get(said.get("align", ""))
    of_class = f' class="{align}"' if align else ""
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    return f"\n\n<figure{of_class}>{image[0]}{caption}</figure>\n\n"


def _gallery(said: dict[str, str], inside: str) -> str | None:
    """A place for pictures that only their numbers name; the loader knows them."""
    numbers = [
        one for one in re.split(r"[\s,]+", said.get("ids", "")) if one.isdecimal()
    ]
    if not numbers:
        return None
    images = "".join(f'<img src="?attachment_id={one}" alt="">' for one in numbers)
    return f'\n\n<figure class="gallery">{images}</figure>\n\n'


def _embed(said: dict[str, str], inside: str) -> str | None:
    address = said.get("src") or unescape(inside.strip()) or said.get("url", "")
    if not _WEB.fullmatch(address):
        return None
    shown = escape(address)
    return f'\n\n<figure class="embed"><a href="{shown}">{shown}</a></figure>\n\n'


def _youtube(said: dict[str, str], inside: str) -> str | None:
    key = said.get("id") or inside.strip()
    if _PLAYER_KEY.fullmatch(key):
        return _embed({"src": f"https://www.youtube.com/watch?v={key}"}, "")
    return _embed(said, inside)


def _vimeo(said: dict[str, str], inside: str) -> str | None:
    key = said.get("id") or inside.strip()
    if key.isdecimal():
        return _embed({"src": f"https://vimeo.com/{key}"}, "")
    return _embed(said, inside)


def _sound(said: dict[str, str], inside: str) -> str | None:
    return _player("audio", said, ("src", "mp3", "ogg", "m4a", "wav", "flac"))


def _film(said: dict[str, str], inside: str) -> str | None:
    return _player("video", said, ("src", "mp4", "webm", "m4v", "ogv"))


def _player(tag: str, said: dict[str, str], names: tuple[str, ...]) -> str | None:
    source = next((said[name] for name in names if said.get(name)), "")
    if not _WEB.fullmatch(source):
        return None
    return f'\n\n<{tag} controls src="{escape(source)}"></{tag}>\n\n'


_MAKERS: dict[str, Callable[[dict[str, str], str], str | None]] = {
    "caption": _caption,
    "wp_caption": _caption,
    "gallery": _gallery,
    "embed": _embed,
    "youtube": _youtube,
    "vimeo": _vimeo,
    "audio": _sound,
    "video": _film,
}
# Of these the text up to the end belongs to them.
_ENCLOSING = frozenset(["caption", "wp_caption", "embed", "audio", "video"])
