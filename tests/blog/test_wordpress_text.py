"""What WordPress keeps of a text, and what becomes of it here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import markup
from blog.transfer import wordpress_text

IMAGE = '<img src="/a.jpg" alt="A pier" />'
CAPTION = f"<figure>{IMAGE}<figcaption>The pier</figcaption></figure>"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("One.\n\nTwo,\nstill.", "<p>One.</p>\n<p>Two,<br>\nstill.</p>"),
        ("<ul>\n<li>a</li>\n</ul>", "<ul>\n<li>a</li>\n</ul>"),
        ("<!-- wp:paragraph -->\n<p>One.</p>\n<!-- /wp:paragraph -->", "<p>One.</p>"),
        ("One.\n\n<!--more-->\n\nTwo.", "<p>One.</p>\n<!--more-->\n<p>Two.</p>"),
        (f"[caption width='9']{IMAGE} The pier[/caption]", CAPTION),
        (f'[wp_caption caption="The pier"]{IMAGE}[/wp_caption]', CAPTION),
        (
            f'[caption align="alignleft"]{IMAGE}[/caption]',
            f'<figure class="align-left">{IMAGE}</figure>',
        ),
        (
            "[embed]https://pier.example/a?b=1&amp;c=2[/embed]",
            '<figure class="embed"><a href="https://pier.example/a?b=1&amp;c=2">'
            "https://pier.example/a?b=1&amp;c=2</a></figure>",
        ),
        (
            "https://pier.example/alone",
            '<figure class="embed"><a href="https://pier.example/alone">'
            "https://pier.example/alone</a></figure>",
        ),
        (
            '[audio mp3="https://pier.example/a.mp3"][/audio]',
            '<audio controls src="https://pier.example/a.mp3"></audio>',
        ),
        ('<img class="wp-smiley" alt=":)" src="x.gif">', "<p>🙂</p>"),
        ("See [[caption]] there.", "<p>See [caption] there.</p>"),
        ("He said [sic] so.", "<p>He said [sic] so.</p>"),
    ],
)
def test_what_wordpress_shows_is_markup_here(source, html):
    text = wordpress_text.read(source)
    assert text.html.strip() == html
    assert text.unknown == set()


def test_code_is_kept_to_the_letter():
    source = 'Look:\n\n[sourcecode language="python"]\nif a < b:\n\n    [gallery]\n[/sourcecode]'
    html = wordpress_text.read(source).html
    assert (
        '<pre><code class="language-python">if a &lt; b:\n\n    [gallery]</code></pre>'
    ) in html
    assert "<p><pre>" not in html


def test_a_player_is_an_address_of_its_own():
    html = wordpress_text.read('[youtube id="abcdefghijk"]').html
    assert 'href="https://www.youtube.com/watch?v=abcdefghijk"' in html


def test_what_is_not_known_stays_and_is_named():
    text = wordpress_text.read(
        'Next: [timetable line="7"]\n\n<!-- wp:latest-posts /-->'
    )
    assert '[timetable line="7"]' in text.html
    assert text.unknown == {"[timetable]", "block latest-posts"}


def test_pages_of_one_post_stand_below_one_another():
    text = wordpress_text.read("One.\n\n<!--nextpage-->\n\nTwo.")
    assert text.is_cut_in_pages
    assert text.html.replace("\n", "") == "<p>One.</p><hr><p>Two.</p>"


TEXTS = st.text(st.sampled_from("ab \n[]/<>=\"'&;:-!wp") | st.characters(codec="utf-8"))


@given(TEXTS)
def test_any_text_comes_through(source):
    html = wordpress_text.read(source).html
    # And can be served: what it would be is never refused.
    markup.render_post(html)


@given(
    st.lists(st.sampled_from(["word", "[caption", "]", "[/caption]", "[a b]", "\n\n"]))
)
def test_no_word_is_lost(pieces):
    source = " ".join(pieces)
    html = wordpress_text.read(source).html
    assert html.count("word") == source.count("word")
