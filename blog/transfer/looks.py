"""What old texts say by looks alone, in classes and elements that are kept here.

`align`, `style`, WordPress's boxes around pictures. Colours, faces and sizes are the
theme's: they go.
"""

import re

from blog.transfer import spans
from blog.transfer.tags import TAG, attributes, classes, name_of, with_classes

_FLOATING = frozenset(["img", "table", "figure", "iframe", "object"])
_FLOATS = {"left": "alignleft", "right": "alignright", "center": "aligncenter",
           "middle": "aligncenter"}  # fmt: skip
_TEXTS = frozenset("caption div h1 h2 h3 h4 h5 h6 li p td th tr".split())
_SIDES = frozenset(["left", "right", "center", "justify"])
_STYLE = re.compile(r"([a-z-]+)\s*:\s*([^;]+)", re.IGNORECASE)
# What an editor of that time made of a press of B, I, U or the line through.
_MEANT = {
    ("font-weight", "bold"): "strong",
    ("font-weight", "700"): "strong",
    ("font-style", "italic"): "em",
    ("text-decoration", "underline"): "u",
    ("text-decoration", "line-through"): "s",
}
_BOX = re.compile(r"<(?P<name>div|dl)\b[^<>]*>", re.IGNORECASE)
_BOX_END = re.compile(r"</(?P<name>div|dl)\s*>", re.IGNORECASE)
_IN_BOX = re.compile(
    r"\s*(?:<dt\b[^<>]*>)?\s*(?:<p>\s*)?((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)"
    r"(?:\s*</p>)?\s*(?:</dt>)?\s*<(?P<words>p|dd)\b(?=[^<>]{0,400}?\bwp-caption-(?:text|dd)\b)"
    r"[^<>]*>((?:[^<]|<(?!/(?P=words)))*)</(?P=words)>\s*",
    re.IGNORECASE,
)
ALIGNED = {"alignleft": "align-left", "alignright": "align-right"}


def as_markup(html: str) -> str:
    """HTML with what its looks meant as classes and elements. Linear."""
    html = spans.replaced(html, _BOX, _BOX_END, _box)
    if "align" not in html and "style" not in html:
        return html
    out: list[str] = []
    meant: list[str] = []  # of each `<span>` that is open, the end of what it became
    for token in TAG.split(html):
        name = name_of(token)
        if name == "span" and not token.endswith("/>"):
            out.append(_span(token, meant))
        elif name in _FLOATING or name in _TEXTS:
            out.append(_aligned(token, name))
        else:
            out.append(token)
    return "".join(out)


def figure(image: str, words: str, align: str) -> str:
    """A picture with its words, as this blog keeps it."""
    side = ALIGNED.get(align)
    of_class = f' class="{side}"' if side else ""
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    return f"\n\n<figure{of_class}>{image}{caption}</figure>\n\n"


def _box(found: re.Match[str], inside: str) -> str | None:
    names = classes(found[0])
    parts = _IN_BOX.fullmatch(inside) if "wp-caption" in names else None
    if not parts:
        return None
    align = next((name for name in names if name in ALIGNED), "")
    return figure(parts[1], parts[3].strip(), align)


def _span(token: str, meant: list[str]) -> str:
    if token.startswith("</"):
        return meant.pop() if meant else token
    told = _told(attributes(token).get("style", ""))
    names = [_MEANT[one] for one in told if one in _MEANT]
    meant.append("".join(f"</{name}>" for name in reversed(names)) + "</span>")
    return token + "".join(f"<{name}>" for name in names)


def _told(style: str) -> list[tuple[str, str]]:
    return [
        (name.lower(), value.strip().lower()) for name, value in _STYLE.findall(style)
    ]


def _aligned(token: str, name: str) -> str:
    if token.startswith("</"):
        return token
    said = attributes(token)
    told = dict(_told(said.get("style", "")))
    if name in _FLOATING:
        side = told.get("float") or said.get("align", "").lower()
        return _with_class(token, _FLOATS.get(side, ""))
    side = told.get("text-align") or said.get("align", "").lower()
    wanted = f"has-text-align-{side}" if side in _SIDES else ""
    return _with_class(token, wanted)


def _with_class(token: str, wanted: str) -> str:
    names = classes(token)
    if not wanted or wanted in names:
        return token
    return with_classes(token, [*names, wanted])
