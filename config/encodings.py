"""Which encodings a request may come in; asked before Django reads any of it.

Django takes every name Python knows. Some are no encodings of text (`hex`), some
raise whatever they are told (`idna`), some give what no UTF-8 can hold
(`unicode_escape`): each would be a server error, a few while the request is made,
where no middleware is asked yet.
"""

import codecs
import re
from collections.abc import Callable, Iterable
from typing import Any

from blog.charsets import is_of_forms

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]*)", re.IGNORECASE)
# Parameters of RFC 2231 (`charset*=…`) name an encoding each; no browser sends one.
_EXTENDED = re.compile(r"\*\d*\*?\s*=")
_REFUSAL = "This encoding can’t be read here. Please send it as UTF-8.\n".encode()

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def refuse_unreadable(application: Application) -> Application:
    """`application`, but 400 and a sentence for what is in an encoding of no page."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if is_readable(environ.get("CONTENT_TYPE", "")):
            return application(environ, start_response)
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(_REFUSAL))),
        ]
        start_response("400 Bad Request", headers)
        return [_REFUSAL]

    return guarded


def is_readable(content_type: str) -> bool:
    """Whether a header Content-Type names an encoding of pages, or none at all."""
    if _EXTENDED.search(content_type):
        return False
    return all(map(_is_let_in, _CHARSET.findall(content_type)))


def _is_let_in(name: str) -> bool:
    """A trackback from an old blog is in the encoding of its pages."""
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        # Django reads it as UTF-8 where there is no encoding of the name.
        return True
    return is_of_forms(name)
