"""Pingback 1.0: a call by XML-RPC with two addresses."""

from collections.abc import Callable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.fetch import Answer, fetch
from comments.pings import xmlrpc
from comments.pings.answers import refusal, sentence
from comments.pings.delivery import Undelivered

ALREADY_REGISTERED = 48
# Section 3. Some may be over tomorrow.
_MEANINGS = {
    0: _("It refused, without a reason of the protocol’s"),
    16: _("It found no page at our address"),
    17: _("It found no link to its page on ours"),
    32: _("It has no page at that address"),
    33: _("That page takes no pings"),
    49: _("It takes no pings from us"),
    50: _("It could not read our page, or ask whom it had to ask"),
}
_MAY_PASS = frozenset({0, 50})


def tell(
    endpoint: str, source: str, target: str, on_sent: Callable[[], object] | None = None
) -> None:
    """Tell `endpoint` that `source` links to `target` (section 2).

    Fault 48, "already registered", is success. Raises Undelivered and FetchError.
    """
    answer = fetch(
        endpoint,
        method="POST",
        data=xmlrpc.write_call("pingback.ping", [source, target]),
        headers={"Content-Type": "text/xml"},
        asked_by=f"sending a pingback from {source}",
        max_bytes=xmlrpc.MAX_BYTES,
        may_cut=True,
        on_sent=on_sent,
    )
    try:
        _read(answer)
    except xmlrpc.Fault as fault:
        if fault.code != ALREADY_REGISTERED:
            raise _undelivered(fault) from None


def _read(answer: Answer) -> None:
    """Whatever its status: some send their faults with 403 or 500. Raises Fault."""
    try:
        xmlrpc.read_answer(_without_notices(answer.body))
    except xmlrpc.Malformed as error:
        if answer.is_ok:
            message = sentence(gettext("Its answer is not XML-RPC"), str(error))
            raise Undelivered(message, is_final=True) from None
        raise refusal(answer) from None


def _without_notices(body: bytes) -> bytes:
    """PHP likes to print its warnings before the answer."""
    return body[max(0, body.find(b"<?xml")) :]


def _undelivered(fault: xmlrpc.Fault) -> Undelivered:
    meaning = _MEANINGS.get(fault.code, gettext("It refused"))
    return Undelivered(
        sentence(f"{meaning} (fault {fault.code})", fault.message),
        is_final=fault.code not in _MAY_PASS,
    )
