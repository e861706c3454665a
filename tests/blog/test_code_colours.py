"""Code in colours: put in on saving, never a letter changed."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog import code_markup, markup
from blog.code_markup import LANGUAGES, Colours, language_in

LETTERS = st.characters(
    codec="utf-8", exclude_categories=["Cs"], exclude_characters="\r\0"
)
# What programs are made of, so that lexers get somewhere.
SIGNS = st.sampled_from(
    list("(){}[]<>/*'\"`\\#@$%&|-=:;,.!?+^~_aA0 \t\n")
    + [
        "/*",
        "*/",
        "//",
        "'''",
        '"""',
        "<?php",
        "?>",
        "<script>",
        "def ",
        "${",
        "{%",
        "\n\n",
    ]
)
CODE = st.one_of(st.text(LETTERS), st.lists(SIGNS, max_size=40).map("".join))


def code(text: str, language: str = "python") -> str:
    shown = html.escape(text, quote=False)
    return f'<pre><code class="language-{language}">{shown}</code></pre>'


def text_in(rendered: str) -> str:
    """What a browser shows of the one `<pre>`; it drops a newline that begins it."""
    inner = re.sub(r"<[^<>]*>", "", rendered)
    return html.unescape(inner)


def test_the_parts_of_a_program_are_told_apart():
    rendered = markup.render_post(code('def f(x):\n    return "a" + 1  # why\n'))
    assert '<span class="k">def</span> <span class="f">f</span>(x):' in rendered
    assert '<span class="s">"a"</span> + <span class="m">1</span>' in rendered
    assert '<span class="c"># why</span>' in rendered


@pytest.mark.parametrize(
    "markup_before",
    [
        '<pre><code class="language-python">%s</code></pre>',
        '<pre class="language-python"><code>%s</code></pre>',
        '<pre class="brush: python; title: ; notranslate" title="">%s</pre>',
        '<pre class="lang:py decode:true">%s</pre>',
        '<pre class="prettyprint lang-py">%s</pre>',
        '<div class="language-python highlighter-rouge"><div class="highlight">'
        '<pre class="highlight"><code>%s</code></pre></div></div>',
        '<div class="highlight"><pre class="chroma"><code class="language-py">%s</code>'
        "</pre></div>",
    ],
)
def test_other_programs_marks_of_a_language_are_known(markup_before):
    rendered = markup.render_post(markup_before % "return 1")
    assert '<span class="k">return</span> <span class="m">1</span>' in rendered


def test_colours_somebody_else_gave_it_give_way():
    before = '<span class="line"><span class="kd">return</span></span> <span>1</span>'
    rendered = markup.render_post(
        f'<pre><code class="language-python">{before}</code></pre>'
    )
    assert '<span class="k">return</span> <span class="m">1</span>' in rendered
    assert "kd" not in rendered


@pytest.mark.parametrize(
    "source",
    [
        "<pre><code>return 1</code></pre>",
        '<pre><code class="language-klingon">return 1</code></pre>',
        '<pre><code class="language-text">return 1</code></pre>',
        # The author marked something in it.
        '<pre><code class="language-python">return <mark>1</mark></code></pre>',
        '<pre><code class="language-python"><span class="ln">1</span>x = 1</code></pre>',
        code("x = 1\n" * 4000),
    ],
)
def test_what_it_does_not_know_stays_as_it_is(source):
    assert Colours().put(source) == source


def test_one_post_has_so_much_time_and_no_more(monkeypatch):
    monkeypatch.setattr(code_markup, "MAX_SECONDS", 0.0)
    assert Colours().put(code("return 1")) == code("return 1")


@pytest.mark.parametrize(
    ("classes", "language"),
    [
        ("language-C++", "cpp"),
        ("wp-block-code language-js", "javascript"),
        ("brush:php", "php"),
        ("highlight", ""),
        ("slanguage-python", ""),
        ("", ""),
    ],
)
def test_languages_have_many_names(classes, language):
    assert language_in(classes) == language


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@settings(max_examples=15, deadline=None)
@given(text=CODE)
def test_no_letter_changes_in_any_language(language, text):
    before = code(text, language)
    assert text_in(Colours().put(before)) == text_in(before)


@settings(max_examples=60, deadline=None)
@given(text=CODE, language=st.sampled_from(sorted(LANGUAGES)))
def test_nor_on_the_whole_way_to_the_page(text, language):
    plain = markup.render_post(code(text, "none"))
    assert text_in(markup.render_post(code(text, language))) == text_in(plain)


def test_every_name_leads_to_a_language_there_is():
    assert set(code_markup._ALSO.values()) <= LANGUAGES
    for language in LANGUAGES:
        assert code_markup._lexer(language, has_tags=False)
