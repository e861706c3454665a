"""`import_blog EXPORT --media DIR`: the files of a blog that moves in come along."""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from blog import publishing, revisions
from blog.models import Media, OldFile, Post
from tests.builders import make_media, picture_bytes
from tests.config.tables import every_row
from tests.old_blog import HOME, OldBlog, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def old() -> OldBlog:
    return OldBlog()


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder


@pytest.fixture
def run(old, tmp_path, folder):
    def run(*options: object) -> str:
        out = StringIO()
        source = old.write(tmp_path / "export.xml")
        said = options or ("--media", folder)
        call_command("import_blog", str(source), *map(str, said), stdout=out)
        return out.getvalue()

    return run


def body(number: int) -> str:
    return Post.objects.get(pk=number).body


def test_a_picture_lies_where_it_lay_with_what_was_said_of_it(old, run, folder):
    put(folder, "2009/04/boat.jpg", picture_bytes(size=(900, 600)))
    old.file(44, "2009/04/boat.jpg", alt="A ferry", caption="Late")
    report = run()
    media = Media.objects.get()
    assert (media.pk, media.name) == (44, "2009/04/boat.jpg")
    assert (media.title, media.alt, media.caption) == ("Boat", "A ferry", "Late")
    assert media.source_url == f"{HOME}/wp-content/uploads/2009/04/boat.jpg"
    assert f"{media.created_at:%Y-%m-%d}" == "2009-04-02"
    assert media.uploaded_by.username == "mara"
    assert default_storage.exists("2009/04/boat.jpg")
    assert "Files: 1 stored" in report


@pytest.mark.parametrize(
    "address",
    [
        "https://harbour.example/wp-content/uploads/2009/04/boat.jpg",
        "http://www.harbour.example/wp-content/uploads/2009/04/boat-300x200.jpg",
        "//harbour.example/wp-content/uploads/2009/04/boat-scaled.jpg",
        "/wp-content/uploads/2009/04/boat-e1234567890123-150x150.jpg",
        "https://harbour.example/wp-content/uploads/2009/04/boat.jpg?w=300",
        "https://i0.wp.com/harbour.example/wp-content/uploads/2009/04/boat.jpg?fit=9,9",
    ],
)
def test_every_size_of_a_picture_is_the_one_here(old, run, folder, address):
    put(folder, "2009/04/boat.jpg", picture_bytes())
    old.file(44, "2009/04/boat.jpg")
    old.post(41, f'<p><img src="{address}" alt="A ferry" class="x" width="9"></p>')
    run()
    assert 'src="/media/2009/04/boat.jpg" alt="A ferry" class="x" width="9"' in body(41)


def test_a_picture_stays_as_large_as_it_was_shown(old, run, folder):
    put(folder, "2009/04/boat.jpg", picture_bytes(size=(900, 600)))
    old.file(44, "2009/04/boat.jpg")
    sized = old.uploads("2009/04/boat-300x200.jpg")
    old.post(41, f'<img alt="" src="{sized}" srcset="{sized} 300w" sizes="100vw">')
    run()
    image = '<img width="300" height="200" alt="" src="/media/2009/04/boat.jpg">'
    assert image in body(41)


def test_a_picture_no_item_tells_of_comes_too(old, run, folder):
    put(folder, "2009/04/pier-300x200.jpg", picture_bytes())
    old.post(41, f'<img alt="" src="{old.uploads("2009/04/pier-300x200.jpg")}">')
    run()
    assert 'height="200" alt="" src="/media/2009/04/pier.jpg"' in body(41)


def test_what_is_not_here_is_shown_from_where_it_lies(old, run):
    address = old.uploads("2009/04/boat-300x200.jpg")
    old.file(44, "2009/04/boat.jpg")
    old.post(41, f'<img alt="" src="{address}">')
    report = run()
    assert f'src="{address}"' in body(41)
    assert f"Missing: {old.uploads('2009/04/boat.jpg')} (It is not in the" in report


def test_what_comes_the_second_time_is_put_into_the_text(old, run, folder):
    old.file(44, "2009/04/boat.jpg")
    old.post(41, f'<img alt="" src="{old.uploads("2009/04/boat.jpg")}">', lead=44)
    run()
    changed_at = Post.objects.get().updated_at
    put(folder, "2009/04/boat.jpg", picture_bytes())
    run()
    post = Post.objects.get()
    assert 'src="/media/2009/04/boat.jpg"' in post.body
    assert post.featured_image_id == 44
    assert post.updated_at == changed_at
    before = every_row()
    run()
    assert every_row() == before


def test_the_picture_of_a_post_is_set(old, run, folder):
    put(folder, "2009/04/boat.jpg", picture_bytes())
    old.file(44, "2009/04/boat.jpg")
    old.post(41, "Words", lead=44)
    run()
    assert Post.objects.get().featured_image == Media.objects.get()


def test_again_nothing_is_stored_twice(old, run, folder):
    put(folder, "2009/04/boat.jpg", picture_bytes())
    old.file(44, "2009/04/boat.jpg")
    old.file(45, "2009/05/the-same.jpg")
    put(folder, "2009/05/the-same.jpg", picture_bytes())
    old.post(41, f'<img alt="" src="{old.uploads("2009/05/the-same.jpg")}">')
    run()
    assert Media.objects.count() == 1
    assert "/media/2009/04/boat.jpg" in body(41)
    before = every_row()
    assert "Files: 2 already here" in run()
    assert every_row() == before


def test_a_number_and_a_name_that_are_taken_stay_taken(old, run, folder):
    here = make_media()
    Media.objects.filter(pk=here.pk).update(file="2009/04/boat.jpg")
    put(folder, "2009/04/boat.jpg", picture_bytes())
    old.file(here.pk, "2009/04/boat.jpg")
    run()
    came = Media.objects.exclude(pk=here.pk).get()
    assert came.name == "2009/04/boat-2.jpg"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("boat.jpg", b"<svg onload='x()'></svg>", "SVG"),
        ("boat.svg", b"<svg></svg>", "SVG"),
        ("boat.jpg", b"<?php evil();", "no file the blog takes"),
        ("boat.jpg", b"", "empty"),
        ("boat.php", b"GIF89a;<?php evil();", "damaged|no file"),
    ],
)
def test_only_what_may_be_uploaded_comes_in(old, run, folder, name, data, reason):
    put(folder, f"2009/04/{name}", data)
    old.file(44, f"2009/04/{name}")
    report = run()
    assert not Media.objects.exists()
    assert OldFile.objects.get().state == OldFile.State.MISSING
    assert any(word in report for word in reason.split("|"))


def test_sounds_and_documents_come_as_they_are(old, run, folder):
    data = b"%PDF-1.4 something"
    put(folder, "2009/04/timetable.pdf", data)
    old.file(44, "2009/04/timetable.pdf")
    old.post(41, f'<a href="{old.uploads("2009/04/timetable.pdf")}">Times</a>')
    run()
    assert '<a href="/media/2009/04/timetable.pdf">' in body(41)
    with default_storage.open("2009/04/timetable.pdf") as file:
        assert file.read() == data


def test_nothing_outside_of_the_folder_is_read(old, run, folder, tmp_path):
    secret = put(tmp_path, "elsewhere/secret.jpg", picture_bytes())
    (folder / "2009").mkdir()
    (folder / "2009/04").symlink_to(secret.parent)
    (folder / "linked.jpg").symlink_to(secret)
    os.mkfifo(folder / "pipe.jpg")
    for number, name in enumerate(
        ["2009/04/secret.jpg", "linked.jpg", "pipe.jpg", "../elsewhere/secret.jpg"], 1
    ):
        old.file(number, name)
    run()
    assert not Media.objects.exists()


def test_a_file_is_found_by_its_name_alone_where_there_is_one_of_it(old, run, folder):
    put(folder, "everything/boat.jpg", picture_bytes())
    put(folder, "a/pier.jpg", picture_bytes(color=(1, 2, 3)))
    put(folder, "b/pier.jpg", picture_bytes(color=(3, 2, 1)))
    old.file(44, "2009/04/boat.jpg")
    old.file(45, "2009/04/pier.jpg")
    run()
    assert Media.objects.get().name == "2009/04/boat.jpg"


def test_a_file_of_another_month_is_another_file(old, run, folder):
    put(folder, "2009/05/img-001.jpg", picture_bytes())
    old.file(44, "2009/04/img-001.jpg")
    old.post(41, f'<img alt="" src="{old.uploads("2009/04/img-001.jpg")}">')
    run()
    assert not Media.objects.exists()


def test_trying_it_stores_nothing(old, run, folder):
    put(folder, "2009/04/boat.jpg", picture_bytes())
    old.file(44, "2009/04/boat.jpg")
    before = every_row()
    assert "Files: 1 stored" in run("--media", folder, "--dry-run")
    assert every_row() == before
    assert not default_storage.exists("2009/04/boat.jpg")


def test_a_folder_that_is_not_there_is_refused(run):
    with pytest.raises(CommandError, match="is no folder"):
        run("--media", "/nowhere/at/all")


@pytest.mark.parametrize(
    "path",
    [
        "/wp-content/uploads/2009/04/boat.jpg",
        "/wp-content/uploads/2009/04/boat-300x200.jpg",
        "/wp-content/uploads/2009/04/boat-scaled.jpg?w=300",
        "/blog/wp-content/uploads/2009/04/boat-e1234567890.jpg",
        "/files/2009/04/boat.jpg",
    ],
)
def test_every_old_address_of_a_file_leads_to_it_at_once(
    client, old, run, folder, path
):
    put(folder, "2009/04/boat.jpg", picture_bytes())
    old.file(44, "2009/04/boat.jpg")
    run()
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (
        301,
        "/media/2009/04/boat.jpg",
    )
    other = path.replace("boat", "coat")
    assert client.get(other, follow=True).status_code == 404


@pytest.mark.parametrize("path", ["/2009/04/03/post-41/boat/", "/?attachment_id=44"])
def test_the_page_of_a_picture_leads_to_the_post_that_shows_it(
    client, old, run, folder, path
):
    old.file(44, "2009/04/boat.jpg", parent=41)
    assert client.get(path).status_code in (200, 404)
    old.post(41, f'<img alt="" src="{old.uploads("2009/04/boat-300x200.jpg")}">')
    run()
    assert client.get(path)["Location"] == "/2009/04/03/post-41/"
    put(folder, "2009/04/boat.jpg", picture_bytes())
    run()
    assert client.get(path)["Location"] == "/2009/04/03/post-41/"
    Post.objects.all().delete()
    assert client.get(path)["Location"] == "/media/2009/04/boat.jpg"


def test_a_link_to_the_page_of_a_picture_leads_to_the_picture(old, run, folder):
    put(folder, "2009/04/boat.jpg", picture_bytes())
    old.file(44, "2009/04/boat.jpg", parent=41)
    page = f"{HOME}/2009/04/03/post-41/boat/"
    sized = old.uploads("2009/04/boat-300x200.jpg")
    old.post(41, f'<a href="{page}"><img alt="" src="{sized}"></a>')
    run()
    assert body(41).startswith('<p><a href="/media/2009/04/boat.jpg"><img ')


def test_a_gallery_shows_the_files_here(old, run, folder):
    for number, name in ((44, "boat"), (45, "pier")):
        data = picture_bytes(color=(number, 1, 1))
        put(folder, f"2009/04/{name}.jpg", data)
        old.file(number, f"2009/04/{name}.jpg", alt=name, caption=f"The {name}")
    old.post(41, '[gallery ids="44,45"]')
    run()
    for name in ("boat", "pier"):
        assert f'src="/media/2009/04/{name}.jpg" alt="{name}"' in body(41)
        assert f"<figcaption>The {name}</figcaption>" in body(41)


def test_a_text_that_was_edited_here_keeps_what_it_was_in_its_history(
    old, run, folder, alice
):
    old.file(44, "2009/04/boat.jpg")
    address = old.uploads("2009/04/boat.jpg")
    old.post(41, f'<p><img alt="" src="{address}"></p>')
    run()
    post = Post.objects.get()
    post.body += "<p>Written here.</p>"
    publishing.save_post(post, alice)
    put(folder, "2009/04/boat.jpg", picture_bytes())
    run()
    after = Post.objects.get()
    assert "/media/2009/04/boat.jpg" in after.body
    assert "Written here." in after.body
    notes = [version.revision.comment for version in revisions.of(post.pk)]
    assert notes[0] == "A file of the old blog came"
    run()
    assert Post.objects.get().body == after.body


def test_pages_show_them_too(old, run, folder):
    old.file(44, "2009/04/boat.jpg")
    old.post(41, f'<img alt="" src="{old.uploads("2009/04/boat.jpg")}">')
    run()
    Post.objects.update(kind=Post.Kind.PAGE, path="a")
    put(folder, "2009/04/boat.jpg", picture_bytes())
    run()
    assert "/media/2009/04/boat.jpg" in body(41)
