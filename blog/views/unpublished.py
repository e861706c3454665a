"""The page behind a preview link: the post as it will look, and nothing to post."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from blog import previews
from blog.models import Post
from blog.neighbours import beside
from blog.views.reading import can_edit

THROWN_AWAY = _("Its writer has thrown it away.")


def _private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Nobody keeps the answer, lists it, or tells where the reader came from.

    Whoever has the address may read on: it must not leak with a picture or a link.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


@require_safe
@_private
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """What the link was made for. Once that is public, on to its permalink.

    Opens what a password locks: who made the link trusts who has it. What is public
    asks for its password again.
    """
    try:
        post, until = previews.read(token)
    except previews.NoPreview as reason:
        status = 404 if isinstance(reason, previews.MadeUp) else 410
        return _over(request, str(reason), status)
    if post.is_public:
        return redirect(post)
    # Thrown away, it is for those alone who may take it out of the trash.
    if post.status == Post.Status.TRASH and not can_edit(request.user, post):
        return _over(request, str(THROWN_AWAY), 410)
    context = {"post": post, "until": until} | beside(post)
    return render(request, "blog/preview.html", context)


def _over(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    return render(request, "blog/preview_over.html", {"reason": reason}, status=status)
