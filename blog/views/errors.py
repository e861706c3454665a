"""Pages for what went wrong: they say what happened and where to go on."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from blog.models import Post, SiteSettings

SUGGESTION_COUNT = 5


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", {"newest": _newest()}, status=404)


def gone(request: HttpRequest) -> HttpResponse:
    """Without the request in its context: nobody asks who it is that reads this."""
    context = {"newest": _newest(), "site": SiteSettings.of(request)}
    page = loader.get_template("410.html").render(context)
    return HttpResponse(page, status=410)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without a query and without the context: the database may be what failed."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)


def _newest() -> QuerySet[Post]:
    return Post.objects.published().posts().newest_first()[:SUGGESTION_COUNT]
