"""Which posts are related: by the tags and categories they share with another."""

from collections import Counter, defaultdict
from functools import cache

from django.db.models import BigIntegerField, CharField, F, QuerySet, Value

from blog.models import Post, TaggedPost
from blog.prepared import Prepared, Slot

SHOWN = 4
# Some that have most in common may not be public.
MAX_KEYS = 4 * SHOWN
# Of a tag or category the newest so many are looked at: a huge one says little.
MAX_OF_ONE = 100
# And of so many tags, and so many categories, of the post.
MAX_SHARED = 8


def keys(post: Post) -> list[int]:
    """The keys of the posts that have most in common with `post`, best first.

    One query, besides what is loaded with its cards; none where it is filed nowhere.
    Which of them are public is for who reads them. What few share weighs more than
    what many do; among equals the newer comes first.
    """
    # One that was typed just now has no number yet.
    tags = [item.tag_id for item in post.tagged_items.all() if item.tag_id]
    categories = [category.pk for category in post.categories.all()]
    tags, categories = tags[:MAX_SHARED], categories[:MAX_SHARED]
    if not tags and not categories:
        return []
    numbers = {f"tag{place}": number for place, number in enumerate(tags)} | {
        f"category{place}": number for place, number in enumerate(categories)
    }
    shared = set(_by_counts(len(tags), len(categories)).rows(**numbers))
    frequency = Counter((what, number) for what, number, _ in shared)
    weights: dict[int, float] = defaultdict(float)
    for what, number, pk in shared:
        weights[pk] += 1 / frequency[what, number]
    weights.pop(post.pk, None)
    return sorted(weights, key=lambda pk: (weights[pk], pk), reverse=True)[:MAX_KEYS]


@cache
def _by_counts(tag_count: int, category_count: int) -> Prepared:
    def build() -> QuerySet:
        filed = Post.categories.through._base_manager.all()
        found = [
            *_shared(
                TaggedPost.objects.all(), "tag_id", "content_object_id", tag_count
            ),
            *_shared(filed, "category_id", "post_id", category_count),
        ]
        return found[0].union(*found[1:], all=True) if found[1:] else found[0]

    return Prepared(build)


def _shared(rows: QuerySet, what: str, whose: str, count: int) -> list[QuerySet]:
    """The newest posts of each of so many tags or categories: what, its number, theirs.

    No post is looked at: only the rows between, in the order an index has them in. Each
    is asked by itself: of two joined by OR PostgreSQL would read all rows there are.
    """
    order = "-content_object_id" if what == "tag_id" else "-pk"
    name = what.removesuffix("_id")
    newest = [
        rows.filter(**{what: Slot(f"{name}{place}", BigIntegerField())})
        .order_by(order)
        .values("pk")[:MAX_OF_ONE]
        for place in range(count)
    ]
    kind = Value(what, CharField())
    return [
        rows.filter(pk__in=some).order_by().values_list(kind, F(what), F(whose))
        for some in newest
    ]
