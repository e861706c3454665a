import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import html_text, markup
from blog.comment_markup import render
from tests.blog.test_markup import ANYTHING, is_active

REL = 'rel="ugc nofollow noopener"'
MARKS = st.sampled_from(
    [
        "*", "**", "_", "__", "~~", "`", "``", "```", "> ", ">", "- ", "+ ", "* ", "1. ",
        "1986. ", "2) ", "\n", "\n\n", "  ", "    ", "\t", "[", "]", "(", ")", "![", "](",
        "\\", "#", "===", "---", "|", "&", "&amp;", "<", "<b>", "</b>", "<a href='", "'>",
        "<code>", "</code>", "<pre>", "</pre>", "<p>", "<q>", "<br>", "</a>", "word",
        "https://example.org/a_b", "javascript:x()", "](javascript:x())", "[x]: /y", ":",
        "<script>", " onerror=x", "<https://", "<!--", "\r\n", "\x00", "é", "中", "\ud800",
    ]
)  # fmt: skip
MARKED = st.lists(MARKS | ANYTHING, max_size=30).map("".join)
# Without what may hide a letter: tags, entities, addresses, the name of a language.
TYPED = st.lists(
    MARKS.filter(lambda mark: not re.search(r"[<&/:\x00\ud800]|```|\]\(", mark))
    | st.sampled_from(["Bob", "two words", "it's", "3", "1986.", "x_y", "2*3", "<3"]),
    max_size=30,
).map("".join)


def shown(source):
    return html_text.text_of(render(source, "markdown"))


@given(MARKED)
def test_nothing_active_is_ever_served(source):
    assert not is_active(render(source, "markdown"))


@given(MARKED)
def test_what_is_rendered_is_whole(source):
    rendered = render(source, "markdown").replace(' tabindex="0"', "")
    again = markup.clean_comment(rendered)
    assert again.replace("<pre>\n", "<pre>\n\n") == rendered


@given(MARKED)
def test_every_link_says_that_a_visitor_made_it(source):
    rendered = render(source, "markdown")
    assert rendered.count("<a ") == rendered.count(REL)


@given(TYPED)
def test_no_word_typed_is_lost(source):
    typed, kept = re.findall(r"[^\W\d_]+", source), shown(source)
    assert "".join(typed) == "".join(re.findall(r"[^\W\d_]+", kept.replace("’", "'")))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r*_~`>+-[\\<&#")))
def test_a_text_without_marks_reads_the_same_either_way(text):
    source = re.sub(r"(?m)^\s*\d+[.)]", "", text)
    assert shown(source) == html_text.text_of(render(source, "html"))


@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        ("*so* and _so_", "<p><em>so</em> and <em>so</em></p>"),
        ("**so** and __so__", "<p><strong>so</strong> and <strong>so</strong></p>"),
        ("~~not so~~", "<p><s>not so</s></p>"),
        ("这是*重要*的", "<p>这是<em>重要</em>的</p>"),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("> a\n> b", "<blockquote>\n<p>a<br>\nb</p>\n</blockquote>"),
        ("> a\nb", "<blockquote>\n<p>a</p>\n</blockquote>\n<p>b</p>"),
        ("`a <b> *c*`", "<p><code>a &lt;b&gt; *c*</code></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("- a\n- b\nc", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>c</p>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("1. a\n1. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("\\*so\\*", "<p>*so*</p>"),
        ("&copy; &lt;b&gt;", "<p>© &lt;b&gt;</p>"),
        ("<b>so</b> *so*", "<p><b>so</b> <em>so</em></p>"),
        ("<code>*a* &lt;</code>", "<p><code>*a* &lt;</code></p>"),
        ('"so"', "<p>“so”</p>"),
    ],
)
def test_the_small_markdown(source, rendered):
    assert render(source, "markdown") == rendered


def test_code_between_fences_is_kept_to_the_letter_and_scrolls():
    code = '<pre tabindex="0"><code>if a &lt; "b":\n\n    *c*\n</code></pre>'
    source = 'if a < "b":\n\n    *c*\n'
    for fenced in (f"```\n{source}```", f"```python\n{source}```", f"```\n{source}"):
        assert render(fenced, "markdown") == code


def test_a_nested_list_stays_nested():
    nested = "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>"
    assert render("- a\n  - b\n- c", "markdown") == nested


def test_numbers_that_do_not_follow_are_kept():
    rendered = render("4. a\n9. b\n10. c", "markdown")
    assert '<ol start="4">' in rendered
    assert '<li value="9">b</li>\n<li>c</li>' in rendered


@pytest.mark.parametrize(
    "text",
    [
        "1986. A great year",
        "I was there in\n1986. It rained.",
        "Thanks,\n- Bob",
        "Thanks.\n\n- Bob",
        "2 * 3 * 4 = 24",
        "2*3*4 and 2**3**4",
        "snake_case_name",
        r"C:\*.*",
        r"see C:\_private\*.txt and \\server\_share",
        "I <3 this",
        "a<b and c>d",
        "use <div> and <Foo>",
        "</p> and </b> and <b>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,y)",
        "[x](vbscript:y)",
        "array[i](x)",
        "# no heading",
        "no heading\n===",
        "* * *",
        "| a | b |",
        "[x]: #y",
        "~~~\nno fence",
        "```no language\nx",
        "```word",
        "````word\n```",
        "```word\n```other",
        ">:( >.<",
        "*nix and *BSD",
        "?a=1&copy=2 AT&T",
        "-",
        "1.",
        "- - a",
    ],
)
def test_what_is_no_construct_stays_to_the_letter(text):
    assert " ".join(text.split()) == shown(text)


@pytest.mark.parametrize(
    ("text", "address", "words"),
    [
        ("[a](https://e.org/b)", "https://e.org/b", "a"),
        ("[a](HTTPS://e.org/b 'c')", "HTTPS://e.org/b", "a"),
        ("<https://e.org/_b_>", "https://e.org/_b_", "https://e.org/_b_"),
        ("<bob@e.org>", "mailto:bob@e.org", "bob@e.org"),
        ("(https://e.org/_b_/c*d*).", "https://e.org/_b_/c*d", "https://e.org/_b_/c*d"),
        ("**https://e.org**", "https://e.org", "https://e.org"),
        ("[https://e.org](https://f.org)", "https://f.org", "https://e.org"),
        ('<a href="https://f.org">https://e.org</a>', "https://f.org", "https://e.org"),
        ("[a](#comment-2)", "#comment-2", "a"),
    ],
)
def test_links(text, address, words):
    found = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', render(text, "markdown"))
    assert found == [(address, words)]


@pytest.mark.parametrize(
    "source",
    [
        "<blockquote>*a*\n\nb</blockquote>\n\nc",
        "<ul><li>a_b_</li></ul>",
        '<p title="x">*a*</p>',
        "<pre>\n- a\n- b\n</pre>",
        "> a\n\n<OL><li>b</OL>",
    ],
)
def test_html_of_blocks_is_read_as_html_alone(source):
    assert render(source, "markdown") == render(source, "html")


def test_html_of_blocks_in_code_is_only_spoken_of():
    rendered = render("`<p>` is *a* tag", "markdown")
    assert rendered == "<p><code>&lt;p&gt;</code> is <em>a</em> tag</p>"


def test_no_mark_counts_in_what_was_kept_as_html():
    assert render("*a* - b", "html") == "<p>*a* - b</p>"


@pytest.mark.parametrize(
    "mark", ["> ", "- ", "* ", "1. ", "[", "(", "*a ", "<b>", "<q>"]
)
def test_what_is_nested_too_deep_is_text(mark):
    assert shown(mark * 2000 + "word").endswith("word")
    assert shown(f"<blockquote>{mark * 2000}word").endswith("word")
