"""Markdown that is pasted into the editor, made HTML by the server."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import html_text
from blog.admin.markdown_paste import MAX_CHARACTERS, to_html
from tests.builders import make_user

MARKDOWN = "/admin/blog/post/markdown/"
# What Markdown is made of, and words between.
PIECES = st.lists(
    st.sampled_from(
        [
            "# ",
            "**",
            "*",
            "_",
            "`",
            "```\n",
            "> ",
            "- ",
            "1. ",
            "\n",
            "\n\n",
            "|",
            "---",
        ]
        + ["[a](/b)", "![p](/q)", "<b>", "</b>", "&amp;", "\\", "~~", "    ", " "]
        + ["word", "Wort", "слово", "\u00a0", "\t", "\x00", "\ud800"]
    ),
    max_size=60,
).map("".join)


def test_it_answers_with_html(client, alice):
    client.force_login(alice)
    answer = client.post(MARKDOWN, {"text": "## One\n\n- **two**\n"}).json()
    assert answer["html"] == (
        "<h2>One</h2>\n<ul>\n<li><strong>two</strong></li>\n</ul>\n"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>a</b> & b", "<p>&lt;b&gt;a&lt;/b&gt; &amp; b</p>\n"),
        ("![A boat](/a.png)", '<p><a href="/a.png">A boat</a></p>\n'),
        ("![](/a.png)", '<p><a href="/a.png">/a.png</a></p>\n'),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("~~gone~~", "<p><s>gone</s></p>\n"),
    ],
)
def test_what_stands_in_it(text, html):
    assert to_html(text) == html


def test_what_is_too_long_stays_as_it_was(client, alice):
    client.force_login(alice)
    answer = client.post(MARKDOWN, {"text": "a" * (MAX_CHARACTERS + 1)})
    assert (answer.status_code, answer.json()) == (413, {"html": None})


def test_it_is_for_who_writes(client, bob):
    client.force_login(bob)
    assert client.post(MARKDOWN, {"text": "a"}).status_code == 302
    client.force_login(make_user("nora", role="Contributor"))
    assert client.post(MARKDOWN, {"text": "a"}).status_code == 200
    assert client.get(MARKDOWN).status_code == 405


@given(PIECES)
def test_every_word_is_there_and_nothing_in_it_is_run(text):
    html = to_html(text)
    words = re.compile(r"word|Wort|слово")
    written, shown = words.findall(text), words.findall(html_text.text_of(html))
    # Behind a fence, of backticks or of tildes (CommonMark, section 4.5), stands the name
    # of a language, which is no word of the text.
    assert shown == written or re.search("```|~~~", text)
    assert not re.search(
        r"<(?!/?(?:p|h\d|ul|ol|li|blockquote|pre|code|em|strong|s|a|br|hr|table|thead|tbody|tr|th|td)\b)",
        html,
    )
