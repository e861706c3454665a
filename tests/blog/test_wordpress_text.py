"""What WordPress keeps of a text, and what becomes of it here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import markup
from blog.transfer import wordpress_text
from blog.transfer.records import MediaRecord
from blog.transfer.shortcode_makers import Around

IMAGE = '<img src="/a.jpg" alt="A pier" />'
CAPTION = f"<figure>{IMAGE}<figcaption>The pier</figcaption></figure>"


def embed(address: str, words: str = "") -> str:
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    link = f'<a href="{address}">{address}</a>'
    return f'<figure class="embed">{link}{caption}</figure>'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("One.\n\nTwo,\nstill.", "<p>One.</p>\n<p>Two,<br>\nstill.</p>"),
        ("<ul>\n<li>a</li>\n</ul>", "<ul>\n<li>a</li>\n</ul>"),
        ("One.\n\n<!--more-->\n\nTwo.", "<p>One.</p>\n<!--more-->\n<p>Two.</p>"),
        ("One.\n<!--more On-->\nTwo.", "<p>One.</p>\n<!--more On-->\n<p>Two.</p>"),
        (
            "<blockquote>One.\n\nTwo.</blockquote>",
            "<blockquote><p>One.</p>\n<p>Two.</p></blockquote>",
        ),
        ("<p>One.\n\n<p>Two.", "<p>One.</p><p>Two."),
        ("<ul><li>a\nb</li></ul>", "<ul><li>a<br>\nb</li></ul>"),
        ("a<br />\nb", "<p>a<br />\nb</p>"),
        ("<pre>a\n\nb :)</pre>", "<pre>a\n\nb :)</pre>"),
        ("<!-- seen by nobody\n\n -->\n\nText", "<!-- seen by nobody\n\n -->\n<p>Text</p>"),
        (f"[caption width='9']{IMAGE} The pier[/caption]", CAPTION),
        (f'[wp_caption caption="The pier"]{IMAGE}[/wp_caption]', CAPTION),
        (
            f'[caption align="alignleft"]{IMAGE}[/caption]',
            f'<figure class="align-left">{IMAGE}</figure>',
        ),
        (
            f'<a href="/b.jpg">[caption id="x"]{IMAGE} The pier[/caption]</a>',
            CAPTION.replace(IMAGE, f'<a href="/b.jpg">{IMAGE}</a>'),
        ),
        (
            f'<div class="wp-caption alignright" style="width: 9px">{IMAGE}'
            '<p class="wp-caption-text">The pier</p></div>',
            CAPTION.replace("<figure>", '<figure class="align-right">'),
        ),
        (
            '[audio mp3="https://pier.example/a.mp3"][/audio]',
            '<audio controls src="https://pier.example/a.mp3"></audio>',
        ),
        (
            "[audio http://pier.example/a.mp3|titles=Waves]",
            '<audio controls src="http://pier.example/a.mp3"></audio>',
        ),
        ('<img class="wp-smiley" alt=":)" src="x.gif">', "<p>🙂</p>"),
        ('<img alt="" src="/wp-includes/images/smilies/icon_lol.gif">', "<p>😆</p>"),
        ("Late :-( and 8-) :)so", "<p>Late 🙁 and 😎 :)so</p>"),
        ("See [[caption]] there.", "<p>See [caption] there.</p>"),
        ("He said [sic] so.", "<p>He said [sic] so.</p>"),
        ("“Kept”, and 'made' later", "<p>“Kept”, and 'made' later</p>"),
        ('<p align="center">a</p>', '<p align="center" class="has-text-align-center">a</p>'),
        (
            '<img src="/a.jpg" align="left" class="b">',
            '<p><img src="/a.jpg" align="left" class="b alignleft"></p>',
        ),
        (
            '<span style="text-decoration:underline">a</span>',
            '<p><span style="text-decoration:underline"><u>a</u></span></p>',
        ),
    ],
)  # fmt: skip
def test_what_wordpress_shows_is_markup_here(source, html):
    assert wordpress_text.read(source).html.strip() == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<!-- wp:paragraph -->\n<p>One.</p>\n<!-- /wp:paragraph -->", "<p>One.</p>"),
        ("<!-- wp:html -->\n<div>a\nb</div>\n<!-- /wp:html -->", "<div>a\nb</div>"),
        ("<!-- wp:freeform -->\na\n\nb\n<!-- /wp:freeform -->", "<p>a</p>\n<p>b</p>"),
        (
            '<!-- wp:more {"customText":"On"} -->\n<!--more On-->\n<!-- /wp:more -->',
            "<!--more On-->",
        ),
        (
            '<!-- wp:spacer -->\n<div style="height:9px" class="wp-block-spacer"></div>\n'
            "<!-- /wp:spacer -->",
            "",
        ),
        (
            "<!-- wp:embed -->\n"
            '<figure class="wp-block-embed is-type-video"><div class="x">\n'
            "https://pier.example/a\n</div><figcaption>Waves</figcaption></figure>\n"
            "<!-- /wp:embed -->",
            embed("https://pier.example/a", "Waves"),
        ),
        (
            '<!-- wp:file -->\n<div class="wp-block-file"><object '
            'class="wp-block-file__embed" data="/a.pdf"></object><a href="/a.pdf">A</a></div>',
            '<div class="wp-block-file"><a href="/a.pdf">A</a></div>',
        ),
        (
            '<!-- wp:cover --><div class="wp-block-cover" '
            'style="background-image:url(/a.jpg)"><p>a</p></div>',
            '<div class="wp-block-cover" style="background-image:url(/a.jpg)">'
            '<img src="/a.jpg" alt=""><p>a</p></div>',
        ),
        ('<!-- wp:block {"ref":7} /-->', "<p>Shared.</p>"),
    ],
)
def test_blocks_leave_their_markup(source, html):
    around = Around(reusable={7: "<!-- wp:paragraph --><p>Shared.</p>"})
    assert wordpress_text.read(source, around).html.strip() == html


# Texts of blocks that stand as they are, whatever their classes.
@pytest.mark.parametrize(
    "markup_of_block",
    [
        '<div class="wp-block-columns"><div class="wp-block-column"><p>a</p></div></div>',
        '<div class="wp-block-buttons"><div class="wp-block-button"><a href="/a">a</a></div></div>',
        '<figure class="wp-block-table"><table><tbody><tr><td>a</td></tr></tbody></table></figure>',
        '<blockquote class="wp-block-quote"><p>a</p><cite>b</cite></blockquote>',
        '<figure class="wp-block-pullquote"><blockquote><p>a</p></blockquote></figure>',
        '<pre class="wp-block-verse">a\n b</pre>',
        '<hr class="wp-block-separator">',
        '<details class="wp-block-details"><summary>a</summary><p>b</p></details>',
        '<figure class="wp-block-video"><video controls src="/a.mp4"></video></figure>',
        '<figure class="wp-block-gallery has-nested-images"><figure class="wp-block-image">'
        '<img src="/a.jpg" alt=""></figure></figure>',
    ],
)
def test_blocks_that_say_all_stay_and_are_shown(markup_of_block):
    text = wordpress_text.read(f"<!-- wp:a -->\n{markup_of_block}\n<!-- /wp:a -->")
    assert text.html.strip() == markup_of_block
    assert not text.noted
    shown = markup.render_post(text.html)
    assert "<p></p>" not in shown


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("[embed]https://pier.example/a?b=1&amp;c=2[/embed]",
         "https://pier.example/a?b=1&amp;c=2"),
        ("https://pier.example/alone", "https://pier.example/alone"),
        ("<p>https://pier.example/alone</p>", "https://pier.example/alone"),
        ('[youtube id="abcdefghijk"]', "https://www.youtube.com/watch?v=abcdefghijk"),
        ("[youtube=http://youtu.be/abcdefghijk]", "http://youtu.be/abcdefghijk"),
        ("[vimeo 12345 w=400]", "https://vimeo.com/12345"),
        ("[wpvideo AbCdEfGh w=400]", "https://videopress.com/v/AbCdEfGh"),
        ("[polldaddy poll=12]", "https://poll.fm/12"),
        ('<iframe src="//player.vimeo.com/video/12345"></iframe>',
         "https://vimeo.com/12345"),
        ('<iframe src="https://maps.example/m?a=1"></iframe>',
         "https://maps.example/m?a=1"),
        ('<object width="9"><param name="movie" value="http://www.youtube.com/v/'
         'abcdefghijk&hl=en"></param><embed src="http://www.youtube.com/v/abcdefghijk">'
         "</embed></object>", "https://www.youtube.com/watch?v=abcdefghijk"),
        ('<embed src="http://video.google.com/googleplayer.swf?docId=-12&hl=en" />',
         "https://video.google.com/videoplay?docid=-12"),
        ('<embed src="http://vimeo.com/moogaloop.swf?clip_id=12345&amp;server=x">',
         "https://vimeo.com/12345"),
    ],
)  # fmt: skip
def test_what_plays_is_an_embed(source, address):
    html = wordpress_text.read(f"Before\n\n{source}\n\nAfter").html
    assert html.count(embed(address)) == 1
    assert "<p>Before</p>" in html
    assert "<p>After</p>" in html


PICTURE = MediaRecord(
    "g", "https://pier.example/a.jpg", alt='"A"', caption="Low < high"
)
SONG = MediaRecord("s", "https://pier.example/a.mp3", title="Waves")
AROUND = Around(files={4: PICTURE, 5: SONG}, below={9: [4, 5]}, number=9)


@pytest.mark.parametrize(
    ("shortcode", "shown"),
    [
        (
            "[gallery]",
            '<figure class="gallery"><figure class="picture">'
            '<img src="https://pier.example/a.jpg" alt="&quot;A&quot;">'
            "<figcaption>Low &lt; high</figcaption></figure></figure>",
        ),
        (
            '[gallery ids="77"]',
            '<figure class="gallery"><figure class="picture">'
            '<img src="?attachment_id=77"></figure></figure>',
        ),
        (
            "[playlist]",
            '<figure><audio controls src="https://pier.example/a.mp3"></audio>'
            "<figcaption>Waves</figcaption></figure>",
        ),
    ],
)
def test_files_are_shown_by_what_the_export_says_of_them(shortcode, shown):
    text = wordpress_text.read(shortcode, AROUND)
    assert text.html.strip() == shown
    assert not text.noted


def test_code_is_kept_to_the_letter():
    source = 'Look:\n\n[sourcecode language="python"]\nif a < b:\n\n    [gallery] :)\n[/sourcecode]'
    html = wordpress_text.read(source).html
    assert (
        '<pre><code class="language-python">if a &lt; b:\n\n    [gallery] :)</code></pre>'
    ) in html
    assert "<p><pre>" not in html


def test_formulas_are_read_as_they_were_typed():
    text = wordpress_text.read("So $latex E=mc^2&bg=ffffff&s=2$ it is.")
    assert '<code class="language-latex">E=mc^2</code>' in text.html
    assert text.noted == {"a formula of LaTeX stands as it was typed": 1}


@pytest.mark.parametrize(
    ("source", "left", "noted"),
    [
        (
            "Text<hr /><p><strong>Possibly related posts: (automatically generated)"
            '</strong></p><ul><li><a href="/x">Not mine</a></li></ul>',
            "<p>Text</p>",
            "a list of “Possibly related posts” was left out",
        ),
        (
            'Text\n\nTechnorati Tags: <a href="http://technorati.com/tag/x">x</a>, '
            '<a href="http://www.technorati.com/tags/y" rel="tag">y</a>',
            "<p>Text</p>",
            "a line of Technorati tags was left out",
        ),
        (
            '<div class="snap_preview"><p>Text <a class="snap_shots" href="/x">x</a>'
            '<img class="snap_preview_icon" src="http://i.ixnp.com/t.gif"></p></div>',
            '<p>Text <a href="/x">x</a></p>',
            None,
        ),
    ],
)
def test_what_services_put_there_goes(source, left, noted):
    text = wordpress_text.read(source)
    assert text.html.strip() == left
    assert list(text.noted) == ([noted] if noted else [])


@pytest.mark.parametrize(
    ("source", "noted"),
    [
        ('[timetable line="7"]', "[timetable] is not known here: it stays as it is"),
        (
            "<!-- wp:latest-posts /-->",
            "the block “latest-posts” needs WordPress to be shown: left out",
        ),
        ("<form>a</form>", "<form> is not shown; words in it are"),
        ("<script>a</script>", "<script> is not run: it stays in the text, unseen"),
        ('<b onclick="a()">a</b>', "a script in an attribute is not run"),
        (
            '<font color="red">a</font>',
            "colours, sizes and faces of letters are the theme's",
        ),
        (
            '<iframe src="https://maps.example/"></iframe>',
            "an <iframe> became a link to its address",
        ),
        ("One.\n\n<!--nextpage-->\n\nTwo.", "the pages of a post stand below one another"),
    ],
)  # fmt: skip
def test_what_is_lost_or_changed_is_named(source, noted):
    assert noted in wordpress_text.read(source).noted


def test_pages_of_one_post_stand_below_one_another():
    text = wordpress_text.read("One.\n\n<!--nextpage-->\n\nTwo.")
    assert text.html.replace("\n", "") == "<p>One.</p><hr><p>Two.</p>"


def test_a_block_that_holds_itself_ends_somewhere():
    around = Around(reusable={1: 'a <!-- wp:block {"ref":1} /--> b' * 3})
    text = wordpress_text.read('<!-- wp:block {"ref":1} /-->', around)
    assert len(text.html) < 10_000
    assert "the block “block” needs WordPress to be shown: left out" in text.noted


TEXTS = st.text(st.sampled_from("ab \n[]/<>=\"'&;:-!wp") | st.characters(codec="utf-8"))
PIECES = st.lists(
    st.sampled_from(
        """
        word [caption [/caption] [gallery] [code] [/code] <pre> </pre> <p> </p> <div> </div>
        <blockquote> </blockquote> <li> <!--more--> <!-- --> <!--wp:a /--> <object> <embed
        </object> src="//a.example/x" > <span style="font-weight:bold"> </span> $latex $ :)
        https://a.example/ <iframe class="wp-caption" <script> </script> \ufdd00\ufdd1 <\ufdd20>
        """.split()
        + ["\n", "\n\n", "<!-- wp:block {} /-->"]
    ),
    max_size=30,
).map(" ".join)


@given(TEXTS | PIECES)
def test_any_text_comes_through(source):
    html = wordpress_text.read(source, AROUND).html
    # And can be served: what it would be is never refused.
    markup.render_post(html)


@given(
    st.lists(
        st.sampled_from(
            ["word", "[caption", "]", "[/caption]", "[a b]", "\n\n", "<p>", "</p>", "<li>"]
        )
    )
)  # fmt: skip
def test_no_word_is_lost(pieces):
    source = " ".join(pieces)
    html = wordpress_text.read(source).html
    assert html.count("word") == source.count("word")
