"""A backup is the whole blog; what is restored is what was there, in any database."""

import json
import os
import subprocess
import sys
import threading
import zipfile
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import pytest
import reversion
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from blog import edit_locks
from blog.models import Media, Post, Redirect, SiteSettings, User
from comments.models import Comment, Like
from comments.posting import recount
from config import other_database
from tests.blogs import database_url, environment, manage
from tests.builders import (
    make_category,
    make_comment,
    make_media,
    make_page,
    make_post,
    make_user,
)
from tests.config.tables import every_row

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    (settings.DATA_DIR / "secret_key").write_text("the key of before")


def make_blog() -> None:
    alice, bob = make_user("alice", role="Editor"), make_user("bob")
    picture = make_media(uploaded_by=alice)
    make_page("Team", parent=make_page("About"))
    # Numbers with holes in them.
    make_post("Gone").delete()
    post = make_post(
        "Boats",
        author=alice,
        featured_image=picture,
        categories=[make_category("Ferries", make_category("News"))],
        tags=["ships", "Ω"],
        body="<p>“Bøats” & 舟</p>",
    )
    first = make_comment(post, body="One")
    make_comment(post, parent=first, author=bob, body="Two")
    make_comment(post, body="Bad", state=Comment.State.SPAM)
    recount([post.pk])
    post.refresh_from_db()
    Like.objects.create(post=post, user=bob)
    Redirect.leave("/an/old/address/", post.get_absolute_url())
    SiteSettings(title="The Quay", logo=picture).save()
    with reversion.create_revision():
        post.save()
    edit_locks.hold(post, alice, "window")


def rows_told() -> dict[str, list[dict]]:
    """All rows but sessions, and what the search knows, which follows from the rest."""
    left_out = {name.replace(".", "_") for name in other_database.LEFT_OUT}
    return {
        table: rows
        for table, rows in every_row().items()
        if table not in left_out | {"django_session"}
    }


def files_told() -> dict[str, bytes]:
    folder = Path(django_settings.MEDIA_ROOT)
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def backed_up(path: Path) -> Path:
    call_command("backup", str(path), verbosity=0)
    return path


def restored(path: Path) -> None:
    call_command("restore", str(path), yes=True, verbosity=0)


def delete_posts() -> None:
    Post.objects.filter(parent__isnull=False).delete()
    Post.objects.all().delete()


def change_everything() -> None:
    default_storage.delete(Media.objects.get().name)
    delete_posts()
    User.objects.filter(username="bob").delete()
    ContentType.objects.filter(model="like").delete()
    make_media()
    make_post("Later", author=make_user("carol"))
    SiteSettings(title="Another").save()


# --- What is restored


def test_everything_is_as_it_was(tmp_path):
    make_blog()
    rows, files = rows_told(), files_told()
    path = backed_up(tmp_path / "blog.zip")
    change_everything()
    (django_settings.DATA_DIR / "secret_key").write_text("another key")
    restored(path)
    assert rows_told() == rows
    assert files.items() <= files_told().items()
    assert (django_settings.DATA_DIR / "secret_key").read_text() == "the key of before"


def test_a_restored_blog_is_read_and_found_and_goes_on(tmp_path):
    make_blog()
    path = backed_up(tmp_path / "blog.zip")
    change_everything()
    restored(path)
    call_command("checktrees", verbosity=0)
    call_command("search_index", check=True, verbosity=0)
    client = Client(headers={"host": "localhost"})
    post = Post.objects.get(title="Boats")
    assert "Two" in client.get(post.get_absolute_url()).text
    assert "Boats" in client.get("/search/?q=舟").text
    assert "Later" not in client.get("/").text
    # Numbers go on after the highest.
    highest = max(Comment.objects.values_list("pk", flat=True))
    assert make_comment(post).pk > highest
    assert make_post("New").pk > post.pk


def test_from_one_database_to_another_and_back(tmp_path, put_empty_blog):
    """On PostgreSQL it goes to SQLite and back; on SQLite to another file."""
    make_blog()
    rows, files = rows_told(), files_told()
    put_empty_blog(tmp_path / "there")
    there = backed_up(tmp_path / "there.zip")
    done = manage(tmp_path / "there", "restore", str(there), "--yes")
    assert done.returncode == 0, done.stderr
    back = tmp_path / "back.zip"
    done = manage(tmp_path / "there", "backup", str(back))
    assert done.returncode == 0, done.stderr
    change_everything()
    for name in files:
        default_storage.delete(name)
    restored(back)
    assert rows_told() == rows
    assert files.items() <= files_told().items()


def test_a_backup_of_an_older_version_is_brought_up_to_today(tmp_path):
    """Of one that knew no likes yet, and asked pages of posts otherwise."""
    make_blog()
    older = {"blog": "0021_missed_addresses", "comments": "0011_search"}
    nodes = [(app, older.get(app, name)) for app, name in other_database.newest_nodes()]
    models = other_database.models_at(nodes)
    rows, path = tmp_path / "blog.sqlite3", tmp_path / "old.zip"
    with other_database.beside(rows) as alias:
        other_database.create_tables(models, alias)
        with transaction.atomic(using=alias):
            other_database.copy(models, "default", alias, lambda count: None)
    write_archive(backed_up(tmp_path / "today.zip"), path, rows=rows, nodes=nodes)
    told = {
        table: [{name: row[name] for name in sorted(row)} for row in rows]
        for table, rows in rows_told().items()
    }
    change_everything()
    restored(path)
    assert not Like.objects.exists()
    assert SiteSettings.current().title == "The Quay"
    assert rows_told()["comments_comment"] == told["comments_comment"]
    assert [post.title for post in Post.objects.order_by("pk")] == [
        row["title"] for row in told["blog_post"]
    ]


def write_archive(path: Path, dest: Path, rows: Path, nodes: list) -> None:
    """The same backup with other rows, made at another time."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(dest, "w") as new:
        about = json.loads(old.read("about.json"))
        new.writestr("about.json", json.dumps(about | {"nodes": nodes}))
        new.write(rows, "blog.sqlite3")


def test_it_is_one_moment_while_others_write(tmp_path, put_empty_blog):
    make_blog()
    post = Post.objects.get(title="Boats")
    is_done = threading.Event()

    def talk() -> None:
        """Each time a comment and the count of them, together."""
        while not is_done.is_set():
            with transaction.atomic():
                make_comment(post, body="And another")
                recount([post.pk])
        connection.close()

    writer = threading.Thread(target=talk)
    writer.start()
    try:
        paths = [backed_up(tmp_path / f"{number}.zip") for number in range(3)]
    finally:
        is_done.set()
        writer.join()
    counts = []
    for path in paths:
        restored(path)
        post.refresh_from_db()
        counts.append(post.comment_count)
        public = Comment.objects.filter(post=post, state=Comment.State.APPROVED)
        assert post.comment_count == public.count()
        call_command("checktrees", verbosity=0)
    assert counts[0] < counts[-1]


def test_a_restore_that_is_killed_changes_nothing(tmp_path):
    make_blog()
    path = backed_up(tmp_path / "blog.zip")
    change_everything()
    before = rows_told()
    own = environment(django_settings.DATA_DIR) | {"DATABASE_URL": database_url()}
    for seconds in (0.8, 1.2, 1.6):
        command = [sys.executable, "manage.py", "restore", str(path), "--yes"]
        process = subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=own)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        was_whole = process.poll() == 0
        process.kill()
        process.wait()
        wait_until_unlocked()
        if was_whole:
            break
        assert rows_told() == before or "Boats" in str(
            Post.objects.values_list("title")
        )


def wait_until_unlocked() -> None:
    """A server of databases needs a moment to notice that somebody is gone."""
    until = monotonic() + 10
    while monotonic() < until:
        with suppress(Exception), transaction.atomic():
            Post.objects.select_for_update().count()
            return
        sleep(0.1)


# --- What is refused, with nothing changed


@pytest.fixture
def backup(tmp_path) -> Path:
    make_blog()
    path = backed_up(tmp_path / "blog.zip")
    change_everything()
    return path


def refused(path: Path) -> str:
    before = rows_told(), files_told()
    with pytest.raises(CommandError) as told:
        restored(path)
    assert (rows_told(), files_told()) == before
    assert "Nothing was restored." in str(told.value)
    return str(told.value)


def test_what_is_no_backup_is_refused(tmp_path, backup):
    assert "No such file" in refused(tmp_path / "nowhere.zip")
    text = tmp_path / "text.zip"
    text.write_text("A letter.")
    assert "no backup of a blog" in refused(text)
    for name in ("letter.txt", "about.json", "blog.sqlite3"):
        other = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(other, "w") as archive:
            archive.writestr(name, "{}")
        assert "no backup of a blog" in refused(other)


def test_half_of_a_backup_is_refused(tmp_path, backup):
    half = tmp_path / "half.zip"
    half.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    assert "or half of one" in refused(half)


def test_a_blog_from_the_future_is_refused(tmp_path, backup):
    newer = tmp_path / "newer.zip"
    with zipfile.ZipFile(backup) as archive:
        archive.extract("blog.sqlite3", tmp_path)
    nodes = [*other_database.newest_nodes(), ("blog", "9999_wings")]
    write_archive(backup, newer, tmp_path / "blog.sqlite3", nodes)
    assert "a newer version of Quillback made it" in refused(newer)


@pytest.mark.parametrize("name", ["../out.png", "a/../../out.png", "/out.png"])
def test_no_file_leads_out_of_its_folder(tmp_path, backup, name):
    with zipfile.ZipFile(backup, "a") as archive:
        archive.writestr(f"media/{name}", "x")
    assert "leads out of its folder" in refused(backup)


def test_a_bit_that_fell_over_changes_nothing_or_nothing_it_holds(tmp_path):
    make_blog()
    rows, path = rows_told(), backed_up(tmp_path / "blog.zip")
    sound = path.read_bytes()

    @settings(max_examples=25)
    @given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
    def holds(place: float, bit: int) -> None:
        Comment.objects.update(author_name="Somebody else")
        before, fallen = rows_told(), bytearray(sound)
        fallen[int(place * len(fallen))] ^= 1 << bit
        path.write_bytes(fallen)
        with suppress(CommandError):
            restored(path)
        assert rows_told() in (rows, before)

    holds()


@pytest.mark.parametrize("answer", ["no", "", None])
def test_nothing_goes_that_nobody_said_may_go(monkeypatch, capsys, backup, answer):
    def told() -> str:
        if answer is None:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", told)
    before = rows_told()
    with pytest.raises(CommandError, match=r"Nothing was restored\."):
        call_command("restore", str(backup), verbosity=0)
    assert rows_told() == before
    assert (
        "1 posts and pages and 0 responses of this blog go" in capsys.readouterr().out
    )


def test_an_empty_blog_is_not_asked_about(monkeypatch, tmp_path):
    make_blog()
    path = backed_up(tmp_path / "blog.zip")
    delete_posts()
    call_command("restore", str(path), verbosity=0)
    assert Post.objects.filter(title="Boats").exists()


def test_files_that_find_no_room_are_said_to_be_missing(tmp_path, backup, monkeypatch):
    """Those that take another one's place do so when the rows are in."""
    with zipfile.ZipFile(backup) as archive:
        [name] = [one for one in archive.namelist() if one.startswith("media/")]
    path = Path(django_settings.MEDIA_ROOT) / name.removeprefix("media/")
    path.write_bytes(b"Another one")

    def full(*_) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(CommandError, match="not all files: .+No space left"):
        restored(backup)
    assert Post.objects.filter(title="Boats").exists()


# --- The file


def test_nobody_else_may_read_it_and_it_has_a_name_of_its_own(tmp_path, capsys):
    make_blog()
    call_command("backup", str(tmp_path))
    [path] = tmp_path.glob("quillback-*.zip")
    assert path.stat().st_mode & 0o777 == 0o600
    assert "4 posts and pages" not in capsys.readouterr().out
    assert sorted(child.name for child in tmp_path.iterdir()) == [
        "data", "media", path.name,
    ]  # fmt: skip


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="No such file or directory"):
        backed_up(tmp_path / "nowhere" / "blog.zip")


def test_no_session_lives_on(tmp_path):
    make_blog()
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="alice"))
    path = backed_up(tmp_path / "blog.zip")
    with zipfile.ZipFile(path) as archive:
        rows = archive.read("blog.sqlite3")
    assert client.cookies["sessionid"].value.encode() not in rows


def test_a_key_of_the_environment_is_nobodys_elses(tmp_path, monkeypatch):
    make_blog()
    path = backed_up(tmp_path / "blog.zip")
    monkeypatch.setitem(os.environ, "SECRET_KEY", "told")
    (django_settings.DATA_DIR / "secret_key").write_text("unused")
    restored(path)
    assert (django_settings.DATA_DIR / "secret_key").read_text() == "unused"
