"""Whatever a page is made of, it is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict
from selectolax.lexbor import LexborHTMLParser

from blog.fetch import Answer
from comments.pings import excerpts, sources
from comments.pings.refusals import NoLink
from comments.pings.tame import MAX_DEPTH, tame

TARGET = "https://blog.example.org/2006/11/30/talks/"
MB = 2**20
KINDS = ["text/html", "application/json", "text/plain", "image/png", ""]
# What markup is made of, in any order.
PIECES = st.sampled_from(
    [
        *(
            "<",
            ">",
            "</",
            "<!--",
            "-->",
            "<!",
            "--!>",
            "&",
            "&lt;",
            "&#x202e;",
            '"',
            "'",
        ),
        *("=", " ", "\n", "\0", "/>", "<p>", "</p>", "<li>", "<td>", "<table>", "<b>"),
        *("<div class='h-entry'>", "<a class='p-author h-card' href='/x'>", "</div>"),
        *("<script>", "</script>", "<title>", "</title>", "<template>", "<svg>", "<a "),
        *("<base href='http://[x'>", "<a href='http://[::1'>", "<meta charset=utf-7>"),
        f"<a href='{TARGET}'>",
        f"<a class='u-in-reply-to' href={TARGET}>",
        *("<div class='e-content p-name'>", "</a>", "word ", "\u202e", "\ue000", "é"),
        "<time class=dt-published datetime='2006-13-41T99:00'>",
    ]
)
PAGES = st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join)


def got(body: bytes, kind="text/html", charset=None) -> Answer:
    headers = CaseInsensitiveDict({"Content-Type": kind})
    return Answer("https://there.example/a", 200, headers, body, charset)


def said_by(answer: Answer, *, is_exact=False) -> sources.Mention | None:
    try:
        return sources.read(answer, TARGET, is_exact=is_exact)
    except NoLink:
        return None


def check(mention: sources.Mention) -> None:
    assert len(mention.excerpt) <= 1000
    assert len(mention.title) <= 1000
    assert len(mention.site) <= 500
    assert len(mention.author_name) <= 245
    assert mention.author_url == "" or mention.author_url.startswith("http")
    for text in (mention.title, mention.site, mention.author_name):
        assert "\u202e" not in text
        assert text.isprintable() or " " not in text
    assert "\0" not in mention.excerpt


@given(
    st.binary(max_size=300) | PAGES.map(lambda page: page.encode(errors="replace")),
    st.sampled_from(KINDS),
    st.sampled_from([None, "utf-8", "punycode", "utf-16", "hex", "iso-2022-jp", "\0"]),
    st.booleans(),
)
def test_whatever_the_bytes_are_they_are_read(body, kind, charset, is_exact):
    mention = said_by(got(body, kind, charset), is_exact=is_exact)
    if mention:
        check(mention)


@given(PAGES)
def test_what_does_not_name_the_post_has_no_link(page):
    page = page.replace("talks", "")
    assert said_by(got(page.encode(errors="replace"))) is None


@given(PAGES, st.text("abc äé", min_size=1, max_size=30), PAGES)
def test_an_excerpt_holds_the_text_of_the_link(before, said, after):
    # Nothing before it that would make it no link, and no other link to the post.
    before, after = (
        LexborHTMLParser(tame(page)).text().replace("<", "&lt;")
        for page in (before.replace("talks", ""), after.replace("talks", ""))
    )
    page = f'<p>{before} <a href="{TARGET}">{said}</a> {after}</p>'
    mention = said_by(got(page.encode(errors="replace"), charset="utf-8"))
    assert mention is not None
    assert " ".join(said.split()) in mention.excerpt
    assert len(mention.excerpt) <= excerpts.MAX_LENGTH


@given(PAGES)
def test_what_is_tamed_is_shallow_and_stays_as_it_is(page):
    once = tame(page * 20)
    depth, deepest = 0, 0
    node = LexborHTMLParser(once).root
    for found in node.traverse():
        depth, parent = 0, found.parent
        while parent is not None:
            depth, parent = depth + 1, parent.parent
        deepest = max(deepest, depth)
    # html, body, the document, and a link within the deepest.
    assert deepest <= MAX_DEPTH + 4
    assert LexborHTMLParser(tame(once)).text() == LexborHTMLParser(once).text()


HOSTILE = {
    "depth": "<div>" * (MB // 5),
    "attributes": f"<a {' '.join(f'a{i:x}=1' for i in range(MB // 9))}>",
    "links": "<a href=../x?%aa>a</a>" * (MB // 22),
    "formatting": f"<p>{''.join(f'<b x={i}>' for i in range(2000))}"
    + "<p>x" * (MB // 5),
    "comments": "<!---->" * (MB // 7),
    "brackets": "<" * MB,
    "entries": f"<div class=h-entry><a href={TARGET}>x</a>"
    + "<div class='u-in-reply-to u-like-of p-name e-content p-author'>" * 95
    + "<a class=u-url href=/y>" * (MB // 24),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_malice_is_read_all_the_same(name):
    """A parser that follows the standard to the letter would not end today."""
    mention = said_by(got(HOSTILE[name].encode()), is_exact=True)
    assert (mention is None) == (name != "entries")
