"""Whether an address that stands on a page is the one it was said to link to."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urldefrag, urljoin

from blog.web_address import NoAddress, normal


@dataclass(frozen=True)
class Target:
    """What a page has to link to, as it was named.

    Upper and lower case of a host, a port that goes without saying and the case of
    escapes make no difference. A webmention's target is to be found as it was named
    (Webmention 3.2.2), its fragment too; otherwise a fragment says nothing. Where
    the post stands at another address as well, that does not count: who tells of a
    link takes its address from the page.
    """

    url: str
    is_exact: bool = False

    def is_at(self, url: str) -> bool:
        """Whether an absolute address is this one. Never raises."""
        spelt = _spelt(url)
        if spelt is None or spelt != self._spelt:
            return False
        return not self.is_exact or urldefrag(url)[1] == urldefrag(self.url)[1]

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
