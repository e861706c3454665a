"""What the head of a text says, after the habits of each generator."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from blog import xml_text
from blog.slugs import slug_from
from blog.transfer import told_dates
from blog.transfer.front_matter import Head
from blog.transfer.told_dates import Told

_DATED_NAME = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[-_](.+)")
_LANGUAGE = re.compile(r"(.+)\.([a-z]{2}(?:-[a-z]{2})?)", re.IGNORECASE)
_POST_FOLDERS = frozenset(
    "_posts _drafts posts post blog articles article news drafts notes".split()
)
_PAGE_FOLDERS = frozenset(["pages", "_pages", "page"])
_LEAD_IMAGES = "image cover thumbnail featured_image header images".split()
_ADDRESS_KEYS = "image path src feature url teaser".split()
_TRUE = frozenset(["true", "yes", "on", "1"])
_FALSE = frozenset(["false", "no", "off", "0", "none"])
_STATUSES = {
    "published": "published",
    "draft": "draft",
    "hidden": "private",
    "skip": "draft",
    "private": "private",
    "pending": "pending",
    "trash": "trash",
    "unlisted": "private",
    "unpublished": "draft",
}
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_SEPARATOR = re.compile(r"\s*[,;]\s*")
# The names of what is read here; all others are told of at the end.
USED = frozenset(
    """
    title date pubdate published_at lastmod updated last_modified_at modified slug layout
    type draft published status category categories tag tags taxonomies author
    authors excerpt summary description permalink url aliases alias redirect_from guid
    id uuid lang language locale comments image cover thumbnail featured_image
    images header weight nav_order menu_order sticky pinned pin publishdate created
    excerpt_separator private password
    """.split()
)


@dataclass
class Text:
    """One file: where it lies, what its head says, and the Markdown below that."""

    path: PurePosixPath
    head: Head
    body: str
    generator: str
    zone: tzinfo | None = None  # of dates that tell none

    def words(self, *names: str) -> str:
        """The first of them that is told, on one line."""
        return " ".join(self.raw(*names).split())

    def raw(self, *names: str) -> str:
        for name in names:
            value = self.head.said.get(name)
            if isinstance(value, str) and value.strip():
                return xml_text.allowed(value).strip()
            if isinstance(value, int | float) and not isinstance(value, bool):
                return str(value)
        return ""

    def number(self, *names: str) -> int:
        """0 where it is none."""
        said = self.words(*names)
        return int(said) if _NUMBER.fullmatch(said) else 0

    def flag(self, *names: str) -> bool | None:
        """None where it is not told."""
        for name in names:
            value = self.head.said.get(name)
            if isinstance(value, bool):
                return value
            said = value.strip().lower() if isinstance(value, str) else ""
            if said in _TRUE | _FALSE:
                return said in _TRUE
        return None

    def listed(self, *names: str) -> list[str]:
        """What stands below these names, each once: a list, or a line of them."""
        found: dict[str, None] = {}
        taxonomies = self.head.said.get("taxonomies")
        for name in names:
            value = self.head.said.get(name)
            if value is None and isinstance(taxonomies, dict):
                value = taxonomies.get(name)
            for one in self._parts(value, is_plural=name.endswith("s")):
                found[one] = None
        return list(found)

    def _parts(self, value: Any, *, is_plural: bool) -> Iterable[str]:
        texts: Sequence[str | int]
        if isinstance(value, list):
            texts = [one for one in value if isinstance(one, str | int)]
        elif isinstance(value, str) and _SEPARATOR.search(value.strip(" ,;")):
            texts = _SEPARATOR.split(value)
        elif isinstance(value, str) and is_plural and self.generator in ("jekyll", ""):
            texts = value.split()
        else:
            texts = [value] if isinstance(value, str | int) else []
        plain = (" ".join(xml_text.allowed(str(one)).split()) for one in texts)
        return (one for one in plain if one)

    # --- What its name tells --------------------------------------------------

    @cached_property
    def name(self) -> str:
        """Of its file, or of the folder whose text it is; without a date or ending."""
        dated = _DATED_NAME.fullmatch(self._stem)
        return dated[2] if dated else self._stem

    @cached_property
    def _stem(self) -> str:
        stem = self.path.stem
        if self.generator == "hugo" and (found := _LANGUAGE.fullmatch(stem)):
            stem = found[1]
        return (
            self.path.parent.name if self.is_bundle and self.path.parent.name else stem
        )

    @property
    def is_bundle(self) -> bool:
        stem = self.path.stem.partition(".")[0]
        return (
            stem in ("index", "_index") and self.path.parent.name not in _POST_FOLDERS
        )

    @property
    def is_list(self) -> bool:
        """The blog's first page, or that of all posts: made of other texts."""
        above = self.path.parent
        is_top = not [part for part in above.parts if part not in ("content", "src")]
        return self.path.stem.startswith(("index", "_index")) and (
            is_top or above.name in _POST_FOLDERS
        )

    @property
    def is_dated_by_name(self) -> bool:
        return bool(_DATED_NAME.fullmatch(self._stem))

    @cached_property
    def folders(self) -> list[str]:
        """Those it lies in, without what every text lies in."""
        above = self.path.parent.parent if self.is_bundle else self.path.parent
        parts = list(above.parts)
        while parts and parts[0] in ("content", "src"):
            parts = parts[1:]
        return parts

    # --- What it is -------------------------------------------------------------

    @cached_property
    def told(self) -> Told | None:
        """When it was published."""
        for name in ("date", "publishdate", "pubdate", "published_at", "created"):
            if found := told_dates.read(self.head.said.get(name), self.zone):
                return found
        dated = _DATED_NAME.fullmatch(self._stem)
        return told_dates.read(dated[1], self.zone) if dated else None

    @cached_property
    def changed(self) -> Told | None:
        for name in ("lastmod", "last_modified_at", "updated", "modified"):
            if found := told_dates.read(self.head.said.get(name), self.zone):
                return found
        return None

    @cached_property
    def kind(self) -> str:
        said = {self.words("layout").lower(), self.words("type").lower()}
        if "page" in said:
            return "page"
        if said & {"post", "posts"} or set(self.folders) & _POST_FOLDERS:
            return "post"
        if set(self.folders) & _PAGE_FOLDERS:
            return "page"
        return "post" if self.told else "page"

    @cached_property
    def status(self) -> str:
        is_draft = self.flag("draft") or self.flag("published") is False
        if is_draft or {"_drafts", "drafts"} & set(self.path.parts[:-1]):
            return "draft"
        if self.flag("private"):
            return "private"
        return _STATUSES.get(self.words("status").lower(), "published")

    @cached_property
    def slug(self) -> str:
        told = self.words("slug")
        return slug_from(told) or slug_from(self.name) or slug_from(self.words("title"))

    @cached_property
    def language(self) -> str:
        told = self.words("lang", "language", "locale")
        if not told and self.generator == "hugo":
            found = _LANGUAGE.fullmatch(self.path.stem)
            told = found[2] if found else ""
        return told.replace("_", "-")

    @cached_property
    def categories(self) -> list[str]:
        told = self.listed("categories", "category")
        if told or self.kind == "page":
            return told
        if self.generator == "jekyll" and "_posts" in self.folders:
            return self.folders[: self.folders.index("_posts")]
        return self.folders[:1] if self.generator == "pelican" else []

    @cached_property
    def tags(self) -> list[str]:
        told = self.listed("tags", "tag")
        if self.generator == "eleventy":  # where they gather pages as well
            return [tag for tag in told if tag not in ("post", "posts", "all", "nav")]
        return told

    @cached_property
    def authors(self) -> list[str]:
        value = self.head.said.get("author") or self.head.said.get("authors")
        every = value if isinstance(value, list) else [value]
        names = [one.get("name") if isinstance(one, dict) else one for one in every]
        if isinstance(value, str) and self.head.format == "lines":
            names = list(_SEPARATOR.split(value))
        plain = (
            " ".join(xml_text.allowed(n).split()) for n in names if isinstance(n, str)
        )
        return [name for name in plain if name]

    @cached_property
    def lead_image(self) -> str:
        """Its address as it is written; `cover: {image: …}` is one too."""
        return next((address for address, _ in self._lead_images()), "")

    @cached_property
    def lead_image_alt(self) -> str:
        return next((alt for _, alt in self._lead_images()), "")

    def _lead_images(self) -> Iterator[tuple[str, str]]:
        for name in _LEAD_IMAGES:
            value = self.head.said.get(name)
            if isinstance(value, list):
                value = value[0] if value else None
            alt = value.get("alt") if isinstance(value, dict) else None
            if isinstance(value, dict):
                inner = (value.get(key) for key in _ADDRESS_KEYS)
                value = next((one for one in inner if isinstance(one, str)), None)
            if isinstance(value, str) and value.strip():
                words = xml_text.allowed(alt) if isinstance(alt, str) else ""
                yield xml_text.allowed(value).strip(), words
