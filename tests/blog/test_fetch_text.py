"""Fetching from the web: what a page is written in."""

import pytest

from blog.fetch import Answer, fetch
from tests.web import answer


def test_an_unknown_charset_is_read_all_the_same(web):
    web.answers["/"] = lambda handler: answer(
        handler, body=b"text", Content_Type="text/html; charset=klingon"
    )
    assert fetch(web.url()).text == "text"


@pytest.mark.parametrize(
    "charset",
    "idna punycode undefined unicode_escape raw_unicode_escape utf-7 hex zip rot13 x\0y "
    "klingon".split(),
)
@pytest.mark.parametrize("body", [b"\\ud800 +2AA- \xff\xfe", bytes(range(256)), b""])
def test_text_can_always_be_read_and_stored(charset, body):
    """Python knows encodings that raise, or give what no database holds."""
    Answer("https://example.org/", 200, {}, body, charset).text.encode()


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("text/html; charset=iso-8859-1", b"Gr\xfc\xdfe", "Grüße"),
        ('text/html; charset="Shift_JIS"', "東京".encode("shift_jis"), "東京"),
        ("text/html", '<meta charset="utf-8">Grüße'.encode(), "Grüße"),
        ("text/html", b"<meta charset=windows-1252>Gr\xfc\xdfe", "Grüße"),
        (
            "text/html",
            b"<META http-equiv='Content-Type' content='text/html; charset=latin1'>\xfc",
            "ü",
        ),
        ("text/xml", b"<?xml version='1.0' encoding='latin1'?>\xfc", "ü"),
        ("text/html", "Grüße".encode("utf-16"), "Grüße"),
        ("text/html", '<meta charset="utf-16">Grüße'.encode(), "Grüße"),
    ],
)
def test_a_page_says_what_it_is_written_in(web, content_type, body, expected):
    web.answers["/"] = lambda handler: answer(
        handler, body=body, Content_Type=content_type
    )
    assert fetch(web.url()).text.endswith(expected)
