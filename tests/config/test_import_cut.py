"""What is longer than its column: the report says whose it was, and what is cut off."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from blog.models import Category, Media, Post, SiteSettings, Tag, User
from blog.transfer import markdown_write, wxr_write
from blog.transfer.records import (
    BlogRecord,
    CategoryRecord,
    MediaRecord,
    PostRecord,
    ResponseRecord,
    TagRecord,
    UserRecord,
)
from comments.models import Comment
from tests.builders import at, picture_bytes

pytestmark = pytest.mark.django_db
DAY = at("2009-04-03 12:00")
# What each column holds, what stands in it, and what the report says of it.
CUT = {
    "blog": (200, "of 205 characters of its title 200 fit: without “tail.”"),
    "tagline": (300, "the blog: of 305 characters of its tagline 300 fit"),
    "user": (245, "the account “alice”: of 250 characters of its name 245 fit"),
    "category": (200, "the category “news”: of 205 characters of its name 200 fit"),
    "tag": (100, "the tag “tea”: of 105 characters of its name 100 fit"),
    "meta": (300, "“One”: of 305 characters of its title for search engines 300 fit"),
    "about": (1000, "of its description for search engines 1000 fit: without “tail.”"),
    "said": (245, "comment to “One”: of 250 characters of its name 245 fit"),
    "site": (500, "pingback to “One”: of 505 characters of its blog's name 500 fit"),
}


def long(name: str) -> str:
    return name.ljust(CUT[name][0], "x") + "tail."


def kept(name: str) -> str:
    return name.ljust(CUT[name][0], "x")


@pytest.fixture
def blog() -> BlogRecord:
    """One in which nearly everything is too long."""
    comment = ResponseRecord(
        "urn:2",
        "Yes",
        DAY,
        author_name=long("said"),
        author_email=f"{'a' * 100}@isle.example",
        author_url="isle.example/anna",
    )
    ping = ResponseRecord(
        "urn:3",
        "[…] there […]",
        DAY,
        kind="pingback",
        source_url="https://isle.example/1",
        source_site=long("site"),
    )
    post = PostRecord("urn:1", "One", "<p>Text.</p>\n", DAY, slug="one", author="alice")
    post.meta_title, post.meta_description = long("meta"), long("about")
    post.categories, post.tags, post.responses = ["news"], ["tea"], [comment, ping]
    return BlogRecord(
        [post],
        title=long("blog"),
        tagline=long("tagline"),
        url="https://harbour.example",
        users=[UserRecord("alice", 1, display_name=long("user"))],
        categories=[CategoryRecord("news", long("category"))],
        tags=[TagRecord("tea", long("tag"))],
    )


def run(command: str, *arguments: object) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture(params=["wxr", "markdown"])
def source(blog, tmp_path, request):
    path = tmp_path / "blog"
    if request.param == "wxr":
        path.write_text("".join(wxr_write.written(blog)))
    else:
        markdown_write.write(blog, path)
    return path


def assert_it_came() -> None:
    site, post = SiteSettings.current(), Post.objects.get()
    assert (site.title, site.tagline) == (kept("blog"), kept("tagline"))
    assert Category.objects.get().name == kept("category")
    assert Tag.objects.get().name == kept("tag")
    assert User.objects.get().display_name == kept("user")
    assert (post.meta_title, post.meta_description) == (kept("meta"), kept("about"))
    said, ping = Comment.objects.order_by("guid")
    assert said.author_name == kept("said")
    # Half an address is somebody else's.
    assert (said.author_email, said.author_url) == ("", "http://isle.example/anna")
    assert ping.source_site == kept("site")


def test_what_is_cut_off_is_told(source, tmp_path):
    said = run("import_blog", source, "--report", tmp_path / "report.json")
    assert_it_came()
    sentences = [sentence for _, sentence in CUT.values()]
    sentences.append(
        "comment to “One”: its address of 113 characters is left out: “aaa"
    )
    notes = json.loads((tmp_path / "report.json").read_text())["notes"]
    for sentence in sentences:
        assert sentence in said
        assert any(sentence in note["sentence"] for note in notes), sentence


def test_a_fixture_of_it_says_the_same(source, tmp_path):
    said = run("import_blog", source, "--fixture", tmp_path / "blog.json")
    run("loaddata", tmp_path / "blog.json", "--verbosity", 0)
    assert_it_came()
    for _, sentence in CUT.values():
        assert sentence in said


def test_a_dry_run_says_it_too(source):
    said = run("import_blog", source, "--dry-run")
    assert all(sentence in said for _, sentence in CUT.values())


def test_what_is_told_of_a_file_is_cut_and_told(blog, tmp_path):
    blog.media = [
        MediaRecord(
            "urn:file",
            "https://harbour.example/wp-content/uploads/boat.png",
            title="t" * 310,
            alt="a" * 1010,
            created_at=DAY,
            number=7,
        )
    ]
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "boat.png").write_bytes(picture_bytes())
    path = tmp_path / "blog.xml"
    path.write_text("".join(wxr_write.written(blog)))
    said = run("import_blog", path, "--media", tmp_path / "files")
    media = Media.objects.get()
    assert (len(media.title), len(media.alt)) == (300, 1000)
    assert "boat.png: of 310 characters of its title 300 fit" in said
    assert "of 1,010 characters of its alternative text 1000 fit" in said


def test_two_that_become_one_are_told(blog, tmp_path):
    blog.categories = [
        CategoryRecord("asia-now", "Asia"),
        CategoryRecord("Asia now", "Asia now"),
    ]
    blog.tags = [TagRecord("tea", "Tea"), TagRecord("thee", "tea")]
    (post,) = blog.posts
    post.categories, post.tags = ["Asia now"], ["thee"]
    path = tmp_path / "blog.xml"
    path.write_text("".join(wxr_write.written(blog)))
    said = run("import_blog", path)
    assert "the categories “asia-now” and “Asia now” are one here: “Asia”" in said
    assert "the tags “tea” and “thee” are one here: “Tea”" in said
    assert Post.objects.get().categories.get().slug == "asia-now"


def test_they_are_one_in_a_fixture_too(blog, tmp_path, client):
    blog.categories = [
        CategoryRecord("asia-now", "Asia", addresses=["/?cat=3"]),
        CategoryRecord("Asia now", "Asia now", addresses=["/?cat=4"]),
    ]
    blog.tags = [TagRecord("tea", "Tea"), TagRecord("thee", "tea")]
    (post,) = blog.posts
    post.categories, post.tags = ["Asia now"], ["thee"]
    path = tmp_path / "blog.xml"
    path.write_text("".join(wxr_write.written(blog)))
    run("import_blog", path, "--fixture", tmp_path / "blog.json")
    run("loaddata", tmp_path / "blog.json", "--verbosity", 0)
    category = Post.objects.get().categories.get()
    assert (category.slug, category.name) == ("asia-now", "Asia")
    for old, new in [
        ("/?cat=3", "/category/asia-now/"),
        ("/?cat=4", "/category/asia-now/"),
        ("/category/Asia%20now/", "/category/asia-now/"),
        ("/tag/thee/", "/tag/tea/"),
        ("/author/alice/", User.objects.get().get_absolute_url()),
    ]:
        assert client.get(old)["Location"] == new, old
