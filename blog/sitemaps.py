"""Sitemaps: the address of everything public, and when it last changed.

https://www.sitemaps.org/protocol.html, with Google's extension for pictures. What a
password locks is in none of them, nor what has nothing but such posts in it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone

from blog.models import Category, Media, MediaUse, Page, Post, Tag, User
from blog.models.post_queryset import Kind, is_public_q

# The protocol allows many more: but who asks for a file is answered within a moment, and
# a process keeps the memory that its largest page took.
MAX_ADDRESSES = 2_000
# So many numbers of posts have a file of their own.
POSTS_A_FILE = 1_000
# The picture extension allows no more for one address.
MAX_PICTURES = 1000
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" \
xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
"""


def _open_posts_q(prefix: str = "") -> Q:
    """Posts anybody may read; `prefix` leads to the post."""
    return is_public_q(prefix) & Q(
        **{f"{prefix}kind": Kind.POST, f"{prefix}password": ""}
    )


def _changed_at(prefix: str = "") -> Greatest:
    """When a reader last saw something new: a scheduled post appears unchanged."""
    return Greatest(F(f"{prefix}updated_at"), F(f"{prefix}published_at"))


class Section:
    """Addresses of one kind, in `files` of them."""

    limit = MAX_ADDRESSES
    # What takes longer the more posts there are is made once in each generation.
    reads_all_posts = True

    def count(self) -> int:
        """How many there are at most, without what each of them tells. One query."""
        raise NotImplementedError

    def files(self) -> Iterable[int]:
        """Their numbers, from 1 on. One query."""
        return range(1, 1 + -(-self.count() // self.limit))

    def items(self) -> Iterable[Any]:
        """Every one, each with `changed_at`."""
        raise NotImplementedError

    def part(self, number: int) -> list[Any]:
        """Those of one file; none where there is no such file."""
        last = number * self.limit
        return list(self.items())[last - self.limit : last]

    def entries(self, items: Iterable[Any]) -> list[dict[str, Any]]:
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


@dataclass(frozen=True)
class _Place:
    changed_at: datetime | None


class Home(Section):
    """The home page alone. One query."""

    def count(self) -> int:
        return 1

    def items(self) -> list[_Place]:
        found = Post.objects.filter(_open_posts_q()).aggregate(at=Max(_changed_at()))
        return [_Place(found["at"])]

    def location(self, item: _Place) -> str:
        return reverse("blog:home")


class _Written(Section):
    """Posts or pages, oldest first; each file has numbers of its own.

    So none moves from one file to another, and to make one no other is counted. Two
    queries a file.
    """

    rows: QuerySet
    limit = POSTS_A_FILE
    reads_all_posts = False

    def count(self) -> int:
        """With those that have a password: an index alone tells how many."""
        return self.rows.filter(is_public_q()).count()

    def files(self) -> list[int]:
        """Those that have something in them."""
        place = self._open().values_list((F("pk") - F("pk") % self.limit) / self.limit)
        return sorted(1 + number for (number,) in place.distinct())

    def items(self) -> QuerySet:
        named = "kind slug path published_on published_at updated_at".split()
        rows = self._open().order_by("pk").annotate(changed_at=_changed_at())
        rows = rows.select_related("featured_image")
        return rows.only(*named, "featured_image__file", "featured_image__width")

    def part(self, number: int) -> list[Post]:
        last = number * self.limit
        return list(self.items().filter(pk__gte=last - self.limit, pk__lt=last))

    def entries(self, items: Iterable[Post]) -> list[dict[str, Any]]:
        posts = list(items)
        shown = _pictures_in(posts)
        entries = super().entries(posts)
        for post, entry in zip(posts, entries, strict=True):
            entry["images"] = shown[post.pk][:MAX_PICTURES]
        return entries

    def _open(self) -> QuerySet:
        return self.rows.filter(is_public_q(), password="").order_by()


class Posts(_Written):
    rows = Post.objects.posts()


class Pages(_Written):
    rows = Page.objects.all()


class _Showing(Section):
    """What lists posts. Whether it has any that all may read is asked for its file."""

    rows: QuerySet

    def count(self) -> int:
        """With those that show no post, where these make no file more."""
        count = self.rows.count()
        return count if count <= self.limit else len(list(self.items()))


class Categories(_Showing):
    """Those that show a post, their own or one of a category below. Two queries."""

    rows = Category.objects.all()

    def items(self) -> list[Category]:
        filed = Post.categories.through._base_manager.filter(_open_posts_q("post__"))
        newest: dict[int, datetime] = dict(
            filed.values_list("category").annotate(at=Max(_changed_at("post__")))
        )
        rows = list(Category.objects.in_tree_order().only("path", "parent"))
        for category in reversed(rows):  # what stands below comes before it
            below = newest.get(category.pk)
            if below and category.parent_id:
                above = newest.get(category.parent_id, below)
                newest[category.parent_id] = max(above, below)
        for category in rows:
            category.changed_at = newest.get(category.pk)  # type: ignore[attr-defined]
        return [category for category in rows if category.pk in newest]


class Tags(_Showing):
    """Those on a post. One query."""

    rows = Tag.objects.all()

    def items(self) -> QuerySet:
        path = "items__content_object__"
        rows = Tag.objects.filter(_open_posts_q(path)).order_by("pk")
        return rows.annotate(changed_at=Max(_changed_at(path))).only("slug")


class Authors(_Showing):
    """Who has published a post. One query."""

    rows = User.objects.all()

    def items(self) -> QuerySet:
        rows = User.objects.filter(_open_posts_q("posts__")).order_by("pk")
        return rows.annotate(changed_at=Max(_changed_at("posts__"))).only("slug")


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


def _pictures_in(posts: Iterable[Post]) -> defaultdict[int, list[str]]:
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
