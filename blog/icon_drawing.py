"""Icons of every size, drawn from one picture. Pictures in, bytes out; no row, no file."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageStat

# Of the width, what every shape a system may cut an icon to leaves standing:
# https://www.w3.org/TR/appmanifest/#icon-masks
SAFE_SHARE = 0.8
FAVICON_SIZES = (16, 32, 48)
# What a see-through icon stands on where it has to stand on something.
LIGHT_GROUND, DARK_GROUND = (251, 248, 243), (34, 30, 27)
_BRIGHT = 170  # of 255


@dataclass(frozen=True)
class Shape:
    """How one icon is drawn. `share` of its width is the picture, the rest ground."""

    mark: str
    width: int
    purpose: str
    has_ground: bool = False
    share: float = 1.0


# `touch` is what Apple's systems put on the home screen: they show holes as black.
SHAPES = (
    Shape("32", 32, "any"),
    Shape("180", 180, "touch", has_ground=True, share=1.0),
    Shape("192", 192, "any"),
    Shape("512", 512, "any"),
    Shape("mask-512", 512, "maskable", has_ground=True, share=SAFE_SHARE),
)


def square(picture: Image.Image, focus: tuple[float, float]) -> Image.Image:
    """The picture as an RGBA square.

    One with holes is kept whole, in the middle of more of them; another is cut,
    around what its `focus`, two shares of its sides, is set on.
    """
    picture = picture.convert("RGBA")
    width, height = picture.size
    if width == height:
        return picture
    if _has_holes(picture):
        side = max(width, height)
        whole = Image.new("RGBA", (side, side))
        whole.paste(picture, ((side - width) // 2, (side - height) // 2))
        return whole
    side = min(width, height)
    left = _start(width, side, focus[0])
    top = _start(height, side, focus[1])
    return picture.crop((left, top, left + side, top + side))


def png(picture: Image.Image, shape: Shape) -> bytes:
    """One icon of a `square`."""
    out = io.BytesIO()
    _drawn(picture, shape).save(out, "PNG", optimize=True)
    return out.getvalue()


def ico(picture: Image.Image, sizes: Sequence[int] = FAVICON_SIZES) -> bytes:
    """The file browsers ask for unasked: a few small icons in one."""
    icons = [_resized(picture, size) for size in sizes]
    out = io.BytesIO()
    icons[-1].save(
        out,
        "ICO",
        sizes=[icon.size for icon in icons],
        append_images=icons[:-1],
    )
    return out.getvalue()


def _drawn(picture: Image.Image, shape: Shape) -> Image.Image:
    small = _resized(picture, round(shape.width * shape.share))
    if not shape.has_ground:
        return small
    ground = Image.new("RGBA", (shape.width, shape.width), _ground(picture))
    start = (shape.width - small.width) // 2
    ground.alpha_composite(small, (start, start))
    return ground.convert("RGB")


def _resized(picture: Image.Image, width: int) -> Image.Image:
    size = (width, width)
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _ground(picture: Image.Image) -> tuple[int, ...]:
    """Of a whole picture the colour of its edge; of one with holes what it stands out on."""
    if not _has_holes(picture):
        small = picture.convert("RGB").resize((16, 16), Image.Resampling.BOX)
        edge = Image.new("L", small.size, 255)
        edge.paste(0, (1, 1, 15, 15))
        return tuple(round(mean) for mean in ImageStat.Stat(small, edge).mean)
    brightness = ImageStat.Stat(picture.convert("L"), picture.getchannel("A")).mean[0]
    return DARK_GROUND if brightness > _BRIGHT else LIGHT_GROUND


def _has_holes(picture: Image.Image) -> bool:
    low, _ = picture.getchannel("A").getextrema()
    return isinstance(low, int | float) and low < 255


def _start(length: int, side: int, focus: float) -> int:
    return min(max(round(length * focus - side / 2), 0), length - side)
