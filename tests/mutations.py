"""What becomes of files on their way: torn, doubled, mixed up, filled with the worst."""

from hypothesis import strategies as st

# What programs that read files have choked on.
WORST = [
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\x1b[31m",
    b"<![CDATA[",
    b"]]>",
    b"]]]]><![CDATA[>",
    b"<!--",
    b"-->",
    b"&amp;",
    b"&#0;&#xD800;&#x110000;&#99999999999;",
    b"&lol;",
    b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
    b"<item>",
    b"</item>",
    b"<wp:comment>",
    b"</channel>",
    b"<wp:post_id>-1</wp:post_id>",
    b"<wp:post_id>99999999999999999999</wp:post_id>",
    b"<wp:menu_order>9999999999</wp:menu_order>",
    b"<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>",
    b"<wp:post_date_gmt>0001-01-01 00:00:00</wp:post_date_gmt>",
    b"<wp:post_date_gmt>9999-12-31 23:59:59</wp:post_date_gmt>",
    b"<wp:comment_parent>9</wp:comment_parent>",
    b"[gallery ids='1,2']",
    b"<pre>" * 50,
    b"<div>" * 300,
    "\u202e\ufdd0\U0010ffff\u2028".encode(),
    b"x" * 3000,
]


@st.composite
def mutated(draw, whole: bytes) -> bytes:
    """`whole` after one to four mishaps."""
    for _ in range(draw(st.integers(1, 4))):
        whole = draw(st.sampled_from(_MISHAPS))(draw, whole)
    return whole


def _place(draw, whole: bytes) -> int:
    return draw(st.integers(0, len(whole)))


def _chunk(draw, whole: bytes) -> tuple[int, int]:
    start = _place(draw, whole)
    return start, min(len(whole), start + draw(st.integers(0, 600)))


def _torn(draw, whole: bytes) -> bytes:
    return whole[: _place(draw, whole)]


def _flipped(draw, whole: bytes) -> bytes:
    place = _place(draw, whole)
    if place == len(whole):
        return whole
    bit = 1 << draw(st.integers(0, 7))
    return whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :]


def _cut(draw, whole: bytes) -> bytes:
    start, end = _chunk(draw, whole)
    return whole[:start] + whole[end:]


def _doubled(draw, whole: bytes) -> bytes:
    start, end = _chunk(draw, whole)
    place = _place(draw, whole)
    return whole[:place] + whole[start:end] + whole[place:]


def _swapped(draw, whole: bytes) -> bytes:
    first, second = sorted([_chunk(draw, whole), _chunk(draw, whole)])
    (a, b), (c, d) = first, second
    if b > c:
        return whole
    return whole[:a] + whole[c:d] + whole[b:c] + whole[a:b] + whole[d:]


def _filled(draw, whole: bytes) -> bytes:
    put = draw(st.sampled_from(WORST) | st.binary(max_size=30))
    start, end = _chunk(draw, whole)
    end = start if draw(st.booleans()) else end
    return whole[:start] + put + whole[end:]


_MISHAPS = [_torn, _flipped, _cut, _doubled, _swapped, _filled, _filled]
