"""Characters that would let a name disturb what stands around it."""

import re

# They turn or hide text (Unicode's bidirectional controls, zero-width marks), or are
# control characters.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


def without_unseen(text: str) -> str:
    return _UNSEEN.sub("", text)
