"""Pages that show visitors something of their own."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


class OwnIsPrivateMiddleware:
    """Nobody keeps a page with `?own=…`: it may show what nobody else sees yet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "own" in request.GET:
            add_never_cache_headers(response)
        return response
