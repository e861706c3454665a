"""What Jekyll, Hugo, Pelican and Eleventy mean by a folder of theirs."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from blog.transfer import captures, markdown, markdown_text, wxr
from blog.transfer.records import BlogRecord, PostRecord

SAMPLES = Path(settings.BASE_DIR) / "fixtures" / "markdown"
GENERATORS = ["jekyll", "hugo", "pelican", "eleventy"]


def posts_of(blog: BlogRecord) -> dict[str, PostRecord]:
    return {post.slug: post for post in blog.posts}


def sample(name: str) -> tuple[BlogRecord, dict[str, PostRecord]]:
    blog = markdown.read(SAMPLES / name)
    return blog, posts_of(blog)


@pytest.mark.parametrize("name", GENERATORS)
def test_each_sample_is_known_by_its_content(name):
    assert markdown.recognises(SAMPLES / name)
    assert not wxr.recognises(SAMPLES / name)


def test_other_sources_are_not_taken_for_markdown(tmp_path):
    assert not markdown.recognises(SAMPLES.parent / "captures")
    assert not markdown.recognises(SAMPLES.parent / "wordpress" / "harbour-log.xml")
    (tmp_path / "README.md").write_text("# A program\n\nIt does things.\n")
    assert not markdown.recognises(tmp_path)
    assert captures.recognises(SAMPLES.parent / "captures")


def test_jekyll_posts_have_date_filing_and_address_of_their_names():
    blog, posts = sample("jekyll")
    assert (blog.title, blog.url) == ("The Lock Keeper", "https://lock.example")
    gate = posts["the-gate-sticks"]
    assert gate.title == "The gate sticks: again"
    assert gate.published_at == datetime(2006, 11, 30, 6, 15, tzinfo=UTC)
    assert (gate.categories, gate.tags) == (["canal", "repairs"], ["gate", "grease"])
    assert gate.addresses == [
        "/canal/repairs/2006/11/30/the-gate-sticks/",
        "/2006/gate-trouble/",
    ]
    assert not posts["high-water"].time_is_known
    assert (posts["a-new-bridge"].status, posts["about"].kind) == ("draft", "page")


def test_jekyll_texts_have_notes_boxes_code_and_links_to_one_another():
    body = sample("jekyll")[1]["the-gate-sticks"].body
    note = (
        '<span class="footnote">The second one waited <strong>longer</strong>.</span>'
    )
    assert note in body
    assert "<!--more-->" in body
    assert "<li>☑ grease the hinge</li>" in body
    assert '<pre><code class="language-ruby">puts "open" if gate &lt; 90' in body
    assert '<a href="/canal/2006/04/02/high-water/">' in body
    assert "{% tide_chart rotterdam %}" in body


def test_what_staticman_kept_below_a_text_is_its_thread():
    first, second = sample("jekyll")[1]["the-gate-sticks"].responses
    assert (first.author_name, first.author_url) == (
        "Aaf Boom",
        "https://barge.example",
    )
    assert first.created_at == datetime(2006, 11, 30, 7, 20, tzinfo=UTC)
    assert first.text_format == "markdown"
    assert first.text == "We were the **first** of the two.\n\nIt took an hour."
    assert first.author_email == ""
    assert (second.parent, second.author_email) == (first.guid, "wim@lock.example")
    assert second.created_at == datetime(2006, 11, 30, 8, 20, tzinfo=UTC)


def test_comments_in_a_circle_and_broken_ones_leave_the_rest(tmp_path):
    folder = tmp_path / "_data" / "comments" / "a"
    folder.mkdir(parents=True)
    told = {
        "1.yml": "_id: x\nreplying_to: y\nmessage: one\ndate: never",
        "2.yml": "_id: y\nreplying_to: x\nmessage: two",
        "3.json": '{"message": "three", "date": "2010-01-02"}',
        "4.yml": "message: [",
        "5.json": "{",
        "6.yml": "- a",
        "7.yml": "_id: z\nreplying_to: z\nmessage: four",
    }
    for name, text in told.items():
        (folder / name).write_text(text)
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\nText\n")
    blog = markdown.read(tmp_path)
    (post,) = blog.posts
    assert {one.text for one in post.responses} == {"one", "two", "three", "four"}
    known: set[str | None] = {None}
    for one in post.responses:
        assert one.parent in known
        known.add(one.guid)
    assert len(blog.warnings) == 2


def test_pictures_lie_where_the_records_say_and_bodies_name_them_so():
    for name in ("jekyll", "hugo", "pelican"):
        blog, posts = sample(name)
        assert blog.media
        for media in blog.media:
            assert Path(media.path).is_file()
            shown = any(
                f'src="{media.url}"' in post.body or post.lead_image_url == media.url
                for post in posts.values()
            )
            assert shown, media.url


def test_hugo_reads_three_kinds_of_heads_and_bundles():
    blog, posts = sample("hugo")
    tables = posts["reading-tide-tables"]
    assert tables.addresses == ["/2012/05/reading-tide-tables/", "/old/tides/"]
    assert tables.updated_at == datetime(2013, 1, 1, 12, tzinfo=UTC)
    assert tables.lead_image_url == "https://tides.example/posts/tide-tables/table.png"
    assert tables.author == "nel-vloed"
    assert blog.users[0].display_name == "Nel Vloed"
    assert "c-plus-plus" in tables.tags
    assert (posts["neap"].status, posts["neap"].addresses) == ("draft", [])
    assert posts["about"].menu_order == 2


def test_hugo_shortcodes_become_figures_embeds_and_links():
    blog, posts = sample("hugo")
    body = posts["reading-tide-tables"].body
    assert "<figcaption>May, the first page</figcaption></figure>" in body
    assert '<figure class="embed"><a href="https://www.youtube.com/watch?v=' in body
    assert '<a href="/2012/05/neap/">the other text</a>' in body
    assert "{{&lt; moon-phase" in body
    assert any("moon-phase" in str(note) for note in blog.warnings)


def test_pelican_heads_need_no_fence():
    _, posts = sample("pelican")
    fog = posts["first-fog"]
    assert fog.title == "First fog of the year"
    assert fog.excerpt == "You could hear it in the next valley."
    assert (fog.categories, fog.tags) == (["news"], ["fog", "horn"])
    assert fog.addresses == ["/2010/first-fog.html"]
    assert 'href="/pages/signals.html#long"' in fog.body
    assert posts["the-new-horn"].status == "draft"
    assert posts["signals"].kind == "page"


def test_eleventy_takes_the_title_from_the_first_heading():
    blog, posts = sample("eleventy")
    salt = posts["salt"]
    assert (salt.title, salt.tags) == ("Salt on everything", ["salt"])
    assert "<h1>" not in salt.body
    assert "index.md" in str(blog.warnings)


@pytest.mark.parametrize("part", ["_posts", "_posts/2006-04-02-high-water.markdown"])
def test_a_part_of_a_site_is_read_as_in_the_whole(part):
    whole = {post.guid: post for post in markdown.read(SAMPLES / "jekyll").posts}
    posts = list(markdown.read(SAMPLES / "jekyll" / part).posts)
    assert posts
    for post in posts:
        assert post.addresses == whole[post.guid].addresses


def test_a_section_with_a_text_is_a_page(tmp_path):
    (tmp_path / "hugo.toml").write_text('baseURL = "https://a.example/"\n')
    for folder in ("", "posts", "about"):
        (tmp_path / "content" / folder).mkdir(parents=True, exist_ok=True)
        path = tmp_path / "content" / folder / "_index.md"
        path.write_text(f"---\ntitle: {folder or 'Home'}\n---\nText\n")
    (page,) = markdown.read(tmp_path).posts
    assert (page.kind, page.slug, page.addresses) == ("page", "about", ["/about/"])


def test_who_writes_is_told_in_the_data_of_a_site(tmp_path):
    (tmp_path / "_config.yml").write_text("title: A\n")
    (tmp_path / "_data").mkdir()
    authors = "ann:\n  name: Ann Pippin\n  email: ann@a.example\n"
    (tmp_path / "_data" / "authors.yml").write_text(authors)
    (tmp_path / "a.md").write_text("---\ntitle: A\nauthor: ann\n---\nText\n")
    blog = markdown.read(tmp_path)
    assert [post.author for post in blog.posts] == ["ann"]
    (ann,) = blog.users
    assert (ann.display_name, ann.email) == ("Ann Pippin", "ann@a.example")


@pytest.mark.parametrize("written", ["?a=1&b=2", "?a=1&amp;b=2"])
def test_a_plain_address_is_a_link_to_where_it_leads(tmp_path, written):
    text = f"---\ntitle: A\n---\nSee https://a.example/{written}.\n"
    (tmp_path / "a.md").write_text(text)
    (post,) = markdown.read(tmp_path).posts
    shown = "https://a.example/?a=1&amp;b=2"
    assert post.body == f'<p>See <a href="{shown}">{shown}</a>.</p>'


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("# Salt {#salt .short}", "Salt"),
        ("# What {{ braces }} are", "What {{ braces }} are"),
        ("# {", "{"),
    ],
)
def test_a_title_that_begins_the_text_may_have_braces(line, title):
    assert markdown_text.first_heading(f"{line}\n\nText.")[0] == title
