"""The text of what was fetched, whatever letters it was written in."""

import codecs

from blog import charsets
from blog.fetch import Answer

# Browsers read these as Windows' Western letters, and so do we.
_WESTERN = frozenset({"ascii", "iso8859-1"})


def decode(answer: Answer) -> str:
    """By its header, its first bytes, or what the page says; else as UTF-8, if it is.

    What is nothing of that is read as Western letters. Never raises.
    """
    body = answer.body
    marked = "utf-8" if body.startswith(codecs.BOM_UTF8) else None
    for name in (answer.encoding, marked, charsets.named_within(body)):
        if found := charsets.codec(name):
            charset = "cp1252" if found in _WESTERN else found
            return body.decode(charset, errors="replace").lstrip("\ufeff")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")
