"""The keeper's colour, so that it can be read: its hue, in a lightness that holds.

OKLCH to sRGB and back as in Björn Ottosson, "A perceptual color space for image
processing", https://bottosson.github.io/posts/oklab/; contrast as in WCAG 2.2,
https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
"""

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

TEXT_CONTRAST = 7.0
SMALL_CONTRAST = 4.5
# As rich as the themes' own accents: more would shout, and leave what screens show.
MOST_CHROMA = 0.14
LIGHTNESS_STEP = 0.005

_TOKEN = re.compile(
    r"--([a-z-]+):\s*light-dark\((oklch\([^)]*\)|#\w{6}),\s*(oklch\([^)]*\)|#\w{6})\)"
)
HEX = re.compile(r"#[0-9a-fA-F]{6}")
_OKLCH = re.compile(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)")


class Oklch(NamedTuple):
    """`lightness` from 0 to 1, `chroma` from 0 to about 0.4, `hue` in degrees."""

    lightness: float
    chroma: float
    hue: float


Linear = tuple[float, float, float]


def tokens(css: str) -> dict[str, tuple[str, str]]:
    """By name, each colour a sheet defines for light and dark; the last one holds."""
    return {name: (light, dark) for name, light, dark in _TOKEN.findall(css)}


def accent_rule(accent: str, css: str) -> str:
    """The rule that puts the keeper's `accent` (`#rrggbb`) over that of a sheet."""
    known = tokens(css)
    said = []
    for index in (0, 1):
        papers = [known[name][index] for name in ("paper", "paper-deep")]
        own, wash = known["accent"][index], known["accent-wash"][index]
        said.append(_readable(accent, own, wash, papers))
    (light, light_wash), (dark, dark_wash) = said
    return (
        "@layer theme{:root{"
        f"--accent:light-dark({light},{dark});"
        f"--accent-wash:light-dark({light_wash},{dark_wash})"
        "}}"
    )


def contrast(one: str, other: str) -> float:
    """From 1 to 21, of two colours as style sheets write them."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def as_hex(colour: str) -> str:
    """A colour as style sheets write it, as `#rrggbb`, for what knows no other."""
    return _hex(_parsed(colour))


def _readable(accent: str, own: str, wash: str, papers: list[str]) -> tuple[str, str]:
    """The accent and its wash, as light and as rich as the theme's own or safer."""
    wanted = _parsed(accent)
    own_wash = _parsed(wash)
    chroma = min(wanted.chroma, own_wash.chroma)
    wash = _hex(Oklch(own_wash.lightness, chroma, wanted.hue))
    paper, *others = papers
    step = -LIGHTNESS_STEP if _luminance(paper) > 0.18 else LIGHTNESS_STEP
    lightness = _parsed(own).lightness
    chroma = min(wanted.chroma, MOST_CHROMA)
    while True:
        found = _hex(Oklch(lightness, chroma, wanted.hue))
        if not 0 < lightness < 1 or (
            contrast(found, paper) >= TEXT_CONTRAST
            and all(contrast(found, on) >= SMALL_CONTRAST for on in (*others, wash))
        ):
            return found, wash
        lightness += step


def _parsed(colour: str) -> Oklch:
    """Raises ValueError for what is no colour in one of the two ways of writing."""
    if match := _OKLCH.fullmatch(colour):
        lightness, chroma, hue = map(float, match.groups())
        return Oklch(lightness / 100, chroma, hue)
    return _to_oklch(_linear_of_hex(colour))


def _luminance(colour: str) -> float:
    if colour.startswith("#"):
        red, green, blue = _linear_of_hex(colour)
    else:
        red, green, blue = map(_clipped, _to_linear(_parsed(colour)))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hex(colour: Oklch) -> str:
    """The nearest colour screens can show of this lightness and hue."""
    lightness, chroma, hue = colour
    least, most = 0.0, chroma
    if not _is_shown(_to_linear(colour)):
        for _turn in range(20):
            chroma = (least + most) / 2
            if _is_shown(_to_linear(Oklch(lightness, chroma, hue))):
                least = chroma
            else:
                most = chroma
        chroma = least
    parts = _to_linear(Oklch(lightness, chroma, hue))
    return "#" + "".join(
        f"{round(255 * _encoded(_clipped(part))):02x}" for part in parts
    )


def _is_shown(parts: Iterable[float]) -> bool:
    return all(-0.0001 <= part <= 1.0001 for part in parts)


def _clipped(part: float) -> float:
    return min(max(part, 0.0), 1.0)


def _encoded(linear: float) -> float:
    if linear <= 0.0031308:
        return 12.92 * linear
    return 1.055 * linear ** (1 / 2.4) - 0.055


def _linear_of_hex(colour: str) -> Linear:
    values = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in values
    )
    return red, green, blue


def _to_linear(colour: Oklch) -> Linear:
    lightness, chroma, hue = colour
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _to_oklch(linear: Linear) -> Oklch:
    red, green, blue = linear
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)
