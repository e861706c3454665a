"""`pingback.ping` from Python's own client: the string, or the fault that is true."""

import socket
import time
from datetime import timedelta
from functools import partial
from xmlrpc import client

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog import fetch as fetching
from blog.models import Post, SiteSettings
from comments.models import Comment, IncomingPing
from comments.pings import verify
from comments.views import xmlrpc
from tests.builders import make_comment, make_page, make_post
from tests.caller import caller
from tests.web import answer, redirect

pytestmark = pytest.mark.django_db
HOME = "https://blog.example.org"
PUBLIC = "93.184.216.34"
State = IncomingPing.State


@pytest.fixture(autouse=True)
def _home(settings):
    settings.SITE_URL = HOME
    settings.ALLOWED_HOSTS = ["blog.example.org", "testserver", "localhost"]


@pytest.fixture
def post():
    return make_post("A target", slug="target")


@pytest.fixture
def names(monkeypatch):
    """`names["a.example"] = [[first look-up's], [all later ones']]` addresses."""
    known, asked = {}, []
    real = socket.getaddrinfo

    def look_up(host, port, *args, **kwargs):
        if host not in known:
            assert host.replace(".", "").isdecimal() or ":" in host, host
            return real(host, port, *args, **kwargs)
        asked.append(host)
        turns = known[host]
        found = turns.pop(0) if len(turns) > 1 else turns[0]
        return [
            entry for one in found for entry in real(one, port, type=socket.SOCK_STREAM)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    known["asked"] = asked
    return known


def here(post: Post) -> str:
    return HOME + post.get_absolute_url()


def linking(post: Post, text: str = "said") -> bytes:
    return (
        "<!doctype html><title>Away</title>"
        f'<p>What they <a href="{here(post)}">{text}</a> is true.</p>'
    ).encode()


def fault(source: str, target: str) -> client.Fault:
    """The fault that comes. It says why, and nothing was said below any post."""
    said = Comment.objects.count()
    with pytest.raises(client.Fault) as caught:
        caller().pingback.ping(source, target)
    assert " " in caught.value.faultString
    assert Comment.objects.count() == said
    return caught.value


def test_a_page_that_links_is_registered(post, web):
    web.answers["/page"] = linking(post)
    answered = caller().pingback.ping(web.url("/page"), here(post))
    assert web.url("/page") in answered
    assert here(post) in answered
    comment = Comment.objects.get()
    assert (comment.post, comment.kind) == (post, Comment.Kind.PINGBACK)
    assert comment.source_url == web.url("/page")
    ping = IncomingPing.objects.get()
    assert (ping.state, ping.comment) == (State.TAKEN, comment)
    assert ping.ip_address == "192.0.2.7"
    assert "192.0.2.7" in web.knocks[0].headers["User-Agent"]
    path = "comments.tasks.verify_ping"
    assert not DBTaskResult.objects.filter(task_path=path).exists()


@pytest.mark.django_db(transaction=True)
def test_so_it_is_over_http(live_server, settings, web):
    settings.SITE_URL = live_server.url
    post = make_post()
    target = live_server.url + post.get_absolute_url()
    web.answers["/page"] = f'<a href="{target}">they</a>'.encode()
    with client.ServerProxy(f"{live_server.url}/xmlrpc.php") as server:
        assert target in server.pingback.ping(web.url("/page"), target)
        with pytest.raises(client.Fault, match="known here") as caught:
            server.pingback.ping(web.url("/page"), target)
    assert caught.value.faultCode == 48
    assert Comment.objects.get().post == post


@pytest.mark.parametrize(
    "target",
    [
        HOME + "/2006/11/30/nothing/",
        HOME + "/?p=999999",
        "https://elsewhere.example/2006/11/30/target/",
        "target",
        "",
        HOME + "/%00/",
    ],
)
def test_a_target_that_is_not_there_is_32(post, web, target):
    web.answers["/page"] = linking(post)
    assert fault(web.url("/page"), target).faultCode == 32
    assert web.knocks == []


@pytest.mark.parametrize("state", ["draft", "tomorrow"])
def test_a_target_that_is_not_public_is_as_if_it_were_not_there(post, web, state):
    if state == "draft":
        Post.objects.update(status=Post.Status.DRAFT)
    else:
        Post.objects.update(published_at=timezone.now() + timedelta(days=1))
    post.refresh_from_db()
    assert fault(web.url("/page"), here(post)).faultCode == 32


@pytest.mark.parametrize("path", ["/", "/archives/", "/2006/"])
def test_a_page_of_ours_that_takes_no_pings_is_33(post, web, path):
    assert fault(web.url("/page"), HOME + path).faultCode == 33
    assert web.knocks == []


@pytest.mark.parametrize("why", ["post", "site", "age"])
def test_a_closed_post_is_33(post, web, why):
    web.answers["/page"] = linking(post)
    if why == "post":
        Post.objects.update(pings_open=False)
    elif why == "site":
        SiteSettings.objects.update_or_create(pk=1, defaults={"takes_pings": False})
    else:
        SiteSettings.objects.update_or_create(pk=1, defaults={"close_after_days": 7})
        Post.objects.update(published_at=timezone.now() - timedelta(days=8))
        post.refresh_from_db()
    assert fault(web.url("/page"), here(post)).faultCode == 33
    assert web.knocks == []


def test_a_post_closed_to_comments_may_be_open_to_pings(web):
    page = make_page("About", slug="about", comments_open=False)
    web.answers["/page"] = linking(page)
    assert "registered" in caller().pingback.ping(web.url("/page"), here(page))


@pytest.mark.parametrize("end", ["", "#part", " "])
def test_the_same_pair_again_is_48(post, web, end):
    web.answers["/page"] = linking(post)
    caller().pingback.ping(web.url("/page"), here(post))
    assert fault(web.url("/page") + end, here(post) + end).faultCode == 48
    assert len(web.knocks) == 1


def test_what_is_held_or_was_removed_is_48_too(post, web):
    web.answers["/page"] = linking(post)
    caller().pingback.ping(web.url("/page"), here(post))
    for state in (Comment.State.PENDING, Comment.State.SPAM, Comment.State.TRASH):
        Comment.objects.update(state=state)
        assert fault(web.url("/page"), here(post)).faultCode == 48


def test_an_imported_pingback_is_48(post, web):
    make_comment(post, kind=Comment.Kind.PINGBACK, source_url=web.url("/page"))
    assert fault(web.url("/page"), here(post)).faultCode == 48


def test_a_page_does_not_ping_itself(post):
    assert fault(here(post), here(post)).faultCode in (0, 33)
    SiteSettings.objects.update_or_create(pk=1, defaults={"pings_itself": True})
    assert fault(here(post), here(post)).faultCode == 0


@pytest.mark.parametrize(
    ("status", "code"), [(404, 16), (410, 16), (500, 50), (503, 50), (403, 50)]
)
def test_a_source_that_answers_otherwise(post, web, status, code):
    page = linking(post)
    web.answers["/page"] = lambda handler: answer(handler, status, page)
    found = fault(web.url("/page"), here(post))
    assert found.faultCode == code
    assert str(status) in found.faultString


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<p>{}</p>",
        "<!-- <a href='{}'>said</a> -->",
        "&lt;a href='{}'&gt;said&lt;/a&gt;",
        "<script>'<a href=\"{}\">'</script>",
        "<textarea><a href='{}'>said</a></textarea>",
        "<a href='{}x'>said</a>",
        "<a name='{}'>said</a>",
        "<a href='https://elsewhere.example/?u={}'>said</a>",
    ],
)
def test_a_source_without_a_link_is_17(post, web, markup):
    web.answers["/page"] = markup.format(here(post)).encode()
    assert fault(web.url("/page"), here(post)).faultCode == 17


def test_a_source_whose_link_comes_later_may_try_again(post, web):
    web.answers["/page"] = b"Soon."
    assert fault(web.url("/page"), here(post)).faultCode == 17
    web.answers["/page"] = linking(post)
    assert "registered" in caller().pingback.ping(web.url("/page"), here(post))


@pytest.mark.parametrize("is_announced", [True, False])
def test_a_source_of_5_mb_is_50(post, web, is_announced):
    page = linking(post) + b" " * (5 * 2**20)

    def send(handler):
        if is_announced:
            answer(handler, 200, page)
        else:
            handler.send_response(200)
            handler.end_headers()
            handler.wfile.write(page)

    web.answers["/page"] = send
    assert fault(web.url("/page"), here(post)).faultCode == 50


def drip(handler, start: bytes, piece: bytes) -> None:
    """A piece every while, for as long as somebody reads."""
    handler.wfile.write(start)
    for _ in range(600):
        handler.wfile.write(piece)
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\n", b"X-More: x\r\n"),
        (b"", b""),
    ],
    ids=["body", "announced body", "headers", "nothing"],
)
def test_a_source_that_never_ends_is_50(post, web, monkeypatch, start, piece):
    monkeypatch.setattr(verify, "fetch", partial(fetching.fetch, seconds=0.5))
    web.answers["/page"] = lambda handler: drip(handler, start, piece)
    started = time.monotonic()
    assert fault(web.url("/page"), here(post)).faultCode == 50
    assert time.monotonic() - started < 10


def test_a_source_behind_ten_redirects_is_50(post, web):
    for number in range(10):
        web.answers[f"/{number}"] = redirect(f"/{number + 1}")
    web.answers["/10"] = linking(post)
    found = fault(web.url("/0"), here(post))
    assert (found.faultCode, "redirects" in found.faultString) == (50, True)
    assert len(web.knocks) < 10


def test_a_source_behind_two_redirects_is_read(post, web):
    web.answers |= {"/0": redirect("/1"), "/1": redirect("/2"), "/2": linking(post)}
    caller().pingback.ping(web.url("/0"), here(post))
    assert Comment.objects.get().source_url == web.url("/0")


@pytest.mark.parametrize(
    "source",
    [
        "http://10.0.0.1/page",
        "http://172.16.0.1/page",
        "http://192.168.1.1/page",
        "http://100.64.0.1/page",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/page",
        "http://127.0.0.1:9/page",
        "http://[::1]/page",
        "http://[::ffff:127.0.0.1]/page",
        "http://[::127.0.0.1]/page",
        "http://[64:ff9b::7f00:1]/page",
        "http://[fd00::1]/page",
        "http://0x7f.1/page",
        "http://0177.0.0.1/page",
        "http://2130706433/page",
        "http://127.1/page",
        "http://0/page",
        f"http://{PUBLIC}:8080/page",
        f"http://user:pw@{PUBLIC}/page",
        f"http://user@{PUBLIC}/page",
        f"ftp://{PUBLIC}/page",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,page",
        "//away.example/page",
        "page",
        "",
        "http://",
        "http://[::1/page",
        f"http://{PUBLIC}/\r\nX-Evil: 1",
        f"http://{PUBLIC}\\@127.0.0.1/",
    ],
)
def test_a_source_nobody_may_be_sent_to_is_16(post, web, source):
    found = fault(source, here(post))
    assert found.faultCode == 16
    assert found.faultString.startswith("Your page can’t be looked at.")
    assert web.knocks == []


def test_the_opened_port_of_the_tests_is_no_way_to_others(post, web, settings):
    settings.FETCH_LOOPBACK_PORTS = set()
    assert fault(web.url("/page"), here(post)).faultCode == 16
    assert web.knocks == []


def test_a_name_that_means_a_machine_inside_is_16(post, names):
    for address in ("10.0.0.1", "127.0.0.1", "::1", "169.254.169.254"):
        names["away.example"] = [[address]]
        found = fault(f"http://away.example/{address}", here(post))
        assert found.faultCode == 16
        assert address in found.faultString


def test_a_name_with_one_address_inside_is_16(post, names):
    names["away.example"] = [[PUBLIC, "10.0.0.1"]]
    assert fault("http://away.example/page", here(post)).faultCode == 16


def test_a_name_that_is_public_first_and_private_then(post, names, monkeypatch):
    """What is looked up is what is connected to: there is no second look."""
    names["away.example"] = [[PUBLIC], ["127.0.0.1"]]
    tried = []

    def connect(self, address):
        tried.append(address[0])
        raise ConnectionRefusedError("Nobody is there.")

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert fault("http://away.example/page", here(post)).faultCode == 50
    assert tried == [PUBLIC]
    assert fault("http://away.example/page", here(post)).faultCode == 16
    assert tried == [PUBLIC]


def test_a_name_nobody_has_is_16(post, monkeypatch):
    def look_up(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert fault("http://away.example/page", here(post)).faultCode == 16


@pytest.mark.parametrize(
    "place",
    [
        "http://10.0.0.1/",
        "http://127.0.0.1:9/",
        "http://[::1]/",
        "http://169.254.169.254/",
        "http://0x7f.1/",
        "ftp://away.example/",
        "file:///etc/passwd",
    ],
)
def test_a_redirect_to_where_nobody_may_be_sent_is_16(post, web, place):
    web.answers["/page"] = redirect(place)
    assert fault(web.url("/page"), here(post)).faultCode == 16
    assert len(web.knocks) == 1


def test_while_two_pages_are_slow_the_next_is_noted(post, web, run_tasks, monkeypatch):
    """Whoever names slow pages must not hold all threads of the server."""
    web.answers["/page"] = linking(post)
    for _ in range(xmlrpc.MAX_LOOKS_AT_ONCE):
        assert xmlrpc._looks.acquire(blocking=False)
    try:
        answered = caller().pingback.ping(web.url("/page"), here(post))
    finally:
        for _ in range(xmlrpc.MAX_LOOKS_AT_ONCE):
            xmlrpc._looks.release()
    assert "will be verified" in answered
    assert web.knocks == []
    run_tasks()
    assert Comment.objects.get().source_url == web.url("/page")


def test_a_refused_ping_makes_room_for_the_next(post, web):
    for number in range(xmlrpc.MAX_LOOKS_AT_ONCE + 1):
        assert fault(web.url(f"/{number}"), here(post)).faultCode == 16
    web.answers["/page"] = linking(post)
    assert "registered" in caller().pingback.ping(web.url("/page"), here(post))


def test_several_in_one_call_are_verified_afterwards(post, web, run_tasks):
    calls = client.MultiCall(caller())
    for name in ("a", "b"):
        web.answers[f"/{name}"] = linking(post)
        calls.pingback.ping(web.url(f"/{name}"), here(post))
    assert all("will be verified" in answered for answered in calls())
    run_tasks()
    assert Comment.objects.filter(kind=Comment.Kind.PINGBACK).count() == 2
