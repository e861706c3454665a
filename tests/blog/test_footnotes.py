"""Footnotes as readers, lists, feeds and the history see them."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from blog import html_text, markup
from blog.text_diff import visible
from tests.blog.test_markup import ANYTHING, is_active
from tests.builders import make_post

NOTE = '<span class="footnote">{}</span>'
PIECES = st.sampled_from(
    [
        '<span class="footnote">', "<span class=footnote title='>'>", "<span>", "</span>",
        "<p>", "</p>", "<a href='#fn1'>", "<a href='/x'>", "</a>", "<li>", "<td>", "<h2>",
        "<!--more-->", "<em>", "</em>", "<table>", "<pre>", "<img src=x>", "word", ' "',
        "</li>", "<ol>", "<sup>", '<li class="note-1">', "<section class=footnotes>",
    ]
)  # fmt: skip
NOTED = st.lists(PIECES | ANYTHING, max_size=25).map("".join)


def noted(*notes: str) -> str:
    return "".join(f"<p>Word{NOTE.format(note)} on.</p>" for note in notes)


def page(rendered: str) -> LexborHTMLParser:
    return LexborHTMLParser(rendered)


def calls(rendered: str) -> list[tuple[str, str]]:
    """Number and where it leads, of each call."""
    found = page(rendered).css("[role=doc-noteref]")
    return [(call.text(), call.attributes["href"]) for call in found]


def notes(rendered: str) -> list[str]:
    found = page(rendered).css("[role=doc-endnotes] li")
    return [note.text().removesuffix(" ↩\ufe0e") for note in found]


def test_a_note_is_a_number_and_stands_in_a_list_at_the_end():
    rendered = markup.render_post(noted("One", "<em>Two</em>"), key="ab")
    assert calls(rendered) == [("1", "#fn-ab-1"), ("2", "#fn-ab-2")]
    assert notes(rendered) == ["One", "Two"]
    assert "<em>Two</em>" in rendered
    assert rendered.endswith("</section>")
    tree = page(rendered)
    for back, call in zip(
        tree.css("[role=doc-backlink]"), tree.css("[role=doc-noteref]"), strict=True
    ):
        assert back.attributes["href"] == f"#{call.attributes['id']}"
        assert call.attributes["href"] == f"#{back.parent.attributes['id']}"


@pytest.mark.parametrize(
    "around",
    ["<ul><li>a{}</li></ul>", "<blockquote><p>a{}</p></blockquote>", "<h2>a{}</h2>",
     "<table><tbody><tr><td>a{}</td></tr></tbody></table>", "<pre>a{}</pre>"],
)  # fmt: skip
def test_it_stands_wherever_words_stand(around):
    rendered = markup.render_post(around.format(NOTE.format("Note")))
    assert notes(rendered) == ["Note"]
    assert (
        page(rendered).css_first("sup").parent.tag
        == (re.search(r"<(\w+)>a", around)[1])
    )


def test_in_a_link_the_number_follows_the_link():
    rendered = markup.render_post(f'<p><a href="/x">a{NOTE.format("n")}b</a>c</p>')
    assert rendered.startswith('<p><a href="/x">ab</a><sup')
    assert "</sup>c</p>" in rendered


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        (f"a{NOTE.format('b')}", "a (b)"),
        ("a<div>b</div><div>c</div>d", "a b  c d"),
        ('"so"', "“so”"),
        ("<span>a</span>b", "ab"),
    ],
)
def test_what_is_in_a_note_is_a_part_of_a_sentence(note, shown):
    rendered = markup.render_post(f"<div>a{NOTE.format(note)}</div>")
    assert notes(rendered) == [shown]


def test_an_empty_note_is_none():
    assert markup.render_post(noted(" ", "<em></em>")) == "<p>Word on.</p>" * 2


@pytest.mark.parametrize(
    "source",
    [
        '<p>a<sup><a href="#fn1" id="ref1">1</a></sup></p><ol><li id="fn1">b</li></ol>',
        '<p>a<span class="footnote"><a href="#fn1">1</a></span></p>',
        '<p>a<span class="footnote"><sup><a href="#fn1">1</a></sup></span></p>',
        '<p>a<span class="footnotes">b</span></p>',
    ],
)
def test_notes_of_other_programs_stay_as_they_are(source):
    assert markup.render_post(source) == source


def test_what_a_list_shows_has_the_notes_called_there_and_no_others():
    source = f"{noted('First')}<!--more-->{noted('Second')}"
    shown = markup.before_more(markup.render_post(source))
    assert notes(shown) == ["First"]
    assert "Second" not in shown
    alone = markup.before_more(markup.render_post(f"<p>a</p><!--more-->{noted('b')}"))
    assert alone == "<p>a</p>"


def test_two_posts_in_a_list_share_no_id(client, db):
    for _ in range(2):
        make_post(body=f"{noted('A note')}<!--more-->{noted('Another')}")
    html = client.get("/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert html.count('role="doc-noteref"') == 2
    assert len(ids) == len(set(ids))


def test_the_first_words_have_neither_numbers_nor_notes(db):
    post = make_post("", body=noted("Said in the margin."), slug="")
    assert post.lead == "Word on."
    assert post.slug == "word-on"


def test_links_in_notes_are_links_of_the_post():
    rendered = markup.render_post(noted('<a href="https://a.example/">a</a>'))
    base = "https://blog.example/post/"
    assert html_text.links_in(rendered, base) == ["https://a.example/"]


def test_the_history_shows_notes_in_brackets():
    assert visible(noted("a <em>note</em>")) == "Word [a note] on.\n"
    assert visible("<p>a <span>b</span></p>") == "a b\n"


@given(NOTED)
def test_whatever_is_written_is_served_whole_and_tame(source):
    rendered = markup.render_post(source, key="k")
    assert not is_active(rendered)
    assert is_balanced(rendered)
    found = calls(rendered)
    assert [number for number, _ in found] == [str(n + 1) for n in range(len(found))]
    assert len(notes(rendered)) == len(found)
    shown = markup.before_more(rendered)
    assert is_balanced(shown)
    assert len(calls(shown)) == len(notes(shown))
    assert "doc-noteref" not in markup.running_text(rendered)


def is_balanced(rendered: str) -> bool:
    """Whether what is opened is closed, each within the other."""
    open_tags: list[str] = []
    is_good = True

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            if tag not in ("br", "hr", "img", "wbr", "col", "source"):
                open_tags.append(tag)

        def handle_endtag(self, tag):
            nonlocal is_good
            is_good = is_good and bool(open_tags) and open_tags.pop() == tag

    reader = Reader()
    reader.feed(rendered)
    reader.close()
    return is_good and not open_tags
