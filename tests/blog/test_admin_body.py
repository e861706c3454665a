"""Which texts the editor may open: those it gives back whole."""

import pytest

from blog.admin.body import fits_editor, with_paragraphs, with_schemes

KEPT = [
    "",
    "<p>One <strong>b</strong> <em>i</em> <code>c</code><br>next</p>",
    '<p><a href="https://example.org/" title="t" target="_blank">l</a></p>',
    '<p><a href="/about/">a</a> <a href="#n">b</a> <a href="mailto:a@b.org">c</a></p>',
    "<h2>Title</h2>\n<ul>\n<li>a</li>\n<li><p>b</p><ol><li>c</li></ol></li>\n</ul>",
    '<ol data-type="decimal" start="3"><li><p>x</p></li></ol>',
    "<blockquote><p>q</p></blockquote><hr><pre><code>a\n b</code></pre>",
    '<table><tbody><tr><th><p>h</p></th><td colspan="2">d</td></tr></tbody></table>',
    '<pre><code class="language-python">x = "a"</code></pre>',
    "<blockquote><p>q</p><cite>Who <em>said</em> it</cite></blockquote><p>a</p>",
    "bare text &amp; an entity",
    "<p>a</p><!--more--><p>b</p>",
    '<p>a<span class="footnote">A <em>note</em> <a href="/x">l</a></span> b</p>',
    '<ul><li><p>a<span class="footnote">n</span></p></li></ul><h2>b<span class="footnote">n</span></h2>',
    '<p><em>a<span class="footnote">n</span></em></p>',
]
LOST = [
    "<p>a</p><!--more Go on--><p>b</p>",
    "<p>a<!--more-->b</p>",
    '<hr class="wide">',
    "<p>a<span>b</span></p>",
    '<p>a<span class="footnote">b<br>c</span></p>',
    '<p>a<span class="footnote">b<span class="footnote">c</span></span></p>',
    '<figure><img src="/x.png"><figcaption>c</figcaption></figure>',
    '<p><img src="/x.png" alt=""></p>',
    '<iframe src="https://video.example/"></iframe>',
    '<p class="lead">a</p>',
    '<p style="text-align: right">a</p>',
    "<h1>a</h1>",
    "<div>a</div>",
    "<p><code>a <em>b</em></code></p>",
    "<p><strong><code>a</code></strong></p>",
    "<pre>a <em>b</em></pre>",
    '<pre><code class="language-a language-b">x</code></pre>',
    '<p><code class="language-a">x</code></p>',
    "<blockquote><cite>Who</cite><p>q</p></blockquote>",
    "<blockquote><p>q</p><cite>One</cite><cite>Two</cite></blockquote>",
    "<blockquote><p>q</p><cite>One</cite> and more</blockquote>",
    "<p><cite>Book</cite></p>",
    '<p><a name="n">a</a></p>',
    '<p><a href="irc://chat/">a</a></p>',
    '<p><a href="javascript:x()">a</a></p>',
    "<table><thead><tr><th>a</th></tr></thead></table>",
    "<ul>stray<li>a</li></ul>",
    "<ul><li><h3>a</h3></li></ul>",
    "<p>never closed",
    "<p><em>crossed</p></em>",
    "[caption]<span>a</span>[/caption]",
]


@pytest.mark.parametrize("source", KEPT)
def test_it_opens_what_the_editor_keeps(source):
    assert fits_editor(source)


@pytest.mark.parametrize("source", LOST)
def test_it_refuses_what_the_editor_would_drop(source):
    assert not fits_editor(source)


def test_blank_lines_become_paragraphs_around_the_more_mark():
    source = "One.\r\n\r\nTwo.\r\n<!--more-->\r\nThree."
    assert with_paragraphs(source) == (
        "<p>One.</p>\n<p>Two.</p>\n<!--more-->\n<p>Three.</p>"
    )


def test_what_has_paragraphs_already_stays_as_it_is():
    source = "<p>One.</p>\n<!--more-->\n<p>Two\nlines.</p>"
    assert with_paragraphs(source) == source


LINKS = {
    "example.org": "https://example.org",
    "www.example.technology/a?b#c": "https://www.example.technology/a?b#c",
    "News.Example.com:80/x": "https://News.Example.com:80/x",
    "https://example.org": "https://example.org",
    "/example.org/": "/example.org/",
    "about.html": "about.html",
    "report.pdf": "report.pdf",
    "mailto:a@example.org": "mailto:a@example.org",
    "notes/example.org": "notes/example.org",
    "#example.org": "#example.org",
}


@pytest.mark.parametrize("typed", LINKS)
def test_a_link_to_a_host_gets_its_scheme(typed):
    source = f'<p>example.org <a title="t" href="{typed}">x</a></p>'
    assert with_schemes(source) == source.replace(f'"{typed}"', f'"{LINKS[typed]}"')
