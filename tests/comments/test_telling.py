"""Telling another blog, and what its answers mean, over a real server."""

from datetime import timedelta

import pytest

from comments.pings import webmention
from comments.pings.delivery import Undelivered
from tests.web import answer, redirect

SOURCE = "https://our.example/2006/11/30/talks/"
TARGET = "https://their.example/talks/"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_success_is_one(web, status):
    web.answers["/endpoint"] = lambda handler: answer(handler, status)
    assert webmention.tell(web.url("/endpoint"), SOURCE, TARGET) is None


def test_it_gives_back_where_the_verdict_will_be(web):
    web.answers["/endpoint"] = lambda handler: answer(handler, 201, Location="/said/12")
    told = webmention.tell(web.url("/endpoint"), SOURCE, TARGET)
    assert told == web.url("/said/12")


def test_a_refusal_is_final_and_says_what_they_said(web):
    web.answers["/endpoint"] = lambda handler: answer(
        handler,
        400,
        b"<html><head><title>No</title></head><p>There is <b>no</b> link\x00 to us.",
        Content_Type="text/html",
    )
    with pytest.raises(Undelivered) as caught:
        webmention.tell(web.url("/endpoint"), SOURCE, TARGET)
    assert caught.value.is_final
    assert caught.value.message == "It answered 400: There is no link to us."


@pytest.mark.parametrize(
    ("status", "wait", "after"),
    [
        (429, "120", timedelta(minutes=2)),
        (503, None, None),
        (500, "soon", None),
        (503, "Thu, 01 Jan 1970 00:00:00 GMT", timedelta()),
    ],
)
def test_who_is_busy_is_asked_again(web, status, wait, after):
    headers = {"Retry_After": wait} if wait else {}
    web.answers["/endpoint"] = lambda handler: answer(handler, status, **headers)
    with pytest.raises(Undelivered) as caught:
        webmention.tell(web.url("/endpoint"), SOURCE, TARGET)
    assert not caught.value.is_final
    assert caught.value.after == after


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_an_endpoint_that_moved_is_told_where_it_is_now(web, status):
    web.answers["/endpoint"] = redirect("/moved", status)
    web.answers["/moved"] = lambda handler: answer(handler, 202)
    webmention.tell(web.url("/endpoint"), SOURCE, TARGET)
    assert [knock.method for knock in web.knocks] == ["POST", "POST"]
    assert web.knocks[0].body == web.knocks[1].body != b""
