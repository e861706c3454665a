"""The HTML a picture is shown with: every size there is, and the browser chooses.

It works on canonical HTML, as nh3 writes it: attribute values in double quotes.
"""

import html
import re
from collections.abc import Mapping

from blog.pictures import Picture, Source, name_of

# The column of text: `--measure` in tokens.css.
COLUMN_SIZES = "(min-width: 48rem) 40rem, (min-width: 36rem) 33rem, 100vw"
COLUMN_PIXELS = 640
# A picture with the text beside it, one that uses the margin too, and one of several:
# `figures.css` makes them that wide.
BESIDE_SIZES = "(min-width: 48rem) 18rem, (min-width: 36rem) 15rem, 100vw"
WIDE_SIZES = f"(min-width: 72rem) 53rem, {COLUMN_SIZES}"
GALLERY_SIZES = "(min-width: 48rem) 20rem, 50vw"
_FIGURE_SIZES = {
    "gallery": GALLERY_SIZES,
    "wp-block-gallery": GALLERY_SIZES,
    "align-left": BESIDE_SIZES,
    "align-right": BESIDE_SIZES,
    "align-wide": WIDE_SIZES,
}
LAZY = 'loading="lazy" decoding="async"'
AT_ONCE = 'loading="eager"'

_TAG = re.compile(r'<(/?)(picture|img|figure)\b((?:[^>"]|"[^"]*")*)>')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
# What an author may say of an `<img>` that stays on it.
_KEPT = ("class", "id", "title", "lang", "dir")


class Pictures:
    """Walks the pieces of one text; only its first picture is not lazy."""

    def __init__(self, known: Mapping[str, Picture], *, is_below: bool = False):
        self._known = known
        self._is_first = not is_below

    def offer(self, markup: str) -> str:
        """Our pictures in `markup` as `<picture>`; others as they are, but lazy."""
        depth = 0  # in a `<picture>` the author has written
        figures: list[str] = []  # the `sizes` of those that are open, "" for the usual

        def replaced(match: re.Match[str]) -> str:
            nonlocal depth
            if match[2] == "picture":
                depth += -1 if match[1] else 1
                return match[0]
            if match[2] == "figure":
                if match[1]:
                    del figures[-1:]
                else:
                    figures.append(_figure_sizes(match[3], figures))
                return match[0]
            sizes = figures[-1] if figures else ""
            return self._image(match, sizes, is_alone=depth == 0)

        return _TAG.sub(replaced, markup)

    def _image(self, match: re.Match[str], sizes: str, *, is_alone: bool) -> str:
        attributes = _attributes(match[3])
        is_first, self._is_first = self._is_first, False
        picture = self._known.get(name_of(attributes.get("src", "").strip()))
        if picture is None or not is_alone or "srcset" in attributes:
            # Nobody has described it: a page without `alt` would read its address out.
            alt = "" if "alt" in attributes else ' alt=""'
            return f"<img {LAZY}{alt} {match[3].strip()}>"
        sizes = attributes.get("sizes") or sizes
        return element(picture, attributes, sizes=sizes, is_lazy=not is_first)


def _figure_sizes(written: str, around: list[str]) -> str:
    """What a figure says of the width of its picture; in a gallery, the gallery."""
    if around and around[-1]:
        return around[-1]
    classes = _attributes(written).get("class", "").split()
    return next((_FIGURE_SIZES[name] for name in classes if name in _FIGURE_SIZES), "")


def _attributes(written: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(written)}


def element(
    picture: Picture,
    attributes: Mapping[str, str],
    *,
    sizes: str = "",
    is_lazy: bool = True,
) -> str:
    """`<picture>` with every format and width there is. All values are escaped here.

    Of `attributes`, unescaped, the words and the size an author gave are kept.
    """
    width, height = _shown_size(picture, attributes)
    sizes = sizes or attributes.get("sizes") or _sizes(picture, width)
    values = {name: attributes[name] for name in _KEPT if name in attributes}
    values |= {"src": picture.fallback, "alt": attributes.get("alt", picture.alt)}
    values |= {"width": str(width), "height": str(height)}
    if len(picture.own.addresses) > 1:
        values |= {"srcset": _srcset(picture.own), "sizes": sizes}
    image = f"<img {_written(values)} {LAZY if is_lazy else AT_ONCE}>"
    sources = "".join(
        "<source {}>".format(
            _written({"type": s.mime_type, "srcset": _srcset(s), "sizes": sizes})
        )
        for s in picture.sources
    )
    return f"<picture>{sources}{image}</picture>" if sources else image


def _shown_size(picture: Picture, attributes: Mapping[str, str]) -> tuple[int, int]:
    """In pixels, as the author gave it; where one side was given, the other follows."""
    width, height = (_pixels(attributes.get(side, "")) for side in ("width", "height"))
    if not (width or height):
        return picture.width, picture.height
    width = width or max(1, round(height * picture.width / picture.height))
    return width, height or max(1, round(width * picture.height / picture.width))


def _pixels(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _sizes(picture: Picture, width: int) -> str:
    if width < min(picture.width, COLUMN_PIXELS):
        return f"(min-width: {width}px) {width}px, 100vw"
    return COLUMN_SIZES


def _srcset(source: Source) -> str:
    return ", ".join(f"{address} {width}w" for width, address in source.addresses)


def _written(values: Mapping[str, str]) -> str:
    return " ".join(f'{name}="{html.escape(value)}"' for name, value in values.items())
