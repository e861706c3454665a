"""What a page that links to a post says, in the lengths in which it is kept."""

from dataclasses import dataclass
from datetime import datetime

from blog.web_address import NoAddress, normal
from comments.pings.excerpts import cut
from comments.submission import MAX_NAME_LENGTH, MAX_URL_LENGTH

# A title is a line or two, whatever its column holds.
MAX_TITLE_LENGTH = 300
MAX_SITE_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Plain text throughout. `type` is mention, reply, like, repost or bookmark."""

    title: str = ""
    site: str = ""
    author_name: str = ""
    author_url: str = ""
    excerpt: str = ""
    type: str = "mention"
    published_at: datetime | None = None

    def __post_init__(self) -> None:
        """Cut to what is shown; an address that is none, or too long, is dropped."""
        set_ = object.__setattr__
        set_(self, "title", cut(self.title, MAX_TITLE_LENGTH))
        set_(self, "site", cut(self.site, MAX_SITE_LENGTH))
        set_(self, "author_name", cut(self.author_name, MAX_NAME_LENGTH))
        set_(self, "author_url", _address(self.author_url))


def _address(url: str) -> str:
    try:
        spelt = normal(url)
    except NoAddress:
        return ""
    return spelt if len(spelt) <= MAX_URL_LENGTH else ""
