"""Somebody who reads the blog through a page cache, as a process of the server has one."""

from io import BytesIO
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler

from blog import generations
from config.page_cache import PageCache


class Answer:
    """`headers` by their names in small letters."""

    def __init__(self, application, environ):
        body = application(environ, self._started)
        self.text = b"".join(body).decode()
        getattr(body, "close", lambda: None)()

    def _started(self, status, headers, exc_info=None):
        self.code = int(status[:3])
        self.headers = {name.lower(): value for name, value in headers}


class Reader:
    """Reads through a cache of its own, in front of the blog; `made` counts what it made."""

    def __init__(self):
        self.generations = generations.of_database()
        self.cache = PageCache(self._make, self.generations, 10_000_000)
        self.made = 0
        self._blog = WSGIHandler()

    def _make(self, environ, start_response):
        self.made += 1
        return self._blog(environ, start_response)

    def ask(self, path="/", query="", **environ):
        environ |= {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": "GET"}
        environ |= {"HTTP_HOST": "localhost", "wsgi.input": BytesIO()}
        setup_testing_defaults(environ)
        return Answer(self.cache, environ)

    def get(self, path="/"):
        return self.ask(path).text
