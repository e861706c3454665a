"""An HTML page that links to a post: where it does, and what it says there."""

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_lazy as _
from selectolax.lexbor import LexborHTMLParser, LexborNode

from comments.pings import excerpts, microformats, titles
from comments.pings.mention import Mention
from comments.pings.microformats import Entry
from comments.pings.refusals import NoLink
from comments.pings.tame import tame
from comments.pings.targets import Target, resolved

# Each is looked at only if it may lead there.
MAX_LINKS = 20_000
# Somebody's own words stand as they are, up to this; beyond it they are cut.
MAX_OWN_WORDS = 1000
CUT_WORDS = 300
NO_LINK = _("The page does not link to this post.")

# Whatever a reader can follow. A webmention may show the post as well: Webmention
# 3.2.2 has the other elements with an address count, not what only the head says.
_LINKS = "a[href], area[href]"
_ANY_ADDRESS = f"{_LINKS}, link[class][href], [src]"


def read(html: str, url: str, target: Target) -> Mention:
    """What the page at `url` says. Raises NoLink. Never more than a second or so."""
    page = LexborHTMLParser(tame(html))
    base = page.css_first("base[href]")
    resolve = partial(
        resolved, resolved(url, _value(base, "href")) if base is not None else url
    )
    link = _link(page, resolve, target)
    if link is None:
        raise NoLink(str(NO_LINK))
    entry = microformats.entry_around(page, link, resolve, target.is_at)
    title, site = titles.title_and_site(page)
    if entry is None:
        return Mention(title=title, site=site, excerpt=excerpts.around(link))
    return Mention(
        title=entry.name or title,
        site=microformats.site_name(page) or site,
        author_name=entry.author_name,
        author_url=entry.author_url,
        excerpt=_words(entry, link),
        type=entry.type,
        published_at=entry.published_at,
    )


def _link(
    page: LexborHTMLParser, resolve: partial[str], target: Target
) -> LexborNode | None:
    """The link a reader would follow: not one in the page's furniture, if possible."""
    selector = _ANY_ADDRESS if target.is_exact else _LINKS
    found = None
    for node in page.css(selector)[:MAX_LINKS]:
        address = _value(node, "href") or _value(node, "src")
        if not target.is_at(resolve(address)):
            continue
        if not any(parent.tag in excerpts.ASIDE for parent in _around(node)):
            return node
        found = found or node
    return found


def _around(node: LexborNode) -> Iterator[LexborNode]:
    while (parent := node.parent) is not None:
        yield parent
        node = parent


def _value(node: LexborNode, name: str) -> str:
    return (node.attributes.get(name) or "").strip()


def _words(entry: Entry, link: LexborNode) -> str:
    """A reply's own words; of what only mentions the post, those around the link."""
    if entry.type in ("like", "repost"):
        return ""
    content = entry.content
    if entry.type == "reply" and content:
        return content if len(content) <= MAX_OWN_WORDS else _cut(content)
    if entry.words is not None and not _is_within(link, entry.words):
        # A bookmark, or a page that says whom it links to outside its text.
        return _cut(content)
    return excerpts.around(link)


def _cut(content: str) -> str:
    return excerpts.beginning(content, CUT_WORDS)


def _is_within(node: LexborNode, outer: LexborNode) -> bool:
    return any(parent.mem_id == outer.mem_id for parent in _around(node))
