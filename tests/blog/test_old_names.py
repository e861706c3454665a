"""By which names WordPress knew a file, and which of ours each means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import old_names
from blog.old_names import OldBlog

HOME = "https://harbour.example/"
STEMS = st.text("abcdefghijkl0123456789-_éß가", min_size=1, max_size=12)
ENDINGS = st.sampled_from(["jpg", "jpeg", "png", "gif", "webp", "pdf", "mp3"])
NAMES = st.builds("2009/04/{}.{}".format, STEMS, ENDINGS)
SIZES = st.tuples(st.integers(1, 9999), st.integers(1, 9999))
EDITED = st.integers(10**9, 10**13 - 1).map("-e{}".format)
MARKS = st.one_of(st.just(""), EDITED, st.just("-scaled"), st.just("-rotated"))


def sized(name: str, size: tuple[int, int]) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}-{size[0]}x{size[1]}.{ending}"


def marked(name: str, mark: str) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}{mark}.{ending}"


@given(NAMES, SIZES, MARKS)
def test_a_size_of_a_known_file_is_that_file(name, size, mark):
    known = marked(name, mark)
    shown = sized(known, size)
    assert old_names.family(shown) == old_names.family(known)
    assert old_names.choose(shown, {known}) == known
    assert old_names.shown_size(HOME + shown) == size


@given(NAMES, SIZES)
def test_sizes_of_a_large_one_are_named_after_the_original(name, size):
    scaled = marked(name, "-scaled")
    assert old_names.choose(sized(name, size), {scaled}) == scaled
    assert old_names.choose(name, {scaled}) == scaled


@given(NAMES, SIZES)
def test_an_original_that_is_called_like_a_size_is_itself(name, size):
    like_a_size = sized(name, size)
    known = {name, like_a_size}
    assert old_names.choose(like_a_size, known) == like_a_size
    assert old_names.choose(name, known) == name
    assert old_names.choose(sized(like_a_size, (9, 9)), known) == like_a_size


@given(NAMES, st.lists(NAMES, max_size=5), SIZES)
def test_no_file_is_taken_for_another(name, others, size):
    family = old_names.family(name)
    known = {one for one in others if old_names.family(one) == family}
    chosen = old_names.choose(sized(name, size), known)
    assert chosen is None or old_names.family(chosen) == family


@given(st.text(max_size=60))
def test_whatever_stands_there_is_named_or_not(text):
    blog = OldBlog(HOME, [text])
    for address in (text, HOME + text, f"/wp-content/uploads/{text}", f"//{text}"):
        name = blog.name(address)
        assert old_names.family(name) == old_names.family(old_names.family(name))
        assert name in old_names.candidates(name)
        assert all(pixels >= 0 for pixels in old_names.shown_size(address))
        blog.number(address)
        blog.page(address)
        assert len(blog.url(address)) >= 0


@pytest.mark.parametrize(
    "address",
    [
        "https://harbour.example/wp-content/uploads/2009/04/b%C3%B6at.jpg",
        "http://www.HARBOUR.example:80/wp-content/uploads/2009/04/böat.jpg?w=300#x",
        "//harbour.example/blog/wp-content/uploads/2009/04/bo\u0308at.jpg",
        "/wp-content/uploads/2009/04/b%C3%B6at.jpg",
        "../../wp-content/uploads/2009/04/b%C3%B6at.jpg",
        "/files/2009/04/b%C3%B6at.jpg",
        "https://harbour.example/wp-content/blogs.dir/7/files/2009/04/b%C3%B6at.jpg",
        "https://i2.wp.com/harbour.example/wp-content/uploads/2009/04/böat.jpg?ssl=1",
        "https://cdn.example/x/wp-content/uploads/2009/04/b%C3%B6at.jpg",
    ],
)
def test_all_spellings_of_one_address_name_one_file(address):
    blog = OldBlog(HOME, ["https://cdn.example/x/wp-content/uploads/1/a.jpg"])
    assert blog.name(address) == "2009/04/böat.jpg"
    assert blog.is_own(address)


def test_a_blog_at_wordpress_com_has_its_files_on_a_host_of_their_own():
    blog = OldBlog("https://harbour.wordpress.com")
    address = "https://harbour.files.wordpress.com/2009/04/boat.jpg?w=300&h=200"
    assert blog.name(address) == "2009/04/boat.jpg"
    assert old_names.shown_size(address) == (300, 200)
    others = "https://pier.files.wordpress.com/2009/04/boat.jpg"
    assert not blog.is_own(others)


@pytest.mark.parametrize(
    "address",
    [
        "https://pier.example/wp-content/uploads/2009/04/boat.jpg",
        "https://harbour.example/2009/04/boat/",
        "https://harbour.example/wp-content/uploads/",
        "mailto:mara@harbour.example",
        "data:image/png;base64,AAAA.png",
        "javascript:alert(1).jpg",
        "http://[::1",
        "http://harbour.example:99999/wp-content/uploads/x.jpg",
        "",
    ],
)
def test_what_is_no_file_of_the_blog_is_none(address):
    assert not OldBlog(HOME).is_own(address)


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("?attachment_id=44", 44),
        ("/?attachment_id=44", 44),
        ("http://www.harbour.example/?attachment_id=44&x=1", 44),
        ("https://pier.example/?attachment_id=44", None),
        ("/?attachment_id=4x", None),
        (f"/?attachment_id={'9' * 30}", None),
        ("/about/?attachment_id=44", None),
    ],
)
def test_a_number_names_a_file(address, number):
    assert OldBlog(HOME).number(address) == number
