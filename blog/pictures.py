"""Pictures of the library as pages offer them, and which files a text names."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from django.conf import settings

# Renditions are made this many pixels wide, where the original is as wide.
WIDTHS = (400, 800, 1200, 1600)
# What browsers are offered, best first; the original's own format comes last.
BETTER_TYPES = ("image/avif", "image/webp")
# What other sites want of a picture they show large.
CARD_WIDTH = 1200


@dataclass(frozen=True)
class Source:
    """One format of a picture: addresses by width in pixels, narrowest first."""

    mime_type: str
    addresses: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Picture:
    """A picture of the library: what exists of it, and nothing else.

    `sources` hold the better formats, best first; `own` the original's format,
    perhaps without any address but the original's.
    """

    address: str
    width: int
    height: int
    alt: str
    sources: tuple[Source, ...]
    own: Source

    @property
    def fallback(self) -> str:
        """For what knows no `srcset`, feed readers above all: no camera's 12 MB."""
        fitting = [address for width, address in self.own.addresses if width <= 1200]
        return fitting[-1] if fitting else self.address

    @property
    def smallest(self) -> str:
        """The whole of it, small: the desk shows what was chosen as it is cut."""
        return self.own.addresses[0][1] if self.own.addresses else self.address

    @property
    def card(self) -> tuple[str, int, int]:
        """For other sites' cards: address, width, height. Wide enough, and no wider.

        In the original's own format, because not every site reads the better ones.
        """
        addresses = self.own.addresses or ((self.width, self.address),)
        wide = [made for made in addresses if made[0] >= CARD_WIDTH]
        width, address = wide[0] if wide else addresses[-1]
        return address, width, round(self.height * width / (self.width or 1))


def widths_for(width: int) -> list[int]:
    """The widths a better format is made in: the steps, and the original's own.

    None for what is narrower than the first step: there is nothing to be saved.
    """
    if width < WIDTHS[0]:
        return []
    steps = {step for step in WIDTHS if step <= width}
    return sorted(steps | {min(width, WIDTHS[-1])})


def names_in(source: str) -> set[str]:
    """Names of files under MEDIA_URL that a text as HTML links to or shows.

    Whether there are such files is another question.
    """
    if settings.MEDIA_URL not in source:
        return set()
    found = (match[1] for match in _address_pattern().finditer(source))
    return {unquote(html.unescape(address)) for address in found}


def name_of(address: str) -> str:
    """The name of our file at this address, or ""."""
    found = _address_pattern().match(address)
    return unquote(found[1]) if found else ""


def _address_pattern() -> re.Pattern[str]:
    begins = [settings.MEDIA_URL]
    if settings.MEDIA_URL.startswith("/"):
        begins.append(settings.SITE_URL + settings.MEDIA_URL)
    # The same path below another host, or further down in a path, is not ours.
    start = "|".join(re.escape(begin) for begin in begins)
    return re.compile(rf"""(?<![^\s"'=(,])(?:{start})([^\s"'<>?#(),]+)""")


def by_type(
    made: Iterable[tuple[str, int, str]],
) -> dict[str, tuple[tuple[int, str], ...]]:
    """`(type, width, address)` gathered by type, narrowest first."""
    gathered: dict[str, list[tuple[int, str]]] = {}
    for mime_type, width, address in made:
        gathered.setdefault(mime_type, []).append((width, address))
    return {mime_type: tuple(sorted(found)) for mime_type, found in gathered.items()}
