"""The encodings in which the web is written: what they are called, and reading them."""

import codecs
import re
from collections.abc import Iterable

_OF_PAGES = re.compile(
    r"ascii|utf-8(-sig)?|utf-16(-[bl]e)?|iso8859-\d+|cp125\d|cp866|cp874|koi8-\w"
    r"|mac-\w+|tis-620|gb\w+|big5\w*|euc_\w+|johab|cp9\d\d|shift_jis\w*|iso2022_jp"
)
# In these, what separates the fields of a form would not be itself.
_OF_NO_FORM = re.compile(r"utf-16.*|iso2022_jp")
# What is meant by the name of the smaller one, as browsers read it (WHATWG Encoding,
# section 4.2).
_LARGER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
# HTML, 13.2.3.2: within its first 1,024 bytes; an XML declaration says it too. Who
# can read there that it is UTF-16 has read that it is not.
_META_BYTES = 1024
_META_CHARSET = re.compile(
    rb"<(?:meta\s[^>]*charset|\?xml\s[^>]*encoding)\s*=\s*[\"']?(?!utf-?16)([\w.:-]+)",
    re.IGNORECASE,
)


def codec(name: str | None) -> str | None:
    """Python's name of this encoding, if pages are written in it.

    Of the others some are none of text (`hex`), some raise whatever they are told
    (`idna`), take minutes (`punycode`) or give what no UTF-8 can hold (`utf-7`).
    """
    try:
        found = codecs.lookup(name or "").name
    except (LookupError, ValueError):
        return None
    return _LARGER.get(found, found) if _OF_PAGES.fullmatch(found) else None


def is_of_forms(name: str) -> bool:
    """Whether a form can come in it, as one of a page in it does."""
    found = codec(name)
    return found is not None and not _OF_NO_FORM.fullmatch(found)


def page_text(body: bytes, named: str | None) -> str:
    """A page in the encoding that is `named` beside it, else as it says itself.

    Where nobody says it, it is UTF-8 if it can be, else Western letters. Never raises.
    """
    marked = "utf-8" if body.startswith(codecs.BOM_UTF8) else None
    found = codec(named) or marked or codec(_named_within(body))
    if found is None:
        found = codec_for([body], [])
    return body.decode(found, errors="replace").lstrip("\ufeff")


def codec_for(texts: Iterable[bytes], names: Iterable[str]) -> str:
    """The first encoding of `names` in which all of this can be, else one in which it can.

    UTF-8 is tried after those, then Western European. A codec's name for
    `bytes.decode`, which does not fail with it.
    """
    texts = list(texts)
    for name in [*filter(is_of_forms, names), "utf-8", "cp1252"]:
        found = codec(name)
        if found and _can_read(found, texts):
            return found
    return "latin-1"


def _named_within(body: bytes) -> str | None:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    named = _META_CHARSET.search(body[:_META_BYTES])
    return named[1].decode("ascii", errors="replace") if named else None


def _can_read(codec: str, texts: Iterable[bytes]) -> bool:
    try:
        for text in texts:
            text.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
