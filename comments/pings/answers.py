"""What another blog says when it does not take a ping, in words for the author."""

import re
from datetime import timedelta
from html import unescape

from django.utils import timezone
from django.utils.http import parse_http_date_safe
from django.utils.translation import gettext

from blog.fetch import Answer
from comments.pings.delivery import Undelivered

MAX_SAID_LENGTH = 200
_WITHIN_WORDS = re.compile(r"</?(?:a|b|code|em|i|span|strong)(?:\s[^<>]*)?>", re.I)
_TAG = re.compile(r"<[^<>]*>?")
_UNSEEN = re.compile(
    r"<(script|style|head)\b.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE
)


def refusal(answer: Answer, message: str = "") -> Undelivered:
    """An answer that is no success, read by its status; quoted without a `message`.

    429 and 5xx may pass; what else there is was said for good.
    """
    is_final = answer.status < 500 and answer.status != 429
    return Undelivered(
        message
        or sentence(
            gettext("It answered %(status)s") % {"status": answer.status}, answer.text
        ),
        is_final=is_final,
        after=None if is_final else asked_to_wait(answer),
    )


def asked_to_wait(answer: Answer) -> timedelta | None:
    """Retry-After (RFC 9110, 10.2.3): seconds, or a date. None where it says neither."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdecimal():
        # More digits than a year has seconds mean nothing.
        return timedelta(seconds=int(value[:8]))
    moment = parse_http_date_safe(value)
    if moment is None:
        return None
    return timedelta(seconds=max(0, moment - timezone.now().timestamp()))


def sentence(ours: str, theirs: str) -> str:
    """What we know of it, and what they say."""
    said = plain(theirs)
    return f"{ours}: {said}" if said else f"{ours}."


def plain(text: str) -> str:
    """A piece of it as one line of text, without markup; at most 200 characters."""
    text = _WITHIN_WORDS.sub("", _UNSEEN.sub(" ", text[:4000]))
    text = _TAG.sub(" ", text)
    visible = (sign if _is_visible(sign) else " " for sign in unescape(text))
    line = " ".join("".join(visible).split())
    if len(line) <= MAX_SAID_LENGTH:
        return line
    return line[: MAX_SAID_LENGTH - 1].rstrip() + "…"


def _is_visible(sign: str) -> bool:
    """Not what turns or hides its neighbours, nor what no database can store."""
    return sign.isprintable()
