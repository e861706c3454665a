"""The tree of categories, each with how many public posts it has."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest

from blog import stretches, tallies
from blog.models import Category


@dataclass(frozen=True)
class Entry:
    """`own` are filed in the category itself, `count` in it or below it, each once."""

    category: Category
    own: int
    count: int


def tree(request: HttpRequest) -> list[Entry]:
    """Every category in tree order. One query, if nothing has to be counted."""
    categories = list(Category.objects.in_tree_order())
    filed = stretches.of(request).of(tallies.FILED)
    above: dict[int, set[int]] = {}
    for category in categories:  # what stands above comes before
        higher = above.get(category.parent_id, set()) if category.parent_id else set()
        above[category.pk] = {category.pk, *higher}
    branch: Counter[int] = Counter()
    for places, count in filed.items():
        for pk in set().union(*(above.get(place, ()) for place in places)):
            branch[pk] += count
    own = own_counts(request)
    return [
        Entry(category, own[category.pk], branch[category.pk])
        for category in categories
    ]


def own_counts(request: HttpRequest) -> Counter[int]:
    """How many public posts are filed in each category itself, by its key."""
    counts: Counter[int] = Counter()
    for places, count in stretches.of(request).of(tallies.FILED).items():
        for pk in places:
            counts[pk] += count
    return counts
