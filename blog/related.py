"""Which posts are related: by the tags and categories they share with another."""

from collections import Counter, defaultdict
from functools import reduce
from operator import or_

from django.db.models import CharField, F, Q, QuerySet, Value

from blog.models import Post, TaggedPost

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
    found = [
        *_shared(TaggedPost.objects.all(), "tag_id", "content_object_id", tags),
        *_shared(
            Post.categories.through._base_manager.all(),
            "category_id",
            "post_id",
            categories,
        ),
    ]
    if not found:
        return []
    shared = set(found[0].union(*found[1:], all=True) if found[1:] else found[0])
    frequency = Counter((what, number) for what, number, _ in shared)
    weights: dict[int, float] = defaultdict(float)
    for what, number, pk in shared:
        weights[pk] += 1 / frequency[what, number]
    weights.pop(post.pk, None)
    return sorted(weights, key=lambda pk: (weights[pk], pk), reverse=True)[:MAX_KEYS]


def _shared(
    rows: QuerySet, what: str, whose: str, numbers: list[int]
) -> list[QuerySet]:
    """The newest posts of each of these tags or categories: what, its number, theirs.

    No post is looked at: only the rows between, in the order an index has them in.
    """
    order = "-content_object_id" if what == "tag_id" else "-pk"
    newest = [
        Q(
            pk__in=rows.filter(**{what: number})
            .order_by(order)
            .values("pk")[:MAX_OF_ONE]
        )
        for number in numbers[:MAX_SHARED]
    ]
    if not newest:
        return []
    found = rows.filter(reduce(or_, newest)).order_by()
    return [found.values_list(Value(what, CharField()), F(what), F(whose))]
