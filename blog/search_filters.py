"""What somebody searches for, as an address says it, and what it can be narrowed to."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog import glance
from blog.models import Category, Post, User
from blog.numbers import number_or_none

# What is longer is no question; it is cut.
MAX_QUESTION = 200
# Nobody reads on to there, and each further page costs as much as all before it.
MAX_PAGES = 50
# More choices than these help nobody.
MAX_CATEGORIES = 200
MAX_AUTHORS = 100
KINDS = {"post": _("Posts"), "page": _("Pages"), "comment": _("Comments")}


@dataclass(frozen=True)
class Asked:
    """One question with its filters, and the page of the answer."""

    text: str = ""
    kind: str = ""
    category: Category | None = None
    year: int | None = None
    author: User | None = None
    page: int = 1

    @classmethod
    def of(cls, fields: QueryDict) -> "Asked":
        """From whatever stands in an address. What names nothing is left out.

        A query each for a category and an author.
        """
        kind = fields.get("kind", "")
        year = number_or_none(fields.get("year", ""))
        slug, name = clean(fields.get("category", "")), clean(fields.get("author", ""))
        return cls(
            text=clean(fields.get("q", ""))[:MAX_QUESTION].strip(),
            kind=kind if kind in KINDS else "",
            category=Category.objects.filter(slug=slug).first() if slug else None,
            year=year if year and 1 <= year <= 9999 else None,
            author=_authors().filter(slug=name).first() if name else None,
            page=number_or_none(fields.get("page", "")) or 1,
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.category or self.year or self.author)

    @property
    def filters(self) -> dict[str, Any]:
        """As `search()` takes them."""
        names = ("kind", "category", "year", "author", "page")
        return {name: getattr(self, name) for name in names}

    @property
    def url(self) -> str:
        return search_url(
            self.text,
            kind=self.kind,
            category=self.category.slug if self.category else "",
            year=self.year or "",
            author=self.author.slug if self.author else "",
            page=self.page if self.page > 1 else "",
        )

    @property
    def newer(self) -> "Asked":
        return replace(self, page=self.page - 1)

    @property
    def older(self) -> "Asked":
        return replace(self, page=self.page + 1)

    @property
    def first(self) -> "Asked":
        return replace(self, page=1)

    @property
    def without_filters(self) -> "Asked":
        return Asked(self.text)

    def meaning(self, text: str) -> "Asked":
        return replace(self, text=text, page=1)


@dataclass(frozen=True)
class Choice:
    value: str
    name: str
    is_chosen: bool
    level: int = 0

    @property
    def steps(self) -> range:
        return range(self.level)


def search_url(text: str, **fields: object) -> str:
    said = {"q": text} | {name: value for name, value in fields.items() if value}
    return f"{reverse('blog:search')}?{urlencode(said)}"


def clean(text: str) -> str:
    """Without what no text has: PostgreSQL takes no NUL, and no encoding half a sign."""
    whole = text.encode("utf-8", "ignore").decode()
    return " ".join(whole.replace("\0", " ").split())


def choices(asked: Asked, request: HttpRequest) -> dict[str, list[Choice]]:
    """What there is to choose from, by the name of its field. Four queries at most.

    A list of one choice or none is left out: it would narrow nothing.
    """
    offered = {
        "kind": [
            Choice(kind, str(name), kind == asked.kind) for kind, name in _kinds()
        ],
        "category": [
            Choice(one.slug, one.name, one == asked.category, one.level)
            for one in _categories()
        ],
        "year": [
            Choice(str(one.number), str(one.number), one.number == asked.year)
            for one in glance.years(request)
        ],
        "author": [
            Choice(one.slug, one.public_name, one == asked.author)
            for one in _authors().order_by("display_name", "pk")[:MAX_AUTHORS]
        ],
    }
    return {name: found for name, found in offered.items() if len(found) > 1}


def _kinds() -> list[tuple[str, Any]]:
    has_pages = Post.objects.published().filter(kind=Post.Kind.PAGE).exists()
    return [(kind, name) for kind, name in KINDS.items() if has_pages or kind != "page"]


def _categories() -> list[Category]:
    """Of very many those at the top alone."""
    more = Category.objects.order_by()[MAX_CATEGORIES : MAX_CATEGORIES + 1]
    shown = Category.objects.filter(Q(level=0) | ~Exists(more))
    return list(shown.in_tree_order()[:MAX_CATEGORIES])


def _authors():
    """Who has published something: nobody else's name is told."""
    written = Post.objects.published().posts().filter(author=OuterRef("pk")).order_by()
    return User.objects.filter(Exists(written))
