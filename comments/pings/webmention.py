"""Webmention, a W3C Recommendation: a form with two addresses."""

from collections.abc import Callable
from urllib.parse import urljoin

from blog.fetch import Answer, fetch
from blog.web_address import MAX_ADDRESS_LENGTH, normal
from comments.pings.answers import refusal

# Only what a refusal says is read.
_MAX_ANSWER_BYTES = 64 * 1024


def tell(
    endpoint: str, source: str, target: str, on_sent: Callable[[], object] | None = None
) -> str | None:
    """Tell `endpoint` that `source` links to `target` (section 3.1.3).

    Any 2xx is success; gives back the address where its verdict can be read, where
    it names one. Raises Undelivered and FetchError.
    """
    answer = fetch(
        endpoint,
        method="POST",
        data={"source": source, "target": target},
        asked_by=f"sending a webmention from {source}",
        max_bytes=_MAX_ANSWER_BYTES,
        may_cut=True,
        on_sent=on_sent,
    )
    if not answer.is_ok:
        raise refusal(answer)
    return _status_url(answer)


def _status_url(answer: Answer) -> str | None:
    place = answer.headers.get("Location")
    try:
        url = normal(urljoin(answer.url, place)) if place else ""
    except ValueError:
        return None
    return url if 0 < len(url) <= MAX_ADDRESS_LENGTH else None
