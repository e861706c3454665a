"""What of a text XML can hold."""

import re

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def allowed(text: str) -> str:
    """`text` without the characters no XML document may contain, however escaped."""
    return _NOT_IN_XML.sub("", text)
