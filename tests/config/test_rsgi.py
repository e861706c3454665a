"""Between granian and Django: what a request becomes, and what an answer."""

from dataclasses import dataclass, field
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import FileResponse

from config.serving.answers import LEAST_FILE_BYTES, FileBody, answer
from config.serving.crew import Crew
from config.serving.process import Options, Process
from config.serving.requests import Request, asked_of, environ_of
from tests.peers import wait_for


class Headers:
    def __init__(self, pairs):
        self.pairs = pairs

    def get(self, name):
        return dict(reversed(self.pairs)).get(name)

    def get_all(self, name):
        return [value for known, value in self.pairs if known == name]

    def items(self):
        return self.pairs

    def values(self):
        return [value for _, value in self.pairs]

    def __len__(self):
        return len(dict(self.pairs))


@dataclass
class Scope:
    """As granian fills it."""

    headers: Headers
    method: str = "GET"
    path: str = "/"
    query_string: str = ""
    client: str = "192.0.2.7:4321"
    server: str = "127.0.0.1:8000"
    scheme: str = "http"
    http_version: str = "1.1"


@dataclass
class Protocol:
    answers: list = field(default_factory=list)

    def response_bytes(self, *answered):
        self.answers.append(answered)

    def response_empty(self, status, headers):
        self.answers.append((status, headers))

    def response_file_range(self, *answered):
        self.answers.append(answered)


def request(*headers, **scope):
    return Request(Scope(Headers(list(headers)), **scope), Protocol())


def test_an_address_comes_as_it_was_meant():
    environ = environ_of(request(path="/über/a b", query_string="q=%FC&x"))
    asked = WSGIRequest(environ)
    assert asked.path_info == "/über/a b"
    assert asked.META["QUERY_STRING"] == "q=%FC&x"


def test_headers_that_come_twice_are_one():
    pairs = [("cookie", "a=1"), ("accept", "x"), ("cookie", "b=2"), ("accept", "y")]
    environ = environ_of(request(*pairs))
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_ACCEPT"] == "x,y"


def test_a_header_cannot_pass_for_another():
    """A proxy removes what visitors say in its name, and does not know this spelling."""
    environ = environ_of(request(("x_forwarded_proto", "https"), ("x-a", "b")))
    assert "HTTP_X_FORWARDED_PROTO" not in environ
    assert environ["HTTP_X_A"] == "b"


def test_the_length_is_that_of_what_came():
    asked = request(("transfer-encoding", "chunked"), ("content-type", "text/xml"))
    asked.body, asked.body_bytes = BytesIO(b"<a/>"), 4
    environ = environ_of(asked)
    assert (environ["CONTENT_LENGTH"], environ["CONTENT_TYPE"]) == ("4", "text/xml")
    assert WSGIRequest(environ).body == b"<a/>"


@pytest.mark.parametrize(
    ("client", "address"),
    [("192.0.2.7:4321", "192.0.2.7"), ("[2001:db8::1]:4321", "2001:db8::1")],
)
def test_who_asks_is_known_by_address(client, address, settings):
    asked = request(("x-forwarded-for", "203.0.113.1"), client=client)
    assert environ_of(asked)["REMOTE_ADDR"] == address
    assert asked.address == address
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert asked.address == "203.0.113.1"


def answered(application, **scope):
    asked = request(**scope)
    told = answer(application, asked)
    [sent] = asked.protocol.answers
    return told, sent


def test_an_answer_in_pieces_is_sent_whole():
    closed = []

    class Pieces(list):
        def close(self):
            closed.append(True)

    def application(environ, start_response):
        start_response("200 OK", [("X-A", "b")])
        return Pieces([b"one ", b"two"])

    told, sent = answered(application)
    assert told == (200, 7)
    assert sent == (200, [("X-A", "b")], b"one two")
    assert closed == [True]


def test_an_application_may_begin_with_its_first_piece():
    def application(environ, start_response):
        start_response("404 Not Found", [])
        yield b"nothing"

    assert answered(application)[1] == (404, [], b"nothing")


def serving_file(path, start=0):
    def application(environ, start_response):
        file = path.open("rb")
        file.seek(start)
        response = FileResponse(file)
        start_response("200 OK", list(response.items()))
        return environ["wsgi.file_wrapper"](response.file_to_stream)

    return application


def test_a_small_file_is_sent_as_it_is(tmp_path):
    path = tmp_path / "small.txt"
    path.write_bytes(b"0123456789")
    assert answered(serving_file(path, 3))[1][2] == b"3456789"


def test_a_large_file_is_left_to_granian_from_where_it_stands(tmp_path):
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(LEAST_FILE_BYTES + 10))
    told, sent = answered(serving_file(path, 10))
    assert told == (200, LEAST_FILE_BYTES)
    assert sent[2:] == (str(path), 10, LEAST_FILE_BYTES + 10)
    assert answered(serving_file(path), method="HEAD")[1][0] == 200


def test_what_is_no_whole_file_is_read():
    """As whitenoise has it: a part of one, that reads like a file."""

    def application(environ, start_response):
        start_response("206 Partial Content", [("Content-Length", "200000")])
        return environ["wsgi.file_wrapper"](BytesIO(b"x" * 200_000))

    told, sent = answered(application)
    assert told == (206, 200_000)
    assert sent[2] == b"x" * 200_000
    assert FileBody(BytesIO()).path is None


def test_a_page_that_is_kept_is_looked_up_by_what_comes_twice_too():
    """Who is logged in may say so in the second of two headers."""
    pairs = [("cookie", "a=1"), ("cookie", "sessionid=x"), ("host", "a"), ("host", "b")]
    asked = asked_of(request(*pairs).scope)
    assert asked.header("cookie") == "a=1; sessionid=x"
    assert asked.header("host") == "a,b"
    assert asked.header("accept") is None


def test_what_breaks_where_requests_are_begun_ends_nothing(caplog):
    """Granian's thread would end with it, and with it the whole process."""

    class Broken:
        def at_hand(self, asked):
            raise OverflowError("of no use")

    process = Process(Broken(), Options(1, 1, 1, has_log=False))
    begun = request()
    process._begin(SimpleNamespace(scope=begun.scope, proto=begun.protocol))
    assert begun.protocol.answers[0][0] == 500
    assert "of no use" in caplog.text
    process._loop.close()


def test_a_log_that_takes_no_line_ends_no_thread():
    """The disk is full, say, or nobody reads the pipe any more."""

    def application(environ, start_response):
        start_response("200 OK", [])
        return [b"said"]

    def log(*_):
        raise OSError("full")

    crew = Crew(application, 1, log)
    asked = [request(), request()]
    for one in asked:
        crew.take(one)
    wait_for(lambda: all(one.protocol.answers for one in asked), "two answers")
    assert asked[1].protocol.answers[-1][2] == b"said"
