"""The guard of forms on public pages, which carry no CSRF token.

Anonymous pages are the same for everyone and set no cookie, so there is nothing
a token could be bound to. What is left is what the browser says about where a
request comes from, and a page of another site cannot make it lie.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the request comes from this blog, or from no web page at all.

    `Sec-Fetch-Site` (Fetch Metadata) decides where the browser sends it; an older
    browser sends `Origin` with every POST. A client that sends neither is not a
    browser that could be carrying somebody's session.
    """
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc == request.get_host()


def require_same_origin(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Answer 403 to a form that another site sends."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_same_origin(request):
            raise PermissionDenied(
                gettext(
                    "This form was sent from another website. "
                    "Please open the page here and send it again."
                )
            )
        return view(request, *args, **kwargs)

    return guarded
