"""Sitemaps: the address of everything public, and when it last changed.

https://www.sitemaps.org/protocol.html, with Google's extension for pictures. What a
password locks is in none of them, nor what has nothing but such posts in it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urljoin
from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone

from blog.models import Category, Media, MediaUse, Page, Post, Tag, User
from blog.models.post_queryset import Kind, is_public_q

# The protocol allows many more: but who asks for a file is answered within a moment, and
# a process keeps the memory that its largest page took.
MAX_ADDRESSES = 2_000
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


class Section(Sitemap):
    """Addresses of one kind, each with `changed_at`; `pages` files of them."""

    limit = MAX_ADDRESSES
    # What takes longer the more posts there are is made once in each generation.
    reads_all_posts = True

    @cached_property
    def paginator(self) -> Paginator:
        return Paginator(self.items(), self.limit)  # type: ignore[arg-type]

    def count(self) -> int:
        """How many there are, without what each of them tells. One query."""
        return self.paginator.count

    def entries(self, number: int) -> list[dict[str, Any]]:
        """One file's: `location`, `lastmod`, and `images`. Raises InvalidPage."""
        return self.get_urls(number)

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.SITE_URL.partition("://")[0]

    def get_domain(self, site: object = None) -> str:
        return settings.SITE_URL.partition("://")[2]

    def lastmod(self, item: Any) -> datetime | None:
        return item.changed_at


class Home(Section):
    """The home page alone. One query."""

    def count(self) -> int:
        return 1

    def items(self) -> list[datetime | None]:
        found = Post.objects.filter(_open_posts_q()).aggregate(at=Max(_changed_at()))
        return [found["at"]]

    def location(self, item: datetime | None) -> str:
        return reverse("blog:home")

    def lastmod(self, item: datetime | None) -> datetime | None:
        return item


class _Written(Section):
    """Posts or pages, oldest first, so that full files stay as they are.

    Three queries a file, the count included.
    """

    rows: QuerySet
    reads_all_posts = False

    @cached_property
    def paginator(self) -> Paginator:
        """Those with a password are counted too: an index alone tells how many.

        What is last may be short by so many, or empty.
        """
        found = Paginator(self.items(), self.limit)
        found.count = self.rows.filter(is_public_q()).count()
        return found

    def items(self) -> QuerySet:
        named = "kind slug path published_on published_at updated_at".split()
        rows = self.rows.filter(is_public_q(), password="").order_by("pk")
        rows = rows.select_related("featured_image").annotate(changed_at=_changed_at())
        return rows.only(*named, "featured_image__file", "featured_image__width")

    def get_urls(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        urls = super().get_urls(*args, **kwargs)
        shown = _pictures_in(url["item"] for url in urls)
        for url in urls:
            url["images"] = shown[url["item"].pk][:MAX_PICTURES]
        return urls


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
        return count if count <= self.limit else self.paginator.count


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
    """Those on a post. Two queries, the count included."""

    rows = Tag.objects.all()

    def items(self) -> QuerySet:
        path = "items__content_object__"
        rows = Tag.objects.filter(_open_posts_q(path)).order_by("pk")
        return rows.annotate(changed_at=Max(_changed_at(path))).only("slug")


class Authors(_Showing):
    """Who has published a post. Two queries, the count included."""

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
