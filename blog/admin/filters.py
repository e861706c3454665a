"""What lists of posts can be narrowed to."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from blog.models import Category, Post, Tag

MAX_LISTED_TAGS = 25


class StateFilter(admin.SimpleListFilter):
    """The states people know; without one, all but the trash."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        choices = [(value, label) for value, label in Post.Status.choices]
        choices.insert(2, ("scheduled", "scheduled"))
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


class CategoryFilter(admin.SimpleListFilter):
    """A category and all below it."""

    title = "category"
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

    title = "tag"
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
