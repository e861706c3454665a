"""Whether an address that stands on a page is the one it was said to link to."""

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urldefrag, urljoin

from blog import permalinks
from blog.web_address import NoAddress, normal

# So many addresses of this blog are looked up, of one page. A list of what this blog
# wrote this year has fewer.
MAX_LOOKED_UP = 50


@dataclass(frozen=True)
class Target:
    """What a page has to link to, as it was named.

    Upper and lower case of a host, a port that goes without saying and the case of
    escapes make no difference. A webmention's target is to be found as it was named
    (Webmention 3.2.2), its fragment too; otherwise a fragment says nothing. Where
    the post stands at another address as well, that does not count, because who tells
    of a link takes its address from the page: but for a trackback, which names none.
    """

    url: str
    is_exact: bool = False
    # Given where any address that leads to the post of this number counts.
    post_pk: int | None = None
    _is_there: dict[str, bool] = field(default_factory=dict, compare=False)

    def is_at(self, url: str) -> bool:
        """Whether an absolute address is this one. Never raises."""
        spelt = _spelt(url)
        if spelt is None:
            return False
        if spelt == self._spelt:
            return not self.is_exact or urldefrag(url)[1] == urldefrag(self.url)[1]
        return self.post_pk is not None and self._leads_there(spelt)

    def _leads_there(self, spelt: str) -> bool:
        """Whether it is the post's by another address. A few queries, once for each."""
        found = self._is_there
        is_new = spelt not in found and len(found) < MAX_LOOKED_UP
        if is_new and permalinks.is_ours(spelt):
            post = permalinks.find_post(spelt)
            found[spelt] = post is not None and post.pk == self.post_pk
        return found.get(spelt, False)

    @cached_property
    def _spelt(self) -> str | None:
        return _spelt(self.url)


def resolved(base: str, address: str) -> str:
    """What `address` on a page at `base` leads to; empty where that is nowhere."""
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return ""


def _spelt(url: str) -> str | None:
    try:
        return normal(url)
    except NoAddress:
        return None
