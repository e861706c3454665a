"""Why another server could not be asked is said in a sentence."""

import socket

import pytest

from blog.fetch import FetchFailed, fetch


def why(url):
    with pytest.raises(FetchFailed) as failed:
        fetch(url)
    return str(failed.value)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "Its server hung up without an answer."),
        (b"This is not HTTP.\r\n\r\n", "Its answer is not HTTP."),
        (
            b"HTTP/1.0 200 OK\r\nContent-Length: 50\r\n\r\nshort",
            "Its answer broke off.",
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense",
            "Its answer broke off.",
        ),
        (
            b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip",
            "Its answer can’t be unpacked.",
        ),
    ],
)
def test_an_answer_that_cannot_be_read(web, raw, sentence):
    web.answers["/"] = lambda handler: handler.wfile.write(raw)
    assert why(web.url()) == sentence


def test_nobody_there(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.FETCH_LOOPBACK_PORTS = {port}
    assert why(f"http://127.0.0.1:{port}/") == "Its server takes no connections."


@pytest.mark.parametrize(
    ("errno", "sentence"),
    [
        (socket.EAI_NONAME, "There is no server of that name."),
        (socket.EAI_AGAIN, "Its name could not be looked up."),
    ],
)
def test_a_name_that_leads_nowhere(monkeypatch, errno, sentence):
    def look_up(*args, **kwargs):
        raise socket.gaierror(errno, "in the system's words")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert why("http://nowhere.example/") == sentence
