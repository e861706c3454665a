"""What the blog has, at a glance: by year and month, by tag, by category."""

from functools import cache
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from blog import category_index, glance, tag_index
from blog.models import Post
from blog.models.post_queryset import PostQuerySet
from blog.pagination import page_of

# More titles than these make a page nobody waits for: 100,000 were 16 MB.
MAX_TITLES = 500
MAX_TAGS = 500
MOST_USED = 100
# What a title in a list of titles needs.
_TITLE_COLUMNS = "title slug kind published_on lead password comment_count".split()


@require_safe
def archives(request: HttpRequest) -> HttpResponse:
    """Years and months with their counts; with all titles, if they are few.

    Two queries, and none where the page is kept: its template asks for what it shows.
    """
    years = cache(lambda: glance.years(request))
    count = cache(lambda: sum(year.count for year in years()))
    context = {
        "years": years,
        "count": count,
        "since": lambda: years()[-1].months[-1].first if years() else None,
        "chart": cache(lambda: glance.chart(years())),
        "by_year": lambda: _by_year(_titles()) if count() <= MAX_TITLES else [],
    }
    return render(request, "blog/archives.html", context)


@require_safe
def archives_year(request: HttpRequest, year: int, number: int = 1) -> HttpResponse:
    """The titles of one year by month, MAX_TITLES a page. Three queries."""
    years = glance.years(request)
    numbers = [found.number for found in years]
    if year not in numbers:
        raise Http404("Nothing was published in that year.")
    at = numbers.index(year)
    page = page_of(_titles().filter(published_on__year=year), number, MAX_TITLES)
    context = {
        "year": years[at],
        "newer": years[at - 1] if at else None,
        "older": years[at + 1] if at + 1 < len(years) else None,
        "page": page,
        "months": _by_month(page.object_list),
    }
    return render(request, "blog/archives_year.html", context)


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """All tags by letter; of very many the most used, and where the others are."""
    letters = cache(lambda: tag_index.letters(request))
    count = cache(lambda: sum(len(letter.entries) for letter in letters()))
    context = {
        "letters": letters,
        "count": count,
        "most_used": lambda: tag_index.most_used(letters(), MOST_USED),
        "shows_all": lambda: count() <= MAX_TAGS,
    }
    return render(request, "blog/tags.html", context)


@require_safe
def tags_letter(request: HttpRequest, letter: str, number: int = 1) -> HttpResponse:
    """The tags that begin with one letter, MAX_TAGS a page."""
    letters = tag_index.letters(request)
    found = next((one for one in letters if one.sign == letter), None)
    if found is None:
        raise Http404("No tag begins like this.")
    context = {
        "letters": letters,
        "letter": found,
        "page": page_of(found.entries, number, MAX_TAGS),
    }
    return render(request, "blog/tags_letter.html", context)


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """The tree of categories, with what is filed in each and below it."""
    entries = cache(lambda: category_index.tree(request))
    return render(request, "blog/categories.html", {"entries": entries})


def _titles() -> PostQuerySet:
    """By the day in their address, so that those of a month stand together."""
    public = Post.objects.published().posts().only(*_TITLE_COLUMNS)
    return public.order_by("-published_on", "-published_at", "-pk")


def _by_year(posts: PostQuerySet) -> list[tuple]:
    years = groupby(posts, lambda post: post.published_on.year)
    return [(year, _by_month(group)) for year, group in years]


def _by_month(posts) -> list[tuple]:
    months = groupby(posts, lambda post: post.published_on.replace(day=1))
    return [(month, list(group)) for month, group in months]
