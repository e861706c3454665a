"""Why another server could not be asked, in a sentence for people."""

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException, IncompleteRead, RemoteDisconnected

from urllib3.exceptions import DecodeError
from urllib3.exceptions import IncompleteRead as CutShort

# The first that fits; what stands further up is the narrower.
_SENTENCES: list[tuple[type[BaseException], str]] = [
    (socket.gaierror, "There is no server of that name."),
    (ssl.SSLError, "No secure connection came about."),
    (ConnectionRefusedError, "Its server takes no connections."),
    (RemoteDisconnected, "Its server hung up without an answer."),
    (ConnectionError, "The connection broke."),
    (IncompleteRead, "Its answer broke off."),
    (CutShort, "Its answer broke off."),
    (TimeoutError, "Its server does not answer."),
    (DecodeError, "Its answer can’t be unpacked."),
    (HTTPException, "Its answer is not HTTP."),
    (UnicodeError, "Its address can’t be asked for."),
]


def in_words(error: BaseException) -> str:
    """What lies at the bottom of it; the error's own words where nobody knows it."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"Its certificate is not good: {cause.verify_message}."
        if isinstance(cause, socket.gaierror) and not is_unknown_host(cause):
            return "Its name could not be looked up."
    for kind, sentence in _SENTENCES:
        if any(isinstance(cause, kind) for cause in causes):
            return sentence
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
