"""The text of what was fetched, whatever letters it was written in."""

import codecs
import re

from blog.fetch import Answer

_BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
# Only what pages are written in: Python knows codecs that are no charsets, and some
# that take minutes to read a megabyte.
_CHARSETS = re.compile(
    r"ascii|utf-8|utf-16(-[lb]e)?|iso8859-\d+|cp125\d|cp8\d\d|cp9(32|49|50)|koi8-[rut]"
    r"|mac-\w+|gb2312|gbk|gb18030|big5|big5hkscs|euc_(jp|kr)|euc_jis_2004|shift_jis\w*"
    r"|iso2022_jp|johab|tis-620|hz"
)
_META = re.compile(
    rb"<meta[^<>]{0,500}?charset\s{0,20}=\s{0,20}[\"']?([\w:.-]{1,40})", re.I
)
# Where a page has to say it.
_META_BYTES = 4096
_BYTE_CHARSETS = frozenset({"ascii", "iso8859-1"})


def decode(answer: Answer) -> str:
    """By its header, its first bytes, or what the page says; else as UTF-8, if it is.

    What is nothing of that is read as Windows' Western letters. Never raises.
    """
    for name in (answer.encoding, _by_mark(answer.body), _by_page(answer.body)):
        if name and (charset := _known(name)):
            return answer.body.decode(charset, errors="replace").lstrip("\ufeff")
    try:
        return answer.body.decode()
    except UnicodeDecodeError:
        return answer.body.decode("cp1252", errors="replace")


def _by_mark(body: bytes) -> str | None:
    return next((name for mark, name in _BOMS if body.startswith(mark)), None)


def _by_page(body: bytes) -> str | None:
    found = _META.search(body[:_META_BYTES])
    name = found[1].decode("ascii", errors="replace") if found else None
    # What could be read so far was no UTF-16.
    return "utf-8" if name and name.lower().startswith("utf-16") else name


def _known(name: str) -> str | None:
    """Python's name for it. Browsers read Latin-1 as Windows does, and so do we."""
    try:
        found = codecs.lookup(name.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    if found in _BYTE_CHARSETS:
        return "cp1252"
    return found if _CHARSETS.fullmatch(found) else None
