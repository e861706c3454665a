"""Finding out how another page wants to be told that somebody links to it."""

from collections.abc import Iterator
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from blog.fetch import Answer, fetch
from comments.models.ping import OutgoingPing
from comments.pings.delivery import Endpoint, Undelivered
from comments.pings.link_header import links_in_header

# What a row has room for.
MAX_URL_LENGTH = 2000
_WEBMENTION = OutgoingPing.Protocol.WEBMENTION
_PINGBACK = OutgoingPing.Protocol.PINGBACK
# What is in them is not on the page.
_UNSEEN = frozenset({"noscript", "template"})


def look_at(target_url: str, source_url: str = "") -> tuple[Answer, Endpoint | None]:
    """Ask for the page, once, and see what it offers; None: it takes no pings.

    Raises Undelivered where there is no page, FetchError where there is no answer.
    """
    purpose = f"looking for a webmention endpoint for {source_url}".removesuffix(
        " for "
    )
    answer = fetch(target_url, asked_by=purpose)
    if not answer.is_ok:
        raise Undelivered(
            f"The page answered {answer.status}.", is_final=answer.status < 500
        )
    return answer, find_endpoint(answer)


def find_endpoint(answer: Answer) -> Endpoint | None:
    """What this page offers: webmention, else pingback, else trackback.

    Webmention (Recommendation, 3.1.2): the first in the Link headers, else the first
    `<link>` or `<a>`. Pingback (1.0, section 2): the header, else the first `<link>`.
    The addresses are absolute. Never raises, whatever the page is made of.
    """
    page = _Page(answer)
    for protocol, found in (
        (_WEBMENTION, page.webmentions()),
        (_PINGBACK, page.pingbacks()),
    ):
        for base_url, href in found:
            url = _absolute(base_url, href)
            if url:
                return Endpoint(protocol, url)
    return None


class _Page:
    """Where it may say so; each is a base address, and an address to join to it."""

    def __init__(self, answer: Answer) -> None:
        self.url, self.headers = answer.url, answer.headers
        self.tree = LexborHTMLParser(answer.text)
        base = self.tree.css_first("base[href]")
        href = base.attributes.get("href") if base else ""
        self.base_url = _absolute(self.url, href or "") or self.url

    def webmentions(self) -> Iterator[tuple[str, str]]:
        for href, rels in links_in_header(self.headers.get("Link", "")):
            if "webmention" in rels:
                yield self.url, href
        yield from self._marked_up("webmention", "link", "a")

    def pingbacks(self) -> Iterator[tuple[str, str]]:
        # Several headers come joined by commas.
        named = self.headers.get("X-Pingback", "").split(", ")[0].strip()
        if named:
            yield self.url, named
        yield from self._marked_up("pingback", "link")

    def _marked_up(self, rel: str, *tags: str) -> Iterator[tuple[str, str]]:
        """In the order of the document, whichever tag it is."""
        for node in self.tree.css(", ".join(f"{tag}[rel][href]" for tag in tags)):
            rels = (node.attributes.get("rel") or "").lower().split()
            if rel in rels and not _is_unseen(node):
                yield self.base_url, node.attributes.get("href") or ""


def _is_unseen(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in _UNSEEN:
            return True
        parent = parent.parent
    return False


def _absolute(base_url: str, href: str) -> str | None:
    """As it can be asked for, or None where it can't. An empty one is the page."""
    try:
        url = urldefrag(urljoin(base_url, href.strip())).url
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    path, query = (quote(part, safe="/%:;=@&+$,!*'()~?[]") for part in parts[2:4])
    url = parts._replace(path=path, query=query).geturl()
    return url if len(url) <= MAX_URL_LENGTH else None
