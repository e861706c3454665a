"""Folders nobody meant well with: read as far as they can be, or refused in a sentence."""

import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.transfer import markdown, markdown_text, markdown_write
from blog.transfer.records import (
    BlogRecord,
    MediaRecord,
    PostRecord,
    ResponseRecord,
    SourceRefused,
)
from blog.transfer.template_tags import Tags

SAMPLES = Path(django_settings.BASE_DIR) / "fixtures" / "markdown"
DAY = datetime(2006, 11, 30, 12, tzinfo=UTC)
JUNK = st.binary(max_size=40) | st.sampled_from(
    [b"\xff\xfe", b"\0", b"---\n", b"+++\n", b"{", b"\r", b"{{< ", b"{% raw %}", b"*x"]
    + [b"&a ", b"!!python/name:os.system ", b"[[[[", b"date: 9999-99-99\n", b"../../"]
    + [
        b"slug: ../../x\n",
        b"title: {a: b}\n",
        b"tags: [[x], {y: z}, null]\n",
        b"\xed\xa0\x80",
    ]
)
PIECES = st.lists(
    st.sampled_from(
        """
        {{ }} {% %} {{< >}} {{% %}} {{</* */>}} raw endraw highlight endhighlight comment
        endcomment figure youtube ref relref post_url link src="/a.png" "x 'y id=1 / a
        {: .a} {#b} ``` ~~~ [^1] [^1]: ^[ | --- > - 1. # <div <p> </p> <!-- --> &amp; & \\
        [a](b) ![a](b) <a@b.example> https://a.example/_x_ \ufdd00\ufdd1 \ufdd1 {=html}
        """.split()
    )
    | st.sampled_from([" ", "\n", "\n\n", "\t"]),
    max_size=40,
).map("".join)


def torn(path: Path, junk: bytes, place: float, *, is_cut: bool) -> None:
    content = path.read_bytes()
    at = int(place * len(content))
    path.write_bytes(content[:at] + junk + (b"" if is_cut else content[at:]))


def read_all(source: Path) -> None:
    with suppress(SourceRefused):
        blog = markdown.read(source)
        for post in blog.posts:
            assert post.guid
            for name in (*post.categories, *post.tags):
                assert name
        for media in blog.media:
            inside = Path(media.path).resolve().is_relative_to(source.resolve())
            assert not media.path or inside


@pytest.mark.parametrize("name", ["jekyll", "hugo", "pelican", "eleventy"])
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_torn_folders_of_others(name, data):
    with tempfile.TemporaryDirectory() as parent:
        source = Path(shutil.copytree(SAMPLES / name, Path(parent) / "blog"))
        files = sorted(path for path in source.rglob("*") if path.is_file())
        for path in data.draw(st.lists(st.sampled_from(files), max_size=3)):
            place = data.draw(st.floats(0, 1))
            torn(path, data.draw(JUNK), place, is_cut=data.draw(st.booleans()))
        read_all(source)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_torn_folders_of_our_own(data):
    with tempfile.TemporaryDirectory() as parent:
        picture = Path(parent) / "a.png"
        picture.write_bytes(b"x")
        media = MediaRecord("m", "https://a.example/media/a.png", path=str(picture))
        said = [
            ResponseRecord("r", "Said", DAY),
            ResponseRecord("s", "More", DAY, parent="r"),
        ]
        post = PostRecord(
            "p", "P", '<p><img src="/media/a.png"></p>', DAY, responses=said
        )
        blog = BlogRecord(posts=[post], url="https://a.example", media=[media])
        source = Path(parent) / "blog"
        markdown_write.write(blog, source)
        files = sorted(path for path in source.rglob("*") if path.is_file())
        for path in data.draw(st.lists(st.sampled_from(files), max_size=3)):
            place = data.draw(st.floats(0, 1))
            torn(path, data.draw(JUNK), place, is_cut=data.draw(st.booleans()))
        read_all(source)


@given(PIECES)
def test_no_text_breaks_the_parser(text):
    tags = Tags(lambda name: f"/{name}/")
    html = tags.put_back(markdown_text.to_html(tags.replaced(text)))
    assert "\ufdd0" not in html


@pytest.mark.parametrize(
    "text",
    [
        "{% raw %}" * 20_000,
        "{% highlight c %}" * 20_000,
        "{{</*" * 40_000,
        "{{< a " * 40_000,
        "{{< details >}}" * 4_000,
        "{% a" * 50_000,
        "{{ a" * 50_000,
        "> " * 3_000,
        "[^1]" * 20_000 + "\n\n[^1]: " + "long " * 5_000,
        "[^1]: [^2]\n[^2]: [^1]\n\n[^1]",
        "- " * 3_000,
        "[" * 20_000,
        "*a_ " * 10_000,
        "![" * 5_000,
        "{: ." * 20_000,
        "https://" * 20_000,
    ],
)
def test_long_texts_of_one_sign_end(text):
    tags = Tags(lambda name: None)
    with suppress(RecursionError):
        markdown_text.to_html(tags.replaced(text))


@pytest.mark.parametrize(
    "head",
    [
        "title: {a: b}",
        "title: [a]",
        "date: [2006]",
        "tags: {a: b}",
        "categories: [[a], {b: c}, null, '']",
        "author: {name: [x]}",
        "authors: [{}, null]",
        "slug: ../../etc/passwd",
        "permalink: https://[::1",
        "permalink: //elsewhere.example/x",
        "aliases: [javascript:x, 5, null]",
        "image: {path: [x]}",
        "image: https://[::1",
        "weight: 99999999999999999999",
        "lang: {}",
        "guid: ''",
        'title: "\\ud800"',
        'title: "a\\0b"',
        "excerpt_separator: ''",
    ],
)
def test_heads_that_say_what_cannot_be(tmp_path, head):
    (tmp_path / "a.md").write_text(f"---\n{head}\n---\nText [x](https://[::1) \n")
    (tmp_path / "b.md").write_text("---\ntitle: Good\n---\nText\n")
    blog = markdown.read(tmp_path)
    assert "Good" in [post.title for post in blog.posts]
