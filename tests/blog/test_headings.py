"""Headings that can be linked to, and the contents of long texts."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import heading_markup, html_text, markup
from blog.models import Post
from tests.builders import make_comment, make_post, make_user

LONG = "<p>" + "word " * 800 + "</p>"
IDS = re.compile(r'\sid="([^"]*)"')
PIECES = st.lists(
    st.sampled_from(
        [
            "<h1>", "</h1>", "<h2>", "</h2>", '<h3 id="a">', "</h3>", '<h2 id="a b">',
            "<h2 id='content'>", "<blockquote>", "</blockquote>", "A", " ", "a", "2",
            "Content", "Comment 12", "é", "字", "<b>", "</b>", "&amp;", "<img>",
            '<p id="a">', "</p>", '<span class="footnote">note</span>', "<!--more-->",
            "<pre>", "</pre>", '<a href="#a">', "</a>", "<td>", "more", '<i id="">',
        ]
    ),
    max_size=30,
).map("".join)  # fmt: skip


def ids_in(rendered: str) -> list[str]:
    return IDS.findall(rendered)


@pytest.mark.parametrize(
    ("source", "ids"),
    [
        ("<h2>The first day</h2>", ["the-first-day"]),
        ("<h2>Über uns</h2><h3>中文 标题</h3>", ["über-uns", "中文-标题"]),
        ("<h2>Day</h2><h2>Day</h2><h3>Day</h3>", ["day", "day-2", "day-3"]),
        ("<h2>Day</h2><h2>Day 2</h2><h2>Day</h2>", ["day", "day-2", "day-3"]),
        # What an author set is kept, and nothing else takes it.
        ('<h2>Own</h2><h2 id="own">Other</h2>', ["own-2", "own"]),
        ('<h2>Own</h2><p id="own">x</p>', ["own-2", "own"]),
        # Twice the same, and the page's own: another name.
        ('<h2 id="a">One</h2><h2 id="a">Two</h2>', ["a", "two"]),
        ('<h2 id="content">Words</h2>', ["words"]),
        (
            "<h2>Content</h2><h2>Comment 12</h2>",
            ["section-content", "section-comment-12"],
        ),
        ("<h2>More</h2><h2>Respond</h2>", ["section-more", "section-respond"]),
        ("<h2>Comment</h2><h2>Comment</h2>", ["section-comment", "section-comment-2"]),
        ("<h2>Year by year</h2>", ["section-year-by-year"]),
        ("<h2>“…”</h2><h2><img></h2><h2></h2>", ["section", "section-2", "section-3"]),
        ("<h2>A <em>fine</em> &amp; dry day</h2>", ["a-fine-dry-day"]),
        ("<h1>Top</h1>", ["top"]),
    ],
)
def test_headings_get_readable_ids(source, ids):
    assert ids_in(markup.render_post(source)) == ids


def test_a_note_in_a_heading_is_no_part_of_its_name():
    source = '<h2>Talks<span class="footnote">In Beijing.</span></h2>'
    rendered = markup.render_post(source, key="abcd1234")
    assert rendered.startswith('<h2 id="talks">')


def test_a_long_heading_has_a_short_id():
    rendered = markup.render_post(f"<h2>{'word ' * 40}</h2><h2>{'x' * 300}</h2>")
    first, second = ids_in(rendered)
    assert first.endswith("-word")
    assert max(len(first), len(second)) <= heading_markup.MAX_ID_LENGTH


@given(PIECES)
def test_ids_are_unique_and_none_is_the_pages(source):
    rendered = markup.render_post(source, key="abcd1234")
    ids = ids_in(rendered)
    assert max(Counter(ids).values(), default=0) <= 1
    assert "content" not in ids
    assert "comment-12" not in ids
    for heading in re.findall(r"<h[2-6]\b[^>]*>", rendered):
        assert ' id="' in heading


@given(PIECES)
def test_rendering_what_was_rendered_keeps_the_ids(source):
    rendered = markup.render_post(source).replace(markup.MORE_ANCHOR, "")
    assert ids_in(heading_markup.with_ids(rendered)) == ids_in(rendered)


@given(PIECES)
def test_links_beside_headings_add_no_text(source):
    rendered = markup.render_post(source)
    linked = heading_markup.with_links(rendered, "Link to “this”")
    assert html_text.text_of(linked) == html_text.text_of(rendered)


@given(PIECES)
def test_in_a_list_a_text_says_the_same_and_names_no_place(source):
    rendered = markup.render_post(source)
    listed = heading_markup.among_others(rendered, "/2006/11/30/talks/")
    assert html_text.text_of(listed) == html_text.text_of(rendered)
    assert not set(ids_in(listed)) - {""}
    assert 'href="#' not in listed


def test_contents_are_two_levels_deep():
    rendered = markup.render_post(
        "<h2>One</h2><h3>One &lt;a&gt;</h3><h4>Deeper</h4><h2>Two</h2>"
        "<blockquote><h2>Quoted</h2></blockquote><h3>Two a</h3>"
    )
    shown = heading_markup.sections(rendered)
    assert [section.title for section in shown] == ["One", "Two"]
    assert [part.title for part in shown[0].below] == ["One <a>"]
    assert [part.id for part in shown[1].below] == ["two-a"]


def test_a_long_post_shows_its_contents(db, client):
    post = make_post(body=f"<h2>One</h2>{LONG}<h2>Two</h2><h3>Three</h3>")
    page = client.get(post.get_absolute_url()).text
    assert '<nav class="contents" aria-label="Contents">' in page
    assert '<a href="#three">Three</a>' in page
    assert 'href="#two" aria-label="Link to this section"' in page


@pytest.mark.parametrize(
    "body",
    ["<h2>One</h2><h2>Two</h2><h2>Three</h2>", f"<h2>One</h2>{LONG}<h2>Two</h2>"],
)
def test_a_short_post_or_one_with_few_headings_shows_none(db, client, body):
    page = client.get(make_post(body=body).get_absolute_url()).text
    assert 'class="contents"' not in page


def test_a_locked_post_tells_nothing_of_its_contents(db, client):
    body = f"<h2>Secret one</h2>{LONG}<h2>Two</h2><h2>Three</h2>"
    post = make_post(body=body, password="open")
    page = client.get(post.get_absolute_url()).text
    assert "ecret" not in page
    assert 'class="contents"' not in page


def test_whole_posts_in_a_list_share_no_id(db, client):
    body = '<h2>Day</h2><p>See <a href="#day">the day</a>.</p><p id="x">x</p>'
    posts = [make_post(body=body) for _ in range(3)]
    page = client.get("/").text
    assert max(Counter(ids_in(page)).values()) == 1
    assert f'href="{posts[0].get_absolute_url()}#day"' in page


def test_no_id_stands_twice_on_a_post_page(db, client):
    words = "Content Responses Elsewhere Respond Likes Related Share Contents".split()
    body = "".join(f"<h2>{word}</h2>{LONG}" for word in words)
    post = make_post(body=body, tags=["a"], author=make_user("anton", role="Author"))
    make_post(tags=["a"])
    make_comment(post)
    page = client.get(post.get_absolute_url()).text
    assert [name for name, count in Counter(ids_in(page)).items() if count > 1] == []


def test_the_reading_time_is_stored(db):
    post = make_post(body=LONG)
    assert Post.objects.get(pk=post.pk).reading_minutes == 3
