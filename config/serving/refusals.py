"""What is refused before Django hears of it, and the sentences that say so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header

from config.serving.requests import Request

MAX_ADDRESS_BYTES = 8 * 1024
# The values of all headers together. Granian itself reads little more, names and all,
# and says nothing then.
MAX_HEADER_BYTES = 32 * 1024


@dataclass(frozen=True)
class Refusal:
    status: int
    message: str | Promise


class Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


ADDRESS_TOO_LONG = Refusal(414, _("This address is too long."))
HEADERS_TOO_LARGE = Refusal(
    431,
    _(
        "Your browser sent more along than is read here. It helps to delete the "
        "cookies of this site."
    ),
)
TOO_SLOW = Refusal(408, _("This took too long to arrive."))
TOO_MANY = Refusal(503, _("Too many send something just now. Please try again later."))
ONLY_A_PART = Refusal(400, _("Only a part of this arrived."))
OVERRUN = Refusal(
    503, _("Too many ask for something just now. Please try again later.")
)
BROKEN = Refusal(500, _("Something went wrong here."))


def too_large(max_bytes: int) -> Refusal:
    return Refusal(
        413,
        _("This is too large: at most %(limit)s MB are taken here.")
        % {"limit": max_bytes // 2**20},
    )


def refusal_of(scope: Any) -> Refusal | None:
    """Why what a request begins with is not read any further. Costs half a microsecond.

    `scope` is granian's.
    """
    if len(scope.path) + len(scope.query_string) > MAX_ADDRESS_BYTES:
        return ADDRESS_TOO_LONG
    if sum(map(len, scope.headers.values())) > MAX_HEADER_BYTES:
        return HEADERS_TOO_LARGE
    return None


def refuse(request: Request, refusal: Refusal) -> None:
    """Answer with a sentence in the language asked for, and hang up."""
    with translation.override(_language(request.header("accept-language"))):
        content = f"{refusal.message}\n".encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Connection", "close"),
    ]
    request.protocol.response_bytes(refusal.status, headers, content)


def _language(accepted: str) -> str:
    """The first one we have of an Accept-Language header; else English."""
    find: Callable[[str], str] = translation.get_supported_language_variant
    for code, _quality in parse_accept_lang_header(accepted):
        try:
            return find(code)
        except LookupError:
            continue
    return "en"
