"""Which texts the editor may open: those it gives back whole."""

import pytest

from blog import markup, text_diff
from blog.admin.body import fits_editor, from_editor, with_paragraphs, with_schemes

EMBED = '<figure class="embed"><a href="https://a.example/">'
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
    f"{EMBED}https://a.example/</a></figure><p>a</p>",
    f"{EMBED}Words</a><figcaption>a <em>b</em></figcaption></figure>",
]
PICTURES = [
    '<figure><img src="/x.png"><figcaption>c</figcaption></figure>',
    '<p><img src="/x.png" alt=""></p>',
    '<p>a <img class="alignleft size-medium wp-image-12" src="/x.png" title="t"> b</p>',
    '<p><a href="/x.png"><img src="/x.png" alt="x" width="3" height="2"></a></p>',
    "<img src='https://example.org/a.png' srcset='/a.png 1x, /b.png 2x' sizes='9px'>",
    '<h2><strong><img src="/x.png"></strong></h2><ul><li><img src="/x.png"></li></ul>',
    '<figure class="wp-block-image size-large" id="a"><a href="/"><img src="/x.png" '
    'class="wp-image-12"></a><figcaption class="wp-element-caption">c <em>d</em>'
    "</figcaption></figure>",
    '<figure class="picture align-left"><img src="/x.png" alt="a"></figure>',
    '<figure class="gallery"><figure class="picture"><img src="/x.png"></figure>'
    '<figure><a href="/b"><img src="/y.png"></a><figcaption>y</figcaption></figure>'
    "</figure>",
    '<blockquote><figure><img src="/x.png"></figure></blockquote>',
    '<table><tbody><tr><td><figure>\n<img src="/x.png">\n</figure></td></tr></tbody>'
    "</table>",
]
KEPT += PICTURES
LOST = [
    "<p>a</p><!--more Go on--><p>b</p>",
    "<p>a<!--more-->b</p>",
    '<hr class="wide">',
    "<p>a<span>b</span></p>",
    f"{EMBED}a</a><p>b</p></figure>",
    f"{EMBED}a</a>b</figure>",
    f"{EMBED}a</a><a href='/x'>b</a></figure>",
    '<figure class="embed"><a href="/x" class="y">b</a></figure>',
    '<figure class="embed"><figcaption>a</figcaption><a href="https://a.example/">b</a></figure>',
    '<figure class="embed"></figure>',
    '<p>a<span class="footnote">b<br>c</span></p>',
    '<p>a<span class="footnote">b<span class="footnote">c</span></span></p>',
    '<figure><img src="/x.png"> and words<figcaption>c</figcaption></figure>',
    '<figure><figcaption>above</figcaption><img src="/x.png"></figure>',
    '<figure><img src="/x.png"><img src="/y.png"></figure>',
    '<figure><img src="/x.png"><figcaption><p>c</p></figcaption></figure>',
    '<figure><a href="/">see <img src="/x.png"></a></figure>',
    '<figure><a href="/"></a><figcaption>c</figcaption></figure>',
    "<figure></figure>",
    '<figure class="wp-block-gallery"><ul><li><img src="/x.png"></li></ul></figure>',
    '<figure><figure><img src="/x.png"></figure><figcaption>all</figcaption></figure>',
    '<figure><figure><figure><img src="/x.png"></figure></figure></figure>',
    "<figure><table><tbody><tr><td>a</td></tr></tbody></table></figure>",
    '<figure style="width: 3px"><img src="/x.png"></figure>',
    '<div class="wp-caption alignleft"><img src="/x.png"><p>c</p></div>',
    '<p><img src="/x.png" style="float: left"></p>',
    '<p><img src="data:image/png;base64,AAAA"></p>',
    "<p><img alt='no address'></p>",
    "<p><picture><img src='/x.png'></picture></p>",
    "<ul><li><figure><img src='/x.png'></figure></li></ul>",
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


@pytest.mark.parametrize(
    "text",
    [
        "<a " * 50_000,
        "<iframe " * 50_000,
        "<!--" * 50_000,
        "<b>" * 50_000 + '<img src="x" alt="">' * 50_000,
    ],
    ids=lambda text: text[:8],
)
def test_what_never_ends_is_looked_at_once(text):
    # Minutes each, where every tag was looked for in all that follows or stands around.
    assert not fits_editor(text)


def test_a_thousand_more_marks_that_never_end_are_text_as_one_is():
    text = "<!--more " * 50_000
    assert with_paragraphs(text) == f"<p>{text.strip()}</p>"
    assert markup.render_post(f"a{text}") == "a"
    assert text_diff.visible(f"a{text}") == "a\n"


def test_a_quote_of_nobody_is_stored_without_a_line_for_the_name():
    quote = "<blockquote><p>a</p>{}</blockquote>"
    stored = from_editor(quote.format("<cite></cite>"))
    assert stored == quote.format("")
    named = quote.format("<cite>Hamlet</cite>")
    assert from_editor(named) == named
