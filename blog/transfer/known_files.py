"""Which files here the addresses in an old text name, and the text with them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from operator import itemgetter
from typing import TypeVar

from blog import old_names
from blog.models import Media, OldFile
from blog.models.old_file import OldFileQuerySet
from blog.old_names import OldBlog
from blog.transfer import rewriting

# Asked for at once.
BATCH_NAMES = 2000
_COLUMNS = (
    *("pk", "home", "family", "number", "name"),
    *("media", "media__file", "page"),
)
_IMAGE = re.compile(r"""<img\b(?:[^<>"']|"[^"]*+"|'[^']*+')*+>""", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""\s+([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=]+)))?"""
)

Value = TypeVar("Value", int, str)


@dataclass(frozen=True)
class KnownFile:
    """A row, as far as texts ask for it; `address` is empty until it is here."""

    pk: int
    name: str
    media: int | None
    address: str


class KnownFiles:
    """Answers for the texts it was shown; two queries a showing."""

    def __init__(self, blog: OldBlog) -> None:
        self._blog = blog
        self._families: dict[str, dict[str, KnownFile]] = {}
        self._by_number: dict[int, KnownFile] = {}
        self._by_page: dict[str, KnownFile] = {}

    def look_up(self, addresses: Iterable[str], numbers: Iterable[int] = ()) -> None:
        """Ask for all that these may name. What was known before is forgotten."""
        self._families, self._by_number, self._by_page = {}, {}, {}
        addresses = set(addresses)
        families = {old_names.family(name) for name in self._names(addresses)}
        numbers = set(numbers) | set(filter(None, map(self._blog.number, addresses)))
        pages = set(filter(None, map(self._blog.page, addresses)))
        self.look_up_families(families)
        files = OldFile.objects
        for _, number, known, _ in self._rows(files.numbered, numbers):
            self._by_number[number] = known
        for _, _, known, page in self._rows(files.on_pages, pages):
            self._by_page[page] = known

    def look_up_families(self, families: set[str]) -> None:
        """Ask for these, too: one query."""
        for family, _, known, _ in self._rows(OldFile.objects.of_families, families):
            self._families.setdefault(family, {})[known.name] = known

    def _names(self, addresses: Iterable[str]) -> Iterator[str]:
        return filter(None, map(self._blog.name, addresses))

    def _rows(
        self, those: Callable[[Iterable[Value]], OldFileQuerySet], values: set[Value]
    ) -> Iterator[tuple[str, int, KnownFile, str]]:
        # PostgreSQL takes no NUL in a text: nothing is looked up by one.
        ordered = sorted(value for value in values if "\0" not in str(value))
        for start in range(0, len(ordered), BATCH_NAMES):
            # Asked for the home, too, or for an order, SQLite reads all files there are.
            rows = those(ordered[start : start + BATCH_NAMES]).order_by()
            columns = sorted(rows.values_list(*_COLUMNS), key=itemgetter(0))
            for pk, home, family, number, name, media, file, page in columns:
                if home == self._blog.home:
                    known = KnownFile(pk, name, media, _address(file))
                    yield family, number, known, page

    def of(self, address: str) -> KnownFile | None:
        """The file an address names, here or not."""
        if name := self._blog.name(address):
            family = self._families.get(old_names.family(name), {})
            chosen = old_names.choose(name, family)
            return family[chosen] if chosen else None
        if number := self._blog.number(address):
            return self.numbered(number)
        return self._by_page.get(self._blog.page(address))

    @property
    def is_any_here(self) -> bool:
        families = (
            known for family in self._families.values() for known in family.values()
        )
        others = [*self._by_number.values(), *self._by_page.values()]
        return any(known.address for known in [*families, *others])

    def numbered(self, number: int) -> KnownFile | None:
        return self._by_number.get(number)

    def new_address(self, address: str) -> str | None:
        """Where the file is here; None where it is not, or the address names none."""
        found = self.of(address)
        return found.address or None if found else None

    def shown(self, html: str) -> str:
        """The text with the addresses here of all files that are."""
        if "<" not in html:
            return html
        fitted = _IMAGE.sub(self._fitted, html)
        return rewriting.with_addresses(fitted, self.new_address)

    def _fitted(self, image: re.Match[str]) -> str:
        """A picture as large as it was; which sizes there are this blog knows itself."""
        said = {
            found[1].lower(): found[2] or found[3] or found[4] or ""
            for found in _ATTRIBUTE.finditer(image[0], 4)
        }
        address = unescape(said.get("src", "")).strip()
        if not address or self.new_address(address) is None:
            return image[0]
        kept = _ATTRIBUTE.sub(_without_choice, image[0])
        if said.get("width") or said.get("height"):
            return kept
        sides = zip(("width", "height"), old_names.shown_size(address), strict=True)
        size = "".join(f' {side}="{pixels}"' for side, pixels in sides if pixels)
        return kept[:4] + size + kept[4:]


def _without_choice(attribute: re.Match[str]) -> str:
    return "" if attribute[1].lower() in ("srcset", "sizes") else attribute[0]


def _address(file: str | None) -> str:
    return str(Media(file=file).file.url) if file else ""
