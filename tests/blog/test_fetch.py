"""Fetching from the web: what it gives, and what it can't be talked into."""

import socket

import pytest

from blog import fetch as fetching
from blog.fetch import FetchError, FetchFailed, UnsafeURL, fetch
from blog.public_addresses import is_public
from tests.web import answer, redirect

PUBLIC = "93.184.216.34"


@pytest.fixture
def dns(monkeypatch):
    """Names of the test's own: `dns["example.org"] = [["1.2.3.4"], ["127.0.0.1"]]`.

    One list for each look-up, the last for all that follow.
    """
    names, asked = {}, []
    real = socket.getaddrinfo

    def look_up(host, port, *args, **kwargs):
        if host not in names:
            return real(host, port, *args, **kwargs)
        asked.append(host)
        turns = names[host]
        addresses = turns.pop(0) if len(turns) > 1 else turns[0]
        return [
            entry
            for address in addresses
            for entry in real(address, port, type=socket.SOCK_STREAM)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    names["asked"] = asked
    return names


def test_it_gives_back_what_is_there(web):
    web.answers["/page"] = "<p>Grüße</p>".encode()
    got = fetch(web.url("/page"))
    assert (got.status, got.is_ok, got.url) == (200, True, web.url("/page"))
    assert got.text == "<p>Grüße</p>"
    assert got.headers["content-type"] == "text/html; charset=utf-8"


def test_an_error_is_an_answer(web):
    web.answers["/gone"] = lambda handler: answer(handler, 410, b"Gone.")
    got = fetch(web.url("/gone"))
    assert (got.status, got.is_ok, got.body) == (410, False, b"Gone.")


def test_it_says_who_asks_and_for_whom(web, settings):
    settings.SITE_URL = "https://blog.example.org"
    fetch(web.url(), asked_by="verifying a ping from 192.0.2.1\r\nX-Evil: 1")
    sent = web.knocks[0].headers
    assert sent["User-Agent"] == (
        "Quillback (+https://blog.example.org/; "
        "verifying a ping from 192.0.2.1X-Evil: 1)"
    )
    assert "X-Evil" not in sent


def test_it_posts_forms_and_asks_for_heads(web):
    web.answers["/"] = b"Thanks."
    assert fetch(web.url(), method="POST", data={"a": "ü"}).body == b"Thanks."
    assert web.knocks[0].body == b"a=%C3%BC"
    assert fetch(web.url(), method="HEAD").body == b""
    assert web.knocks[1].method == "HEAD"
    with pytest.raises(ValueError, match="DELETE"):
        fetch(web.url(), method="DELETE")


def test_it_follows_redirects_and_tells_where_they_end(web):
    web.answers["/a"] = redirect("b?x=1", 301)
    web.answers["/b"] = redirect("/c", 307)
    web.answers["/c"] = b"Here."
    got = fetch(web.url("/a"))
    assert (got.url, got.body) == (web.url("/c"), b"Here.")


@pytest.mark.parametrize(
    ("status", "method"),
    [(301, "POST"), (302, "POST"), (303, "GET"), (307, "POST"), (308, "POST")],
)
def test_a_form_is_sent_on_unless_the_redirect_says_to_look_only(web, status, method):
    web.answers["/a"] = redirect("/b", status)
    web.answers["/b"] = b"Here."
    fetch(web.url("/a"), method="POST", data={"a": "1"})
    assert web.knocks[1].method == method
    assert bool(web.knocks[1].body) == (method == "POST")


def test_it_walks_five_redirects_and_no_more(web):
    for number in range(11):
        web.answers[f"/{number}"] = redirect(f"/{number + 1}")
    with pytest.raises(FetchFailed, match="redirects"):
        fetch(web.url("/0"))
    assert len(web.knocks) == 6


def test_a_redirect_in_another_script_is_followed(web):
    web.answers["/a"] = redirect("/gr\N{LATIN SMALL LETTER U WITH DIAERESIS}n")
    web.answers["/b"] = redirect("/\u5317".encode().decode("latin-1"))
    web.answers["/gr%C3%BCn"] = web.answers["/%E5%8C%97"] = b"Here."
    assert fetch(web.url("/a")).url == web.url("/gr%C3%BCn")
    assert fetch(web.url("/b")).url == web.url("/%E5%8C%97")


def test_a_redirect_that_leads_nowhere_is_refused(web):
    for number, place in enumerate(["http://[::1/", "http://[x]/", "mailto:a@b"]):
        web.answers[f"/{number}"] = redirect(place)
        with pytest.raises(FetchError):
            fetch(web.url(f"/{number}"))


def test_it_keeps_no_cookie(web):
    web.answers["/a"] = lambda handler: answer(
        handler, 302, Location="/b", Set_Cookie="a=1; Path=/"
    )
    web.answers["/b"] = b"Here."
    fetch(web.url("/a"))
    assert "Cookie" not in web.knocks[1].headers


def test_it_heeds_no_proxy_of_the_environment(web, monkeypatch):
    web.answers["/"] = b"Straight."
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9/")
    assert fetch(web.url()).body == b"Straight."


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0x7f.0.0.1/",
        "http://0/",
        "http://017700000001/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://127.0.0.1:80/",
        "http://%31%32%37.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::127.0.0.1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::ffff:0:127.0.0.1]/",
        "http://[::ffff:93.184.216.34]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b::169.254.169.254]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://10.0.0.1/",
        "http://100.64.0.1/",
        "http://100.100.100.200/latest/meta-data/",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://169.254.169.254/latest/meta-data/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        f"http://{PUBLIC}:8080/",
        f"http://{PUBLIC}:22/",
        f"http://{PUBLIC}:0/",
        f"http://{PUBLIC}:99999/",
        f"http://user@{PUBLIC}/",
        f"http://user:secret@{PUBLIC}/",
        f"http://{PUBLIC}@127.0.0.1/",
        f"http://{PUBLIC}\\@127.0.0.1/",
        f"http://{PUBLIC}/\r\nHost: other",
        " http://127.0.0.1/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "//example.org/",
        "http://",
        "http:///path",
        "http://[::1/",
        "",
    ],
)
def test_it_is_not_sent_where_it_must_not_go(url):
    with pytest.raises(UnsafeURL):
        fetch(url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1.", "１27.0.0.1", "127。0.0.1", "ⓛocalhost", "127.0.0.1%00"]
)
def test_odd_spellings_of_this_machine_lead_nowhere(host, monkeypatch):
    reached = []
    monkeypatch.setattr(socket.socket, "connect", lambda *args: reached.append(args))
    with pytest.raises(FetchError):
        fetch(f"http://{host}/")
    assert reached == []


def test_a_redirect_is_checked_like_the_first_address(web):
    for number, target in enumerate(
        ["http://169.254.169.254/", "http://127.0.0.1:1/", "file:///etc/passwd"]
    ):
        web.answers[f"/{number}"] = redirect(target)
        with pytest.raises(UnsafeURL):
            fetch(web.url(f"/{number}"))


def test_a_name_with_one_private_address_is_refused(dns):
    dns["example.org"] = [[PUBLIC, "10.0.0.1"]]
    with pytest.raises(UnsafeURL, match=r"10\.0\.0\.1"):
        fetch("http://example.org/")


def test_a_name_is_looked_up_once_and_that_is_where_it_goes(dns, monkeypatch):
    """Whoever answers the second look-up with a private address is never asked."""
    dns["rebind.example"] = [[PUBLIC], ["127.0.0.1"]]
    reached = []

    def connect(self, address):
        reached.append(address)
        raise OSError("Nobody there.")

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(FetchFailed):
        fetch("http://rebind.example/")
    assert reached == [(PUBLIC, 80)]
    assert dns["asked"] == ["rebind.example"]


def test_the_name_goes_with_the_request(web, dns):
    dns["blog.example"] = [["127.0.0.1"]]
    web.answers["/"] = b"Named."
    assert fetch(f"http://blog.example:{web.port}/").body == b"Named."
    assert web.knocks[0].headers["Host"] == f"blog.example:{web.port}"


def test_an_opened_port_opens_no_other_machine(web, dns):
    dns["inside.example"] = [["10.0.0.1"]]
    with pytest.raises(UnsafeURL):
        fetch(f"http://inside.example:{web.port}/")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"This is not HTTP.\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nA: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n" + b"A: b\r\n" * 2000 + b"\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense",
    ],
)
def test_what_cannot_be_read_failed(web, raw):
    web.answers["/"] = lambda handler: handler.wfile.write(raw)
    with pytest.raises(FetchFailed):
        fetch(web.url())


def test_nobody_there_failed(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.FETCH_LOOPBACK_PORTS = {port}
    with pytest.raises(FetchFailed):
        fetch(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (PUBLIC, True),
        ("1.1.1.1", True),
        ("2606:4700:4700::1111", True),
        ("172.32.0.1", True),
        ("100.128.0.1", True),
        ("2001:db8::1", False),
        ("2001::1", False),
        ("ff02::1", False),
        ("::", False),
        ("64:ff9b:1::1", False),
        ("fe80::1%eth0", False),
        ("192.0.0.1", False),
        ("198.18.0.1", False),
        ("not an address", False),
    ],
)
def test_which_addresses_are_public(address, expected):
    assert is_public(address) is expected


def test_a_production_server_opens_no_port():
    """Nothing in the settings a server runs with, whatever its environment."""
    import config.settings

    assert not hasattr(config.settings, "FETCH_LOOPBACK_PORTS")
    assert fetching.allowed_ports() == {80, 443}
