"""A picture is kept as it was drawn, moving or still; what else is in the file goes."""

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageSequence, PngImagePlugin

from blog import images
from blog.bare_pictures import bared
from blog.images import UploadRefused

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MOVING = ("PNG", "WEBP", "GIF")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(image_format: str, mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    picture = Image.linear_gradient("L").resize((60, 40)).convert(mode)
    picture.save(out, image_format, **options)
    return out.getvalue()


def moving(image_format: str, **options) -> bytes:
    shades = (Image.new("RGB", (30, 20), (shade, 0, 90)) for shade in (0, 80, 160, 240))
    first, *rest = shades
    out = io.BytesIO()
    options |= {"save_all": True, "append_images": rest, "duration": 70, "loop": 3}
    first.save(out, image_format, **options)
    return out.getvalue()


def frames(data: bytes) -> list[tuple[int, bytes]]:
    """How long each is shown, and its pixels."""
    with Image.open(io.BytesIO(data)) as picture:
        return [
            (frame.info.get("duration", 0), frame.convert("RGBA").tobytes())
            for frame in ImageSequence.Iterator(picture)
        ]


def stored(data: bytes) -> bytes:
    return images.receive(io.BytesIO(data), "boat").file.read()


@pytest.mark.parametrize(
    "data",
    [
        *map(saved, FORMATS),
        *(saved(name, icc_profile=PROFILE) for name in FORMATS if name != "GIF"),
        *map(moving, MOVING),
        saved("JPEG", progressive=True, quality=95, subsampling=0),
        saved("JPEG", optimize=True, restart_marker_rows=1),
        saved("JPEG", mode="L"),
        saved("JPEG", mode="CMYK"),
        saved("PNG", mode="RGBA"),
        saved("PNG", mode="P", transparency=3),
        saved("WEBP", mode="RGBA", lossless=True),
        saved("GIF", mode="P", transparency=3),
        saved("GIF", interlace=True),
        saved("AVIF", mode="RGBA"),
        saved("AVIF", quality=100, subsampling="4:4:4"),
    ],
)
def test_it_is_kept_to_the_byte(data):
    assert stored(data) == data
    assert stored(stored(data)) == data


def exif() -> Image.Exif:
    told = Image.Exif()
    told[0x010E] = "secret"
    return told


def texts() -> PngImagePlugin.PngInfo:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "secret")
    return told


TOLD = {"exif": exif(), "xmp": b"<secret/>"}


@pytest.mark.parametrize(
    "data",
    [
        *(saved(name, exif=exif()) for name in FORMATS if name != "GIF"),
        *(saved(name) + b"secret" for name in FORMATS),
        *(saved(name, xmp=b"<secret/>") for name in ("JPEG", "WEBP", "AVIF")),
        saved("JPEG", comment=b"secret"),
        saved("PNG", pnginfo=texts()),
        # A program whose first line is a comment that holds a picture.
        saved("JPEG").replace(b"\xff\xe0\x00\x10JFIF", b"\xff\xe0\x00\x16JFIF", 1),
        saved("JPEG")[:20] + b"\xff\xef\x00\x08secret" + saved("JPEG")[20:],
        saved("PNG")[:33] + b"\0\0\0\6seCRsecret\0\0\0\0" + saved("PNG")[33:],
        saved("GIF", comment=b"secret"),
        saved("GIF")[:-1] + b"\x21\xff\x0bXMP DataXMP\6secret\0;",
        saved("GIF")[:-1] + b"\x21\xff\x0bNETSCAPE2.0\6secret\0;",
        saved("AVIF") + b"\0\0\0\x0efreesecret",
        saved("AVIF") + b"\0\0\0\x0emdatsecret",
        moving("WEBP", **TOLD),
        moving("GIF", comment=b"secret"),
        moving("PNG", pnginfo=texts()),
        moving("PNG") + b"secret",
    ],
)
def test_whatever_else_is_in_it_is_gone(data):
    try:
        written = stored(data)
    except UploadRefused:
        return
    assert b"secret" not in written
    assert bared(written, str(Image.open(io.BytesIO(written)).format)) == written


@pytest.mark.parametrize(
    "data",
    [
        *(saved(name, exif=exif()) for name in ("JPEG", "PNG", "WEBP")),
        saved("JPEG", quality=100, comment=b"secret"),
        saved("PNG", pnginfo=texts()),
        saved("GIF", comment=b"secret"),
        saved("GIF")[:-1],  # many end without their last byte
        moving("WEBP", **TOLD),
        moving("GIF", comment=b"secret"),
        moving("PNG", pnginfo=texts()),
    ],
)
def test_its_pixels_and_its_pace_stay_when_the_rest_is_taken_out(data):
    assert frames(stored(data)) == frames(data)


def test_one_that_lies_on_its_side_is_turned():
    told = exif()
    told[0x0112] = 6
    with Image.open(io.BytesIO(stored(saved("JPEG", exif=told)))) as turned:
        assert turned.size == (40, 60)
        assert not turned.getexif()


def test_what_moves_for_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(images, "MAX_PIXELS", 30 * 20)
    assert stored(moving("GIF"))
    monkeypatch.setattr(images, "MAX_PIXELS", 30 * 20 - 1)
    with pytest.raises(UploadRefused):
        stored(moving("GIF"))


def test_a_part_of_a_picture_is_refused():
    for name in FORMATS:
        with pytest.raises(UploadRefused):
            stored(saved(name)[:-40])


CHANGES = st.tuples(st.integers(0, 4000), st.integers(0, 3), st.binary(max_size=4))
PICTURES = [*map(saved, FORMATS), *map(moving, MOVING), saved("AVIF", mode="RGBA")]


@given(st.sampled_from(PICTURES), st.lists(CHANGES, max_size=4))
def test_whatever_it_holds_it_is_read_to_its_end(picture, changes):
    data = bytearray(picture)
    for place, length, instead in changes:
        at = place % (len(data) + 1)
        data[at : at + length] = instead
    for name in FORMATS:
        if (bare := bared(bytes(data), name)) is not None:
            assert bared(bare, name) == bare
            assert bared(bare + b"x", name) in (bare, None)
    with suppress(UploadRefused):
        # Once it was taken nothing is lost again, or left to be lost.
        assert stored(stored(bytes(data))) == stored(bytes(data))
