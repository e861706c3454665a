"""What lists of posts can be narrowed to."""

from datetime import date

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.dates import first_of_month, moment_of, month_number
from blog.models import Category, Post, Tag, User
from blog.models.post_dates import LAST_DATE

MAX_LISTED_TAGS = 25


class StateFilter(admin.SimpleListFilter):
    """The states people know; without one, all but the trash."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        choices = [(value, label) for value, label in Post.Status.choices]
        choices.insert(2, ("scheduled", gettext("scheduled")))
        return choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case None:
                return queryset.exclude(status=Post.Status.TRASH)
            case "scheduled":
                return queryset.filter(
                    status=Post.Status.PUBLISHED, published_at__gt=timezone.now()
                )
            case Post.Status.PUBLISHED:
                return queryset.published()
            case state:
                return queryset.filter(status=state)


class DateFilter(admin.SimpleListFilter):
    """A year, and then its months. What has no date counts when it was worked on.

    Every year from the first to the last: which of them have posts would have to be
    asked of every row, their ends stand in an index.
    """

    title = _("date")
    parameter_name = "date"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        dates = Post.objects.posts().values_list(LAST_DATE, flat=True)
        ends = [
            *dates.order_by(LAST_DATE.asc())[:1],
            *dates.order_by(LAST_DATE.desc())[:1],
        ]
        if not ends:
            return []
        first, last = (month_number(timezone.localdate(end)) for end in ends)
        choices = []
        for year in range(last // 12, first // 12 - 1, -1):
            choices.append((str(year), str(year)))
            if self._asked().startswith(str(year)):
                months = range(min(last, year * 12 + 11), max(first, year * 12) - 1, -1)
                choices += [_month_choice(first_of_month(month)) for month in months]
        return choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        if self.value() not in dict(self.lookup_choices):
            return queryset.none()
        year, month = (int(part) for part in f"{self.value()}-0".split("-")[:2])
        start = date(year, month or 1, 1)
        end = first_of_month(month_number(start) + (1 if month else 12))
        return queryset.alias(last_date=LAST_DATE).filter(
            last_date__gte=moment_of(start), last_date__lt=moment_of(end)
        )

    def _asked(self) -> str:
        asked = self.used_parameters.get(self.parameter_name) or ""
        return asked[-1] if isinstance(asked, list) else asked


def _month_choice(month: date) -> tuple[str, str]:
    return f"{month:%Y-%m}", f"\u2003{date_format(month, 'F')}"


class AuthorFilter(admin.SimpleListFilter):
    """Who has written, oneself first. Django's own filter looks at every post for it."""

    title = _("author")
    parameter_name = "author"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        written = Post.objects.posts().filter(author=OuterRef("pk")).order_by()
        writers = User.objects.filter(Exists(written)).exclude(pk=request.user.pk)
        others = sorted(
            ((str(user.pk), user.public_name) for user in writers),
            key=lambda choice: choice[1].casefold(),
        )
        return [(str(request.user.pk), gettext("mine")), *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        if self.value() not in dict(self.lookup_choices):
            return queryset.none()
        return queryset.filter(author=self.value())


class CategoryFilter(admin.SimpleListFilter):
    """A category and all below it."""

    title = _("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        rows = Category.objects.in_tree_order().values_list("pk", "level", "name")
        return [(str(pk), "\u2003" * level + name) for pk, level, name in rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        known = dict(self.lookup_choices)
        if self.value() not in known:
            return queryset.none()
        return queryset.in_category(Category.objects.get(pk=self.value()))


class TagFilter(admin.SimpleListFilter):
    """The tags used most, and the one that is asked for."""

    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        used = Tag.objects.annotate(uses=Count("items")).filter(uses__gt=0)
        rows = used.order_by("-uses", "name").values_list("slug", "name")
        choices = sorted(rows[:MAX_LISTED_TAGS], key=lambda row: row[1].casefold())
        asked = self.used_parameters.get(self.parameter_name)
        if asked and asked not in dict(choices):
            choices += Tag.objects.filter(slug=asked).values_list("slug", "name")
        return choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        return queryset.filter(tagged_items__tag__slug=self.value())
