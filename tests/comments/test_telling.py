"""Telling another blog, and what its answers mean, over a real server."""

from datetime import timedelta
from urllib.parse import parse_qs
from xmlrpc.client import Fault, dumps
from xmlrpc.server import SimpleXMLRPCDispatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.pings import pingback, trackback, webmention
from comments.pings.answers import plain
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


@pytest.mark.parametrize("place", ["http://[::1", "javascript:alert(1)", "/" * 9999])
def test_a_verdict_nobody_can_read_is_none(web, place):
    web.answers["/endpoint"] = lambda handler: answer(handler, 201, Location=place)
    assert webmention.tell(web.url("/endpoint"), SOURCE, TARGET) is None


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


def test_an_answer_without_end_is_success_all_the_same(web):
    """It was taken: to say it was not would send it again."""

    def pour(handler):
        handler.send_response(202)
        handler.end_headers()
        while True:
            handler.wfile.write(b"Thanks. " * 8192)

    web.answers["/endpoint"] = pour
    webmention.tell(web.url("/endpoint"), SOURCE, TARGET)


def test_the_request_says_who_asks_and_why(web):
    web.answers["/endpoint"] = b"Thanks."
    webmention.tell(web.url("/endpoint"), SOURCE, TARGET)
    sent = web.knocks[0].headers
    assert f"sending a webmention from {SOURCE}" in sent["User-Agent"]


class _Blog:
    """Python's own XML-RPC server, as another blog; `says` is what it does."""

    def __init__(self, says):
        self.says, self.calls = says, []

    def __call__(self, handler):
        dispatcher = SimpleXMLRPCDispatcher(allow_none=False, encoding="utf-8")
        dispatcher.register_function(self.ping, "pingback.ping")
        body = dispatcher._marshaled_dispatch(handler.server.web.knocks[-1].body)
        answer(handler, body=body, Content_Type="text/xml")

    def ping(self, source, target):
        self.calls.append((source, target))
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


def test_a_pingback_is_a_call_another_blog_understands(web):
    web.answers["/rpc"] = blog = _Blog("Registered. Keep the web talking!")
    sent = []
    pingback.tell(web.url("/rpc"), SOURCE, TARGET, lambda: sent.append(1))
    assert blog.calls == [(SOURCE, TARGET)]
    assert sent == [1]
    assert web.knocks[0].headers["Content-Type"] == "text/xml"


def test_a_pingback_known_already_is_done(web):
    web.answers["/rpc"] = _Blog(Fault(48, "Already registered."))
    pingback.tell(web.url("/rpc"), SOURCE, TARGET)


@pytest.mark.parametrize(
    ("code", "is_final", "words"),
    [
        (0, False, "It refused, without a reason of the protocol’s (fault 0): Hm!"),
        (16, True, "It found no page at our address (fault 16): Hm!"),
        (17, True, "It found no link to its page on ours (fault 17): Hm!"),
        (32, True, "It has no page at that address (fault 32): Hm!"),
        (33, True, "That page takes no pings (fault 33): Hm!"),
        (49, True, "It takes no pings from us (fault 49): Hm!"),
        (50, False, "(fault 50): Hm!"),
        (-32601, True, "It refused (fault -32601): Hm!"),
    ],
)
def test_a_fault_is_told_in_words(web, code, is_final, words):
    web.answers["/rpc"] = _Blog(Fault(code, "<b>Hm!</b>"))
    with pytest.raises(Undelivered) as caught:
        pingback.tell(web.url("/rpc"), SOURCE, TARGET)
    assert caught.value.is_final == is_final
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("status", "is_final"), [(200, True), (403, True), (429, False), (502, False)]
)
def test_an_answer_that_is_no_xml_rpc_is_judged_by_its_status(web, status, is_final):
    web.answers["/rpc"] = lambda handler: answer(handler, status, b"<p>Hello!")
    with pytest.raises(Undelivered) as caught:
        pingback.tell(web.url("/rpc"), SOURCE, TARGET)
    assert caught.value.is_final == is_final


def test_a_fault_counts_whatever_its_status(web):
    fault = dumps(Fault(17, "No link.")).encode()
    web.answers["/rpc"] = lambda handler: answer(handler, 500, fault)
    with pytest.raises(Undelivered, match="fault 17"):
        pingback.tell(web.url("/rpc"), SOURCE, TARGET)


def test_warnings_before_the_answer_are_passed_over(web):
    good = b"<br />\n<b>Deprecated</b>: something\n<?xml version='1.0'?>" + (
        dumps(("Thanks.",), methodresponse=True).partition("?>")[2].encode()
    )
    web.answers["/rpc"] = lambda handler: answer(handler, body=good)
    pingback.tell(web.url("/rpc"), SOURCE, TARGET)


def say(error, message=""):
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\n<response><error>'
        f"{error}</error>{message and f'<message>{message}</message>'}</response>"
    )
    return lambda handler: answer(handler, body=body.encode(), Content_Type="text/xml")


def track(web, path="/trackback/"):
    trackback.tell(web.url(path), SOURCE, "Gespräche", "Über „Talks“ & so.", "Ours")


def test_a_trackback_is_a_form_in_utf_8(web):
    web.answers["/trackback/"] = say(0)
    track(web)
    knock = web.knocks[0]
    assert knock.headers["Content-Type"] == (
        "application/x-www-form-urlencoded; charset=utf-8"
    )
    assert parse_qs(knock.body.decode("ascii")) == {
        "url": [SOURCE],
        "title": ["Gespräche"],
        "excerpt": ["Über „Talks“ & so."],
        "blog_name": ["Ours"],
    }


def test_a_trackback_refused_says_why(web):
    web.answers["/trackback/"] = say(1, "Sorry, &lt;i&gt;closed&lt;/i&gt;.")
    with pytest.raises(Undelivered) as caught:
        track(web)
    assert caught.value.is_final
    assert caught.value.message == "It answered: Sorry, closed."


BOMB = b"""<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<response><error>0</error><message>&b;</message></response>"""


@pytest.mark.parametrize(
    "body", [b"<!doctype html><p>My post", b"", b"<response></response>", b"\0", BOMB]
)
def test_a_page_that_answers_anybody_has_taken_no_trackback(web, body):
    web.answers["/trackback/"] = body
    with pytest.raises(Undelivered, match="address for trackbacks") as caught:
        track(web)
    assert caught.value.is_final


def test_a_trackback_to_who_is_down_is_tried_again(web):
    web.answers["/trackback/"] = lambda handler: answer(handler, 503, b"Later.")
    with pytest.raises(Undelivered, match="503: Later") as caught:
        track(web)
    assert not caught.value.is_final


@given(st.text())
def test_what_they_say_is_one_short_line_whatever_it_is(text):
    line = plain(text)
    assert len(line) <= 200
    assert all(sign.isprintable() for sign in line)


def test_what_they_say_is_cut_and_turns_nothing():
    assert plain("no" * 4000) == "no" * 99 + "n…"
    assert plain("a\u202eb\u0000c<script>alert(1)</script>d &lt;e&gt;") == (
        "a b c d <e>"
    )
    assert plain("<head><style>p{}</style></head><p>No <b>link") == "No link"
