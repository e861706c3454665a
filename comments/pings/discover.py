"""Finding out how another page wants to be told that somebody links to it."""

from collections.abc import Iterator
from urllib.parse import urljoin

from django.utils.translation import gettext
from selectolax.lexbor import LexborHTMLParser

from blog.fetch import Answer, fetch
from blog.web_address import MAX_ADDRESS_LENGTH, NoAddress, normal
from comments.models.ping import OutgoingPing
from comments.pings.answers import refusal
from comments.pings.delivery import Endpoint
from comments.pings.link_header import links_in_header
from comments.pings.tame import tame
from comments.pings.trackback_rdf import ping_urls

# Beyond, it is no list of addresses, but an attempt to find out how many we read.
_MAX_CANDIDATES = 100
_Found = Iterator[tuple[str, str]]


def look_at(target_url: str, source_url: str = "") -> tuple[Answer, Endpoint | None]:
    """Ask for the page, once, and see what it offers; None: it takes no pings.

    Of a very long page the beginning is looked at. Raises Undelivered where there is
    no page, FetchError where there is no answer.
    """
    purpose = "looking for a webmention endpoint"
    if source_url:
        purpose += f" for {source_url}"
    answer = fetch(target_url, asked_by=purpose, may_cut=True)
    if not answer.is_ok:
        raise refusal(
            answer, gettext("The page answered %(status)s.") % {"status": answer.status}
        )
    return answer, find_endpoint(answer, target_url)


def find_endpoint(answer: Answer, target_url: str = "") -> Endpoint | None:
    """What this page offers: webmention, else pingback, else trackback.

    Webmention (Recommendation, 3.1.2): the first in the Link headers, else the first
    `<link>` or `<a>`. Pingback (1.0, section 2): the header, else the first `<link>`.
    TrackBack 1.2: the RDF that names this page, or `target_url`, which led here.
    The addresses are absolute. Never raises, whatever the page is made of.
    """
    page = _Page(answer, target_url)
    for protocol, found in (
        (OutgoingPing.Protocol.WEBMENTION, page.webmentions()),
        (OutgoingPing.Protocol.PINGBACK, page.pingbacks()),
        (OutgoingPing.Protocol.TRACKBACK, page.trackbacks()),
    ):
        for _, (base_url, href) in zip(range(_MAX_CANDIDATES), found, strict=False):
            url = _absolute(base_url, href)
            if url:
                return Endpoint(protocol, url)
    return None


class _Page:
    """Where it may say so. What is found is a base address, and one to join to it."""

    def __init__(self, answer: Answer, target_url: str) -> None:
        self.url, self.target_url = answer.url, target_url
        self.headers = answer.headers
        self.html = answer.text if _is_html(answer) else ""
        # Without comments, and what only somebody without scripts is shown.
        self.tree = LexborHTMLParser(tame(self.html))
        base = self.tree.css_first("base[href]")
        href = base.attributes.get("href") if base else ""
        self.base_url = _absolute(self.url, href or "") or self.url

    def webmentions(self) -> _Found:
        for href, rels in links_in_header(self._header("Link")):
            if "webmention" in rels:
                yield self.url, href
        yield from self._marked_up("webmention", "link", "a")

    def pingbacks(self) -> _Found:
        # Several headers come joined by commas.
        named = self._header("X-Pingback").split(", ")[0].strip()
        if named:
            yield self.url, named
        yield from self._marked_up("pingback", "link")

    def trackbacks(self) -> _Found:
        ours = {_key(self.url), _key(self.target_url)} - {""}
        for identifier, ping_url in ping_urls(self.html):
            if _key(identifier) in ours:
                yield self.url, ping_url

    def _marked_up(self, rel: str, *tags: str) -> _Found:
        """In the order of the document, whichever tag it is."""
        for node in self.tree.css(", ".join(f"{tag}[rel][href]" for tag in tags)):
            if rel in (node.attributes.get("rel") or "").lower().split():
                yield self.base_url, node.attributes.get("href") or ""

    def _header(self, name: str) -> str:
        """HTTP gives its bytes as Latin-1; who writes other scripts means UTF-8."""
        value = self.headers.get(name, "")
        try:
            return value.encode("latin-1").decode()
        except UnicodeError:
            return value


def _is_html(answer: Answer) -> bool:
    """Where nothing is said, it may be; a text that shows markup has none."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind in ("", "text/html", "text/xml", "application/xml") or (
        kind.endswith("+xml")
    )


def _absolute(base_url: str, href: str) -> str | None:
    """As it can be asked for, or None where it can't. An empty one is the page."""
    try:
        url = normal(urljoin(base_url, href.strip()).replace(" ", "%20"))
    except ValueError:
        return None
    return url if len(url) <= MAX_ADDRESS_LENGTH else None


def _key(url: str) -> str:
    """The page it names, however it is asked for: many moved to https since.

    Empty where it names none.
    """
    try:
        return normal(url).partition(":")[2]
    except NoAddress:
        return ""
