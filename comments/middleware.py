"""Pages that show visitors something of their own, and posts that take pings."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from blog.models import SiteSettings
from comments import policy
from comments.addresses import webmention_door, xmlrpc_door
from comments.pings import receive


class OwnIsPrivateMiddleware:
    """Nobody keeps a page with `?own=…`: it may show what nobody else sees yet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "own" in request.GET:
            add_never_cache_headers(response)
        return response


class OfferPingsMiddleware:
    """A post that takes pings says where, in the headers too: many look no further.

    Pingback 1.0, section 2; Webmention, section 3.1.2.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        post = getattr(response, "shown_post", None)
        if post is None or response.status_code != 200:
            return response
        site = SiteSettings.of(request)
        is_open = not policy.why_pings_closed(post, site)
        if is_open:
            response["X-Pingback"] = xmlrpc_door()
        # Whoever stands here finds the door by the same header when they have news.
        if is_open or (site.takes_pings and receive.has_standing(post)):
            offered = f'<{webmention_door()}>; rel="webmention"'
            others = response.get("Link")
            response["Link"] = f"{others}, {offered}" if others else offered
        return response
