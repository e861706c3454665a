"""An address elsewhere, as people read it and as a browser is sent to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.pings import page_address


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://a.example/", "a.example", ""),
        ("http://a.example:8080/x/", "a.example:8080", "/x/"),
        ("https://a.example/caf%C3%A9/?a=%20b", "a.example", "/caf%C3%A9/?a=%20b"),
        ("https://a.example/caf%C3%A9/", "a.example", "/café/"),
        ("https://me:secret@a.example/x", "a.example", "/x"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", ""),
        ("https://a.example/%E2%80%AEgpj", "a.example", "/%E2%80%AEgpj"),
        ("https://a.example/%FF", "a.example", "/%FF"),
    ],
)
def test_it_is_a_host_and_a_path_in_letters(url, host, path):
    read = page_address.read(url)
    assert (read.url, read.host, read.path) == (url, host, path)


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "//a.example/", "https://", "https://[", "data:,x"],
)
def test_what_is_no_web_address_is_shown_and_leads_nowhere(url):
    read = page_address.read(url)
    assert (read.url, read.host, read.path) == ("", url, "")


@given(st.text() | st.text().map("https://{}".format))
def test_whatever_it_is_it_is_read(url):
    read = page_address.read(url)
    assert read.url == "" or read.url.lower().startswith(("http://", "https://"))
