"""The style sheet, under an address that changes with it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from blog import compression, stylesheets
from blog.models import SiteSettings

FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def style(request: HttpRequest, digest: str) -> HttpResponse:
    """A page from before a change finds the sheet of today, and asks again later."""
    sheet = stylesheets.of(SiteSettings.of(request))
    response = HttpResponse(sheet.css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_EVER if digest == sheet.digest else "no-cache"
    if compression.takes_brotli(request):
        compression.compress(response, stylesheets.smallest(sheet))
    return response
