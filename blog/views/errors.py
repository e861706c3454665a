"""Pages for what went wrong: they say what happened and where to go on."""

import sys
from contextlib import suppress

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from django.shortcuts import render
from django.template import loader
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import missed, moved, near_addresses, themes
from blog.models import Post, SiteSettings

SUGGESTION_COUNT = 5
# What a database raises that can't be reached, or has no room or no time (PEP 249).
AWAY = (OperationalError, InterfaceError)
AWAY_SECONDS = 60
BARE_SCRIPT = "blog/js/scheme.js"
BARE_STYLES = ["blog/css/tokens.css", "blog/css/base.css", "blog/css/reading.css"]
OTHER_LOGIN = _(
    "You logged in or out in another tab while this form was open, or your browser "
    "keeps no cookies. Nothing was changed. Go back, load the page anew, and send it "
    "once more: the desk offers you there what you were writing."
)

_slash = CommonMiddleware(lambda request: HttpResponse())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What may have been meant; or only a note (`place`) that it is elsewhere now.

    RedirectMovedMiddleware reads the note, outside of all that says who is reading.
    Asked here already, so that no page is made that nobody gets.
    """
    place = moved.new_address(request.path, request.META.get("QUERY_STRING", ""))
    # Without its slash it is asked for again, with it, before anybody sees a page.
    is_seen = place is None and not _slash.should_redirect_with_slash(request)
    response = _nowhere(request) if is_seen else HttpResponse(status=404)
    response.place = place  # type: ignore[attr-defined]
    return response


def _nowhere(request: HttpRequest) -> HttpResponse:
    missed.note(request)
    context: dict[str, object] = {"newest": _newest()}
    if missed.is_page(request.path):
        context["guess"] = near_addresses.guess(request.path)
    return render(request, "404.html", context, status=404)


def elsewhere(request: HttpRequest, place: str) -> HttpResponse:
    """One 301 to the place it moved to; 410 where it is gone."""
    if place == moved.GONE:
        return gone(request)
    return HttpResponsePermanentRedirect(place)


def gone(request: HttpRequest) -> HttpResponse:
    """Without what else is asked for each request: nobody asks who it is that reads."""
    site = SiteSettings.of(request)
    context = {"newest": _newest(), "site": site, "request": request}
    page = loader.get_template("410.html").render(context)
    return HttpResponse(page, status=410)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    context: dict[str, object] = {"reason": str(exception)}
    if not _is_at_desk(request):
        return render(request, "403.html", context, status=403)
    context |= admin.site.each_context(request) | {
        "title": gettext("This is not open to you")
    }
    # Whoever lost a role while they wrote can take their words along.
    context["typed"] = [
        words for name in ("title", "body") if (words := request.POST.get(name))
    ]
    return render(request, "admin/403.html", context, status=403)


def _is_at_desk(request: HttpRequest) -> bool:
    is_admin = request.path.startswith(reverse("admin:index"))
    # Not there where an earlier middleware refused.
    user = getattr(request, "user", None)
    return is_admin and user is not None and user.is_active and user.is_staff


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token. `reason` is Django's, for developers."""
    return forbidden(request, PermissionDenied(OTHER_LOGIN))


def server_error(request: HttpRequest) -> HttpResponse:
    """Without a query and without the context: the database may be what failed.

    In the theme of the blog where its settings were read before something broke; bare
    where its static files are what is missing. Where the database does not answer, a
    503: who comes by themselves, as search engines do, are to come again, and to take
    no page for broken.
    """
    site = SiteSettings.read_for(request) or SiteSettings()
    # Files, and not the blog's one sheet: the address of that asks the database.
    styles = _addresses(*BARE_STYLES, *themes.of(site).styles)
    context = {"styles": styles, "scripts": _addresses(BARE_SCRIPT)}
    page = loader.get_template("500.html").render(context)
    if isinstance(sys.exc_info()[1], AWAY):
        return HttpResponse(page, status=503, headers={"Retry-After": AWAY_SECONDS})
    return HttpResponse(page, status=500)


def _addresses(*names: str) -> list[str]:
    """Where these static files are; of those that were never collected, nothing."""
    found = []
    for name in names:
        # What their storage says of a name that its list does not have.
        with suppress(ValueError):
            found.append(static(name))
    return found


def _newest() -> QuerySet[Post]:
    return Post.objects.published().posts().newest_first()[:SUGGESTION_COUNT]
