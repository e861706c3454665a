"""`…/trackback/` below a post or page: where older blogs call. TrackBack 1.2."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blog import permalinks, xml_text
from blog.html_text import text_of
from comments.models import IncomingPing
from comments.pings import receive
from comments.pings.fields import FORM_TYPE, TooManyFields, decoded, read_fields
from comments.pings.refusals import PingRefused, QueueFull, TooManyPings
from comments.submission import client_address
from comments.views.bodies import Unread, read_body

MAX_BYTES = 64 * 1024
# What other blogs send, with room to spare; longer ones are cut.
MAX_GIVEN = {"title": 250, "excerpt": 1000, "blog_name": 250}
_NOT_A_FORM = _("Please send the fields of a trackback as %(type)s.")


@csrf_exempt  # other blogs have no token; nothing here asks who is logged in
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, **address: object) -> HttpResponse:
    """Take a trackback to the post above; who only looks is sent there."""
    path = escape_uri_path(request.path.removesuffix("trackback/"))
    target = settings.SITE_URL + path
    if request.method != "POST":
        post = permalinks.find_post(target)
        if post is None:
            raise Http404(gettext("There is no such post."))
        return HttpResponsePermanentRedirect(post.get_absolute_url())
    try:
        fields = _read(request)
        receive.take(
            IncomingPing.Kind.TRACKBACK,
            fields.get("url", ""),
            target,
            address=client_address(request),
            given={name: _plain(fields, name) for name in MAX_GIVEN},
        )
    except Unread as problem:
        return _answer(problem.message, problem.status)
    except (TooManyPings, QueueFull) as refusal:
        response = _answer(refusal.message, refusal.status)
        response["Retry-After"] = str(refusal.retry_after)
        return response
    except PingRefused as refusal:
        # By the specification a refusal, too, is a good answer.
        return _answer(refusal.message)
    return _answer()


def _read(request: HttpRequest) -> dict[str, str]:
    """The first value of each field, as text. Raises Unread."""
    body = read_body(request, MAX_BYTES)
    if request.content_type != FORM_TYPE:
        raise Unread(str(_NOT_A_FORM) % {"type": FORM_TYPE})
    try:
        fields = read_fields(body)
    except TooManyFields:
        raise Unread(gettext("No trackback has as many fields as that.")) from None
    texts = decoded(fields, _charsets(request, fields))
    return {name: values[0] for name, values in texts.items()}


def _charsets(request: HttpRequest, fields: dict[str, list[bytes]]) -> Iterator[str]:
    """What it says it is in: the header first, then a field many blogs send."""
    yield (request.content_params or {}).get("charset", "")
    for name in fields.get("charset", []):
        yield name.decode("ascii", errors="replace").strip()


def _plain(fields: dict[str, str], name: str) -> str:
    """What a field says, without markup, on one line."""
    text = " ".join(text_of(fields.get(name, "")).split())
    limit = MAX_GIVEN[name]
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _answer(message: str = "", status: int = 200) -> HttpResponse:
    said = escape(xml_text.allowed(message))
    error = (
        f"<error>1</error>\n<message>{said}</message>" if said else "<error>0</error>"
    )
    return HttpResponse(
        f'<?xml version="1.0" encoding="utf-8"?>\n<response>\n{error}\n</response>\n',
        content_type="text/xml; charset=utf-8",
        status=status,
        headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"},
    )
