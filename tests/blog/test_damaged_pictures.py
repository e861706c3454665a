"""Pictures that are not what they say: taken or refused in a sentence, and no more."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from blog import images
from blog.images import UploadRefused
from tests.builders import picture_bytes


def moving(image_format: str) -> bytes:
    first, *rest = (Image.new("RGB", (30, 20), (shade, 0, 0)) for shade in (0, 90, 180))
    out = io.BytesIO()
    first.save(out, image_format, save_all=True, append_images=rest)
    return out.getvalue()


PICTURES = [
    *(picture_bytes(name) for name in ("JPEG", "PNG", "GIF", "WEBP", "AVIF")),
    *(moving(name) for name in ("GIF", "WEBP", "PNG")),
]
CHANGES = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(0, 3), st.binary(max_size=4)),
    min_size=1,
    max_size=8,
)


@given(st.sampled_from(PICTURES), CHANGES)
def test_any_change_is_a_picture_or_a_refusal(picture, changes):
    data = bytearray(picture)
    for place, length, instead in changes:
        at = place % (len(data) + 1)
        data[at : at + length] = instead
    with contextlib.suppress(UploadRefused):
        images.receive(io.BytesIO(data), "boat.jpg")


def test_what_no_decoder_understands_is_refused():
    data = picture_bytes("AVIF")
    head, _ = data.rsplit(b"\x12\x00\x0a", 1)
    with pytest.raises(UploadRefused, match="damaged"):
        images.receive(io.BytesIO(head + b"\xff" * 8), "boat.jpg")
