"""What a page says it is written in, and whether that can be read."""

import codecs
import re

_OF_PAGES = re.compile(
    r"ascii|utf-8(-sig)?|utf-16(-[bl]e)?|iso8859-\d+|cp125\d|cp866|cp874|koi8-\w"
    r"|mac-\w+|tis-620|gb\w+|big5\w*|euc_\w+|johab|cp9\d\d|shift_jis\w*|iso2022_jp"
)
# HTML, 13.2.3.2: within its first 1,024 bytes; an XML declaration says it too. Who
# can read there that it is UTF-16 has read that it is not.
_META_BYTES = 1024
_META_CHARSET = re.compile(
    rb"<(?:meta\s[^>]*charset|\?xml\s[^>]*encoding)\s*=\s*[\"']?(?!utf-?16)([\w.:-]+)",
    re.IGNORECASE,
)


def named_within(body: bytes) -> str | None:
    """As the page says it in its first bytes."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    named = _META_CHARSET.search(body[:_META_BYTES])
    return named[1].decode("ascii", errors="replace") if named else None


def codec(name: str | None) -> str | None:
    """Python's name of this encoding, if pages are written in it.

    Of the others some are none of text (`hex`), some raise whatever they are told
    (`idna`), take minutes (`punycode`) or give what no UTF-8 can hold (`utf-7`).
    """
    try:
        found = codecs.lookup(name or "").name
    except (LookupError, ValueError):
        return None
    return found if _OF_PAGES.fullmatch(found) else None
