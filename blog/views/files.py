"""Uploaded files, where no storage of their own or server in front serves them."""

import mimetypes

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseNotModified,
)
from django.views.static import serve

from blog.languages import wordless

# Not every Python 3.11 knows them, and a browser shows no picture of unknown type.
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")

# Shown in the page; everything else is offered as a download.
INLINE_TYPES = ("image/", "audio/", "video/", "application/pdf")
CACHE_SECONDS = 24 * 3600


@wordless
def media(request: HttpRequest, path: str) -> FileResponse | HttpResponseNotModified:
    """A file under MEDIA_ROOT. It never runs as a page of this blog."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    if isinstance(response, FileResponse):
        mime_type = response["Content-Type"]
        if not mime_type.startswith(INLINE_TYPES) or mime_type == "image/svg+xml":
            response["Content-Disposition"] = "attachment"
    elif not isinstance(response, HttpResponseNotModified):
        raise Http404("A folder is not shown.")
    response["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
