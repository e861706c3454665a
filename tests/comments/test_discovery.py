"""Finding out how a page wants to be told, over a real server, to the last byte."""

from urllib.parse import parse_qs

import pytest

from comments.pings import discover, webmention
from comments.pings.delivery import Endpoint, Undelivered
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


def found(web: Web, path: str = "/page") -> Endpoint | None:
    return discover.look_at(web.url(path), SOURCE)[1]


@pytest.mark.parametrize(
    "offer",
    [
        page(),
        page('<HERE/wrong>; rel="not-webmention"'),
        page('<HERE/wrong>; rel="other"; title="x; rel=webmention"'),
        page('<HERE/wrong>; anchor="/other-page"; rel="webmention"'),
        page("rel=webmention"),
        page("<mailto:us@example.org>; rel=webmention"),
        page(body='<template><a rel="webmention" href="/wrong">x</a></template>'),
        page(body='<noscript><a rel="webmention" href="/wrong">x</a></noscript>'),
        page(body='<script>\'<a rel="webmention" href="/wrong">\'</script>'),
        page(body='<textarea><a rel="webmention" href="/wrong"></textarea>'),
        page(body='<a rel="webmention">no address</a>'),
        page(body='<a rel="webmention" href="javascript:alert(1)">x</a>'),
        page(body='<a rel="pingback" href="/wrong">no link element</a>'),
        page(body='<link rel="webmention" href="http://me:secret@example.org/">'),
        page(body='<a rel="webmention" href="/' + "x" * 2000 + '">too long</a>'),
        lambda handler: answer(
            handler,
            body=b'<a rel="webmention" href="/wrong">shown, not meant</a>',
            Content_Type="text/plain",
        ),
    ],
)
def test_what_offers_nothing(web, offer):
    web.answers["/page"] = offer
    assert found(web) is None


@pytest.mark.parametrize(
    "offer",
    [
        page('<HERE/wrong>; title="a, <b>; c=\\"d\\""; rel="x",<right>;REL=WebMention'),
        page("<HERE/a,b;c?d=<e>; rel=other ,  <right> ; type=a/b ; rel = webmention"),
        page("nonsense, <right>; rel=webmention; rel=other"),
        page('<HERE/wrong>; rel="unfinished', "<right>; rel=webmention"),
        page(body='<base href="/deep/"><link rel="webmention" href="../right">'),
        page(body="<A HREF='right' REL='nofollow\n\tWEBMENTION'>us</A>"),
        page(body="<link rel=webmention href=right />"),
        page(body='<p><b><div><a rel="webmention" href=" right\n">us</b></a>'),
        page(
            body='<a rel="webmention" href="mailto:us">1</a><a rel=webmention href=right>'
        ),
        lambda handler: answer(
            handler,
            body=b'<link rel="webmention" href="right"/>',
            Content_Type="application/xhtml+xml",
        ),
    ],
)
def test_however_it_is_offered(web, offer):
    web.answers["/page"] = offer
    assert found(web) == Endpoint("webmention", web.url("/right"))


def test_an_endpoint_in_another_script(web):
    web.answers["/header"] = page("</é ö>; rel=webmention".encode().decode("latin-1"))
    web.answers["/body"] = page(body='<link rel=webmention href="/é ö?ü">')
    assert found(web, "/header").url == web.url("/%C3%A9%20%C3%B6")
    assert found(web, "/body").url == web.url("/%C3%A9%20%C3%B6?%C3%BC")


def test_a_very_long_page_is_read_from_its_beginning(web):
    web.answers["/page"] = page(
        body='<link rel="webmention" href="right">' + "x" * 1_100_000
    )
    assert found(web) == Endpoint("webmention", web.url("/right"))


@pytest.mark.parametrize(
    ("status", "is_final"), [(404, True), (410, True), (429, False), (503, False)]
)
def test_a_page_that_is_not_there_offers_nothing(web, status, is_final):
    web.answers["/page"] = lambda handler: answer(
        handler, status, Link="</wrong>; rel=webmention"
    )
    with pytest.raises(Undelivered, match=f"The page answered {status}.") as caught:
        found(web)
    assert caught.value.is_final == is_final


def test_the_request_says_who_looks_for_what(web):
    web.answers["/page"] = page()
    found(web)
    agent = web.knocks[0].headers["User-Agent"]
    assert f"looking for a webmention endpoint for {SOURCE}" in agent


@pytest.mark.parametrize(
    "offer",
    [
        page(X_Pingback="HERE/right", body='<link rel="pingback" href="/wrong">'),
        page(body='<link rel="pingback" href="HERE/right" />'),
        page(body="<link href='/right' rel='pingback'>"),
        page(body='<link rel="pingback" href="/right"><link rel=pingback href=/wrong>'),
        page(X_Pingback="", body='<link rel="pingback" href="/right">'),
        lambda handler: answer(
            handler,
            body=b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">'
            b'<head><link rel="pingback" href="/right"/></head></html>',
            Content_Type="application/xhtml+xml; charset=utf-8",
        ),
    ],
)
def test_a_pingback_is_found_the_header_first(web, offer):
    web.answers["/page"] = offer
    assert found(web) == Endpoint("pingback", web.url("/right"))


def test_an_ampersand_in_a_pingback_address_is_one(web):
    web.answers["/page"] = page(
        body='<link rel="pingback" href="HERE/rpc?a=1&amp;b=2">'
    )
    assert found(web).url == web.url("/rpc?a=1&b=2")


def test_a_webmention_is_preferred_to_a_pingback(web):
    web.answers["/page"] = page(
        X_Pingback="HERE/wrong", body='<a rel="webmention" href="/right">us</a>'
    )
    assert found(web) == Endpoint("webmention", web.url("/right"))


def rdf(identifier, ping_url):
    return f"""<!--
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns:dc="http://purl.org/dc/elements/1.1/"
         xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/">
  <rdf:Description rdf:about="{identifier}" dc:identifier="{identifier}"
    dc:title='A &#45;&#45; "title" > others' trackback:ping="{ping_url}" />
</rdf:RDF>
-->"""


def test_a_trackback_is_found_that_is_for_this_page(web):
    web.answers["/page"] = page(
        body=rdf("HERE/other", "HERE/wrong") + rdf("HERE/page#top", "HERE/r?a&amp;b")
    )
    assert found(web) == Endpoint("trackback", web.url("/r?a&b"))


def test_a_trackback_of_an_old_address_is_found_by_it(web):
    here = web.url("").removeprefix("http:")
    web.answers["/"] = redirect("/talks/")
    web.answers["/talks/"] = page(body=rdf(f"https:{here}/?p=12", "HERE/right"))
    assert found(web, "/?p=12") == Endpoint("trackback", web.url("/right"))


@pytest.mark.parametrize(
    "offer",
    [
        page(body=rdf("HERE/other", "HERE/wrong")),
        page(body=rdf("", "HERE/wrong")),
        page(body=rdf("HERE/page", "ftp://example.org/")),
        page(
            body=rdf("HERE/page", "HERE/wrong").replace("<!--", "").replace("-->", "")
        ),
        page(body=rdf("HERE/page", "HERE/wrong").removesuffix("-->")),
    ],
)
def test_what_is_no_trackback_of_this_page(web, offer):
    web.answers["/page"] = offer
    assert found(web) is None


def test_what_is_newer_is_preferred_to_a_trackback(web):
    web.answers["/page"] = page(
        X_Pingback="HERE/right", body=rdf("HERE/page", "HERE/wrong")
    )
    assert found(web) == Endpoint("pingback", web.url("/right"))
