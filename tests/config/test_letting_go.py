"""A page leaves nothing behind that only Python's search for cycles would free."""

import gc
from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest
from django.http import HttpRequest
from django.template.context import BaseContext
from django.test import Client

from config.wsgi import application
from tests.builders import make_comment, make_post

pytestmark = pytest.mark.django_db(transaction=True)


def get(path, cookie=""):
    path, _, query = path.partition("?")
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_COOKIE": cookie}
    environ |= {"HTTP_HOST": "localhost", "wsgi.input": BytesIO()}
    setup_testing_defaults(environ)
    told = []
    answer = application(environ, lambda status, *_: told.append(status))
    assert b"".join(answer)
    getattr(answer, "close", lambda: None)()
    assert told == ["200 OK"]


def left_by(path, cookie=""):
    """Requests and contexts that nobody can reach any more, and are still there."""
    get(path, cookie)  # what is made once for all is not meant
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        get(path, cookie)
        gc.collect()
        return [
            thing
            for thing in gc.garbage
            if isinstance(thing, HttpRequest | BaseContext)
        ]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


# With a parameter no page looks at, a page is made each time.
@pytest.mark.parametrize("path", ["/?x", "/feed/?x", "/archives/?x", "/search/?q=post"])
def test_a_page(path):
    make_post()
    assert left_by(path) == []


def test_a_post_that_is_talked_about():
    post = make_post()
    make_comment(post)
    assert left_by(f"{post.get_absolute_url()}?x") == []


@pytest.mark.parametrize("path", ["/admin/", "/admin/blog/post/", "/"])
def test_a_page_for_somebody(alice, path):
    make_post()
    client = Client()
    client.force_login(alice)
    assert left_by(path, f"sessionid={client.cookies['sessionid'].value}") == []
