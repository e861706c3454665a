"""The encodings in which pages of the web are written, and what they are called."""

import codecs
import re
from collections.abc import Iterable

_OF_PAGES = re.compile(
    r"ascii|utf-8|iso8859-\d+|cp125\d|koi8-\w|gb\w+|big5\w*|euc_\w+|shift_jis\w*"
)
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


def is_of_pages(name: str) -> bool:
    """Whether Python has an encoding by this name, and it is one of text in pages.

    Python has others: some are no encodings of text (`hex`), some raise whatever
    they are told (`idna`), some give what no UTF-8 can hold (`unicode_escape`).
    """
    try:
        return bool(_OF_PAGES.fullmatch(codecs.lookup(name).name))
    except (LookupError, ValueError):
        return False


def codec_for(texts: Iterable[bytes], names: Iterable[str]) -> str:
    """The first encoding of `names` in which all of this can be, else one in which it can.

    UTF-8 is tried after those, then Western European. A codec's name for
    `bytes.decode`, which does not fail with it.
    """
    texts = list(texts)
    for name in [*names, "utf-8", "cp1252"]:
        if is_of_pages(name):
            found = codecs.lookup(name).name
            codec = _LARGER.get(found, found)
            if _can_read(codec, texts):
                return codec
    return "latin-1"


def _can_read(codec: str, texts: Iterable[bytes]) -> bool:
    try:
        for text in texts:
            text.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
