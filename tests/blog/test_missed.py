"""The addresses at which people found nothing: what is counted, and what it costs."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from blog import missed
from blog.models import MissedAddress, Redirect
from tests.builders import at, make_post

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"

MOVED = ("/old/",)


@pytest.fixture(autouse=True)
def _nothing_pending(monkeypatch):
    monkeypatch.setattr(missed, "_pending", missed._Pending())
    monkeypatch.setattr(missed, "FLUSH_SECONDS", 0)


def ask(client, path, **headers):
    headers = {"user-agent": FIREFOX} | headers
    return client.get(path, headers=headers, follow=path not in MOVED)


def counted() -> dict[str, int]:
    return dict(MissedAddress.objects.values_list("path", "hits"))


def test_what_somebody_did_not_find_is_counted(client):
    ask(client, "/2006/talks/", referer="https://a.example/page/?reader=7")
    ask(client, "/2006/talks/")
    row = MissedAddress.objects.get()
    assert (row.path, row.hits) == ("/2006/talks/", 2)
    assert row.referrer == "https://a.example/page/"
    assert row.first_at <= row.last_at


def test_nothing_is_kept_of_who_asked(client):
    client.get("/nothing/", headers={"user-agent": FIREFOX}, REMOTE_ADDR="192.0.2.7")
    row = str(MissedAddress.objects.values().get())
    assert "192.0.2.7" not in row
    assert "Firefox" not in row


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/nothing/", {"user-agent": GOOGLE}),
        ("/nothing/", {"user-agent": "curl/8.5"}),
        ("/nothing/", {"user-agent": ""}),
        ("/nothing/", {"sec-fetch-dest": "image"}),
        ("/nothing/", {"sec-purpose": "prefetch"}),
        ("/wp-content/plugins/x/readme.txt", {}),
        ("/.env", {}),
        ("/.git/config", {}),
        ("/old/backup.sql", {}),
        ("/phpmyadmin/index.php", {}),
        ("/blog/wp-includes/wlwmanifest.xml", {}),
        ("/apple-touch-icon-precomposed.png", {}),
        ("/a//b/", {}),
        ("/<script>/", {}),
        ("/" + "x" * 600 + "/", {}),
        ("/admin/nothing/", {}),
        ("/media/gone.jpg", {}),
    ],
)
def test_robots_and_what_no_person_looks_for_are_left_out(client, path, headers):
    assert ask(client, path, **headers).status_code in (404, 200)
    assert counted() == {}


def test_only_a_get_counts(client):
    client.head("/nothing/", headers={"user-agent": FIREFOX})
    client.post("/nothing/", headers={"user-agent": FIREFOX})
    assert counted() == {}


def test_what_moved_or_is_gone_was_not_missed(client):
    Redirect.objects.create(old_path="/old/", new_path="/new/")
    Redirect.objects.create(old_path="/gone/", new_path="")
    assert ask(client, "/old/").status_code == 301
    assert ask(client, "/gone/").status_code == 410
    assert counted() == {}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/index.php?p=12", "/index.php?p=12"),
        ("/?p=99", "/?p=99"),
        ("/2006/tea.html", "/2006/tea.html"),
        ("/2006/tea", "/2006/tea/"),
        ("/old.asp?id=7&session=secret", "/old.asp"),
        ("/nothing/?utm_source=mail", "/nothing/"),
        ("/nothing/?p=12", "/nothing/?p=12"),
    ],
)
def test_a_query_is_kept_where_it_names_a_page(client, asked, kept):
    ask(client, asked)
    assert counted() == {kept: 1}


def test_a_flood_is_counted_together(
    client, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(missed, "FLUSH_SECONDS", 3600)
    monkeypatch.setattr(missed, "MAX_PENDING", 3)
    ask(client, "/first/")
    for number in range(6):
        ask(client, f"/other-{number}/")
    ask(client, "/other-0/")
    assert counted() == {"/first/": 1}
    with django_assert_max_num_queries(9):
        missed.flush()
    assert counted() == {"/first/": 1, "/other-0/": 2, "/other-1/": 1, "/other-2/": 1}


def test_who_writes_just_now_is_not_waited_for(client, monkeypatch):
    def is_locked(misses):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(missed, "_store", is_locked)
        assert ask(client, "/nothing/").status_code == 404
    assert counted() == {}
    ask(client, "/nothing/")
    assert counted() == {"/nothing/": 2}


def test_there_are_never_more_rows_than_so_many(client, monkeypatch):
    monkeypatch.setattr(missed, "MAX_ROWS", 2)
    for path in ("/often/", "/often/", "/once/", "/new/"):
        ask(client, path)
    assert counted() == {"/often/": 2, "/new/": 1}


def test_what_nobody_asks_for_any_more_is_forgotten(time_machine):
    long_ago = timezone.now() - timedelta(days=missed.KEPT_DAYS + 1)
    MissedAddress.objects.create(path="/long-ago/", last_at=long_ago)
    MissedAddress.objects.create(path="/lately/")
    missed.tidy()
    assert list(counted()) == ["/lately/"]


# --- At the desk

LIST = "/admin/blog/missedaddress/"


@pytest.fixture
def desk(client, alice):
    client.force_login(alice)
    return client


def test_the_list_shows_what_was_asked_for_most(desk):
    MissedAddress.objects.create(path="/rare/", hits=1)
    MissedAddress.objects.create(
        path="/often/", hits=12, referrer="https://a.example/links/"
    )
    page = desk.get(LIST).text
    assert page.index("/often/") < page.index("/rare/")
    assert 'href="https://a.example/links/"' in page


def test_a_redirect_is_offered_with_what_was_meant(desk):
    post = make_post(slug="six-party-talks", published_at=at("2006-11-30 12:00"))
    row = MissedAddress.objects.create(path="/2006/11/six-party-talk/", hits=3)
    form = desk.get(f"{LIST}{row.pk}/redirect/", follow=True)
    initial = form.context["adminform"].form.initial
    assert initial["old_path"] == "/2006/11/six-party-talk/"
    assert initial["new_path"] == post.get_absolute_url()
    desk.post("/admin/blog/redirect/add/", initial)
    assert not MissedAddress.objects.exists()
    assert desk.get("/2006/11/six-party-talk/")["Location"] == post.get_absolute_url()


def test_one_that_is_done_already_is_said_so(desk):
    assert desk.get(f"{LIST}99/redirect/").status_code == 404


def test_what_is_ignored_is_out_of_sight_and_counted_on(desk, client):
    row = MissedAddress.objects.create(path="/noise/")
    chosen = {"_selected_action": [row.pk]}
    answer = desk.post(LIST, {"action": "ignore"} | chosen, follow=True)
    assert "1 address is ignored from now on." in answer.text
    assert "/noise/" not in answer.text
    assert "/noise/" in desk.get(f"{LIST}?ignored=yes").text
    ask(client, "/noise/")
    row.refresh_from_db()
    assert (row.hits, row.is_ignored) == (1, True)
    desk.post(f"{LIST}?ignored=yes", {"action": "show_again"} | chosen)
    assert "/noise/" in desk.get(LIST).text
