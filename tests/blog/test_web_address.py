"""One spelling for each address, and a sentence for what is none."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.web_address import NoAddress, normal

LETTERS = "htps:/@.%?#&=[]äß中\\ \n\t0189ab%C3~'\"<>"
ADDRESSES = st.builds(
    "{}://{}{}{}".format,
    st.sampled_from(["http", "HTTPS", "ftp", ""]),
    st.text(LETTERS, max_size=12) | st.sampled_from(["a.example", "Ä.example:80"]),
    st.sampled_from(["", "/", "?", "#"]),
    st.text(LETTERS, max_size=20) | st.text(max_size=10),
)


@pytest.mark.parametrize(
    ("same", "spelling"),
    [
        (["http://a.example", "HTTP://A.EXAMPLE:80/#b"], "http://a.example/"),
        (["https://a.example:443/b", "https://a.example./b"], "https://a.example/b"),
        (["http://a.example:443/"], "http://a.example:443/"),
        (["http://ä.example/ä", "http://Ä.example/%c3%a4"], None),
        (["http://a.example?b", "http://a.example/?b"], "http://a.example/?b"),
        (["http://a.example/b+c%20d"], "http://a.example/b+c%20d"),
        (["http://[2A00::1]:80/"], "http://[2a00::1]/"),
    ],
)
def test_what_is_one_page_is_spelt_one_way(same, spelling):
    (found,) = {normal(address) for address in same}
    assert found == spelling or spelling is None


def test_what_may_be_another_page_stays_another():
    pages = ["http://a.example/b", "https://a.example/b", "http://a.example/b/"]
    pages += ["http://a.example/B", "http://a.example/b?", "http://a.example/b?c"]
    # An empty query is dropped by every library that splits addresses.
    assert len({normal(page) for page in pages}) == len(pages) - 1


@given(ADDRESSES | st.text(max_size=40))
def test_a_spelling_is_ascii_and_stays(text):
    try:
        found = normal(text)
    except NoAddress:
        return
    assert found.isascii()
    assert normal(found) == found
    parts = urlsplit(found)
    assert parts.scheme in ("http", "https")
    assert parts.hostname
    assert "@" not in parts.netloc
    assert "#" not in found
