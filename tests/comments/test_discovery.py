"""Finding out how a page wants to be told, over a real server, to the last byte."""

from urllib.parse import parse_qs

import pytest

from comments.pings import discover, webmention
from tests.web import Knock, Web, answer, redirect

SOURCE = "https://our.example/2006/11/30/talks/?a=b&c=d"


def page(*links: str, body: str = "", **headers):
    """A page with these Link headers and this body; HERE is the server's address."""

    def respond(handler):
        here = "http://" + handler.headers["Host"]
        handler.send_response(200)
        for name, value in [("Link", link) for link in links] + list(headers.items()):
            handler.send_header(name.replace("_", "-"), value.replace("HERE", here))
        markup = f"<!doctype html><title>A page</title><body>{body}</body>"
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.end_headers()
        handler.wfile.write(markup.replace("HERE", here).encode())

    return respond


def tell(web: Web, path: str) -> Knock:
    """Look at the page, tell it, and give back what came in at its endpoint."""
    target = web.url(path)
    _, endpoint = discover.look_at(target, SOURCE)
    assert endpoint is not None
    assert endpoint.protocol == "webmention"
    webmention.tell(endpoint.url, SOURCE, target)
    knock = web.knocks[-1]
    assert knock.method == "POST"
    assert knock.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(knock.body.decode()) == {"source": [SOURCE], "target": [target]}
    return knock


def taken(handler):
    answer(handler, 202, b"Accepted.")


# The numbers are those of the well-known list of discovery cases.
CASES = {
    1: page("</post/endpoint>; rel=webmention"),
    2: page("<HERE/post/endpoint>; rel=webmention"),
    3: page(body='<link rel="webmention" href="/post/endpoint">'),
    4: page(body='<link rel="webmention" href="HERE/post/endpoint">'),
    5: page(body='Tell <a rel="webmention" href="/post/endpoint">us</a>.'),
    6: page(body='Tell <a rel="webmention" href="HERE/post/endpoint">us</a>.'),
    7: page(LinK="<HERE/post/endpoint>; rel=webmention"),
    8: page('<HERE/post/endpoint>; rel="webmention"'),
    9: page(body='<link rel="webmention somethingelse" href="HERE/post/endpoint">'),
    10: page('<HERE/post/endpoint>; rel="webmention somethingelse"'),
    11: page(
        "</post/endpoint>; rel=webmention",
        body='<link rel="webmention" href="/wrong">'
        '<a rel="webmention" href="/wrong">us</a>',
    ),
    12: page(
        body='<link rel="not-webmention" href="/wrong">'
        '<link rel="webmention" href="/post/endpoint">'
    ),
    13: page(
        body='<!-- <a href="/wrong" rel="webmention"></a> -->'
        '<a href="/post/endpoint" rel="webmention">us</a>'
    ),
    14: page(
        body='<code>&lt;a href="/wrong" rel="webmention"&gt;&lt;/a&gt;</code>'
        '<a href="/post/endpoint" rel="webmention">us</a>'
    ),
    16: page(
        body='<a rel="webmention" href="/post/endpoint">us</a>'
        '<link rel="webmention" href="/wrong">'
    ),
    17: page(
        body='<link rel="webmention" href="/post/endpoint">'
        '<a rel="webmention" href="/wrong">us</a>'
    ),
    18: page(
        "<HERE/wrong>; rel=other",
        "<HERE/post/endpoint>; rel=webmention",
    ),
    19: page("<HERE/wrong>; rel=other, <HERE/post/endpoint>; rel=webmention"),
    20: page(
        body='<link rel="webmention"><a rel="webmention" href="/post/endpoint">us</a>'
    ),
    22: page(body='<link rel="webmention" href="22/endpoint">'),
}


@pytest.mark.parametrize("number", CASES)
def test_it_finds_the_endpoint(web, number):
    expected = "/post/22/endpoint" if number == 22 else "/post/endpoint"
    web.answers[f"/post/{number}"] = CASES[number]
    web.answers[expected] = taken
    assert tell(web, f"/post/{number}").path == expected


def test_15_an_empty_address_is_the_page_itself(web):
    form = page(body='<link rel="webmention" href="">')

    def respond(handler):
        (taken if handler.command == "POST" else form)(handler)

    web.answers["/post/15"] = respond
    assert tell(web, "/post/15").path == "/post/15"


def test_21_the_endpoint_keeps_its_query(web):
    web.answers["/post/21"] = page(
        body='<link rel="webmention" href="/endpoint?query=yes&amp;more=1">'
    )
    web.answers["/endpoint"] = taken
    assert tell(web, "/post/21").path == "/endpoint?query=yes&more=1"


def test_23_a_page_that_moved_and_can_be_fetched_but_once(web):
    """The endpoint stands where the redirect ends, not beside where it began."""
    visits = []

    def once(handler):
        visits.append(handler.command)
        if len(visits) > 1:
            return answer(handler, 410)
        return page(body='<link rel="webmention" href="endpoint/secret">')(handler)

    web.answers["/post/23/page"] = redirect("/deep/below/once")
    web.answers["/deep/below/once"] = once
    web.answers["/deep/below/endpoint/secret"] = taken
    assert tell(web, "/post/23/page").path == "/deep/below/endpoint/secret"
    assert visits == ["GET"]
