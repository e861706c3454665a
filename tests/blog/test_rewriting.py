from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.transfer.rewriting import with_addresses

OLD = "https://harbour.example/?p=41&x=1"


def shouting(address: str) -> str | None:
    return "/here/" if address == OLD else None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="{old}">it</a>', '<a href="/here/">it</a>'),
        ("<a href='{old}'>it</a>", "<a href='/here/'>it</a>"),
        ("<a href={old}>it</a>", '<a href="/here/">it</a>'),
        ("<A\n\tHREF = {old}\n>it</A>", '<A\n\tHREF = "/here/"\n>it</A>'),
        ("<a href=' {old}\n'>", "<a href='/here/'>"),
        ("<img alt=a/b src={old} >", '<img alt=a/b src="/here/" >'),
        ("<img/alt/src='{old}'/>", "<img/alt/src='/here/'/>"),
        ("<a title='>' href='{old}'>", "<a title='>' href='/here/'>"),
        (
            "<video poster='{old}'><p src='{old}'>",
            "<video poster='/here/'><p src='/here/'>",
        ),
        ("<b <a href='{old}'>", "<b <a href='/here/'>"),
        ("<!--> <a href='{old}'>", "<!--> <a href='/here/'>"),
        ("<style>'</style><a href='{old}'>", "<style>'</style><a href='/here/'>"),
        ("1 < 2 <3 <a href='{old}'>", "1 < 2 <3 <a href='/here/'>"),
        (
            "</p x='<a href={old}>'><i cite={old}>",
            "</p x='<a href={old}>'><i cite=\"/here/\">",
        ),
    ],
)
def test_an_address_is_replaced(before, after):
    told = escape(OLD)
    assert with_addresses(before.format(old=told), shouting) == after.format(old=told)


@pytest.mark.parametrize(
    "html",
    [
        "{old}",
        "<a title='{old}' data-href='{old}'>",
        "<!-- <a href='{old}'> -->",
        "<! <a href='{old}'",
        "</a href='{old}'>",
        "<script>'<a href=\"{old}\">'</script>",
        "<textarea><a href='{old}'></textarea >",
        "<plaintext><a href='{old}'>",
        "<a href='{old}",
        "<a href='{old}'",
        "<a href = >{old}</a>",
        "<a title='x href={old}>",
        "<a href='{old}#x'> <a href='x{old}'>",
    ],
)
def test_nothing_else_is(html):
    html = html.format(old=escape(OLD))

    assert with_addresses(html, shouting) == html


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("/?a=1&amp;b=2", "/?a=1&b=2"),
        ("/?a=1&copy=2&reg", "/?a=1&copy=2®"),
        ("/?a&copyright;&#x26;&#38b", "/?a&copyright;&&b"),
        ("/caf&eacute;/", "/café/"),
        ("/&#0;&bogus;&", "/�&bogus;&"),
    ],
)
def test_references_are_read_as_a_browser_reads_them(value, address):
    asked: list[str] = []

    with_addresses(f'<a href="{value}">', asked.append)

    assert asked == [address]


def test_what_is_written_is_written_for_the_quotes_it_stands_in():
    def new(address: str) -> str:
        return "/?a='b'&c=\"d\" e"

    for html in ("<a href='x'>", '<a href="x">', "<a href=x>"):
        assert read(with_addresses(html, new)) == ["/?a='b'&c=\"d\" e"]


def test_each_address_of_a_srcset_is_replaced():
    html = '<img srcset="a.jpg 1x,\n b.jpg, c,1.jpg 2.5x, , d.jpg calc(1px, 2px) 3w,e">'

    written = with_addresses(html, lambda address: f"/{address} ,")

    assert written == (
        '<img srcset="/a.jpg%20%2C 1x,\n /b.jpg%20%2C, /c%2C1.jpg%20%2C 2.5x, , '
        '/d.jpg%20%2C calc(1px, 2px) 3w,/e%20%2C">'
    )


PIECES = st.sampled_from(
    "< > / = \" ' & ; <a <img </a> href src srcset title x <!-- --> <! <script </script>"
    " <textarea> /x, https://x/ &amp; &copy \t \n \f - , ( ) é".split(" ")
)
ANYTHING = st.lists(PIECES | st.text(max_size=3), max_size=60).map("".join)


@given(ANYTHING)
def test_who_has_no_new_address_changes_nothing(html):
    assert with_addresses(html, lambda address: None) == html


@given(ANYTHING)
def test_doing_it_again_changes_nothing(html):
    def new(address: str) -> str | None:
        return None if address == "/new/" else "/new/"

    once = with_addresses(html, new)

    assert with_addresses(once, new) == once


@given(ANYTHING, st.text(max_size=8))
def test_only_what_was_asked_for_changes(html, mark):
    """Each address replaced by itself: a browser reads the same page."""
    asked: list[str] = []

    def new(address: str) -> str:
        asked.append(address)
        return address

    same = with_addresses(html, new)

    first, asked = asked, []
    with_addresses(same, new)
    assert asked == first


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)))
def test_all_attributes_are_found_that_a_parser_finds(values):
    html = "<p>".join(f'<a href="{escape(value)}" rel=x>' for value in values)

    marked = with_addresses(html, lambda address: f"/{len(address)}")

    assert len(read(marked)) == len(values)


@pytest.mark.parametrize(
    "hostile",
    ["<a ", "<a href='", "<!--", "<a href=", "&a", "<script>", "<a\t", "</a b=\"'"]
    + ["<a href=x", "<a =", "<img srcset='a (", ",", "<![CDATA[", "<a b='c' /"],
)
def test_hostile_markup_takes_no_time(hostile):
    """A time that grows with the square would take minutes here."""
    for html in (hostile * 50_000, f"<img srcset='{hostile * 50_000}'>"):
        assert with_addresses(html, lambda address: None) == html


def read(html: str) -> list[str | None]:
    """The addresses, by another parser."""
    found: list[str | None] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            found.extend(value for name, value in attributes if name == "href")

    reader = Reader()
    reader.feed(html)
    return found
