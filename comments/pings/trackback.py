"""TrackBack 1.2: a form that brings its own title and excerpt."""

from collections.abc import Callable
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext

from blog.fetch import Answer, fetch
from comments.pings.answers import refusal, sentence
from comments.pings.delivery import Undelivered

_FORM = "application/x-www-form-urlencoded; charset=utf-8"
_MAX_ANSWER_BYTES = 64 * 1024


def tell(
    endpoint: str,
    source: str,
    title: str,
    excerpt: str,
    blog_name: str,
    on_sent: Callable[[], object] | None = None,
) -> None:
    """Tell `endpoint`, which stands for one page, of `source`.

    Raises Undelivered and FetchError.
    """
    fields = {"url": source, "title": title, "excerpt": excerpt, "blog_name": blog_name}
    answer = fetch(
        endpoint,
        method="POST",
        data=urlencode(fields).encode(),
        headers={"Content-Type": _FORM},
        asked_by=f"sending a trackback from {source}",
        max_bytes=_MAX_ANSWER_BYTES,
        may_cut=True,
        on_sent=on_sent,
    )
    verdict = _verdict(answer.body)
    if verdict is None or not answer.is_ok:
        raise _no_verdict(answer)
    error, message = verdict
    if error != "0":
        raise Undelivered(sentence(gettext("It answered"), message), is_final=True)


def _verdict(body: bytes) -> tuple[str, str] | None:
    """What stands in `<error>` and `<message>`, if these bytes are such an answer."""
    try:
        root: Element = fromstring(body.strip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError):
        return None
    error = root.findtext("error") if root.tag == "response" else None
    if error is None:
        return None
    return error.strip(), root.findtext("message") or ""


def _no_verdict(answer: Answer) -> Undelivered:
    """A page that answers anybody with 200 has taken nothing.

    It is what comes where the address of a post was given for that of its trackbacks.
    """
    if not answer.is_ok:
        return refusal(answer)
    return Undelivered(
        gettext("Its answer is not that of an address for trackbacks."), is_final=True
    )
