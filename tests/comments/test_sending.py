"""One page is told: what became of it, when it is tried again, and that it is once."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog import publishing
from blog.models import Post, SiteSettings
from comments.models import OutgoingPing
from comments.pings import follow, send
from tests.builders import make_post, make_sent_ping
from tests.neighbour import Neighbour
from tests.web import answer

pytestmark = pytest.mark.django_db
State = OutgoingPing.State
DEAD = "nobody:1:abcdefgh"


@pytest.fixture(autouse=True)
def _at_once(settings):
    settings.PING_UPDATE_SECONDS = 0


@pytest.fixture
def neighbour(web) -> Neighbour:
    return Neighbour(web)


@pytest.fixture
def page(neighbour) -> str:
    return neighbour.page("/one/")


def ping_of(page: str, **fields) -> OutgoingPing:
    """A post with a link, and the row of it."""
    post = make_post(body=f'<p><a href="{page}">There</a></p>')
    here = f"http://127.0.0.1:8000{post.get_absolute_url()}"
    return make_sent_ping(post, target_url=page, source_url=here, **fields)


def looked_at(ping: OutgoingPing) -> OutgoingPing:
    send.look_at(ping.pk)
    ping.refresh_from_db()
    return ping


def test_what_was_taken_is_written_down(neighbour, page):
    ping = looked_at(ping_of(page))
    assert (ping.state, ping.protocol) == (State.SENT, "webmention")
    assert ping.endpoint == neighbour.web.url("/webmention")
    assert ping.sent_at
    assert ping.told_key
    assert (ping.claimed_by, ping.claimed_at, ping.handed_at) == ("", None, None)
    assert neighbour.told == [("/one/", ping.source_url)]


def test_it_is_not_sent_again_however_often_it_is_looked_at(neighbour, page):
    ping = ping_of(page)
    for _ in range(3):
        looked_at(ping)
    assert neighbour.paths() == ["/one/"]
    assert neighbour.looks("/one/") == 1


def test_an_address_for_trackbacks_is_told_without_a_look(neighbour):
    url = neighbour.trackback("/tb/1")
    post = make_post("Tea & toast", trackback_urls=url)
    ping = looked_at(make_sent_ping(post, target_url=url, is_trackback=True))
    assert (ping.state, ping.protocol) == (State.SENT, "trackback")
    (knock,) = neighbour.web.knocks
    assert knock.method == "POST"
    assert b"title=Tea+%26+toast" in knock.body


def test_who_takes_no_pings_is_left_alone(web):
    web.answers["/quiet/"] = b"<p>Nothing.</p>"
    ping = looked_at(ping_of(web.url("/quiet/")))
    assert (ping.state, ping.reason) == (State.SILENT, "")


def test_who_refuses_says_why(neighbour, page):
    neighbour.status = 400
    ping = looked_at(ping_of(page))
    assert ping.state == State.REFUSED
    assert "400" in ping.reason


def test_a_page_that_is_not_there_is_not_told(web):
    ping = looked_at(ping_of(web.url("/nothing/")))
    assert ping.state == State.REFUSED
    assert "404" in ping.reason


def test_where_this_server_must_not_go_it_does_not_go():
    ping = looked_at(ping_of("http://10.0.0.1/"))
    assert ping.state == State.REFUSED
    assert ping.reason == "Not asked: 10.0.0.1 is not on the public internet."


# --- Later --------------------------------------------------------------------


def test_it_is_tried_again_later_and_later_and_then_given_up(
    neighbour, page, time_machine
):
    time_machine.move_to("2026-11-20 12:00Z", tick=False)
    neighbour.status = 503
    ping = ping_of(page)
    waits = []
    while ping.state == State.WAITING:
        again_at = send.look_at(ping.pk)
        ping.refresh_from_db()
        assert "503" in ping.reason
        if again_at:
            assert again_at == ping.due_at
            waits.append((again_at - timezone.now()) / timedelta(minutes=1))
            time_machine.move_to(again_at, tick=False)
    assert waits == send.BACK_OFF_MINUTES
    assert (ping.state, ping.attempts) == (State.GIVEN_UP, send.MAX_ATTEMPTS)


def test_before_it_is_due_nobody_is_asked(neighbour, page):
    due_at = timezone.now() + timedelta(minutes=5)
    ping = ping_of(page, due_at=due_at)
    assert send.look_at(ping.pk) == due_at
    assert neighbour.web.knocks == []


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        ("7200", timedelta(hours=2)),
        ("0", timedelta(minutes=1)),
        ("99999999", send.MAX_WAIT),
    ],
)
def test_who_asks_for_patience_gets_it_within_bounds(
    web, page, time_machine, asked, waits
):
    time_machine.move_to("2026-11-20 12:00Z", tick=False)
    web.answers["/webmention"] = lambda handler: answer(handler, 429, Retry_After=asked)
    ping = looked_at(ping_of(page))
    assert ping.due_at - timezone.now() == waits


def test_the_worker_comes_back_by_itself(neighbour, page, run_tasks, time_machine):
    time_machine.move_to("2026-11-20 12:00Z")
    neighbour.status = 503
    post = make_post(body=f'<p><a href="{page}">There</a></p>', status="draft")
    publishing.publish([post])
    run_tasks()
    neighbour.status = 201
    time_machine.move_to("2026-11-20 12:02Z")
    run_tasks()
    assert OutgoingPing.objects.get().state == State.SENT
    assert neighbour.paths() == ["/one/"]


def test_what_never_left_is_tried_again(web, page, settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.FETCH_LOOPBACK_PORTS = {web.port, port}
    endpoint = f"http://127.0.0.1:{port}/"
    web.answers["/one/"] = f'<link rel="webmention" href="{endpoint}">'.encode()
    ping = looked_at(ping_of(page))
    assert (ping.state, ping.endpoint) == (State.WAITING, endpoint)
    assert (ping.handed_at, ping.told_key) == (None, "")


def test_a_link_taken_away_is_told_to_who_perhaps_heard_of_it(
    neighbour, page, run_tasks
):
    ping = ping_of(page, state=State.UNSURE, protocol="webmention", told_key="x")
    ping.post.body = "<p>No link.</p>"
    publishing.save_post(ping.post)
    run_tasks()
    ping.refresh_from_db()
    assert (ping.state, ping.told_key) == (State.SENT, follow.GONE)
    assert neighbour.paths() == ["/one/"]


def hang_up(handler) -> None:
    handler.connection.close()


@pytest.mark.parametrize("protocol", ["webmention", "pingback"])
def test_what_left_and_got_no_answer_is_told_again_where_twice_does_no_harm(
    neighbour, time_machine, protocol
):
    time_machine.move_to("2026-11-20 12:00Z", tick=False)
    offer = neighbour.page if protocol == "webmention" else neighbour.pingback_page
    page = offer("/one/")
    path = "/webmention" if protocol == "webmention" else "/xmlrpc"
    take = neighbour.web.answers[path]
    neighbour.web.answers[path] = hang_up
    ping = looked_at(ping_of(page))
    assert (ping.state, ping.attempts, ping.handed_at) == (State.WAITING, 1, None)
    assert ping.reason.startswith("It left, and no answer came: ")
    neighbour.web.answers[path] = take
    time_machine.move_to(ping.due_at, tick=False)
    ping = looked_at(ping)
    assert (ping.state, ping.protocol, ping.reason) == (State.SENT, protocol, "")
    assert neighbour.paths() == ["/one/"]


def test_a_trackback_that_left_and_got_no_answer_is_not_sent_again(web):
    web.answers["/tb/"] = hang_up
    url = web.url("/tb/")
    post = make_post(trackback_urls=url)
    ping = looked_at(make_sent_ping(post, target_url=url, is_trackback=True))
    assert ping.state == State.UNSURE
    assert ping.reason.startswith(str(send.LEFT_UNANSWERED))
    looked_at(ping)
    assert send.sweep() == 0
    assert [knock.method for knock in web.knocks].count("POST") == 1


@pytest.mark.parametrize(
    ("protocol", "told"), [("webmention", ["/one/"]), ("pingback", [])]
)
def test_a_link_taken_away_is_told_to_who_gave_no_answer_and_can_be_told(
    neighbour, run_tasks, settings, time_machine, protocol, told
):
    time_machine.move_to("2026-11-20 12:00Z", tick=False)
    offer = neighbour.page if protocol == "webmention" else neighbour.pingback_page
    page = offer("/one/")
    ping = ping_of(page)
    path = "/webmention" if protocol == "webmention" else "/xmlrpc"
    take, neighbour.web.answers[path] = neighbour.web.answers[path], hang_up
    looked_at(ping)
    neighbour.web.answers[path] = take
    ping.post.body = "<p>No link.</p>"
    publishing.save_post(ping.post)
    time_machine.move_to("2026-11-20 13:00Z", tick=False)
    run_tasks()
    send.look_at(ping.pk)
    assert neighbour.paths() == told
    assert OutgoingPing.objects.get().state == State.SENT


# --- While it is on its way ---------------------------------------------------


def test_a_change_made_while_it_is_on_its_way_is_told_after_it(
    neighbour, page, monkeypatch
):
    ping = ping_of(page)
    tell = send.webmention.tell

    def tell_and_edit(*args):
        said = tell(*args)
        ping.post.title = "Another title"
        publishing.save_post(ping.post)
        follow.look_at(ping.post.pk)
        return said

    monkeypatch.setattr(send.webmention, "tell", tell_and_edit)
    assert send.look_at(ping.pk) is not None
    monkeypatch.undo()
    assert looked_at(ping).state == State.SENT
    assert neighbour.paths() == ["/one/", "/one/"]


def test_a_post_deleted_while_it_is_on_its_way_is_told_of(neighbour, page, monkeypatch):
    ping = ping_of(page)
    tell = send.webmention.tell

    def tell_and_delete(*args):
        said = tell(*args)
        publishing.delete([ping.post])
        return said

    monkeypatch.setattr(send.webmention, "tell", tell_and_delete)
    assert send.look_at(ping.pk) is not None
    monkeypatch.undo()
    assert looked_at(ping).told_key == follow.GONE
    assert neighbour.paths() == ["/one/", "/one/"]


# --- The switch ---------------------------------------------------------------


def test_while_the_blog_tells_nobody_it_waits(neighbour, page):
    SiteSettings(sends_pings=False).save()
    ping = ping_of(page, due_at=timezone.now() - timedelta(hours=1))
    assert looked_at(ping).state == State.WAITING
    assert send.sweep() == 0
    SiteSettings(sends_pings=True).save()
    assert send.sweep() == 1
    assert looked_at(ping).state == State.SENT


def test_a_post_that_was_silenced_is_not_told_of(neighbour, page):
    ping = ping_of(page)
    Post.objects.update(sends_pings=False)
    send.look_at(ping.pk)
    assert not OutgoingPing.objects.exists()
    assert neighbour.web.knocks == []


# --- Again --------------------------------------------------------------------


@pytest.mark.parametrize("state", [state for state in State if state != State.WAITING])
def test_people_may_have_it_sent_again_whatever_became_of_it(
    neighbour, page, run_tasks, state
):
    ping = ping_of(
        page, state=state, attempts=6, handed_at=timezone.now(), told_key="x" * 16
    )
    assert send.again([ping]) == 1
    run_tasks()
    ping.refresh_from_db()
    assert (ping.state, ping.attempts) == (State.SENT, 1)
    assert neighbour.paths() == ["/one/"]


def test_a_pingback_is_sent_again_where_people_want_it(neighbour, page, run_tasks):
    ping = ping_of(
        page,
        state=State.SENT,
        protocol="pingback",
        told_key="x",
        sent_at=timezone.now(),
    )
    send.again([ping])
    run_tasks()
    assert neighbour.paths() == ["/one/"]


def test_what_is_being_sent_just_now_is_left_to_who_does_it(page):
    ping = ping_of(page)
    assert OutgoingPing.objects.claim(ping.pk)
    assert send.again([ping]) == 0
    ping.refresh_from_db()
    assert ping.claimed_by


# --- What was left behind -----------------------------------------------------


def test_a_row_that_lost_its_task_is_found(neighbour, page, run_tasks):
    late = timezone.now() - timedelta(minutes=send.LATE_MINUTES + 1)
    ping_of(page, due_at=late)
    assert (send.sweep(), send.sweep()) == (1, 0)
    run_tasks()
    assert neighbour.paths() == ["/one/"]


def test_a_row_that_has_its_task_is_left_to_it(page):
    ping_of(page)
    assert send.sweep() == 0
    assert not DBTaskResult.objects.exists()


def test_a_row_of_a_process_that_is_gone_is_taken_over(
    neighbour, page, run_tasks, monkeypatch
):
    monkeypatch.setattr("blog.processes.is_gone", lambda name: name == DEAD)
    ping_of(page, claimed_by=DEAD, claimed_at=timezone.now())
    assert send.sweep() == 1
    run_tasks()
    assert neighbour.paths() == ["/one/"]


def test_what_a_process_that_is_gone_was_sending_is_not_sent_twice(
    neighbour, page, run_tasks, monkeypatch
):
    monkeypatch.setattr("blog.processes.is_gone", lambda name: name == DEAD)
    now = timezone.now()
    ping = ping_of(page, claimed_by=DEAD, claimed_at=now, handed_at=now)
    assert send.sweep() == 1
    run_tasks()
    ping.refresh_from_db()
    assert (ping.state, ping.reason) == (State.UNSURE, send.LEFT_AND_STOPPED)
    assert neighbour.web.knocks == []
    send.again([ping])
    run_tasks()
    assert neighbour.paths() == ["/one/"]


def test_what_ends_its_worker_each_time_comes_to_an_end(page):
    ping = ping_of(page, attempts=send.MAX_ATTEMPTS)
    assert looked_at(ping).state == State.GIVEN_UP


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite's transactions come one after the other",
)
def test_however_many_workers_look_at_it_one_ping_leaves(neighbour, page):
    pk = ping_of(page).pk

    def look(_: int) -> None:
        try:
            send.look_at(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(look, range(6)))
    assert neighbour.paths() == ["/one/"]
    assert OutgoingPing.objects.get().state == State.SENT
