"""`import_blog EXPORT`: files come from where the old blog has them, politely."""

import threading
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from blog.models import Media, OldFile, Post
from blog.transfer import fetching
from tests.builders import picture_bytes
from tests.old_blog import OldBlog
from tests.web import answer, redirect

pytestmark = pytest.mark.django_db
PATIENCE_SECONDS = 60
State = OldFile.State


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(fetching, "PAUSE_SECONDS", 0.0)


@pytest.fixture
def old(web) -> OldBlog:
    return OldBlog(web.url(""))


@pytest.fixture
def run(old, tmp_path):
    def run(*options: object) -> str:
        out = StringIO()
        source = old.write(tmp_path / "export.xml")
        call_command("import_blog", str(source), *map(str, options), stdout=out)
        return out.getvalue()

    return run


def put(web, name: str, what=None) -> None:
    web.answers[f"/wp-content/uploads/{name}"] = what or picture_bytes()


def shows(old: OldBlog, name: str) -> str:
    return f'<p><img alt="" src="{old.uploads(name)}"></p>'


def asked(web, name: str) -> int:
    path = f"/wp-content/uploads/{name}"
    return sum(knock.path == path for knock in web.knocks)


def test_files_come_and_the_texts_show_them(web, old, run):
    put(web, "2009/04/boat.jpg")
    old.file(44, "2009/04/boat.jpg", alt="A ferry")
    old.post(41, shows(old, "2009/04/boat-300x200.jpg"), lead=44)
    report = run()
    post = Post.objects.get()
    assert 'src="/media/2009/04/boat.jpg"' in post.body
    assert 'src="/media/2009/04/boat.jpg"' in post.body_html
    assert post.featured_image == Media.objects.get(alt="A ferry")
    assert "Files: 1 stored" in report


def test_what_is_here_is_not_fetched_again(web, old, run):
    put(web, "2009/04/boat.jpg")
    old.file(44, "2009/04/boat.jpg")
    run()
    run()
    assert asked(web, "2009/04/boat.jpg") == 1


def test_of_a_size_the_original_is_asked_for_first(web, old, run):
    put(web, "2009/04/pier-300x200.jpg", picture_bytes(size=(300, 200)))
    old.post(41, shows(old, "2009/04/pier-300x200.jpg"))
    run()
    paths = [knock.path.rpartition("/")[2] for knock in web.knocks]
    assert paths == ["pier.jpg", "pier-300x200.jpg"]
    assert Media.objects.get().width == 300


def test_what_is_gone_is_missing_and_stays_shown_from_there(web, old, run):
    old.file(44, "2009/04/boat.jpg")
    old.post(41, shows(old, "2009/04/boat.jpg"))
    report = run()
    row = OldFile.objects.get()
    assert (row.state, row.next_try_at) == (State.MISSING, None)
    assert "does not have it any more" in report
    assert old.uploads("2009/04/boat.jpg") in Post.objects.get().body


def test_a_page_in_place_of_a_file_is_no_file(web, old, run):
    put(web, "2009/04/boat.jpg", b"<!DOCTYPE html><title>Nothing here</title>")
    old.file(44, "2009/04/boat.jpg")
    assert "A page came in place of the file" in run()


@pytest.mark.parametrize("data", [b"\xff\xd8\xff no picture", b"MZ\x90", b"<svg/>"])
def test_what_lies_about_its_kind_is_refused(web, old, run, data):
    put(web, "2009/04/boat.jpg", data)
    old.file(44, "2009/04/boat.jpg")
    run()
    assert OldFile.objects.get().state == State.MISSING
    assert not Media.objects.exists()


def test_an_endless_file_is_missing(web, old, run, monkeypatch):
    monkeypatch.setattr("blog.images.MAX_UPLOAD_BYTES", 2**20)

    def pour(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"\xff" * 65_536)

    put(web, "2009/04/boat.jpg", pour)
    old.file(44, "2009/04/boat.jpg")
    assert "The file is larger than 1 MB" in run()


def test_a_slow_one_is_due_again_and_nobody_is_kept_waiting(web, old, run, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    over = threading.Event()

    def hang(handler):
        over.wait(PATIENCE_SECONDS)

    put(web, "2009/04/boat.jpg", hang)
    put(web, "2009/04/pier.jpg")
    old.file(44, "2009/04/boat.jpg")
    old.file(45, "2009/04/pier.jpg")
    try:
        report = run()
    finally:
        over.set()
    row = OldFile.objects.get(number=44)
    assert row.state == State.WAITING
    assert row.next_try_at > timezone.now()
    assert "Files: 1 still to come, 1 stored" in report


@pytest.mark.parametrize("where", ["http://10.0.0.1/x.jpg", "http://169.254.169.254/"])
def test_a_way_into_the_own_network_is_not_gone(web, old, run, where):
    put(web, "2009/04/boat.jpg", redirect(where))
    old.file(44, "2009/04/boat.jpg")
    assert "is not on the public internet" in run()
    assert OldFile.objects.get().state == State.MISSING


def test_a_redirect_is_followed(web, old, run):
    put(web, "2009/04/boat.jpg", redirect("/elsewhere.jpg"))
    web.answers["/elsewhere.jpg"] = picture_bytes()
    old.file(44, "2009/04/boat.jpg")
    run()
    assert Media.objects.get().name == "2009/04/boat.jpg"


def test_who_is_asked_too_often_is_asked_once_more_after_a_while(web, old, run):
    refusals = [429, 503]

    def busy(handler):
        if refusals:
            answer(handler, refusals.pop(), Retry_After="0")
        else:
            answer(handler, body=picture_bytes())

    put(web, "2009/04/boat.jpg", busy)
    old.file(44, "2009/04/boat.jpg")
    run()
    assert asked(web, "2009/04/boat.jpg") == 3
    assert Media.objects.exists()


def test_who_asks_for_an_hour_is_left_alone_for_an_hour(web, old, run):
    def busy(handler):
        answer(handler, 429, Retry_After="3600")

    for number in range(40, 60):
        put(web, f"2009/04/{number}.jpg", busy)
        old.file(number, f"2009/04/{number}.jpg")
    run()
    assert len(web.knocks) <= fetching.AT_ONCE_PER_HOST
    waiting = OldFile.objects.filter(state=State.WAITING)
    assert waiting.count() == 20
    soonest = waiting.filter(number=40).get().next_try_at - timezone.now()
    assert soonest.total_seconds() > 3000


def test_a_blog_that_is_gone_is_not_asked_for_every_file(old, run, monkeypatch):
    looked = []

    def look_up(host, *args, **kwargs):
        looked.append(host)
        raise OSError("There is nobody of that name.")

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    gone = OldBlog("https://gone.example")
    for number in range(40, 60):
        old.file(number, "", url=gone.uploads(f"2009/04/{number}.jpg"))
    run()
    assert 1 <= len(looked) <= 2 * fetching.MAX_FAILURES
    assert OldFile.objects.to_come().count() == 20


def test_no_more_than_two_at_once_from_one_host(web, old, run):
    lock, busy, most = threading.Lock(), [0], [0]
    met = threading.Barrier(2)

    def serve(handler):
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        met.wait(PATIENCE_SECONDS)
        with lock:
            busy[0] -= 1
        answer(handler, body=picture_bytes(color=(len(handler.path), 1, 1)))

    for number in range(6):
        put(web, f"2009/04/{number}.jpg", serve)
        old.file(number + 40, f"2009/04/{number}.jpg")
    run()
    assert most[0] == 2
    assert OldFile.objects.here().count() == 6


def test_later_the_worker_fetches_by_and_by(web, old, run):
    put(web, "2009/04/boat.jpg")
    old.file(44, "2009/04/boat.jpg")
    old.post(41, shows(old, "2009/04/boat.jpg"))
    changed_at = timezone.now()
    assert "Files: 1 still to come" in run("--media-later")
    assert not web.knocks
    assert old.home in Post.objects.get().body
    fetching.sweep()
    post = Post.objects.get()
    assert "/media/2009/04/boat.jpg" in post.body
    assert post.updated_at < changed_at
    assert post.reworded_at is None
    assert "Posts: 1 already here" in run("--media-later")


def test_the_worker_tries_again_and_then_no_more(web, old, run):
    put(web, "2009/04/boat.jpg", lambda handler: answer(handler, 500))
    old.file(44, "2009/04/boat.jpg")
    run("--media-later")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for seconds in (*fetching.BACK_OFF_SECONDS, 0):
            assert fetching.sweep() == 1
            assert fetching.sweep() == 0
            clock.shift(seconds + 1)
    row = OldFile.objects.get()
    assert (row.state, row.reason) == (
        State.MISSING,
        "The old blog answered with 500.",
    )


def test_with_a_folder_and_later_the_rest_is_fetched(web, old, run, tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "boat.jpg").write_bytes(picture_bytes())
    put(web, "2009/04/pier.jpg", picture_bytes(color=(1, 2, 3)))
    old.file(44, "2009/04/boat.jpg")
    old.file(45, "2009/04/pier.jpg")
    report = run("--media", tmp_path / "files", "--media-later")
    assert "Files: 1 still to come, 1 stored" in report
    fetching.sweep()
    assert Media.objects.count() == 2
    assert asked(web, "2009/04/boat.jpg") == 0


def test_trying_it_asks_nobody(web, old, run):
    old.file(44, "2009/04/boat.jpg")
    assert "Files: 1 still to come" in run("--dry-run")
    assert not web.knocks
