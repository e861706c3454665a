"""Fetching from the web: the moment when the request has left."""

import threading
from types import SimpleNamespace

import pytest

from blog.fetch import FetchFailed, TooSlow, fetch
from tests.web import answer, redirect


def test_it_says_when_the_request_has_left_before_the_answer_comes(web):
    """The server answers only after we noted that it was asked."""
    noted = threading.Event()

    def wait(handler):
        assert noted.wait(60)
        answer(handler, body=b"Thanks.")

    web.answers["/"] = wait
    threads = []

    def note():
        threads.append(threading.current_thread())
        noted.set()

    got = fetch(web.url(), method="POST", data={"a": "1"}, on_sent=note)
    assert got.body == b"Thanks."
    assert threads == [threading.current_thread()]
    assert web.knocks[0].body == b"a=1"


def test_it_says_so_where_no_answer_ever_comes(web, monkeypatch):
    gone, noted = threading.Event(), []
    web.answers["/"] = lambda handler: gone.wait(60)
    # The time is over as soon as the request has left, and not a moment before.
    clock = SimpleNamespace(monotonic=lambda: 1000.0 * len(noted))
    monkeypatch.setattr("blog.fetch.time", clock)
    with pytest.raises(TooSlow):
        fetch(web.url(), method="POST", on_sent=lambda: noted.append(1), seconds=60)
    gone.set()
    assert noted == [1]


def test_it_says_so_once_whatever_the_redirects(web):
    web.answers["/a"] = redirect("/b", 307)
    web.answers["/b"] = b"Here."
    noted = []
    fetch(web.url("/a"), method="POST", on_sent=lambda: noted.append(1))
    assert noted == [1]


def test_nothing_left_where_nobody_was_reached(web):
    noted = []
    with pytest.raises(FetchFailed):
        fetch("http://nobody.invalid/", on_sent=lambda: noted.append(1))
    assert noted == []


def test_what_goes_wrong_while_noting_it_is_heard(web):
    web.answers["/"] = b"Thanks."

    def note():
        raise LookupError("The row is gone.")

    with pytest.raises(LookupError, match="row is gone"):
        fetch(web.url(), on_sent=note)
