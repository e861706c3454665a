"""What a page that links to a post says of itself, and of the post."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from blog.fetch import Answer
from blog.web_address import NoAddress, normal
from comments.pings.refusals import NoLink
from comments.pings.tame import tame

# Each is looked at only if it may lead there.
MAX_LINKS = 20_000


@dataclass(frozen=True)
class Mention:
    """Plain text throughout. `type` is mention, reply, like, repost or bookmark."""

    title: str = ""
    site: str = ""
    author_name: str = ""
    author_url: str = ""
    excerpt: str = ""
    type: str = "mention"
    published_at: datetime | None = None


def read(answer: Answer, target_url: str, *, is_exact: bool = False) -> Mention:
    """What the page says. Raises NoLink where it does not link to `target_url`."""
    page = LexborHTMLParser(tame(answer.text))
    if _link(page, answer.url, target_url) is None:
        raise NoLink("The page does not link to this post.")
    title = page.css_first("title")
    return Mention(title=" ".join(title.text().split())[:1000] if title else "")


def _link(page: LexborHTMLParser, url: str, target_url: str) -> LexborNode | None:
    wanted = normal(target_url)
    for link in page.css("a[href]")[:MAX_LINKS]:
        try:
            if normal(urljoin(url, link.attributes.get("href") or "")) == wanted:
                return link
        except (NoAddress, ValueError):
            continue
    return None
