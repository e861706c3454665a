"""What an element of an export says: its parts by name, as text, numbers and dates."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from xml.etree.ElementTree import Element

from django.utils import timezone

from blog import html_text
from blog.transfer.wxr_xml import name_of

_NUMBER = re.compile(r"\d{1,18}")
# What a moment that never was looks like.
_ZERO = "0000-00-00"
# Every clock on earth can show it.
_LAST = datetime(9999, 12, 30)  # noqa: DTZ001


class Fields:
    """An element's children by name; of each the first one's text, and every one."""

    def __init__(self, element: Element) -> None:
        self._element = element
        self._first = {name_of(child.tag): child for child in reversed(element)}

    def all(self, name: str) -> list[Element]:
        if name not in self._first:
            return []
        return [child for child in self._element if name_of(child.tag) == name]

    def parts(self, name: str) -> Iterator["Fields"]:
        return map(Fields, self.all(name))

    def raw(self, name: str) -> str:
        """As it stands, white space around it included."""
        found = self._first.get(name)
        if found is None:
            return ""
        return "".join(found.itertext()) if len(found) else found.text or ""

    def text(self, name: str) -> str:
        return self.raw(name).strip()

    def words(self, name: str) -> str:
        """A title or name: WordPress keeps HTML in them, which is made plain."""
        return plain(self.text(name))

    def exact(self, name: str) -> str:
        """Plain text that was escaped once, to the letter: as this blog writes it."""
        return unescape(self.raw(name))

    def number(self, name: str) -> int | None:
        """None where it is missing, 0, or no number."""
        found = _NUMBER.fullmatch(self.text(name))
        return int(found[0]) or None if found else None

    def moment(self, name: str) -> datetime | None:
        """When, by its `_gmt` twin if that is there, else by the blog's own time zone.

        None for zero dates and what is no date.
        """
        if (found := _moment(self.text(f"{name}_gmt"))) is not None:
            return found.replace(tzinfo=UTC)
        found = _moment(self.text(name))
        return timezone.make_aware(found) if found else None

    def published(self, name: str) -> datetime | None:
        """A date as feeds write it (RFC 822); None where it is none."""
        try:
            found = parsedate_to_datetime(self.text(name))
        except ValueError:
            return None
        return on_all_clocks(found if found.tzinfo else found.replace(tzinfo=UTC))

    def meta(self, name: str) -> dict[str, str]:
        """Key and value of each `wp:postmeta` or `wp:commentmeta`; the last one wins."""
        pairs = self.parts(name)
        return {one.text("wp:meta_key"): one.raw("wp:meta_value") for one in pairs}

    def metas(self, name: str, key: str) -> list[str]:
        """Every value of one key."""
        found = self.parts(name)
        return [
            one.text("wp:meta_value") for one in found if one.text("wp:meta_key") == key
        ]


def plain(text: str) -> str:
    """HTML as one line of plain text: tags left out, entities as characters."""
    bare = html_text.text_of(text) if "<" in text else unescape(text)
    return " ".join(bare.split())


def _moment(text: str) -> datetime | None:
    if text.startswith(_ZERO):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    # Before that no clock of the blog's knew its own zone.
    return min(found.replace(tzinfo=None), _LAST) if found.year > 1 else None


def on_all_clocks(moment: datetime) -> datetime | None:
    """`moment`; None where it is so near an end of the calendar that some zone lacks it."""
    try:
        year = moment.astimezone(UTC).year
    except OverflowError:
        return None
    return moment if 1 < year < 9999 else None
