"""Fetching from the web: how much it reads, and how long it waits."""

import contextlib
import gc
import gzip
import os
import socket
import threading
import time
import zlib
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.fetch import FetchError, FetchFailed, TooLarge, TooSlow, fetch
from tests.web import answer, redirect

PATIENCE_SECONDS = 60


def test_it_reads_no_more_than_it_was_told(web):
    web.answers["/"] = b"x" * 1001
    assert len(fetch(web.url(), max_bytes=1001).body) == 1001
    with pytest.raises(TooLarge):
        fetch(web.url(), max_bytes=1000)


def test_it_gives_back_the_beginning_where_that_is_enough(web):
    web.answers["/"] = b"x" * 70_000
    assert fetch(web.url(), max_bytes=1000, may_cut=True).body == b"x" * 1000
    assert len(fetch(web.url(), may_cut=True).body) == 70_000


def test_an_endless_body_ends(web):
    def pour(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65_536)

    web.answers["/"] = pour
    with pytest.raises(TooLarge):
        fetch(web.url())


def test_nobody_reads_what_a_redirect_says(web):
    """It would be kept in memory, to the last byte, on the way to the next."""
    poured = []

    def pour(handler):
        handler.send_response(302)
        handler.send_header("Location", "/there")
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b"x" * 65_536)
            poured.append(1)

    web.answers["/"] = pour
    web.answers["/there"] = b"There."
    assert fetch(web.url(), max_bytes=100).body == b"There."
    assert len(poured) < 1000


def test_what_was_packed_counts_unpacked(web):
    def packed(data, how="gzip"):
        return lambda handler: answer(handler, body=data, Content_Encoding=how)

    web.answers["/small"] = packed(gzip.compress(b"small"))
    much = b"0" * 50_000_000
    raw = zlib.compressobj(wbits=-15)
    web.answers["/bomb"] = packed(gzip.compress(much))
    web.answers["/zlib"] = packed(zlib.compress(much), "deflate")
    web.answers["/deflate"] = packed(raw.compress(much) + raw.flush(), "deflate")
    web.answers["/twice"] = packed(gzip.compress(gzip.compress(b"0")), "gzip, gzip")
    web.answers["/other"] = packed(b"\x21\x2c\x00\x03small\x03", "br")
    web.answers["/broken"] = packed(b"this is not gzip")
    assert fetch(web.url("/small")).body == b"small"
    for path in ("/bomb", "/zlib", "/deflate"):
        with pytest.raises(TooLarge):
            fetch(web.url(path))
    for path in ("/twice", "/other", "/broken"):
        with pytest.raises(FetchFailed):
            fetch(web.url(path))


class Drip:
    """A server that goes on and on, as long as the test does; at most a minute.

    `ended` says that it was waited for.
    """

    def __init__(self) -> None:
        self.over, self.ended = threading.Event(), threading.Event()

    def pour(self, handler, piece: bytes) -> None:
        for _ in range(1200):
            handler.wfile.write(piece)
            if self.over.wait(0.05):
                return
        self.ended.set()


@pytest.fixture
def drip():
    drip = Drip()
    yield drip
    drip.over.set()


def _slow_status(handler, drip):
    drip.pour(handler, b"H")


def _slow_headers(handler, drip):
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
    drip.pour(handler, b"A: 1\r\nB: 2\r\n")


def _slow_header(handler, drip):
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
    drip.pour(handler, b"A")


def _dripping_body(handler, drip):
    handler.send_response(200)
    handler.end_headers()
    drip.pour(handler, b"x")


def _dripping_chunks(handler, drip):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    drip.pour(handler, b"1\r\nx\r\n")


def _never_done(handler, drip):
    """It might go on for ever: "continue" is no answer yet."""
    drip.pour(handler, b"HTTP/1.1 100 Continue\r\n\r\n")


def _silence(handler, drip):
    drip.pour(handler, b"")


def assert_nobody_reads_on():
    """What was cut leaves no thread behind that goes on reading."""
    for thread in threading.enumerate():
        if thread.name == "fetch":
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive()


@pytest.mark.parametrize(
    "slow",
    [
        _slow_status,
        _slow_headers,
        _slow_header,
        _dripping_body,
        _dripping_chunks,
        _never_done,
        _silence,
    ],
)
def test_nobody_makes_it_wait_longer_than_it_was_told(web, drip, slow):
    web.answers["/slow"] = lambda handler: slow(handler, drip)
    with pytest.raises(TooSlow):
        fetch(web.url("/slow"), seconds=0.4)
    assert_nobody_reads_on()
    assert not drip.ended.is_set()


def test_redirects_share_one_time(web):
    def later(handler):
        time.sleep(0.3)
        redirect("/again")(handler)

    web.answers["/again"] = later
    with pytest.raises(TooSlow):
        fetch(web.url("/again"), seconds=0.7)


def test_a_slow_name_server_is_not_waited_for(monkeypatch):
    over, ended = threading.Event(), threading.Event()

    def look_up(*args, **kwargs):
        over.wait(PATIENCE_SECONDS)
        ended.set()
        raise OSError("There is nobody of that name.")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(TooSlow):
        fetch("http://example.org/", seconds=0.2)
    assert not ended.is_set()
    over.set()
    assert_nobody_reads_on()


def _nobody_answers_the_door(settings):
    """A port whose queue is full: a connection is neither made nor refused."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(0)
    waiting = [socket.socket() for _ in range(3)]
    for visitor in waiting:
        visitor.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            visitor.connect(server.getsockname())
    settings.FETCH_LOOPBACK_PORTS = {server.getsockname()[1]}
    return server.getsockname()[1], [server, *waiting]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux tells")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_who_never_answers_leaves_nothing_behind(settings, scheme):
    """Neither an open file nor a thread, though nobody collects the garbage."""
    port, held = _nobody_answers_the_door(settings)
    silent = socket.create_server(("127.0.0.1", 0))
    settings.FETCH_LOOPBACK_PORTS |= {silent.getsockname()[1]}
    gc.disable()
    try:
        before = len(os.listdir("/proc/self/fd"))
        for place in (port, silent.getsockname()[1]):
            for _ in range(10):
                with pytest.raises(TooSlow):
                    fetch(f"{scheme}://127.0.0.1:{place}/", seconds=0.05)
        assert_nobody_reads_on()
        # What other tests left open may be closed meanwhile.
        assert len(os.listdir("/proc/self/fd")) <= before
    finally:
        gc.enable()
        for one in [silent, *held]:
            one.close()


def test_headers_nobody_understands_leave_no_socket_open(web):
    """An open one that is collected is a warning, and a warning an error here."""
    web.answers["/"] = lambda handler: handler.wfile.write(
        b"HTTP/1.0 200 OK\r\nContent-Length: 3, 4\r\n\r\nabc"
    )
    for _ in range(3):
        with pytest.raises(FetchFailed):
            fetch(web.url())
    gc.collect()


@hypothesis.settings(
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
    max_examples=60,
)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=20),
            st.sampled_from(
                b"HTTP/1.1 |200 OK|302 Found|204|\r\n|\r\n\r\n|Location: //[|Location: "
                b"|Content-Length: -1|Content-Length: 3, 4|Transfer-Encoding: chunked"
                b"|Content-Encoding: gzip|Content-Type: text/html; charset=|5\r\nabcde"
                b"|Set-Cookie: a=b; expires=x|\0|Content-Encoding: deflate".split(b"|")
            ),
        ),
        max_size=12,
    ),
    st.booleans(),
)
def test_whatever_comes_is_an_answer_or_a_named_failure(web, pieces, is_started):
    start = b"HTTP/1.1 200 OK\r\n" if is_started else b""
    web.answers["/"] = lambda handler: handler.wfile.write(start + b"".join(pieces))
    with contextlib.suppress(FetchError):
        fetch(web.url(), seconds=5).text.encode()
