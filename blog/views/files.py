"""Uploaded files, where no storage of their own or server in front serves them."""

import mimetypes
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils._os import safe_join
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from blog.languages import wordless

# Not every Python 3.11 knows them, and a browser shows no picture of unknown type.
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")

# Shown in the page; everything else is offered as a download.
INLINE_TYPES = ("image/", "audio/", "video/", "application/pdf")
CACHE_SECONDS = 24 * 3600
# One range, with numbers no longer than those of any file (RFC 9110, section 14.1.2).
_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE)


@wordless
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file under MEDIA_ROOT, or a range of it. It never runs as a page of this blog."""
    place, status = _found(path)
    etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    known = get_conditional_response(request, etag, int(status.st_mtime))
    part = _wanted(request, status, etag)
    response = known or _answer(place, status.st_size, part)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(status.st_mtime)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _found(path: str) -> tuple[Path, os.stat_result]:
    try:
        place = Path(safe_join(settings.MEDIA_ROOT, path))
        status = place.stat()
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404("There is no such file.") from error
    if not stat.S_ISREG(status.st_mode):
        raise Http404("A folder is not shown.")
    return place, status


def _wanted(request: HttpRequest, status: os.stat_result, etag: str) -> range | None:
    """The bytes that are asked for, none where there are none such; None for all.

    A range of a file that has changed since would be no part of what they have.
    """
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    same = request.headers.get("If-Range", etag)
    if not asked or not any(asked.groups()):
        return None
    if same not in (etag, http_date(status.st_mtime)):
        return None
    first, last = asked.groups()
    if not first:
        return range(max(status.st_size - int(last), 0), status.st_size)
    end = min(int(last) + 1, status.st_size) if last else status.st_size
    if last and int(last) < int(first):
        return None  # it means nothing
    return range(int(first), max(end, int(first)))


def _answer(place: Path, size: int, part: range | None) -> HttpResponseBase:
    if part is not None and not part:
        refusal = HttpResponse(status=416)
        refusal["Content-Range"] = f"bytes */{size}"
        return refusal
    mime_type = mimetypes.guess_type(place.name)[0] or "application/octet-stream"
    file = place.open("rb")
    response = FileResponse(_Part(file, part) if part else file)
    response["Content-Type"] = mime_type
    if part:
        response.status_code = 206
        response["Content-Length"] = str(len(part))
        response["Content-Range"] = f"bytes {part[0]}-{part[-1]}/{size}"
    if not mime_type.startswith(INLINE_TYPES) or mime_type == "image/svg+xml":
        response["Content-Disposition"] = "attachment"
    return response


class _Part:
    """Some bytes of an open file, to be read once; a server may send it by its name."""

    def __init__(self, file: BinaryIO, part: range) -> None:
        file.seek(part.start)
        self.name = file.name
        self.fileno, self.tell = file.fileno, file.tell
        self.close: Callable[[], None] = file.close
        self._file, self._left = file, len(part)

    def read(self, size: int = -1) -> bytes:
        size = self._left if size < 0 else min(size, self._left)
        piece = self._file.read(size)
        self._left -= len(piece)
        return piece
