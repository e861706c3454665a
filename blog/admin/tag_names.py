"""Tags offered while one is typed: out of all there are, however one spells them."""

import unicodedata
from collections.abc import Iterable

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, JsonResponse
from django.urls import path

from blog.models import Tag, TaggedPost

MAX_OFFERED = 30
# Beyond so many it is quicker to count the uses of all.
_MAX_COUNTED_APART = 500


class TagNames(admin.ModelAdmin):
    """The door for scripts: `?q=` gives names as JSON."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.names)
        return [path("names/", view, name="blog_tag_names"), *super().get_urls()]

    def names(self, request: HttpRequest) -> JsonResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = matching(request.GET.get("q", ""))
        return JsonResponse(
            {"tags": [{"name": name, "count": count} for name, count in found]}
        )


def matching(typed: str) -> list[tuple[str, int]]:
    """Names that hold what was typed, each with how often it is used; 30 at most.

    Those that begin with it first, then those in which a word does, then the others;
    of each the most used first. Case and accents don't matter. Two queries.
    """
    wanted = fold(typed)
    ranked = {
        pk: (rank, name)
        for pk, name in Tag.objects.order_by().values_list("pk", "name")
        if (rank := _rank(fold(name), wanted)) is not None
    }
    counts = _counts(ranked) if ranked else {}
    rows = [
        (rank, -counts.get(pk, 0), fold(name), name)
        for pk, (rank, name) in ranked.items()
    ]
    return [(name, -count) for _, count, _, name in sorted(rows)[:MAX_OFFERED]]


def fold(text: str) -> str:
    """Without case and accents: what somebody types who has no such keys."""
    apart = unicodedata.normalize("NFKD", " ".join(text.split()).casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _rank(name: str, wanted: str) -> int | None:
    if name.startswith(wanted):
        return 0
    if f" {wanted}" in name:
        return 1
    return 2 if wanted in name else None


def _counts(pks: Iterable[int]) -> dict[int, int]:
    items = TaggedPost.objects.order_by()
    wanted = list(pks)
    if len(wanted) <= _MAX_COUNTED_APART:
        items = items.filter(tag__in=wanted)
    return dict(items.values_list("tag").annotate(Count("pk")))
