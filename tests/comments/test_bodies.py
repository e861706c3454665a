"""The body of a request from a program: small, and all of it."""

import io

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from comments.views import bodies
from comments.views.bodies import TooLarge, Unread, read_body

LIMIT = 1000


class Drip(io.RawIOBase):
    """A body that comes as it likes: `read` gives what `pieces` gives, and counts."""

    def __init__(self, pieces):
        self.pieces, self.count = pieces, 0

    def read(self, size=-1):
        piece = next(self.pieces, b"")
        self.count += len(piece)
        return piece


def request_with(stream, length=None, **headers):
    """As the server hands it over: the stream ends by itself, whatever was announced."""
    environ = RequestFactory().post("/xmlrpc.php", headers=headers).environ
    environ |= {"wsgi.input": stream, "wsgi.input_terminated": True}
    environ["CONTENT_LENGTH"] = "" if length is None else str(length)
    return WSGIRequest(environ)


def in_pieces(body, size=7):
    return (body[start : start + size] for start in range(0, len(body), size))


@pytest.mark.parametrize("size", [0, 1, LIMIT])
@pytest.mark.parametrize("is_announced", [True, False])
def test_it_reads_what_is_small_enough(size, is_announced):
    body = bytes(range(256)) * 4
    stream = Drip(in_pieces(body[:size]))
    request = request_with(stream, size if is_announced else None)
    assert read_body(request, LIMIT) == body[:size]


def test_it_reads_what_djangos_own_client_sends(rf):
    request = rf.post("/xmlrpc.php", b"<a/>", content_type="text/xml")
    assert read_body(request, LIMIT) == b"<a/>"


def test_what_is_not_announced_and_not_terminated_is_not_waited_for():
    """A server that does not end it would wait for more for ever."""
    stream = Drip(iter(lambda: b"more", None))
    request = request_with(stream)
    del request.META["wsgi.input_terminated"]
    assert read_body(request, LIMIT) == b""
    assert stream.count == 0


def test_it_takes_no_more_than_it_may():
    stream = Drip(in_pieces(bytes(10 * bodies.PIECE_BYTES), bodies.PIECE_BYTES))
    with pytest.raises(TooLarge, match="at most 64 kB"):
        read_body(request_with(stream), 64 * 1024)
    assert stream.count == 64 * 1024 + bodies.PIECE_BYTES


def test_it_reads_one_byte_too_many_as_too_large():
    with pytest.raises(TooLarge):
        read_body(request_with(Drip(in_pieces(bytes(LIMIT + 1)))), LIMIT)


def test_it_reads_nothing_of_what_is_announced_as_too_large():
    stream = Drip(in_pieces(bytes(LIMIT * 2)))
    with pytest.raises(TooLarge):
        read_body(request_with(stream, LIMIT * 2), LIMIT)
    assert stream.count == 0


def test_a_part_of_it_is_not_taken_for_all_of_it():
    """A form that was cut off would name another address than the one it meant."""

    def cut_off():
        yield b"source=https://away.exam"
        raise ConnectionResetError

    for stream in (Drip(cut_off()), io.BytesIO(b"source=https://away.exam")):
        with pytest.raises(Unread, match="part"):
            read_body(request_with(stream, 40), LIMIT)
