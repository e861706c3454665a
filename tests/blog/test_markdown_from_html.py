"""A body as Markdown gives the same body again, to the letter."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blog.transfer import markdown_text
from blog.transfer.markdown_from_html import written

# What bodies are made of, whole and torn, and what Markdown would take for a mark.
PIECES = st.lists(
    st.sampled_from(
        """
        <p> </p> <em> </em> <strong> </strong> <s> </s> <code> </code> <ul> </ul>
        <ol> <ol·start="3"> </ol> <li> </li> <blockquote> </blockquote> <pre><code>
        </code></pre> <pre><code·class="language-c"> <h2> </h2> <h3·id="a-b"> </h3>
        <hr> <br> <table> </table> <tbody> <tr> <td> </td> </tr> </tbody> <!--more-->
        <span·class="footnote"> </span> <a·href="/a_b?c=1&amp;d=(e)·f"> </a> <div> </div>
        <img·src="/a·b.png"·alt="x*y"> <b> </b> <figure> </figure> <script> </script>
        &amp; &lt; &gt; &nbsp; &amp;amp; & < > " ' * ** _ __ ` ``` ~~ ~~~ [ ] ( ) [x](y)
        [^1] [^1]: ![ # ## - + 1. 2) === --- | \\ \\\\ : { } {#a} {=html} http://a.example
        www.a.example 1986. word Wort слово é \u00a0 \u2028 \ufdd0 \t
        """.replace("·", "\x00").split()
    ).map(lambda piece: piece.replace("\x00", " "))
    | st.sampled_from([" ", "\n", "\n\n", "  \n", "\r\n", "    "]),
    max_size=30,
).map("".join)
WHOLE = st.recursive(
    st.sampled_from(
        ["word", "a * b", "1. x", "a_b_c", "<br>\n", "x &amp; y", "# z", ">"]
    ),
    lambda inner: st.builds(
        lambda tag, parts, gap: f"<{tag}>{gap.join(parts)}</{tag}>",
        st.sampled_from(
            "p em strong code h2 ul li ol blockquote b a table tr td pre div".split()
        ),
        st.lists(inner, min_size=1, max_size=4),
        st.sampled_from(["", "\n", " "]),
    ),
    max_leaves=12,
)


@given(PIECES)
@example("")
@example("\n")
@example("<p>a</p>")
def test_every_text_comes_back_or_is_said_not_to(html):
    found = written(html)
    assert not found.is_exact or markdown_text.body(found.source, found.layout) == html


@given(st.lists(WHOLE, min_size=1, max_size=5).map("\n".join))
def test_whole_elements_come_back(html):
    found = written(html)
    assert found.is_exact
    assert markdown_text.body(found.source, found.layout) == html


@pytest.mark.parametrize(
    ("html", "source"),
    [
        ("<p>One <em>two</em> <strong>three</strong></p>", "One *two* **three**"),
        ("<p>2 * 3 is 6_ not_ [5]</p>", "2 \\* 3 is 6\\_ not\\_ \\[5\\]"),
        ("<p>snake_case stays</p>", "snake_case stays"),
        ("<p>1. no list</p>", "1\\. no list"),
        ("<p>a<br>\nb</p>", "a\\\nb"),
        ("<p>AT&amp;T &lt; 3 &gt; &lt;b&gt;</p>", "AT&T < 3 > \\<b>"),
        ('<h2 id="x">Two</h2>', "## Two {#x}"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "- a\n- b"),
        ("<ul><li><p>a</p></li><li><p>b</p></li></ul>", "- a\n\n- b"),
        ('<ol start="3">\n<li>a</li>\n</ol>', "3. a"),
        ("<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>", "> a\n>\n> b"),
        ('<pre><code class="language-c">a &lt; b\n</code></pre>', "```c\na < b\n\n```"),
        ('<p><a href="/a?b=1&amp;c=2" title="T">x</a></p>', '[x](/a?b=1&c=2 "T")'),
        ('<p><img src="/a.png" alt="A boat"></p>', "![A boat](/a.png)"),
        ("<p>a</p>\n<!--more-->\n<p>b</p>", "a\n\n<!--more-->\n\nb"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a</p>\n<ul>\n<li>b</li>\n</ul><p>c</p>\n<p>d</p>", "a\n\n- b\n\n\nc\n\nd"),
        ("<ul>\n<li>a</li>\n</ul>\n<ul>\n<li>b</li>\n</ul>", "- a\n\n* b"),
        (
            '<p>a<span class="footnote">The <em>note</em></span> b</p>',
            "a[^1] b\n\n[^1]: The *note*",
        ),
        ('<div class="x">a</div>', '<div class="x">a</div>'),
        ("<div>\n\na</div>", "```{=html}\n<div>\n\na</div>\n```"),
    ],
)
def test_how_it_reads(html, source):
    found = written(html)
    assert (found.source, found.is_exact) == (source, True)


def test_a_long_text_is_written_in_one_go():
    html = "<p>word *x* <em>y</em></p>\n" * 3000
    found = written(html)
    assert found.source.count("word \\*x\\* *y*") == 3000
    assert found.layout.ends == "\n"


@pytest.mark.parametrize("torn", ["<p", '<p a="', "<", "<em>" * 2000, "[^1]" * 5000])
def test_torn_texts_take_no_time(torn):
    assert written(torn * 20).source
