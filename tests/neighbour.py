"""Another blog, on this machine: it takes pings and keeps what it was told."""

import xmlrpc.client
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from tests.web import Web, answer

Told = tuple[str, str]
TAKEN = b"<response><error>0</error></response>"


@dataclass
class Neighbour:
    """`told` holds the path of each page with the source it was told of, in order."""

    web: Web
    told: list[Told] = field(default_factory=list)
    # What a webmention is answered with, and what happens before.
    status: int = 202
    before: Callable[[], object] = lambda: None

    def page(self, path: str) -> str:
        """A page that takes webmentions; its address."""
        self.web.answers["/webmention"] = self._take
        link = b'<link rel="webmention" href="/webmention">'
        self.web.answers[path] = link
        return self.web.url(path)

    def pingback_page(self, path: str) -> str:
        """A page that takes pingbacks alone; its address."""
        self.web.answers["/xmlrpc"] = self._take_pingback
        self.web.answers[path] = b'<link rel="pingback" href="/xmlrpc">'
        return self.web.url(path)

    def trackback(self, path: str) -> str:
        """An address for trackbacks."""
        self.web.answers[path] = self._take_trackback
        return self.web.url(path)

    def paths(self) -> list[str]:
        """Which pages were told, in order."""
        return [path for path, _ in self.told]

    def looks(self, path: str) -> int:
        """How often a page was asked for."""
        return sum(1 for knock in self.web.knocks if knock.path == path)

    def _take(self, handler) -> None:
        given = dict(parse_qsl(self.web.knocks[-1].body.decode()))
        self.before()
        if self.status < 300:
            path = given["target"].removeprefix(self.web.url(""))
            self.told.append((path, given["source"]))
        answer(handler, self.status)

    def _take_pingback(self, handler) -> None:
        (source, target), _ = xmlrpc.client.loads(self.web.knocks[-1].body)
        self.told.append((target.removeprefix(self.web.url("")), source))
        said = xmlrpc.client.dumps(("Thanks.",), methodresponse=True).encode()
        answer(handler, body=said, Content_Type="text/xml")

    def _take_trackback(self, handler) -> None:
        given = dict(parse_qsl(self.web.knocks[-1].body.decode()))
        self.told.append((handler.path, given["url"]))
        answer(handler, body=TAKEN, Content_Type="text/xml")
