"""`import_blog FOLDER`: a blog of Markdown files moves in and keeps its addresses."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from PIL import Image

from blog.models import Media, Page, Post, SiteSettings
from comments.models import Comment
from tests.builders import make_media
from tests.config.tables import every_row

pytestmark = pytest.mark.django_db

SAMPLES = Path(settings.BASE_DIR) / "fixtures" / "markdown"


def run(source: Path, *options: object) -> str:
    out = StringIO()
    call_command("import_blog", str(source), *map(str, options), stdout=out)
    return out.getvalue()


def test_a_jekyll_blog_moves_in():
    said = run(SAMPLES / "jekyll")
    assert "Posts: 4 new" in said
    assert "2006-12-01-torn.md:4: set aside" in said
    assert "Comments: 2 new" in said
    reply = Comment.objects.get(author_name="Wim Sluis")
    assert reply.parent.author_name == "Aaf Boom"
    assert "<strong>first</strong>" in reply.parent.body_html
    gate = Post.objects.get(slug="the-gate-sticks")
    assert gate.get_absolute_url() == "/2006/11/30/the-gate-sticks/"
    assert str(gate.author) == "Wim Sluis"
    assert Page.objects.get().slug == "about"


@pytest.mark.parametrize(
    ("sample", "old", "new"),
    [
        ("jekyll", "/2006/gate-trouble/", "/2006/11/30/the-gate-sticks/"),
        ("hugo", "/old/tides/", "/2012/05/04/reading-tide-tables/"),
        ("pelican", "/2010/first-fog.html", "/2010/10/03/first-fog/"),
        ("eleventy", "/salt/", "/2021/02/03/salt/"),
    ],
)
def test_old_addresses_lead_on(client, sample, old, new):
    run(SAMPLES / sample)
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (301, new)


def test_files_are_found_where_the_generator_had_them(client):
    run(SAMPLES / "jekyll")
    old = client.get("/assets/gate.png")
    assert old.status_code == 301
    assert default_storage.exists(old["Location"].removeprefix("/media/"))
    assert client.get("/assets/gates.png", follow=True).status_code == 404


@pytest.mark.parametrize("sample", ["jekyll", "hugo", "pelican", "eleventy"])
def test_doing_it_again_changes_nothing(sample):
    run(SAMPLES / sample)
    before = every_row()
    assert "already here" in run(SAMPLES / sample)
    assert every_row() == before


def test_pictures_come_along_and_texts_show_them_here():
    said = run(SAMPLES / "hugo")
    assert "Files: 2 stored" in said
    post = Post.objects.get(slug="reading-tide-tables")
    assert str(post.featured_image).endswith("table.png")
    assert 'src="/media/' in post.body
    assert "tides.example" not in post.body


def test_a_link_to_the_first_page_below_a_path_is_no_picture(tmp_path):
    (tmp_path / "_config.yml").write_text("url: https://a.example\nbaseurl: /diary\n")
    Image.new("RGB", (2, 2)).save(tmp_path / "a.png")
    (tmp_path / "a.md").write_text("---\ndate: 2010-01-02\n---\n[home](/diary/)\n")
    run(tmp_path)
    assert ".png" not in Post.objects.get().body


def test_a_page_below_a_page_stands_below_it(tmp_path):
    for path in ("content/about/_index.md", "content/about/crew/index.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        title = Path(path).parent.name
        (tmp_path / path).write_text(f"---\ntitle: {title}\n---\nText\n")
    run(tmp_path)
    crew = Page.objects.get(slug="crew")
    assert crew.get_absolute_url() == "/about/crew/"
    assert crew.pk > 0
    before = every_row()
    run(tmp_path)
    assert every_row() == before


def test_a_blog_without_a_name_takes_the_one_that_comes():
    run(SAMPLES / "jekyll")
    site = SiteSettings.current()
    assert (site.title, site.tagline) == (
        "The Lock Keeper",
        "Notes from beside a canal",
    )
    run(SAMPLES / "pelican")
    assert SiteSettings.current().title == "The Lock Keeper"


def test_trying_it_names_nothing():
    before = every_row()
    run(SAMPLES / "jekyll", "--dry-run")
    assert every_row() == before


def test_a_file_with_a_guid_stays_the_same_post_under_another_name(tmp_path):
    text = "---\ntitle: Boats\ndate: 2010-01-02\nguid: tag:boats\n---\nText\n"
    (tmp_path / "boats.md").write_text(text)
    run(tmp_path)
    (tmp_path / "boats.md").rename(tmp_path / "ships.md")
    run(tmp_path)
    assert Post.objects.get().guid == "tag:boats"


def test_scripts_in_a_text_are_not_served(client, tmp_path):
    (tmp_path / "a.md").write_text(
        "---\ntitle: A\ndate: 2010-01-02\n---\n<script>alert(1)</script>\n\n"
        '<b onclick="x()">bold</b> [x](javascript:alert(2))\n'
    )
    run(tmp_path)
    html = Post.objects.get().body_html
    assert "<script" not in html
    assert "onclick" not in html
    assert "href=" not in html
    assert "<b>bold</b>" in html


def test_a_folder_that_is_no_blog_is_refused(tmp_path):
    with pytest.raises(CommandError, match="Nothing was imported"):
        run(tmp_path, "--format", "markdown")


def test_a_folder_that_holds_nothing_to_read_is_refused_in_words(tmp_path):
    (tmp_path / "boat.png").write_bytes(b"no matter")
    with pytest.raises(CommandError, match="nothing in this folder is a blog"):
        run(tmp_path)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("private: true", "private"),
        ("status: trash", "trash"),
        ("status: unlisted", "private"),
        ("status: evergreen", "published"),
        ("password: oars", "published"),
    ],
)
def test_what_was_not_for_everybody_is_not_for_everybody_here(tmp_path, told, status):
    head = f"---\ntitle: Inside\ndate: 2006-11-30\n{told}\n---\n"
    (tmp_path / "inside.md").write_text(f"{head}\nWords.\n")
    run(tmp_path)
    post = Post.objects.get()
    assert post.status == status
    assert post.password == ("oars" if "oars" in told else "")


def test_a_misspelt_state_in_a_folder_of_our_own_makes_nothing_public(tmp_path):
    (tmp_path / "blog.yml").write_text("format: quillback 1\ntitle: Ours\n")
    head = "---\ntitle: Inside\nstatus: Privat\ndate: 2006-11-30T12:00:00+00:00\n---\n"
    (tmp_path / "inside.md").write_text(f"{head}\nWords.\n")
    run(tmp_path)
    assert Post.objects.get().status == "draft"


def test_a_name_too_long_for_a_thread_beside_it_stops_nothing(tmp_path):
    """In a folder of our own, where threads and files are looked for by their names."""
    media = f"media:\n- url: https://a.example/a.png\n  file: media/{'a' * 300}.png\n"
    (tmp_path / "blog.yml").write_text(f"format: quillback 1\ntitle: Ours\n{media}")
    head = "---\ntitle: Inside\ndate: 2006-11-30T12:00:00+00:00\n---\n"
    (tmp_path / f"{'b' * 250}.md").write_text(f"{head}\nWords.\n")
    run(tmp_path, "--media-later")
    assert Post.objects.get().title == "Inside"


def test_a_misspelt_state_of_a_comment_shows_it_to_nobody(tmp_path):
    (tmp_path / "blog.yml").write_text("format: quillback 1\ntitle: Ours\n")
    head = "---\ntitle: Out\ndate: 2006-11-30T12:00:00+00:00\n---\n"
    (tmp_path / "out.md").write_text(f"{head}\nWords.\n")
    thread = "- text: Cheap oars\n  state: Spam\n- text: Good oars\n"
    (tmp_path / "out.comments.yml").write_text(thread)
    run(tmp_path)
    states = dict(Comment.objects.values_list("body", "state"))
    assert states == {"Cheap oars": "pending", "Good oars": "approved"}


def folder_of(path: Path, shade: int) -> Path:
    """A blog that tells nobody where it was read, and shows `images/boat.png`."""
    (path / "images").mkdir(parents=True)
    Image.new("RGB", (4, 4), (shade, 0, 0)).save(path / "images" / "boat.png")
    text = "---\ntitle: {0}\nguid: urn:{0}\n---\n![]({1})\n"
    (path / f"{path.name}.md").write_text(text.format(path.name, "images/boat.png"))
    return path


def shown_shade(name: str) -> int:
    """How red the picture is that the post of this name shows."""
    found = re.search(r'src="/media/([^"]+)"', Post.objects.get(title=name).body)
    with Image.open(default_storage.path(found[1])) as picture:
        return picture.getpixel((0, 0))[0]


def test_two_folders_that_tell_no_address_share_no_picture(tmp_path):
    one, two = folder_of(tmp_path / "one", 40), folder_of(tmp_path / "two", 200)
    run(one)
    run(two)
    assert (shown_shade("one"), shown_shade("two")) == (40, 200)
    rows = every_row()
    run(one)
    run(two)
    assert every_row() == rows


def test_two_that_tell_the_address_their_generator_came_with_share_none(tmp_path):
    for name, shade in [("one", 40), ("two", 200)]:
        folder = folder_of(tmp_path / name, shade)
        (folder / "hugo.toml").write_text("baseURL = 'https://example.org/'\n")
        (folder / "static").mkdir()
        (folder / "images").rename(folder / "static" / "images")
        (folder / "content").mkdir()
        text = (folder / f"{name}.md").rename(folder / "content" / f"{name}.md")
        text.write_text(text.read_text().replace("(images/", "(/images/"))
        run(folder)
    assert (shown_shade("one"), shown_shade("two")) == (40, 200)


def test_a_folder_that_was_moved_brings_nothing_again(tmp_path):
    run(folder_of(tmp_path / "one", 40))
    run((tmp_path / "one").rename(tmp_path / "moved"))
    assert Media.objects.count() == Post.objects.count() == 1
    assert shown_shade("one") == 40


def test_a_path_like_one_of_ours_is_no_file_of_ours(tmp_path):
    address = make_media(image_format="PNG").get_absolute_url()
    folder = folder_of(tmp_path / "one", 40)
    theirs = folder / address.lstrip("/")
    theirs.parent.mkdir(parents=True)
    (folder / "images" / "boat.png").rename(theirs)
    text = folder / "one.md"
    text.write_text(text.read_text().replace("images/boat.png", address))
    run(folder)
    assert shown_shade("one") == 40
