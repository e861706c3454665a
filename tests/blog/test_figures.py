"""Figures as served: what is offered of a picture changes nothing around it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from blog import markup
from blog.pictures import Picture, Source

ADDRESS = "/media/2026/11/ferry.jpg"
FERRY = Picture(
    address=ADDRESS,
    width=1400,
    height=600,
    alt="A ferry",
    sources=(Source("image/avif", ((400, "/media/a.avif"), (800, "/media/b.avif"))),),
    own=Source("image/jpeg", ((1400, ADDRESS),)),
)
KNOWN = {"2026/11/ferry.jpg": FERRY}
# Closed, open and crossed, ours and from elsewhere.
PIECES = st.lists(
    st.sampled_from(
        [
            "<figure>",
            '<figure class="gallery">',
            '<figure class="align-left wp-block-image" id="a">',
            "</figure>",
            f'<img src="{ADDRESS}">',
            f'<img src="{ADDRESS}" alt="a > b" width="300">',
            '<img src="https://example.org/a.png">',
            "<picture>",
            "</picture>",
            '<a href="/">',
            "</a>",
            "<figcaption>",
            "</figcaption>",
            "words",
            "<p>",
            "</p>",
        ]
    ),
    max_size=14,
).map("".join)
_PICTURE_TAGS = re.compile(r'</?(?:picture|source|img)\b(?:[^>"]|"[^"]*")*>')
_IMAGE = re.compile(r'<img\b(?:[^>"]|"[^"]*")*>')


@given(PIECES)
def test_around_pictures_all_is_as_it_was(source):
    offered = markup.render_post(source, known=KNOWN)
    plain = markup.render_post(source)
    assert _PICTURE_TAGS.sub("", offered) == _PICTURE_TAGS.sub("", plain)
    assert len(_IMAGE.findall(offered)) == len(_IMAGE.findall(plain))


@given(PIECES)
def test_every_picture_says_something_or_nothing(source):
    for image in _IMAGE.findall(markup.render_post(source, known=KNOWN)):
        assert image.count(" alt=") == 1


def test_what_nobody_described_says_what_the_library_says():
    assert 'alt="A ferry"' in markup.render_post(f'<img src="{ADDRESS}">', known=KNOWN)
    decoration = f'<img src="{ADDRESS}" alt="">'
    assert 'alt=""' in markup.render_post(decoration, known=KNOWN)
