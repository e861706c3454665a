import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import html_text, markup
from blog.typesetting import is_set, typesetter

PIECES = st.sampled_from(
    [
        "<b>", "</b>", "<p>", "</p>", "<a href='javascript:x()'>", "</a>", "<img src=x",
        " onerror=alert(1)>", "<script>", "</script>", '"', "'", "<!--", "-->", "<pre>",
        "</pre>", "\n\n", "\n", "word", "&amp;", "&#x3c;", "<svg/onload=x>", "https://",
        "https://a.example/b(c)", "<iframe src=//x>", "<h1>", "…", "--", "\x00", "é",
        "<!--more-->", "<style>*{}</style>", "<a title='", "data:text/html,x",
    ]
)  # fmt: skip
ANYTHING = st.lists(PIECES | st.text(max_size=5), max_size=25).map("".join)
PLAIN = st.characters(codec="utf-8", exclude_characters="<>&\x00\r")
ACTIVE_TAGS = set(
    "script style iframe svg object embed form input link meta base".split()
)
ACTIVE_ADDRESS = re.compile(r"\s*(javascript|data|vbscript):", re.IGNORECASE)


def is_active(markup: str) -> bool:
    """Whether a browser would run something, or fetch it without being asked.

    Parsed as it does: the value of an attribute may speak of ` onclick=`.
    """
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            found.append(tag in ACTIVE_TAGS)
            for name, value in attributes:
                found.append(name.startswith("on") or name == "style")
                found.append(
                    name in ("href", "src", "cite") and ACTIVE_ADDRESS.match(value)
                )

    reader = Reader()
    reader.feed(markup)
    reader.close()
    return any(found)


@pytest.mark.parametrize(
    "markup",
    [
        "<script>",
        "<b onclick='x'>",
        "<b\nonclick>",
        '<a href=" javascript:x">',
        "<p style='x'>",
    ],
)
def test_what_is_active_is_seen(markup):
    assert is_active(markup)


@given(ANYTHING)
def test_nothing_active_is_ever_served(source):
    assert not is_active(markup.render_post(source))
    assert not is_active(markup.render_comment(source))


@given(st.text(PLAIN, max_size=200))
def test_no_word_of_a_plain_text_is_lost(text):
    shown = html_text.text_of(markup.render_comment(html_text.plain_to_html(text)))
    letters = "".join(filter(str.isalnum, text))
    assert "".join(filter(str.isalnum, shown)) == letters


@given(ANYTHING)
def test_what_is_rendered_is_whole(source):
    """Each piece stands alone: what it opens it closes."""
    rendered = markup.render_comment(source).replace(' tabindex="0"', "")
    again = markup.nh3.clean(
        rendered,
        tags=markup.COMMENT_TAGS,
        attributes=markup.COMMENT_ATTRIBUTES,
        link_rel=markup.COMMENT_REL,
    )
    # A parser drops the first newline in a <pre>.
    assert again.replace("<pre>\n", "<pre>\n\n") == rendered


@given(st.text() | st.text("a \n\xa0\ufeff\x0c\x85\u2028.-\"'"))
def test_a_text_without_markup_is_what_a_parser_makes_of_it(text):
    """Nearly every comment is one, and no parser is asked for it."""
    rendered = markup.render_comment(text)
    assert "<a " in rendered or markup.clean_comment(rendered) == rendered


@given(
    st.text() | st.text("a \n.-\"'…”2"), st.sampled_from(["en", "de-AT", "ar", "xx"])
)
def test_a_text_that_is_set_already_is_left_as_it_is(text, language):
    assert not is_set(text) or typesetter(language)(text) == text


@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("a\r\n\r\nb", "<p>a</p>\n<p>b</p>"),
        ("<b>bold</b> & plain", "<p><b>bold</b> &amp; plain</p>"),
        ("<h1>loud</h1>", "<p>&lt;h1&gt;loud&lt;/h1&gt;</p>"),
        ("use <div> and <Foo>", "<p>use &lt;div&gt; and &lt;Foo&gt;</p>"),
        ("I <3 <!-- this --> <b", "<p>I &lt;3 &lt;!-- this --&gt; &lt;b</p>"),
        ("<pre>a\n\nb</pre>", '<pre tabindex="0">a\n\nb</pre>'),
    ],
)
def test_comments_have_paragraphs_and_few_tags(source, rendered):
    assert markup.render_comment(source) == rendered


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://example.org.", "https://example.org"),
        ("(https://example.org/a)", "https://example.org/a"),
        (
            "https://en.example.org/wiki/A_(b), yes",
            "https://en.example.org/wiki/A_(b)",
        ),
        ("http://example.org/?a=1&b=2", "http://example.org/?a=1&amp;b=2"),
    ],
)
def test_plain_addresses_become_links(text, address):
    assert (
        f'<a href="{address}" rel="ugc nofollow noopener">{address}</a>'
        in markup.render_comment(text)
    )


def test_a_link_is_not_linked_again():
    rendered = markup.render_comment(
        '<a href="https://example.org">https://example.org</a>'
    )
    assert rendered.count("<a ") == 1


@pytest.mark.parametrize(
    ("source", "set_as"),
    [
        ('"Yes," he said.', "“Yes,” he said."),
        ("it isn't", "it isn’t"),
        ("'so'", "‘so’"),
        ("the winter of '06", "the winter of ’06"),
        ('<em>"quoted"</em>', "<em>“quoted”</em>"),
        ("wait...", "wait…"),
        ("one -- two", "one – two"),
        ('<code>"raw"</code>', '<code>"raw"</code>'),
        ("“already set”", "“already set”"),
    ],
)
def test_posts_are_typeset(source, set_as):
    assert markup.render_post(source) == set_as


def test_a_language_sets_its_own_quotes():
    assert markup.render_post('"Ja"', "de") == "„Ja“"
    assert markup.render_post('"Oui"', "fr") == '"Oui"'


def test_what_may_be_wide_scrolls_by_keyboard_too():
    rendered = markup.render_post("<table><tr><td>x</td></tr></table>")
    assert rendered.startswith('<div class="scroll" tabindex="0"><table>')
    assert rendered.endswith("</table></div>")


def test_the_page_keeps_its_one_h1():
    assert markup.render_post("<h1 id='a'>x</h1>") == '<h2 id="a">x</h2>'


def test_the_more_mark_parts_two_whole_pieces():
    rendered = markup.render_post("<p>lead<!--more--> rest</p>")
    assert markup.before_more(rendered) == "<p>lead</p>"
    assert markup.MORE_ANCHOR in rendered


def test_the_first_words_end_between_words():
    html = "<p>one two</p><p>th<b>re</b>e four</p>"
    assert html_text.first_words(html, 3, "…") == "one two three…"
    assert html_text.first_words(html, 4, "…") == "one two three four"


def test_a_post_is_as_deep_as_anybody_nests():
    """A parser's time grows with the depth: a text of 50,000 would take minutes."""
    html = markup.render_post("<blockquote>" * 50_000 + "word" + "<td>" * 500)
    assert "word" in html
    assert html.count("<blockquote>") == markup.MAX_POST_DEPTH
