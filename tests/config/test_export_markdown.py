"""`export_blog --format markdown`: a folder people can read, and the blog as it was."""

from dataclasses import asdict
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from blog.models import (
    Category,
    Media,
    OldFile,
    Post,
    Redirect,
    SiteSettings,
    Tag,
    User,
)
from blog.transfer import dump
from comments import transfer
from comments.models import Comment
from tests.builders import at, make_comment, make_media, make_post

pytestmark = pytest.mark.django_db

SAMPLES = Path(settings.BASE_DIR) / "fixtures"


def run(command: str, *arguments: object) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def export(dest: Path) -> str:
    return run("export_blog", dest, "--format", "markdown")


def records() -> dict:
    """The whole blog as plain data."""
    blog = dump.blog(transfer.responses_below, transfer.TALKERS)
    blog.posts = list(blog.posts)
    for media in blog.media:
        media.guid = ""  # where it came from last
    return asdict(blog)


def leave() -> None:
    """An empty blog, without a file."""
    for media in Media.objects.all():
        media.file.delete(save=False)
    Post.objects.update(parent=None)
    Category.objects.update(parent=None)
    SiteSettings.objects.all().delete()
    for model in (Post, Category, Tag, Redirect, User, Media, OldFile):
        model.objects.all().delete()


@pytest.fixture
def blog(alice, bob):
    """A blog in which nearly everything happens that can."""
    run("import_blog", SAMPLES / "wordpress" / "harbour-log.xml")
    post = make_post(
        title="“Quotes” & <b>signs</b>  in a title: no # comment",
        body="<p>One *star*</p><ul><li><p>a</p></li><li><p>b</p></li></ul>\n<div>x",
        author=alice,
        language="de",
        meta_title="no",
        excerpt="In short,\n  and more.\n",
        tags=["C++", "c sharp"],
    )
    first = make_comment(post, body="*Markdown* & <b>\n\nx", body_format="markdown")
    make_comment(post, parent=first, author=bob, body="Below", state="pending")
    make_post(title="Not yet", status="draft", published_at=None)
    Redirect.leave("/an/old/address/", post.get_absolute_url())


def test_a_blog_comes_back_as_it_was(blog, tmp_path):
    before = records()
    said = export(tmp_path / "blog")
    assert f"{Post.objects.count()} posts and pages written" in said
    leave()
    run("import_blog", tmp_path / "blog")
    after = records()
    for name, value in before.items():
        assert after[name] == value, name
    assert list(Comment.objects.faults()) == []


@pytest.mark.parametrize("name", ["jekyll", "hugo", "pelican", "eleventy"])
def test_what_came_as_markdown_comes_back_too(name, tmp_path):
    run("import_blog", SAMPLES / "markdown" / name)
    before = records()
    export(tmp_path / "blog")
    leave()
    run("import_blog", tmp_path / "blog")
    after = records()
    for name, value in before.items():
        assert after[name] == value, name


def test_pictures_come_back_to_the_byte(alice, tmp_path):
    media = [make_media(image_format=name) for name in ("JPEG", "PNG", "WEBP")]
    shown = "".join(f'<img src="{one.get_absolute_url()}">' for one in media)
    make_post("Boats", body=f"<p>{shown}</p>", featured_image=media[0])
    folder = settings.MEDIA_ROOT
    before = {one.name: (folder / one.name).read_bytes() for one in media}
    export(tmp_path / "blog")
    leave()
    run("import_blog", tmp_path / "blog")
    names = Media.objects.values_list("file", flat=True)
    assert {name: (folder / name).read_bytes() for name in names} == before
    assert Post.objects.get().featured_image.name == media[0].name


def test_a_post_lies_where_its_day_says_and_reads_well(tmp_path, alice):
    post = make_post(
        title="A harbour at night",
        body="<p>The <em>old</em> crane.</p>\n<ul>\n<li>iron</li>\n<li>rust</li>\n</ul>",
        published_at=at("2006-11-30 12:00"),
        author=alice,
        tags=["cranes"],
    )
    first = make_comment(post, body="Which one?", author_name="Ruth")
    make_comment(post, parent=first, body="The left one.", author_name="Ole")
    export(tmp_path / "blog")
    folder = tmp_path / "blog" / "posts" / "2006" / "11"
    text = (folder / "30-a-harbour-at-night.md").read_text()
    assert text.startswith("---\ntitle: A harbour at night\ndate: 2006-11-30T12:00:00")
    assert text.endswith("---\n\nThe *old* crane.\n\n- iron\n- rust\n")
    thread = (folder / "30-a-harbour-at-night.comments.yml").read_text()
    assert thread.startswith("- author_name: Ruth\n")
    assert "\n  replies:\n    - author_name: Ole\n" in thread
    assert "posts/2006/11/30-name.md" in (tmp_path / "blog" / "README.md").read_text()


def test_doing_it_again_changes_nothing(blog, tmp_path):
    export(tmp_path / "one")
    run("import_blog", tmp_path / "one")
    export(tmp_path / "two")
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert files
    for path in files:
        twin = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert twin.read_bytes() == path.read_bytes(), path.name


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="there is something already"):
        export(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "blog").mkdir()
    export(tmp_path / "blog")
    assert (tmp_path / "blog" / "blog.yml").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["blog"]


def test_what_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(CommandError, match="No such file or directory"):
        export(tmp_path / "nowhere" / "blog")
    make_post()

    def fail(posts):
        raise OSError(28, "No space left on device")

    read, transfer.responses_below = transfer.responses_below, fail
    try:
        with pytest.raises(CommandError, match="No space left"):
            export(tmp_path / "blog")
    finally:
        transfer.responses_below = read
    assert list(tmp_path.iterdir()) == []


def test_a_torn_list_is_refused(tmp_path):
    export(tmp_path / "blog")
    site = tmp_path / "blog" / "blog.yml"
    site.write_text(site.read_text() + "users: [\n")
    with pytest.raises(CommandError, match="blog.yml.*broken"):
        run("import_blog", tmp_path / "blog")


def test_a_torn_thread_is_set_aside_and_its_post_comes(tmp_path):
    make_comment(make_post(title="Talked about"))
    export(tmp_path / "blog")
    leave()
    (thread,) = (tmp_path / "blog").rglob("*.comments.yml")
    thread.write_text("- text: [\n")
    said = run("import_blog", tmp_path / "blog")
    assert "comments.yml:2: set aside" in said
    assert Post.objects.get().title == "Talked about"
