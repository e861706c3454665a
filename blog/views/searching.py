"""Searching: the page, and what is suggested while somebody types."""

from collections.abc import Callable
from functools import partial
from threading import BoundedSemaphore
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blog.models import Post
from blog.numbers import number_or_none
from blog.search.query import search as find
from blog.search.query import suggest as find_titles
from blog.search_filters import (
    MAX_PAGES,
    MAX_QUESTION,
    Asked,
    choices,
    clean,
    search_url,
)

# So many searches at once in this process, and so long one waits to be the next: a
# flood of them leaves room for who only reads.
MAX_AT_ONCE = 4
PATIENCE_SECONDS = 2
RETRY_SECONDS = 5
SUGGESTION_COUNT = 8
SUGGESTIONS_FRESH_SECONDS = 300
NEWEST_COUNT = 5
SUGGESTIONS = "application/x-suggestions+json"

_places = BoundedSemaphore(MAX_AT_ONCE)
Answer = TypeVar("Answer")


class TooMany(Exception):
    """Others are searching, as many as may."""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`?q=` with `kind`, `category`, `year`, `author` and `page`; a form without."""
    asked = Asked.of(request.GET)
    context = {
        "asked": asked,
        # Asked for where the page of a generation of the blog has not drawn them yet.
        "offered": partial(choices, asked, request),
        "max_length": MAX_QUESTION,
        "is_last": asked.page >= MAX_PAGES,
    }
    try:
        context |= _found(asked)
    except TooMany:
        response = render(request, "blog/search.html", context | {"is_busy": True})
        response.status_code, response["Retry-After"] = 503, str(RETRY_SECONDS)
    else:
        response = render(request, "blog/search.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _found(asked: Asked) -> dict[str, Any]:
    """What was found, or what else there is. Raises TooMany."""
    found: dict[str, Any] = {}
    if asked.text and asked.page <= MAX_PAGES:
        results = _in_turn(PATIENCE_SECONDS, lambda: find(asked.text, **asked.filters))
        if results.hits:
            return {"results": results}
        if results.meant:
            found["meant"] = asked.meaning(results.meant)
    newest = Post.objects.published().posts().newest_first()[:NEWEST_COUNT]
    return found | {"newest": newest}


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Titles, categories and tags for `?q=`, as OpenSearch has it.

    Four lists: the question, titles, what each is, and their addresses. Nothing where
    others are searching: it is only a help.
    https://github.com/dewitt/opensearch/blob/master/mediawiki/Specifications/OpenSearch/Extensions/Suggestions/1.1/Draft%201.wiki
    """
    typed = clean(request.GET.get("q", ""))[:MAX_QUESTION].strip()
    try:
        found = (
            _in_turn(0, lambda: find_titles(typed, SUGGESTION_COUNT)) if typed else []
        )
    except TooMany:
        found = []
    kinds = {
        "post": _("Post"),
        "page": _("Page"),
        "category": _("Category"),
        "tag": _("Tag"),
    }
    answer = [
        typed,
        [one.title for one in found],
        [kinds.get(one.kind, "") for one in found],
        [request.build_absolute_uri(one.url) for one in found],
    ]
    response = JsonResponse(answer, safe=False, content_type=SUGGESTIONS)
    response["Cache-Control"] = f"public, max-age={SUGGESTIONS_FRESH_SECONDS}"
    response["X-Robots-Tag"] = "noindex"
    return response


def by_query(request: HttpRequest, number: int) -> HttpResponse:
    """`/?s=two+words`, `&paged=2` or `/page/2/?s=…`: to the search page."""
    page = number_or_none(request.GET.get("paged", "")) or number
    text = clean(request.GET.get("s", ""))
    return redirect(search_url(text, page=page if page > 1 else ""), permanent=True)


def _in_turn(patience: float, ask: Callable[[], Answer]) -> Answer:
    """What `ask` gives, once there is room. Raises TooMany."""
    if not _places.acquire(timeout=patience):
        raise TooMany
    try:
        return ask()
    finally:
        _places.release()
