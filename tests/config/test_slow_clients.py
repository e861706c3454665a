"""Who sends slowly, too much or nothing at all: readers don't wait for them."""

import socket
from contextlib import ExitStack

import pytest

from tests.blogs import manage
from tests.served import ask, connect, get, heard, serving

pytestmark = [pytest.mark.slow, pytest.mark.own_blog]
# Many times what the server has threads for.
SLOW = 200
PREVIEW = "/comments/preview/"
POST = f"POST {PREVIEW} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode()
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
WORDS = b"body=Some+words"
# More than lies on the way between two sockets.
FILE_BYTES = 64 * 2**20


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    assert manage(folder, "setup").returncode == 0
    (folder / "media").mkdir(exist_ok=True)
    (folder / "media" / "talk.mp3").write_bytes(bytes(FILE_BYTES))
    with serving(folder, "--workers", "1") as (_, port):
        yield port


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: 127",
        POST + FORM + b"Content-Length: 100\r\n\r\n",
        POST + FORM + b"Content-Length: 100\r\n\r\nbody=So",
        POST + FORM + b"Transfer-Encoding: chunked\r\n\r\n7\r\nbo",
    ],
    ids=["nothing", "headers", "no body", "a part", "a part of a piece"],
)
def test_readers_are_answered_while_many_send_nothing_more(server, begun):
    with ExitStack() as held:
        for _ in range(SLOW):
            held.enter_context(connect(server, begun))
        for _ in range(5):
            assert get(server, "/")[0].status == 200


def test_readers_are_answered_while_many_take_no_answer(server):
    asked = b"GET /media/talk.mp3 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with ExitStack() as held:
        for _ in range(SLOW):
            slow = held.enter_context(connect(server, asked))
            assert slow.recv(12) == b"HTTP/1.1 200"
        for _ in range(5):
            assert get(server, "/")[0].status == 200


def test_a_part_of_a_file_is_sent_alone(server):
    response, part = get(server, "/media/talk.mp3", Range="bytes=5-1000004")
    assert response.status == 206
    assert part == bytes(1_000_000)
    assert response.headers["Content-Range"] == f"bytes 5-1000004/{FILE_BYTES}"


def test_who_stops_sending_is_told_and_hung_up_on(server):
    with connect(server, POST + FORM + b"Content-Length: 100\r\n\r\nbody=So") as slow:
        told = heard(slow)
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b"This took too long to arrive." in told


def test_who_never_asks_is_hung_up_on(server):
    with connect(server, b"GET / HTTP/1.1\r\nHost: 127") as slow:
        assert heard(slow) == b""


def test_words_arrive_while_many_keep_theirs_to_themselves(server):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with ExitStack() as held:
        for _ in range(SLOW):
            held.enter_context(connect(server, POST + b"Content-Length: 9\r\n\r\n"))
        assert b"Some words" in ask(server, "POST", PREVIEW, WORDS, form)[1]


def test_what_comes_letter_by_letter_arrives(server):
    head = POST + FORM + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(WORDS)
    with connect(server) as slow:
        slow.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for letter in head + WORDS:
            slow.sendall(bytes([letter]))
        assert b"Some words" in heard(slow)


def test_what_is_not_announced_arrives(server):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    response, page = ask(server, "POST", PREVIEW, iter([b"body=Some", b"+words"]), form)
    assert response.status == 200
    assert b"Some words" in page


def test_what_breaks_off_is_not_taken_for_the_whole(server):
    with connect(server, POST + FORM + b"Content-Length: 100\r\n\r\nbody=So") as slow:
        slow.shutdown(socket.SHUT_WR)
        assert b"200 OK" not in heard(slow)


@pytest.mark.parametrize(
    "rest",
    [b"zz\r\n+words", b"ffffffffffffffffff\r\n", b"6\n+words\n0\n\n", b"1\r\n+words"],
)
def test_what_comes_in_broken_chunks_is_not_taken_for_the_whole(server, rest):
    chunked = b"Transfer-Encoding: chunked\r\n\r\n9\r\nbody=Some\r\n"
    with connect(server, POST + FORM + chunked + rest) as broken:
        told = heard(broken)
    assert told.startswith(b"HTTP/1.1 400 ")
    assert b"Only a part of this arrived." in told


def test_what_is_too_large_is_refused_in_words(server):
    response, told = ask(server, "POST", PREVIEW, b"x" * (2**20 + 1))
    assert response.status == 413
    assert told == b"This is too large: at most 1 MB are taken here.\n"


def test_what_is_too_large_is_refused_before_it_is_sent(server):
    head = POST + b"Expect: 100-continue\r\nContent-Length: 9999999\r\n\r\n"
    with connect(server, head) as polite:
        assert heard(polite).startswith(b"HTTP/1.1 413 ")


def test_who_is_logged_in_may_send_a_file(server):
    """Whether they are is for Django to say."""
    cookie = {"Cookie": "sessionid=x"}
    assert ask(server, "POST", PREVIEW, b"x" * 2**21, cookie)[0].status != 413


def test_too_many_headers_are_refused_in_words(server):
    assert get(server, "/")[0].status == 200  # and is kept
    response, told = get(server, "/", Cookie="x" * 40_000)
    assert response.status == 431
    assert b"It helps to delete the cookies of this site." in told


def test_a_refusal_is_in_the_language_asked_for(server):
    asked = {"Accept-Language": "xx, de-AT;q=0.9, en;q=0.1"}
    response, told = get(server, f"/?q={'x' * 9000}", **asked)
    assert response.status == 414
    assert told.decode() == "Diese Adresse ist zu lang.\n"
