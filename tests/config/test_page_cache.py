"""The page cache around a small application: what is kept, for whom, and how it is told."""

import gzip
import threading
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from wsgiref.util import setup_testing_defaults

import brotli
import pytest
import zstandard
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from blog import freshness
from blog.generations import Turning
from config.kept_pages import KeptPages, Page, encoding_of
from config.page_cache import PageCache
from tests.builders import make_post

pytestmark = pytest.mark.django_db

TEXT = "Nobody at the table had slept well. " * 40
HTML = [("Content-Type", "text/html; charset=utf-8")]


class Counted:
    """Generations that change when the test says so; None: unknown."""

    def __init__(self):
        self.now = 1

    def current(self):
        return self.now


class Blog:
    """An application that counts what it makes, behind a cache."""

    def __init__(self, max_bytes=1_000_000):
        self.made = []
        self.status, self.headers, self.text = "200 OK", list(HTML), TEXT
        self.generations = Counted()
        self.cache = PageCache(self._make, Turning(self.generations), max_bytes)

    def _make(self, environ, start_response):
        self.made.append(environ)
        self.before_answer()
        body = f"{self.text} {len(self.made)}".encode()
        length = ("Content-Length", str(len(body)))
        start_response(self.status, [*self.headers, length])
        return [body]

    def before_answer(self):
        pass

    def get(self, path="/", query="", method="GET", **headers):
        environ = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method}
        environ |= {f"HTTP_{name.upper()}": told for name, told in headers.items()}
        setup_testing_defaults(environ)
        return Answer(self.cache, environ)


class Answer:
    def __init__(self, application, environ):
        body = application(environ, self._started)
        self.body = b"".join(body)

    def _started(self, status, headers, exc_info=None):
        self.status, self.headers = status, {k.lower(): v for k, v in headers}

    @property
    def text(self):
        encoding = self.headers.get("content-encoding", "")
        undo = {
            "": bytes,
            "br": brotli.decompress,
            "gzip": gzip.decompress,
            "zstd": lambda body: (
                zstandard.ZstdDecompressor().stream_reader(BytesIO(body)).read()
            ),
        }
        return undo[encoding](self.body).decode()


@pytest.fixture
def blog():
    return Blog()


def test_a_page_is_made_once_in_a_generation(blog):
    first, second = blog.get(), blog.get()
    assert first.text == second.text
    assert len(blog.made) == 1
    blog.generations.now = 2
    assert blog.get().text != first.text
    assert len(blog.made) == 2


def test_who_comes_late_from_the_generation_before_throws_away_nothing():
    """They asked before a change, and come to the pages after who asked since."""
    blog = Blog()
    numbers = iter([2, 1, 2])
    blog.cache._generations = SimpleNamespace(
        current=lambda: next(numbers), name_of=lambda number: None
    )
    assert len({blog.get().text for _ in range(3)}) == 1
    assert len(blog.made) == 1


def test_while_the_generation_is_unknown_pages_are_made(blog):
    blog.get()
    blog.generations.now = None
    blog.get()
    blog.get()
    assert len(blog.made) == 3
    blog.generations.now = 1
    blog.get()
    assert len(blog.made) == 3


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("zstd", "zstd"),
        ("gzip;q=0.5, zstd;q=0.9", "zstd"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("identity", ""),
        ("", ""),
        ("br;q=nonsense, gzip;q=0.1", "gzip"),
    ],
)
def test_each_gets_the_encoding_they_take(blog, accepted, encoding):
    answer = blog.get(accept_encoding=accepted)
    assert answer.headers.get("content-encoding", "") == encoding
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.text == f"{TEXT} 1"
    assert "Accept-Encoding" in answer.headers["vary"]


@given(st.text(max_size=60))
def test_any_accepted_encodings_choose_one_there_is(accepted):
    assert encoding_of(accepted) in {"br", "zstd", "gzip", ""}


def test_who_has_it_is_told_so_in_few_bytes(blog):
    etag = blog.get(accept_encoding="br").headers["etag"]
    again = blog.get(accept_encoding="gzip", if_none_match=f'"other", {etag}')
    assert again.status == "304 Not Modified"
    assert again.body == b""
    assert again.headers["etag"] == etag
    assert "content-length" not in again.headers
    blog.generations.now = 2
    assert blog.get(if_none_match=etag).status == "200 OK"


def test_a_date_is_good_where_there_is_no_etag(blog):
    blog.headers.append(("Last-Modified", "Thu, 30 Nov 2006 12:00:00 GMT"))
    said = {"if_modified_since": "Thu, 30 Nov 2006 12:00:00 GMT"}
    assert blog.get(**said).status == "304 Not Modified"
    assert blog.get(if_none_match='"other"', **said).status == "200 OK"
    assert blog.get(if_modified_since="no date").status == "200 OK"
    # What was newest then may have been taken back.
    later = "Thu, 30 Nov 2006 12:00:01 GMT"
    assert blog.get(if_modified_since=later).status == "200 OK"


@pytest.mark.parametrize(
    "date",
    [
        "Thu, 30 Nov 99999999999999999999 12:00:00 GMT",
        "Thu, 30 Nov 2006 12:00:00 +99999999999999999999",
        f"Thu, 30 Nov {'9' * 5000} 12:00:00 GMT",
        "Thu, 30 Nov 2006 12:00:00 -0000",
    ],
)
def test_a_date_that_no_calendar_has_is_none(blog, date):
    blog.headers.append(("Last-Modified", "Thu, 30 Nov 2006 12:00:00 GMT"))
    assert blog.get(if_modified_since=date).status == "200 OK"


def test_head_is_answered_without_a_body(blog):
    head, page = blog.get(method="HEAD"), blog.get()
    assert head.body == b""
    assert head.headers == page.headers
    assert len(blog.made) == 1


@pytest.mark.parametrize("cookie", ["sessionid=x", "a=b; unlock-12=x", "messages=x"])
def test_who_brings_a_cookie_of_ours_has_pages_of_their_own(blog, cookie):
    blog.get()
    assert blog.get(cookie=cookie).headers["cache-control"] == "private, no-cache"
    assert len(blog.made) == 2
    assert blog.made[1]["HTTP_COOKIE"] == cookie


def test_what_is_one_persons_does_not_come_into_a_kept_page(blog):
    blog.get(cookie="tracker=1", if_none_match='"x"', accept_encoding="br", range="x")
    [environ] = blog.made
    named = {"HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_ACCEPT_ENCODING", "HTTP_RANGE"}
    assert not named & set(environ)
    blog.get(cookie="tracker=2")
    assert len(blog.made) == 1


def test_what_counts_followers_makes_no_page_of_its_own(blog):
    blog.get()
    blog.get(query="utm_source=mail&fbclid=x")
    assert len(blog.made) == 1
    blog.get(query="replytocom=12&utm_source=mail")
    assert blog.made[1]["QUERY_STRING"] == "replytocom=12"
    blog.get(query="replytocom=12")
    assert len(blog.made) == 2


def test_a_query_nobody_knows_is_answered_and_not_kept(blog):
    blog.get(query="own=secret")
    blog.get(query="own=secret")
    assert len(blog.made) == 2
    assert blog.made[0]["QUERY_STRING"] == "own=secret"


def test_what_is_not_kept_here_is_kept_by_nobody_else(blog):
    """A proxy in front may ask neither for a cookie nor for what follows `?`."""
    alone = "private, no-cache"
    assert (
        blog.get(query="own=x", cookie="unlock-1=x").headers["cache-control"] == alone
    )
    assert blog.get("/accounts/comments/").headers["cache-control"] == alone
    assert blog.get(authorization="Basic x").headers["cache-control"] == alone
    blog.generations.now = None
    assert blog.get().headers["cache-control"] == alone


@pytest.mark.parametrize(
    "header",
    [
        ("Set-Cookie", "a=b"),
        ("Cache-Control", "no-store"),
        ("Cache-Control", "private"),
        ("Vary", "User-Agent"),
    ],
)
def test_what_may_not_be_kept_is_not(blog, header):
    blog.headers.append(header)
    blog.get()
    answer = blog.get()
    assert len(blog.made) == 2
    assert answer.headers[header[0].lower()] == header[1]


@pytest.mark.parametrize(
    ("status", "count"),
    [
        ("301 Moved Permanently", 1),
        ("404 Not Found", 1),
        ("410 Gone", 1),
        ("302 Found", 2),
        ("403 Forbidden", 2),
        ("500 Internal Server Error", 2),
        ("503 Service Unavailable", 2),
    ],
)
def test_errors_are_kept_only_where_nothing_is(blog, status, count):
    blog.status = status
    blog.get()
    assert blog.get().status == status
    assert len(blog.made) == count


@pytest.mark.parametrize(
    "path", ["/admin/", "/accounts/login/", "/search/", "/readyz", "/media/a.jpg"]
)
def test_some_addresses_are_never_kept(blog, path):
    blog.get(path)
    blog.get(path)
    assert len(blog.made) == 2


def test_what_is_sent_is_not_kept(blog):
    blog.get(method="POST")
    blog.get(method="POST")
    assert len(blog.made) == 2


def test_hosts_and_schemes_are_kept_apart(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    blog = Blog()
    blog.get(host="one.example")
    blog.get(host="two.example")
    blog.get(host="two.example", x_forwarded_proto="https")
    assert len(blog.made) == 3


def test_a_feed_is_kept_for_browsers_and_for_readers(blog):
    blog.headers.append(("Vary", "Accept"))
    blog.get("/feed/", accept="text/html")
    blog.get("/feed/", accept="application/rss+xml")
    answer = blog.get("/feed/", accept="text/html")
    assert len(blog.made) == 2
    assert "Accept," in answer.headers["vary"] + ","


def test_a_page_that_was_made_until_a_moment_is_made_anew_after_it(blog):
    blog.before_answer = lambda: freshness.good_until(timezone.now())
    blog.get()
    blog.get()
    assert len(blog.made) == 2
    blog.before_answer = lambda: freshness.good_until(
        timezone.now() + timedelta(hours=1)
    )
    blog.get()
    blog.get()
    assert len(blog.made) == 3


def test_a_page_holds_until_the_next_post_appears_by_itself(blog):
    made_at = []
    blog.before_answer = lambda: made_at.append(timezone.now())
    make_post("Later", published_at=timezone.now() + timedelta(hours=1))
    blog.get()
    blog.get()
    assert len(made_at) == 1
    blog.generations.now = 2
    appears_at = timezone.now() + timedelta(seconds=1)
    make_post("Soon", published_at=appears_at)
    while timezone.now() <= appears_at:
        blog.get()
    blog.get()
    assert made_at[-1] >= appears_at


def test_a_thousand_at_once_cost_one_page(blog):
    everybody_is_here, landed = threading.Event(), []
    blog.before_answer = lambda: everybody_is_here.wait(60)

    def visit():
        landed.append(blog.get().text)
        connection.close()

    visitors = [threading.Thread(target=visit) for _ in range(1000)]
    for visitor in visitors:
        visitor.start()
    everybody_is_here.set()
    for visitor in visitors:
        visitor.join()
    assert len(blog.made) == 1
    assert landed == [f"{TEXT} 1"] * 1000


def test_who_waits_for_a_page_that_fails_has_it_made(blog):
    begun, others_wait = threading.Event(), threading.Event()

    def fail_first():
        if len(blog.made) == 1:
            begun.set()
            others_wait.wait(60)
            raise RuntimeError("the first one fails")

    blog.before_answer = fail_first
    failed = []

    def first():
        try:
            blog.get()
        except RuntimeError as error:
            failed.append(error)
        connection.close()

    leader = threading.Thread(target=first)
    leader.start()
    begun.wait(60)
    found = []

    def second():
        answer = blog.get()
        found.append((answer.text, answer.headers["cache-control"]))
        connection.close()

    follower = threading.Thread(target=second)
    follower.start()
    others_wait.set()
    leader.join()
    follower.join()
    assert failed
    assert found == [(f"{TEXT} 2", "private, no-cache")]


def test_what_is_no_text_goes_out_as_it_is(blog):
    blog.headers = [("Content-Type", "image/png")]
    answer = blog.get(accept_encoding="br")
    assert "content-encoding" not in answer.headers


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9000)), max_size=80))
def test_so_many_bytes_are_kept_and_no_more(asked):
    pages = KeptPages(100_000)
    for key, length in asked:
        page = Page("200 OK", [("Content-Type", "image/png")], b"x" * length)
        pages.put(key, page)
        kept = {key: pages.get(key) for key in range(41)}
        assert sum(page.size for page in kept.values() if page) <= 100_000


def test_what_is_asked_for_stays_longer(blog):
    pages = KeptPages(30_000)
    for key in range(4):
        pages.put(key, Page("200 OK", [("Content-Type", "image/png")], b"x" * 500))
    pages.get(0).was_used = True
    for key in range(4, 10):
        pages.put(key, Page("200 OK", [("Content-Type", "image/png")], b"x" * 500))
    assert pages.get(0)
    assert not pages.get(1)


def test_what_is_missing_crowds_out_no_page():
    blog = Blog(max_bytes=400_000)
    blog.get("/kept/")
    blog.status = "404 Not Found"
    for number in range(200):
        blog.get(f"/nothing/{number}/")
    blog.status = "200 OK"
    blog.get("/kept/")
    assert len(blog.made) == 201


def test_in_debug_each_page_says_what_it_took(settings):
    settings.DEBUG = True
    blog = Blog()
    assert 'desc="made"' in blog.get().headers["server-timing"]
    assert 'desc="kept"' in blog.get().headers["server-timing"]
    settings.DEBUG = False
    assert "server-timing" not in Blog().get().headers


def test_what_a_page_is_kept_by_takes_room_too():
    blog = Blog(max_bytes=100_000)
    for _ in range(2):
        blog.get("/feed/", accept="text/html," * 2000)
    assert len(blog.made) == 2
    for _ in range(2):
        blog.get("/feed/", accept="text/html")
    assert len(blog.made) == 3
