"""Whoever brings files may be ended anywhere: none is lost, doubled or left behind."""

import os
import time
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as project
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from blog.models import Media, OldFile, OldFileUse, Post
from blog.transfer import arriving, fetching
from tests.builders import picture_bytes
from tests.old_blog import OldBlog, put

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """What nobody catches."""


@pytest.fixture
def source(tmp_path) -> tuple[Path, Path]:
    """An export of two posts that show one picture, and the folder it lies in."""
    old = OldBlog()
    old.file(44, "2009/04/boat.jpg")
    shown = f'<p><img alt="" src="{old.uploads("2009/04/boat-300x200.jpg")}"></p>'
    old.post(41, shown, lead=44)
    old.post(42, shown)
    put(tmp_path / "uploads", "2009/04/boat.jpg", picture_bytes())
    return old.write(tmp_path / "export.xml"), tmp_path / "uploads"


def run(source: tuple[Path, Path], *options: str) -> None:
    export, folder = source
    given = ("--media", str(folder), *options)
    call_command("import_blog", str(export), *given, stdout=StringIO())


def files() -> set[str]:
    """All that lies in the storage, but renditions and icons."""
    root = Path(project.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.glob("2*/**/*.*")}


def assert_all_is_well() -> None:
    media = Media.objects.get()
    assert files() == {media.name} == {"2009/04/boat.jpg"}
    assert default_storage.size(media.name) == media.byte_count
    row = OldFile.objects.get()
    assert (row.media, row.state, row.taken_name) == (media, OldFile.State.HERE, "")
    assert not OldFileUse.objects.exists()
    for post in Post.objects.all():
        assert 'src="/media/2009/04/boat.jpg"' in post.body
    assert Post.objects.get(pk=41).featured_image == media


def half(name, content, max_length=None) -> str:
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.read(10))
    raise Killed


def never(*args, **kwargs):
    raise Killed


@pytest.mark.parametrize(
    ("place", "instead"),
    [
        ("default_storage.save", never),  # before a byte
        ("default_storage.save", half),  # amid the bytes
        ("numbers.reserve", never),  # bytes, and no row
        ("renditions.wanted", never),  # amid the row
        ("came", never),  # both, and no text
    ],
)
def test_ended_anywhere_it_ends_as_if_it_never_was(source, monkeypatch, place, instead):
    with monkeypatch.context() as patched:
        patched.setattr(f"blog.transfer.arriving.{place}", instead)
        with pytest.raises(Killed):
            run(source)
    run(source)
    assert_all_is_well()


@pytest.mark.parametrize("texts_done", [0, 1])
def test_ended_amid_the_texts_the_rest_follows(source, monkeypatch, texts_done):
    export, folder = source
    kept = folder.rename(folder.with_name("kept"))
    folder.mkdir()
    run(source)
    show = arriving._show
    calls = []

    def some(*args) -> None:
        calls.append(args)
        if len(calls) > texts_done:
            raise Killed
        show(*args)

    with monkeypatch.context() as patched:
        patched.setattr("blog.transfer.arriving._show", some)
        with pytest.raises(Killed):
            run((export, kept))
    run((export, kept))
    assert_all_is_well()


def test_the_worker_puts_it_into_the_texts_that_are_left(source, monkeypatch):
    run(source, "--media-later")
    OldFile.objects.update(media=None, state="waiting")
    shown = '<p><img alt="" src="https://harbour.example/wp-content/uploads/{}"></p>'
    Post.objects.update(body=shown.format("2009/04/boat.jpg"))
    row = OldFile.objects.get()
    for post in Post.objects.all():
        OldFileUse.objects.create(file=row, post=post)
    with monkeypatch.context() as patched:
        patched.setattr("blog.transfer.arriving._show", never)
        with pytest.raises(Killed):
            arriving.came(row, Media.objects.get())
    later = timezone.now() + 2 * arriving.LEFT_BEHIND
    with time_machine.travel(later):
        assert fetching.sweep() == 0  # nobody was asked
    assert_all_is_well()


def test_what_nobody_finished_goes_by_itself(source, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("blog.transfer.arriving.numbers.reserve", never)
        with pytest.raises(Killed):
            run(source)
    assert files() == {"2009/04/boat.jpg"}
    assert arriving.tidy() == 0  # somebody may be at it just now
    begun = Path(default_storage.path("2009/04/boat.jpg"))
    long_ago = time.time() - 2 * arriving.LEFT_BEHIND.total_seconds()
    os.utime(begun, (long_ago, long_ago))
    assert arriving.tidy() == 1
    assert files() == set()


def test_what_was_finished_stays(source):
    run(source)
    assert arriving.tidy() == 0
    assert_all_is_well()
