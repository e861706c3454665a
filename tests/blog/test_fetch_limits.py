"""Fetching from the web: how much it reads, and how long it waits."""

import gzip
import socket
import threading
import time

import pytest

from blog.fetch import FetchFailed, TooLarge, TooSlow, fetch
from tests.web import answer, redirect


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
    web.answers["/bomb"] = packed(gzip.compress(b"0" * 50_000_000))
    web.answers["/twice"] = packed(gzip.compress(gzip.compress(b"0")), "gzip, gzip")
    web.answers["/other"] = packed(b"\x21\x2c\x00\x03small\x03", "br")
    web.answers["/broken"] = packed(b"this is not gzip")
    assert fetch(web.url("/small")).body == b"small"
    with pytest.raises(TooLarge):
        fetch(web.url("/bomb"))
    for path in ("/twice", "/other", "/broken"):
        with pytest.raises(FetchFailed):
            fetch(web.url(path))


def _drip(handler, piece, seconds=0.05):
    for _ in range(200):
        handler.wfile.write(piece)
        handler.wfile.flush()
        time.sleep(seconds)


def _slow_status(handler):
    _drip(handler, b"H")


def _slow_headers(handler):
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
    _drip(handler, b"A: 1\r\nB: 2\r\n" if handler.path == "/" else b"A")


def _dripping_body(handler):
    handler.send_response(200)
    handler.end_headers()
    _drip(handler, b"x")


def _silence(handler):
    time.sleep(5)


@pytest.mark.parametrize(
    "slow", [_slow_status, _slow_headers, _dripping_body, _silence]
)
def test_nobody_makes_it_wait_longer_than_it_was_told(web, slow):
    web.answers["/slow"] = slow
    started = time.monotonic()
    with pytest.raises(TooSlow):
        fetch(web.url("/slow"), seconds=0.5)
    assert time.monotonic() - started < 2
    # What was cut leaves no thread behind that goes on reading.
    for thread in threading.enumerate():
        if thread.name == "fetch":
            thread.join(3)
            assert not thread.is_alive()


def test_redirects_share_one_time(web):
    def later(handler):
        time.sleep(0.3)
        redirect("/again")(handler)

    web.answers["/again"] = later
    with pytest.raises(TooSlow):
        fetch(web.url("/again"), seconds=0.7)


def test_a_slow_name_server_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(1.5))
    started = time.monotonic()
    with pytest.raises(TooSlow):
        fetch("http://example.org/", seconds=0.2)
    assert time.monotonic() - started < 1
