"""`export_blog`: the blog leaves in a form others read, and comes back as it was."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from io import StringIO
from pathlib import Path

import pytest
import reversion
from defusedxml.ElementTree import parse
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model

from blog import publishing
from blog.models import (
    Category,
    Media,
    Page,
    Post,
    Redirect,
    SiteSettings,
    Tag,
    User,
)
from blog.transfer import dump
from comments import transfer
from comments.models import Comment
from tests.builders import (
    make_category,
    make_comment,
    make_media,
    make_post,
    make_user,
)
from tests.config.tables import every_row

pytestmark = pytest.mark.django_db

SAMPLE = Path(settings.BASE_DIR) / "fixtures" / "wordpress" / "harbour-log.xml"


def run(command: str, *arguments: object) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def records() -> dict:
    """The whole blog as plain data."""
    blog = dump.blog(transfer.responses_below, transfer.TALKERS)
    blog.posts = list(blog.posts)
    return asdict(blog)


def leave() -> None:
    """An empty blog."""
    Post.objects.update(parent=None)
    Category.objects.update(parent=None)
    for model in (Post, Category, Tag, Redirect, User):
        model.objects.all().delete()


@pytest.fixture
def blog(alice, bob):
    """A blog in which nearly everything happens that can."""
    run("import_blog", SAMPLE)
    post = make_post(
        title="“Quotes” & <b>signs</b>  in a title ]]>",
        body="<p>A section ends so: ]]&gt;</p>\n<p>[gallery ids=1]</p>",
        author=alice,
        language="de",
        meta_title="Elsewhere",
        tags=["C++", "c sharp"],
    )
    first = make_comment(post, body="*Markdown* & <b>", body_format="markdown")
    make_comment(post, parent=first, author=bob, body="Below", state="pending")
    make_post(title="Not yet", status="draft", published_at=None)
    Redirect.leave("/an/old/address/", post.get_absolute_url())


def test_a_blog_comes_back_as_it_was(blog, tmp_path):
    before = records()
    path = tmp_path / "blog.xml"
    said = run("export_blog", path)
    assert f"{Post.objects.count()} posts and pages written" in said
    leave()
    run("import_blog", path)
    after = records()
    for name, value in before.items():
        assert after[name] == value, name
    assert list(Comment.objects.faults()) == []


def test_files_come_back_from_a_copy_of_the_folder(alice, tmp_path, settings):
    media = make_media(alt="A ferry", caption="Late", uploaded_by=alice)
    body = f'<p><img src="{media.get_absolute_url()}" alt=""></p>'
    make_post(body=body, author=alice, featured_image=media)
    before = records()
    run("export_blog", tmp_path / "blog.xml")
    leave()
    Media.objects.all().delete()
    settings.MEDIA_ROOT.rename(tmp_path / "copy")
    run("import_blog", tmp_path / "blog.xml", "--media", tmp_path / "copy")
    after = records()
    assert after["media"] == before["media"]
    assert after["posts"] == before["posts"]
    assert default_storage.exists(media.name)


def test_what_was_never_away_is_not_stored_again(alice, tmp_path):
    media = make_media()
    make_post(body=f'<img src="{media.get_absolute_url()}" alt="">', author=alice)
    run("export_blog", tmp_path / "blog.xml")
    said = run("import_blog", tmp_path / "blog.xml")
    assert "Files: 1 already here" in said
    assert Media.objects.count() == 1


def test_the_export_is_well_formed_and_whole(blog, tmp_path):
    path = tmp_path / "blog.xml"
    run("export_blog", path)
    items = parse(path).getroot().find("channel").findall("item")
    assert len(items) == Post.objects.count()
    wp = "{http://wordpress.org/export/1.2/}"
    said = sum(len(item.findall(f"{wp}comment")) for item in items)
    assert said == Comment.objects.count()
    assert not list(tmp_path.glob("*.part"))


def without_order(told: dict) -> dict:
    for post in told["posts"]:
        post["addresses"] = set(post["addresses"])
    told["tags"].sort(key=lambda tag: tag["slug"])
    return told


def test_a_fixture_comes_back_too(blog, tmp_path, client):
    before = without_order(records())
    path = tmp_path / "blog.json"
    run("export_blog", path, "--format", "fixture")
    leave()
    run("loaddata", path)
    after = without_order(records())
    for name, value in before.items():
        assert after[name] == value, name
    old = client.get("/?p=41")["Location"]
    assert old == "/2009/04/03/night-boat/"
    page = client.get(old).text
    assert all(f'id="comment-{number}"' in page for number in (7, 9, 10))
    loaded = every_row()
    run("loaddata", path)
    assert every_row() == loaded


@pytest.fixture
def settled(alice):
    """A blog with a name, a logo and a picture; people and lists moved in it."""
    boat = make_media(uploaded_by=alice, alt="A boat", focal_x=0.2)
    shown = f'<p>“Look” <img src="{boat.get_absolute_url()}" alt=""></p>'
    news = make_category("News")
    post = make_post(
        "Boats", body=shown, author=alice, featured_image=boat, categories=[news]
    )
    SiteSettings(title="The Quay", language="de", logo=boat, hold_links=7).save()
    make_comment(post, body='She said "no"')
    news.slug = "reports"
    publishing.save_category(news)
    Redirect.leave("/?author=7", alice.get_absolute_url())
    Redirect.leave("/an/older/address/", "/archives/")
    Redirect.leave("/a/thing/", "")
    return post


def leave_all() -> None:
    leave()
    SiteSettings.objects.all().delete()
    Media.objects.all().delete()


def test_a_fixture_is_the_whole_blog_with_its_files_and_settings(
    settled, client, tmp_path
):
    def rows_of(*models: type[Model]) -> str:
        numbers = ("id", "logo_id", "uploaded_by_id")
        rows = [row for model in models for row in model.objects.values()]
        return str([{k: v for k, v in row.items() if k not in numbers} for row in rows])

    def told() -> tuple:
        former = Redirect.objects.exclude(old_path__startswith="/?p=")
        return (
            sorted(former.values_list("old_path", "new_path")),
            rows_of(SiteSettings, Media),
            "The Quay" in client.get("/").text,
            list(Post.objects.values_list("body_html")),
            list(Comment.objects.values_list("body_html")),
        )

    before = told()
    said = run("export_blog", tmp_path / "blog.json", "--format", "fixture")
    assert f"copy the folder {settings.MEDIA_ROOT}" in said
    leave_all()
    assert "copy the folder" not in run("loaddata", tmp_path / "blog.json")
    for found, was in zip(told(), before, strict=True):
        assert found == was
    post = Post.objects.get()
    assert post.featured_image == SiteSettings.current().logo == Media.objects.get()
    assert Media.objects.get().uploaded_by.username == "alice"
    assert client.get("/category/news/")["Location"] == "/category/reports/"
    assert client.get("/a/thing/").status_code == 410
    loaded = every_row()
    run("loaddata", tmp_path / "blog.json")
    assert every_row() == loaded


def test_what_the_keeper_chose_stays_when_a_fixture_is_loaded(settled, tmp_path):
    run("export_blog", tmp_path / "blog.json", "--format", "fixture")
    leave_all()
    SiteSettings(title="The Lock").save()
    run("loaddata", tmp_path / "blog.json")
    site = SiteSettings.objects.get()
    assert (site.title, site.hold_links, site.logo) == ("The Lock", 2, None)


def test_an_author_who_is_here_already_keeps_the_address_of_their_page(
    settled, client, tmp_path
):
    run("export_blog", tmp_path / "blog.json", "--format", "fixture")
    leave_all()
    user = make_user("alice")
    user.slug = "the-author"
    user.save()
    run("loaddata", tmp_path / "blog.json")
    here = User.objects.get().get_absolute_url()
    assert client.get("/author/alice-writes/")["Location"] == here
    assert client.get(here).status_code == 200
    assert client.get("/author/alice/").status_code == 404


def test_files_a_fixture_only_names_are_counted(settled, tmp_path):
    run("export_blog", tmp_path / "blog.json", "--format", "fixture")
    leave_all()
    settings.MEDIA_ROOT.rename(tmp_path / "elsewhere")
    assert "1 file is not in " in run("loaddata", tmp_path / "blog.json")


def test_a_file_is_not_taken_for_another_one_of_its_name(settled, tmp_path):
    run("export_blog", tmp_path / "blog.json", "--format", "fixture")
    Media.objects.update(content_hash="another")
    rows = every_row()
    with pytest.raises(CommandError, match="Another file is “.+” here"):
        run("loaddata", tmp_path / "blog.json")
    assert every_row() == rows


@pytest.mark.parametrize("name", ["wxr", "markdown", "fixture"])
def test_lists_and_authors_keep_their_former_addresses(settled, client, tmp_path, name):
    alice = User.objects.get(username="alice")
    tag = make_post("Ships", tags=["Ships"]).tags.get()
    tag.slug = "vessels"
    publishing.save_tag(tag)
    alice.slug = "a-quay"
    publishing.save_user(alice)
    run("export_blog", tmp_path / "blog", "--format", name)
    leave_all()
    load = "loaddata" if name == "fixture" else "import_blog"
    path = tmp_path / "blog"
    if name == "fixture":
        path = path.rename(tmp_path / "blog.json")
    run(load, path)
    for old, new in [
        ("/category/news/feed/", "/category/reports/feed/"),
        ("/tag/ships/", "/tag/vessels/"),
        ("/author/alice-writes/", "/author/a-quay/"),
        ("/?author=7", "/author/a-quay/"),
    ]:
        assert client.get(old)["Location"] == new, old
    assert client.get("/author/alice/").status_code == 404


def test_the_fixture_of_an_export_is_loaded_too(tmp_path, client):
    path = tmp_path / "blog.json"
    said = run("import_blog", SAMPLE, "--fixture", path)
    assert "1 file of the old blog left out: texts show what lies there." in said
    run("loaddata", path)
    assert SiteSettings.current().title == "The Harbour Log"
    assert Page.objects.get(slug="piers").get_absolute_url() == "/about/piers/"
    old = client.get("/2009/04/03/the-night-boat/")
    assert (old.status_code, old["Location"]) == (301, "/2009/04/03/night-boat/")
    # One whose parent no export tells of stands at the top.
    assert Category.objects.get(slug="weather").parent is None
    by_fixture = set(Redirect.objects.values_list("old_path", flat=True))
    leave()
    run("import_blog", SAMPLE)
    directly = set(Redirect.objects.values_list("old_path", flat=True))
    # Where a page stood until the one above it came.
    assert by_fixture == directly - {"/piers/"}


@pytest.mark.parametrize("name", ["wxr", "markdown", "fixture"])
def test_what_is_left_out_is_counted(blog, bob, tmp_path, name):
    make_media()
    Redirect.leave("/an/older/address/", "/archives/")
    post = Post.objects.get(title="Not yet")
    with reversion.create_revision():
        post.save()
    said = run("export_blog", tmp_path / "blog", "--format", name)
    assert "Left out: 1 revision, " in said
    assert "2 passwords" in said
    assert "2 roles" in said
    is_fixture = name == "fixture"
    # The last that is named there.
    assert f"1 old address of a file{'.' if is_fixture else ','}" in said
    assert ("the settings but title, tagline and language." in said) != is_fixture
    assert ("1 redirect to no post and no list, " in said) != is_fixture
    assert ("1 file left where" in said) == (name != "markdown")


def test_what_cannot_be_written_is_refused_in_words(tmp_path):
    with pytest.raises(CommandError, match="No such file or directory"):
        run("export_blog", tmp_path / "nowhere" / "blog.xml")


def test_a_folder_is_no_place_for_a_file(tmp_path):
    dest = tmp_path / "kept"
    dest.mkdir()
    with pytest.raises(CommandError, match="this is a folder: name a file"):
        run("export_blog", dest)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_others_write_meanwhile_and_it_is_of_one_moment(tmp_path, monkeypatch):
    make_post("Before")
    read = transfer.responses_below

    def write() -> None:
        try:
            make_post("Meanwhile")
        finally:
            connection.close()

    def read_while_others_write(posts):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(write).result()
        return read(posts)

    monkeypatch.setattr(transfer, "responses_below", read_while_others_write)
    run("export_blog", tmp_path / "blog.xml")
    assert Post.objects.count() == 2
    written = (tmp_path / "blog.xml").read_text()
    assert "Before" in written
    assert "Meanwhile" not in written
