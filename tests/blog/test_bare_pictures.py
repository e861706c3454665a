"""A picture with nothing besides is kept to the byte; all else is written anew."""

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from blog import images
from blog.bare_pictures import is_bare
from blog.images import UploadRefused

FORMATS = ("JPEG", "PNG", "WEBP")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(image_format: str, mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    picture = Image.linear_gradient("L").resize((60, 40)).convert(mode)
    picture.save(out, image_format, **options)
    return out.getvalue()


def stored(data: bytes) -> bytes:
    return images.receive(io.BytesIO(data), "boat").file.read()


@pytest.mark.parametrize(
    "data",
    [
        *map(saved, FORMATS),
        *(saved(name, icc_profile=PROFILE) for name in FORMATS),
        saved("JPEG", progressive=True, quality=95, subsampling=0),
        saved("JPEG", optimize=True, restart_marker_rows=1),
        saved("JPEG", mode="L"),
        saved("JPEG", mode="CMYK"),
        saved("PNG", mode="RGBA"),
        saved("PNG", mode="P", transparency=3),
        saved("WEBP", mode="RGBA", lossless=True),
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


@pytest.mark.parametrize(
    "data",
    [
        *(saved(name, exif=exif()) for name in FORMATS),
        *(saved(name) + b"secret" for name in FORMATS),
        *(saved(name, xmp=b"<secret/>") for name in ("JPEG", "WEBP")),
        saved("JPEG", comment=b"secret"),
        saved("PNG", pnginfo=texts()),
        # A program whose first line is a comment that holds a picture.
        saved("JPEG").replace(b"\xff\xe0\x00\x10JFIF", b"\xff\xe0\x00\x16JFIF", 1),
        saved("JPEG")[:20] + b"\xff\xef\x00\x08secret" + saved("JPEG")[20:],
        saved("PNG")[:33] + b"\0\0\0\6seCRsecret\0\0\0\0" + saved("PNG")[33:],
    ],
)
def test_whatever_else_is_in_it_is_gone(data):
    try:
        written = stored(data)
    except UploadRefused:
        return
    assert b"secret" not in written
    assert is_bare(written, str(Image.open(io.BytesIO(written)).format))


def test_a_part_of_a_picture_is_refused():
    for name in FORMATS:
        with pytest.raises(UploadRefused):
            stored(saved(name)[:-40])


CHANGES = st.tuples(st.integers(0, 4000), st.integers(0, 3), st.binary(max_size=4))


@given(st.sampled_from(list(map(saved, FORMATS))), st.lists(CHANGES, max_size=4))
def test_whatever_it_holds_it_is_read_to_its_end(picture, changes):
    data = bytearray(picture)
    for place, length, instead in changes:
        at = place % (len(data) + 1)
        data[at : at + length] = instead
    for name in FORMATS:
        if is_bare(bytes(data), name):
            assert not is_bare(bytes(data) + b"x", name)
    with suppress(UploadRefused):
        # Once it was taken nothing is lost again, or left to be lost.
        assert stored(stored(bytes(data))) == stored(bytes(data))
