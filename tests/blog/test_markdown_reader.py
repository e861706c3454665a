"""Texts with heads, one by one: what is read, what is set aside, what is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from blog.transfer import markdown
from blog.transfer.records import PostRecord, SourceRefused


def one(tmp_path: Path, text: str | bytes, name: str = "post.md") -> PostRecord:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (post,) = markdown.read(tmp_path).posts
    return post


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


def test_what_a_head_says_of_its_picture_belongs_to_the_file(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    one(tmp_path, "---\ntitle: A\ncover:\n  image: a.png\n  alt: A quay\n---\nText\n")
    assert [media.alt for media in markdown.read(tmp_path).media] == ["A quay"]


def test_dates_without_a_zone_are_of_the_sites(tmp_path):
    (tmp_path / "_config.yml").write_text("timezone: Asia/Tokyo\n")
    post = one(tmp_path, "---\ntitle: A\ndate: 2006-11-30 08:00\n---\nText\n")
    assert post.published_at == datetime(2006, 11, 29, 23, tzinfo=UTC)


@pytest.mark.parametrize("title", ["no", "1.10", "2006-11-30", "007", "null & void"])
def test_a_title_stays_what_is_written(tmp_path, title):
    assert one(tmp_path, f"---\ntitle: {title}\n---\nText\n").title == title
