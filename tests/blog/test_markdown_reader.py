"""A folder of Markdown as its generator meant it: records, one for each text."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from blog.transfer import captures, markdown, told_dates, wxr
from blog.transfer.records import BlogRecord, PostRecord, SourceRefused

SAMPLES = Path(settings.BASE_DIR) / "fixtures" / "markdown"
GENERATORS = ["jekyll", "hugo", "pelican", "eleventy"]


def posts_of(blog: BlogRecord) -> dict[str, PostRecord]:
    return {post.slug: post for post in blog.posts}


def sample(name: str) -> tuple[BlogRecord, dict[str, PostRecord]]:
    blog = markdown.read(SAMPLES / name)
    return blog, posts_of(blog)


def one(tmp_path: Path, text: str | bytes, name: str = "post.md") -> PostRecord:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (post,) = markdown.read(tmp_path).posts
    return post


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


def test_a_file_of_another_kind_is_markdown_if_its_head_says_so(tmp_path):
    text, data = tmp_path / "a.txt", tmp_path / "package.json"
    text.write_text("---\ntitle: A\n---\nText\n")
    data.write_text('{"name": "a-program"}')
    assert not markdown.recognises(data)
    data.write_text('{"name": "a-program", "all": [' + "1, " * 5000 + "1]}")
    assert markdown.recognises(text)
    assert not markdown.recognises(data)


def test_what_other_programs_hide_in_a_folder_is_none_of_it(tmp_path):
    for name in ("a.md", "._a.md", ".git/b.md", ".obsidian/c.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"---\ntitle: {name}\n---\nText\n")
    blog = markdown.read(tmp_path)
    assert [post.title for post in blog.posts] == ["a.md"]
    assert blog.warnings == []


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


@pytest.mark.parametrize(
    ("head", "sentence", "line"),
    [
        ("---\ntitle: [a\n---\n", "YAML of the front matter is broken", 3),
        ("---\na: &x [1]\nb: *x\n---\n", "repeats what stands elsewhere", 3),
        ("---\na: " + "[" * 5000 + "\n---\n", "nested too deep", 2),
        ("---\ntitle: a\n", "has no end", 1),
        ("---\n- a\n- b\n---\n", "no list of names and values", 2),
        ("+++\ntitle = \n+++\n", "TOML of the front matter is broken", 2),
        ('{"title": "a",}\n', "JSON of the front matter is broken", 1),
    ],
)
def test_a_broken_head_is_set_aside_with_its_line(tmp_path, head, sentence, line):
    (tmp_path / "good.md").write_text("---\ntitle: Good\n---\nText\n")
    (tmp_path / "bad.md").write_text(head + "Text\n")
    blog = markdown.read(tmp_path)
    assert [post.title for post in blog.posts] == ["Good"]
    (note,) = blog.warnings
    assert (note.path, note.line) == ("bad.md", line)
    assert sentence in note.sentence


@pytest.mark.parametrize("part", ["_posts", "_posts/2006-04-02-high-water.markdown"])
def test_a_part_of_a_site_is_read_as_in_the_whole(part):
    whole = {post.guid: post for post in markdown.read(SAMPLES / "jekyll").posts}
    posts = list(markdown.read(SAMPLES / "jekyll" / part).posts)
    assert posts
    for post in posts:
        assert post.addresses == whole[post.guid].addresses


def test_a_single_file_brings_the_pictures_it_names(tmp_path):
    for name in ("a b.png", "other.png"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n![x](a%20b.png)\n")
    assert markdown.recognises(tmp_path / "a.md")
    blog = markdown.read(tmp_path / "a.md")
    assert [Path(media.path).name for media in blog.media] == ["a b.png"]
    (post,) = blog.posts
    assert f'src="{blog.media[0].url}"' in post.body


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "diary.md").write_text("---\ntitle: Mine\n---\nNobody's business\n")
    site = tmp_path / "site"
    site.mkdir()
    (site / "post.md").write_text("---\ntitle: Post\n---\nText\n")
    (site / "all").symlink_to(secret)
    (site / "one.md").symlink_to(secret / "diary.md")
    blog = markdown.read(site)
    assert [post.title for post in blog.posts] == ["Post"]
    assert sum("not followed" in note.sentence for note in blog.warnings) == 2


def test_a_picture_above_the_folder_is_none_of_it(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    post = one(
        tmp_path / "site", "---\ntitle: a\n---\n![a](../a.png) ![b](../../b.png)"
    )
    assert str(tmp_path) not in post.body


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"---\ntitle: caf\xe9\n---\n", "not UTF-8"),
        (b"---\ntitle: a\n---\n\0", "NUL"),
        (b"---\ntitle: a\n---\n" + b"x" * 6_000_000, "longer than any text"),
    ],
)
def test_what_is_no_text_is_set_aside(tmp_path, content, sentence):
    (tmp_path / "good.md").write_text("---\ntitle: Good\n---\nText\n")
    (tmp_path / "bad.md").write_bytes(content)
    blog = markdown.read(tmp_path)
    assert [post.title for post in blog.posts] == ["Good"]
    assert sentence in str(blog.warnings)


def test_a_folder_that_is_no_blog_is_refused(tmp_path):
    with pytest.raises(SourceRefused, match="no Markdown file with front matter"):
        markdown.read(tmp_path)
    with pytest.raises(SourceRefused, match="no such file"):
        markdown.read(tmp_path / "nowhere")


def test_a_guid_that_stands_twice_counts_once(tmp_path):
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(f"---\ntitle: {name}\nguid: same\n---\nText\n")
    blog = markdown.read(tmp_path)
    assert [(post.guid, post.title) for post in blog.posts] == [("same", "a.md")]
    assert "its guid is that of a.md" in str(blog.warnings)


def test_windows_line_ends_and_a_mark_of_order_are_read(tmp_path):
    post = one(tmp_path, b"\xef\xbb\xbf---\r\ntitle: A\r\n---\r\nOne\r\n\r\nTwo\r\n")
    assert (post.title, post.body) == ("A", "<p>One</p>\n<p>Two</p>")


def test_attributes_behind_a_block_or_a_picture_are_its_own(tmp_path):
    text = (
        "A line\n{: .intro}\n\n![p](/a.png){: .wide width=300 onclick=x} and *e*{: .c}\n\n"
        "* TOC\n{:toc}\n\n| a |\n|---|\n| b |\n{: .tab}\n\n## H {#here}\n\n## K {.k}\n\n"
        '<div markdown="1">\n*in*\n</div>\n'
    )
    body = one(tmp_path, f"---\ntitle: A\n---\n{text}").body
    assert '<p class="intro">A line</p>' in body
    assert '<img src="/a.png" alt="p" class="wide" width="300">' in body
    assert '<em class="c">e</em>' in body
    assert '<table class="tab">' in body
    assert '<h2 id="here">H</h2>' in body
    assert '<h2 class="k">K</h2>' in body
    assert "<em>in</em>" in body
    assert "toc" not in body
    assert "onclick" not in body


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


def test_what_a_head_says_of_its_picture_belongs_to_the_file(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    one(tmp_path, "---\ntitle: A\ncover:\n  image: a.png\n  alt: A quay\n---\nText\n")
    assert [media.alt for media in markdown.read(tmp_path).media] == ["A quay"]


def test_dates_without_a_zone_are_of_the_sites(tmp_path):
    (tmp_path / "_config.yml").write_text("timezone: Asia/Tokyo\n")
    post = one(tmp_path, "---\ntitle: A\ndate: 2006-11-30 08:00\n---\nText\n")
    assert post.published_at == datetime(2006, 11, 29, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2006-11-30 10:00:00 +0100", "2006-11-30T09:00:00+00:00"),
        ("2006-11-30T10:00:00.5Z", "2006-11-30T10:00:00.500000+00:00"),
        ("2006-11-30 10:00 Europe/Berlin", "2006-11-30T09:00:00+00:00"),
        ("30 Nov 2006 3:04 pm", "2006-11-30T15:04:00+00:00"),
        ("November 30th, 2006", "2006-11-30T12:00:00+00:00"),
        ("Thu, 30 Nov 2006 10:00:00 -0500", "2006-11-30T15:00:00+00:00"),
        ("2006/11/30", "2006-11-30T12:00:00+00:00"),
        ("2006-02-30", None),
        ("9999-12-31 23:59 -1400", None),
        ("0001-01-01", None),
        ("yesterday", None),
        ("2006-11-30 25:00", None),
    ],
)
def test_dates_of_any_shape(told, moment):
    found = told_dates.read(told)
    assert (found and found.at.astimezone(UTC).isoformat()) == moment


@pytest.mark.parametrize("title", ["no", "1.10", "2006-11-30", "007", "null & void"])
def test_a_title_stays_what_is_written(tmp_path, title):
    assert one(tmp_path, f"---\ntitle: {title}\n---\nText\n").title == title
