"""Long pieces of a page, which are put into it when all the rest is made.

Each block and each template that stands around a piece copies it twice. A thousand
responses were copied a dozen times like that, which took a quarter of the page's time.
"""

import re
import secrets
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from blog import markup

# Where a piece goes, by its number. Nobody outside can write such a mark.
_TOKEN = secrets.token_hex(16)
_MARK = re.compile(rf"<!--{_TOKEN} (\d+)-->")
_KEPT_BY = "_late_pieces"


def render(
    request: HttpRequest, template: str, context: dict[str, Any], status: int
) -> HttpResponse:
    """As Django's `render`, but what its tags `put` into the page comes last."""
    pieces: list[Iterable[str]] = []
    request.__dict__[_KEPT_BY] = pieces
    try:
        page = render_to_string(template, context, request)
    finally:
        del request.__dict__[_KEPT_BY]
    between = _MARK.split(page)
    whole = [between[0].encode()]
    for number, after in zip(between[1::2], between[2::2], strict=True):
        whole += [part.encode() for part in pieces[int(number)]]
        whole.append(after.encode())
    return HttpResponse(b"".join(whole), status=status)


def put(request: HttpRequest, parts: Iterable[str]) -> SafeString:
    """The piece that these parts are; a mark in its place, where `render` fills it in.

    They are HTML that is safe already, and are to be read more than once.
    """
    pieces: list[Iterable[str]] | None = request.__dict__.get(_KEPT_BY)
    if pieces is None:
        return markup.trusted("".join(parts))
    pieces.append(parts)
    return markup.trusted(f"<!--{_TOKEN} {len(pieces) - 1}-->")
