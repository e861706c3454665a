"""Pages for what went wrong: they say what happened and where to go on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from blog.models import Post

SUGGESTION_COUNT = 5


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    newest = Post.objects.published().posts().newest_first()[:SUGGESTION_COUNT]
    return render(request, "404.html", {"newest": newest}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without a query and without the context: the database may be what failed."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)
