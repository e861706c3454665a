"""Sitemaps: the address of everything public, and when it last changed.

https://www.sitemaps.org/protocol.html, with Google's extension for pictures. What a
password locks is in none of them, nor what has nothing but such posts in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urljoin
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from blog import tallies
from blog.models import Category, Media, MediaUse, Page, Post, Tag, User
from blog.models.post_queryset import is_public_q
from blog.stretch_triggers import SIZE
from blog.stretches import Counted, Tally

# The protocol allows many more: but who asks for a file is answered within a moment, and
# a process keeps the memory that its largest page took.
MAX_ADDRESSES = 1_000
# The picture extension allows no more for one address.
MAX_PICTURES = 1000
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" \
xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
"""


class Section:
    """Addresses of one kind, in `files` of them, by what is counted of all posts."""

    limit = MAX_ADDRESSES
    # A file of posts is too large to be kept.
    is_kept = True

    def __init__(self, counted: Counted) -> None:
        self.counted = counted

    def count(self) -> int:
        """How many there are, without what each of them tells."""
        return len(self.items())

    def files(self) -> Sequence[int]:
        """Their numbers, from 1 on."""
        return range(1, 1 + -(-self.count() // self.limit))

    def items(self) -> Sequence[Any]:
        """Every one, each with `changed_at`."""
        raise NotImplementedError

    def part(self, number: int) -> Sequence[Any]:
        """Those of one file; none where there is no such file."""
        last = number * self.limit
        return self.items()[last - self.limit : last]

    def entries(self, items: Sequence[Any]) -> list[dict[str, Any]]:
        """What a file says of each: `location`, `lastmod`, and maybe `images`."""
        return [
            {
                "location": f"{settings.SITE_URL}{self.location(item)}",
                "lastmod": item.changed_at,
            }
            for item in items
        ]

    def location(self, item: Any) -> str:
        address: str = item.get_absolute_url()
        return address


class _Place(NamedTuple):
    changed_at: datetime | None


class Home(Section):
    """The home page alone."""

    def count(self) -> int:
        return 1

    def items(self) -> list[_Place]:
        newest = self.counted.of(tallies.NEWEST_OF_STRETCH).values()
        return [_Place(tallies.moment(max(newest)) if newest else None)]

    def location(self, item: _Place) -> str:
        return reverse("blog:home")


class _Written(Section):
    """Posts or pages, oldest first; each stretch of their numbers has a file.

    So none moves from one file to another, and to make one no other is counted. Two
    queries a file.
    """

    rows: QuerySet
    limit = SIZE
    is_kept = False

    def items(self) -> list[Post]:
        return list(self._open())

    def part(self, number: int) -> list[Post]:
        last = number * self.limit
        return list(self._open().filter(pk__gte=last - self.limit, pk__lt=last))

    def entries(self, items: Sequence[Post]) -> list[dict[str, Any]]:
        shown = _pictures_in(items)
        entries = super().entries(items)
        for post, entry in zip(items, entries, strict=True):
            entry["images"] = shown[post.pk][:MAX_PICTURES]
        return entries

    def _open(self) -> QuerySet:
        named = "kind slug path published_on published_at updated_at".split()
        rows = self.rows.filter(is_public_q(), password="").order_by("pk")
        rows = rows.select_related("featured_image")
        rows = rows.annotate(changed_at=tallies.CHANGED_AT)
        return rows.only(*named, "featured_image__file", "featured_image__width")


class Posts(_Written):
    rows = Post.objects.posts()

    def count(self) -> int:
        """With those that have a password, where these make no file more."""
        return sum(self.counted.of(tallies.MONTHS).values())

    def files(self) -> list[int]:
        return sorted(1 + one for one in self.counted.of(tallies.NEWEST_OF_STRETCH))


class Pages(_Written):
    rows = Page.objects.all()

    def count(self) -> int:
        return len(self._numbers())

    def files(self) -> list[int]:
        """One query: pages are few."""
        return sorted({1 + pk // self.limit for pk in self._numbers()})

    def _numbers(self) -> list[int]:
        rows = self.rows.filter(is_public_q(), password="").order_by()
        return list(rows.values_list("pk", flat=True))


class _Showing(Section):
    """What lists posts, as far as it has any that all may read. One query."""

    newest: Tally

    def count(self) -> int:
        return sum(pk is not None for pk in self.counted.of(self.newest))

    def items(self) -> list[Any]:
        newest = self.counted.of(self.newest)
        shown = [row for row in self.rows() if row.pk in newest]
        for row in shown:
            row.changed_at = tallies.moment(newest[row.pk])
        return shown

    def rows(self) -> Iterable[Any]:
        raise NotImplementedError


class Categories(Section):
    """Those that show a post, their own or one of a category below. One query."""

    def items(self) -> list[Category]:
        newest = dict(self.counted.of(tallies.NEWEST_OF_CATEGORY))
        rows = list(Category.objects.in_tree_order().only("path", "parent"))
        for category in reversed(rows):  # what stands below comes before it
            below = newest.get(category.pk)
            if below and category.parent_id:
                above = newest.get(category.parent_id, below)
                newest[category.parent_id] = max(above, below)
        shown = [category for category in rows if category.pk in newest]
        for category in shown:
            category.changed_at = tallies.moment(newest[category.pk])  # type: ignore[attr-defined]
        return shown


class Tags(_Showing):
    newest = tallies.NEWEST_OF_TAG

    def rows(self) -> QuerySet:
        return Tag.objects.order_by("pk").only("slug")


class Authors(_Showing):
    newest = tallies.NEWEST_OF_WRITER

    def rows(self) -> QuerySet:
        written = [pk for pk in self.counted.of(self.newest) if pk]
        return User.objects.filter(pk__in=written).order_by("pk").only("slug")


SECTIONS: dict[str, type[Section]] = {
    "home": Home,
    "posts": Posts,
    "pages": Pages,
    "categories": Categories,
    "tags": Tags,
    "authors": Authors,
}


def document(entries: Iterable[dict[str, Any]]) -> str:
    """The file with these entries. A template takes ten times as long."""
    return f"{_HEAD}{''.join(map(_url, entries))}</urlset>\n"


def _url(entry: dict[str, Any]) -> str:
    at = entry["lastmod"]
    moment = timezone.localtime(at).isoformat(timespec="seconds") if at else ""
    pictures = "".join(
        f"<image:image><image:loc>{escape(urljoin(settings.SITE_URL, address))}"
        "</image:loc></image:image>"
        for address in entry.get("images", ())
    )
    changed = f"<lastmod>{moment}</lastmod>" if moment else ""
    return f"<url><loc>{escape(entry['location'])}</loc>{changed}{pictures}</url>\n"


def _pictures_in(posts: Sequence[Post]) -> defaultdict[int, list[str]]:
    """Addresses of our pictures each shows, the featured one first. One query."""
    shown: defaultdict[int, list[str]] = defaultdict(list)
    for post in posts:
        media = post.featured_image
        shown[post.pk] = [media.file.url] if media and media.is_image else []
    if not shown:
        return shown
    pictures = Media.objects.filter(width__isnull=False).order_by().values("file")
    # They come in order of their keys: a range says which, where a list would be long.
    uses = MediaUse.objects.filter(
        post_id__gte=min(shown), post_id__lte=max(shown), name__in=pictures
    )
    for pk, name in uses.order_by("pk").values_list("post_id", "name"):
        address = default_storage.url(name)
        if pk in shown and address not in shown[pk]:
            shown[pk].append(address)
    return shown
