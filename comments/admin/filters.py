"""What the queue can be narrowed to, and in which order it comes."""

from collections.abc import Iterable

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.models import Post, User
from comments.models import Comment

State = Comment.State
# In the order of the tabs, with the words on them.
TABS = [
    (State.PENDING, _("Held")),
    (State.APPROVED, _("Approved")),
    (State.SPAM, _("Spam")),
    (State.TRASH, _("Trash")),
]
ALL = "all"
NEWEST = "newest"
ORDERS: dict[str, tuple[str, list[str | OrderBy]]] = {
    NEWEST: (_("Newest first"), ["-created_at", "-pk"]),
    "oldest": (_("Oldest first"), ["created_at", "pk"]),
    "most": (
        _("Most like spam first"),
        [F("spam_score").desc(nulls_last=True), "-pk"],
    ),
    "least": (
        _("Least like spam first"),
        [F("spam_score").asc(nulls_last=True), "-pk"],
    ),
}
KINDS = [
    (Comment.Kind.COMMENT, _("Comments")),
    (Comment.Kind.PINGBACK, _("Pingbacks")),
    (Comment.Kind.TRACKBACK, _("Trackbacks")),
    (Comment.Kind.WEBMENTION, _("Webmentions")),
]
# What stands in the reasons of each sort, in the words of comments.moderation.
REASONS: dict[str, tuple[str, list[str]]] = {
    "links": (_("Links"), ["the limit is", "it has links"]),
    "words": (_("Listed words"), ["is on the list of"]),
    "first": (_("First comment"), ["no earlier comment"]),
    "spam": (_("Spam filter"), ["reads like spam", "spam-like"]),
    "quick": (_("Too quick"), ["the form was opened"]),
    "twin": (_("Said elsewhere too"), ["the same text"]),
    "proof": (_("No proof of work"), ["proof of work"]),
    "rule": (_("A rule"), ["is blocked", "always trusted"]),
}


class StateFilter(admin.SimpleListFilter):
    """Shown as tabs above the list. Without one: the held, if there are any."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        return [*TABS, (ALL, gettext("All"))]

    def chosen(self, queryset: QuerySet) -> str:
        if self.value() in dict(self.lookup_choices):
            return self.value()
        return State.PENDING if queryset.pending().exists() else ALL

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        self.state = self.chosen(queryset)
        return queryset if self.state == ALL else queryset.filter(state=self.state)


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        return list(KINDS)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in Comment.Kind.values:
            return queryset
        return queryset.filter(kind=self.value())


class ReasonFilter(admin.SimpleListFilter):
    title = _("reason")
    parameter_name = "why"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        return [(key, named[0]) for key, named in REASONS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in REASONS:
            return queryset
        said = Q()
        for words in REASONS[self.value()][1]:
            said |= Q(reasons__icontains=words)
        return queryset.filter(said)


class LinksFilter(admin.SimpleListFilter):
    title = _("links")
    parameter_name = "links"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        return [("yes", gettext("With links")), ("no", gettext("Without links"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in {"yes", "no"}:
            return queryset
        linking = {"body_html__contains": "<a "}
        if self.value() == "yes":
            return queryset.filter(**linking)
        return queryset.exclude(**linking)


class OrderFilter(admin.SimpleListFilter):
    """Narrows nothing: the queue asks it for its order."""

    title = _("order")
    parameter_name = "order"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        return [(key, label) for key, (label, _) in ORDERS.items() if key != NEWEST]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset


class OnlyFilter(admin.SimpleListFilter):
    """Appears only where the list was opened for one post, writer or address."""

    def asked(self) -> str:
        return self.used_parameters.get(self.parameter_name) or ""

    def name_of(self, asked: str) -> str:
        """What to call it; empty where it is not one."""
        return asked

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        name = self.name_of(self.asked()) if self.asked() else ""
        return [(self.asked(), name)] if name else []


class PostFilter(OnlyFilter):
    title = _("On")
    parameter_name = "post"

    def name_of(self, asked: str) -> str:
        found = Post.objects.filter(pk=asked).first() if asked.isdecimal() else None
        return found.headline if found else ""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(post=self.value()) if self.lookup_choices else queryset


class WriterFilter(OnlyFilter):
    title = _("By")
    parameter_name = "writer"

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        asked = self.asked().lower()
        return queryset.filter(author_email=asked) if asked else queryset


class AccountFilter(OnlyFilter):
    title = _("By the account")
    parameter_name = "account"

    def name_of(self, asked: str) -> str:
        found = User.objects.filter(pk=asked).first() if asked.isdecimal() else None
        return found.public_name if found else ""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(author=self.value()) if self.lookup_choices else queryset


class AddressFilter(OnlyFilter):
    title = _("From")
    parameter_name = "ip"

    def name_of(self, asked: str) -> str:
        try:
            validate_ipv46_address(asked)
        except ValidationError:
            return ""
        return asked

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.lookup_choices:
            return queryset
        return queryset.filter(ip_address=self.value())


def reads_all(spec: admin.ListFilter) -> bool:
    """Whether it looks into the texts of all there are, as no index can."""
    return isinstance(spec, ReasonFilter | LinksFilter) and bool(spec.value())


def choosers(specs: Iterable[admin.ListFilter]) -> list[dict]:
    """The filters one chooses from, as the selects above the list."""
    return [
        {
            "title": spec.title,
            "name": spec.parameter_name,
            "value": spec.value() or "",
            "choices": spec.lookup_choices,
        }
        for spec in specs
        if isinstance(spec, ReasonFilter | LinksFilter | OrderFilter | KindFilter)
    ]


def narrowings(specs: Iterable[admin.ListFilter]) -> list[dict[str, str]]:
    """What the list was opened for: a post, a writer, an address."""
    return [
        {"title": spec.title, "name": spec.parameter_name, "value": key, "words": words}
        for spec in specs
        if isinstance(spec, OnlyFilter)
        for key, words in spec.lookup_choices
    ]
