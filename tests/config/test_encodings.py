"""A request in an encoding that is none, from the outermost layer on."""

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from config.encodings import refuse_unreadable
from tests.builders import make_post

pytestmark = pytest.mark.django_db
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"
BODIES = {
    FORM: b"body=a%ff",
    PARTS: b'--B\r\nContent-Disposition: form-data; name="body"\r\n\r\n'
    rb"\ud800"
    b"\r\n--B--\r\n",
    "text/xml": b"<a/>",
}


@pytest.fixture(autouse=True)
def _keep_connection():
    """As Django's test client does: a request ends no transaction of the test's."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def status_of(url: str, content_type: str, body: bytes) -> int:
    """What the whole application answers, as the server calls it."""
    environ = RequestFactory().generic("POST", url, body, FORM).environ
    environ["CONTENT_TYPE"] = content_type
    seen = []
    application = refuse_unreadable(WSGIHandler())
    response = application(environ, lambda status, *_: seen.append(status))
    assert b"".join(response)
    return int(seen[0][:3])


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize(
    "charset",
    [
        *"hex idna unicode_escape raw_unicode_escape utf-7 undefined rot13 zlib".split(),
        '"punycode"',
    ],
)
def test_an_encoding_of_no_page_is_refused(kind, charset):
    for url in ("/?a=1", f"/comments/reply/{make_post().pk}/?a=1"):
        for content_type in (
            f"{kind}; charset={charset}",
            f"{kind};CHARSET ={charset}",
        ):
            assert status_of(url, content_type, BODIES[kind]) == 400


@pytest.mark.parametrize("parameter", ["charset*=idna''x", "charset*0*=idna''x"])
def test_an_encoding_named_in_a_roundabout_way_is_refused(parameter):
    assert status_of("/?a=1", f"{PARTS}; {parameter}", BODIES[PARTS]) == 400


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "iso-8859-1", "gbk", "nonsense"])
def test_encodings_of_pages_are_read(charset):
    url = f"/comments/reply/{make_post().pk}/?a=1"
    page = f"{PARTS}; charset={charset}"
    # The form again: it has no name in it.
    assert status_of(url, page, BODIES[PARTS]) == 400
    assert status_of("/comments/preview/?a=1", page, BODIES[PARTS]) == 200
