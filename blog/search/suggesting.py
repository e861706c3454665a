"""Where somebody who is still typing may want to go."""

from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.utils import timezone

from blog import tag_index
from blog.models import Category, Post
from blog.search import candidates, forms, index
from blog.search.groups import Group
from blog.search.posts import SOURCE
from blog.search.question import Question, understood
from blog.search.ranking import Scale
from blog.search.results import Filters, Suggestion
from blog.search.wanted import Wanted

MAX_NAMES = 3
MAX_TITLES = 100


def suggest(text: str, limit: int = 8) -> list[Suggestion]:
    """Titles with these words, the last one perhaps only begun; categories and tags.

    At most `limit`. Seven queries. Never raises, whatever stands in `text`.
    """
    question = understood(text)
    if question.is_empty:
        return []
    index.catch_up()
    names = [*_categories(question), *_tags(question)]
    titles = _titles(question, limit)
    return [*titles[: max(1, limit - len(names))], *names][:limit]


def _titles(question: Question, limit: int) -> list[Suggestion]:
    groups = forms.groups_of(question)
    last = groups[-1].phrases[0]
    if not question.terms[-1].is_quoted and len(last) == 1:
        others = forms.beginning_with(last[0], in_titles=True)
        groups[-1] = Group((*groups[-1].phrases, *((word,) for word in others)))
    found = _in_titles(question, groups, limit)
    # A part of a word: `ship` of `steamship`.
    holding = forms.holding(last[0]) if not found and len(last) == 1 else []
    if holding:
        groups[-1] = Group(tuple((word,) for word in holding))
        found = _in_titles(question, groups, limit)
    return found


def _in_titles(
    question: Question, groups: Sequence[Group], limit: int
) -> list[Suggestion]:
    narrowed = SOURCE.narrowed(Filters())
    if narrowed is None:
        return []
    wanted = Wanted(
        [group.in_title(tags=False) for group in groups],
        [term.words for term in question.without],
        narrowed.facets,
    )
    found, _ = candidates.find(SOURCE, wanted, narrowed.visible, MAX_TITLES)
    best = sorted(found, key=Scale(groups, timezone.now()).score, reverse=True)
    posts = Post.objects.published().in_bulk([one.object_id for one in best[:limit]])
    ordered = [posts[one.object_id] for one in best if one.object_id in posts]
    return [
        Suggestion(post.kind, post.headline, post.get_absolute_url())
        for post in ordered
    ]


def _named(question: Question) -> Q:
    """Names in which every word begins another."""
    every = Q()
    for term in question.terms:
        for word in term.words:
            every &= (
                Q(name__istartswith=word)
                | Q(name__icontains=f" {word}")
                | Q(slug__startswith=word)
                | Q(slug__contains=f"-{word}")
            )
    return every


def _categories(question: Question) -> Iterator[Suggestion]:
    rows = Category.objects.filter(_named(question)).in_tree_order()
    for category in rows[:MAX_NAMES]:
        yield Suggestion("category", category.name, category.get_absolute_url())


def _tags(question: Question) -> Iterator[Suggestion]:
    rows = tag_index.public().filter(_named(question)).order_by("name")
    for tag in rows[:MAX_NAMES]:
        yield Suggestion("tag", tag.name, tag.get_absolute_url())
