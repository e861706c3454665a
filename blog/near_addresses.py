"""What somebody may have meant who asked for an address at which there is nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format

from blog import tag_index
from blog.dates import last_of_month
from blog.models import Category, Post
from blog.models.post_queryset import PostQuerySet
from blog.slugs import MAX_SLUG_LENGTH, slug_from

MAX_NEAR = 3
# Looked at of those that begin alike, and of those of the same month.
MAX_CANDIDATES = 200
ALIKE = 0.7  # difflib's ratio
BEGINNING = 3
_FILE = re.compile(r"\.(x?html?|php|aspx?|cgi|pl|jsp|cfm|htm)$", re.IGNORECASE)
# Below a post or a list these are its own.
_BELOW = re.compile(
    r"feed|atom|rss2?|rdf|json|amp|embed|trackback|page|comment-page-\d+"
)
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Near:
    title: str
    url: str


@dataclass(frozen=True)
class Asked:
    """What an address says: a last name, words, perhaps a month, perhaps a subject."""

    slug: str
    words: str
    month: date | None
    year: int | None
    subject: str

    @classmethod
    def of(cls, path: str) -> "Asked":
        parts = [part for part in path.split("/") if part][:12]
        names = [_FILE.sub("", part) for part in parts if not _BELOW.fullmatch(part)]
        names = [name for name in names if not name.isdecimal()]
        slug = slug_from(names[-1][:MAX_SLUG_LENGTH]) if names else ""
        year, month = _dates(parts)
        subject = parts[0] if parts and parts[0] in ("tag", "category") else ""
        words = " ".join(_WORD.findall(slug.replace("_", " ").replace("-", " ")))
        return cls(slug, words, month, year, subject)


@dataclass(frozen=True)
class Guess:
    """`exact`: of the same name elsewhere. `words`: what to search for instead."""

    exact: list[Near]
    near: list[Near]
    archive: Near | None
    words: str

    @property
    def best(self) -> Near | None:
        """What a redirect would lead to, most likely."""
        return next(iter([*self.exact, *self.near]), None)


def guess(path: str) -> Guess:
    """Six queries at most, each answered by an index. No row is read that is not used."""
    asked = Asked.of(path)
    if asked.subject and asked.slug:
        return Guess([], _subjects(asked.slug), None, asked.words)
    public = Post.objects.published()
    exact = _titled(public.filter(slug=asked.slug)[:MAX_NEAR]) if asked.slug else []
    of_month = list(_slugs(_dated(public, asked.month))) if asked.month else []
    near: list[Near] = []
    if asked.slug and not exact:
        alike = [*of_month, *_slugs(_beginning(public, asked.slug))]
        near = _nearest(asked.slug, alike)
    return Guess(exact, near, _archive(asked, has_month=bool(of_month)), asked.words)


def _dates(parts: list[str]) -> tuple[int | None, date | None]:
    """The year and the first of the month a path begins with, where there are such."""
    try:
        numbers = [
            int(part) for part in parts[:2] if re.fullmatch(r"\d{2}|\d{4}", part)
        ]
        if not numbers or len(parts[0]) != 4:
            return None, None
        year = date(numbers[0], 1, 1).year
        return year, date(year, numbers[1], 1) if len(numbers) == 2 else None
    except ValueError:
        return None, None


def _dated(posts: PostQuerySet, month: date) -> PostQuerySet:
    return posts.posts().filter(published_on__range=(month, last_of_month(month)))


def _beginning(rows: QuerySet, slug: str) -> QuerySet:
    """Those that begin like it: by order, which any index answers."""
    start = slug[:BEGINNING]
    return rows.filter(slug__gte=start, slug__lt=start + "\U0010ffff").order_by("slug")


def _slugs(posts: QuerySet) -> Iterable[tuple[int, str]]:
    return posts.order_by().values_list("pk", "slug")[:MAX_CANDIDATES]


def _nearest(slug: str, alike: list[tuple[int, str]]) -> list[Near]:
    pk_of = {other: pk for pk, other in alike}
    # Cut off by a mail program, or alike to the eye.
    begun = [
        other for other in pk_of if other.startswith(slug) and len(slug) > BEGINNING
    ]
    close = get_close_matches(slug, pk_of, n=MAX_NEAR, cutoff=ALIKE)
    names = list(dict.fromkeys([*close, *sorted(begun, key=len)]))[:MAX_NEAR]
    if not names:
        return []
    pks = [pk_of[name] for name in names]
    found = {post.pk: post for post in _only_titles(Post.objects.filter(pk__in=pks))}
    return [Near(found[pk].headline, found[pk].get_absolute_url()) for pk in pks]


def _titled(posts: QuerySet) -> list[Near]:
    return [Near(p.headline, p.get_absolute_url()) for p in _only_titles(posts)]


def _only_titles(posts: QuerySet) -> QuerySet:
    return posts.only(
        "title", "slug", "kind", "published_on", "lead", "password", "path"
    )


def _subjects(slug: str) -> list[Near]:
    """Categories and tags that are called alike."""
    found: list[Near] = []
    for every in (Category.objects.all(), tag_index.public()):
        by_slug = {row.slug: row for row in _beginning(every, slug)[:MAX_CANDIDATES]}
        for name in get_close_matches(slug, by_slug, n=MAX_NEAR, cutoff=ALIKE):
            found.append(Near(str(by_slug[name]), by_slug[name].get_absolute_url()))
    return found[:MAX_NEAR]


def _archive(asked: Asked, *, has_month: bool) -> Near | None:
    """What was published then, if anything was."""
    if asked.month and has_month:
        title = date_format(asked.month, "YEAR_MONTH_FORMAT")
        return Near(
            title, reverse("blog:month", args=[asked.month.year, asked.month.month])
        )
    if asked.year:
        posts = Post.objects.published().posts().filter(published_on__year=asked.year)
        if posts.exists():
            return Near(str(asked.year), reverse("blog:year", args=[asked.year]))
    return None
