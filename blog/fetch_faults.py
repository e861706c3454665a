"""Why another server could not be asked, in a sentence for people."""

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException, IncompleteRead, RemoteDisconnected

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from urllib3.exceptions import DecodeError
from urllib3.exceptions import IncompleteRead as CutShort

# The first that fits; what stands further up is the narrower.
_SENTENCES: list[tuple[type[BaseException], Promise]] = [
    (socket.gaierror, _("There is no server of that name.")),
    (ssl.SSLError, _("No secure connection came about.")),
    (ConnectionRefusedError, _("Its server takes no connections.")),
    (RemoteDisconnected, _("Its server hung up without an answer.")),
    (ConnectionError, _("The connection broke.")),
    (IncompleteRead, _("Its answer broke off.")),
    (CutShort, _("Its answer broke off.")),
    (TimeoutError, _("Its server does not answer.")),
    (DecodeError, _("Its answer can’t be unpacked.")),
    (HTTPException, _("Its answer is not HTTP.")),
    (UnicodeError, _("Its address can’t be asked for.")),
]


def in_words(error: BaseException) -> str:
    """What lies at the bottom of it; the error's own words where nobody knows it."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return gettext("Its certificate is not good: %(reason)s.") % {
                "reason": cause.verify_message
            }
        if isinstance(cause, socket.gaierror) and not is_unknown_host(cause):
            return gettext("Its name could not be looked up.")
    for kind, sentence in _SENTENCES:
        if any(isinstance(cause, kind) for cause in causes):
            return str(sentence)
    return f"{type(error).__name__}: {error}"


def is_unknown_host(error: BaseException) -> bool:
    """Whether it is known that no server has this name, now and in an hour."""
    failures = [cause for cause in _causes(error) if isinstance(cause, socket.gaierror)]
    return any(failure.errno != socket.EAI_AGAIN for failure in failures)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """It, and what lies below it. Some of it hangs in no chain but in the arguments."""
    seen: set[int] = set()
    todo = [error]
    while todo:
        cause = todo.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        within = [
            *cause.args,
            getattr(cause, "reason", None),
            cause.__cause__,
            cause.__context__,
        ]
        todo += [below for below in within if isinstance(below, BaseException)]
