"""Web addresses as people type them, in the middle of a sentence."""

import re

ADDRESS = re.compile(
    r"https?://[^\W_](?:\[[^\s<>\"'`\[\]]*\]|[^\s<>\"'`\[\]])*", re.IGNORECASE
)
_SENTENCE_ENDS = frozenset(".,:;!?…”’»*_~")


def address_at(text: str, start: int = 0) -> str:
    """The web address at `start`, without what ends the sentence around it, or ""."""
    match = ADDRESS.match(text, start)
    if match is None:
        return ""
    address = match[0]
    surplus = address.count(")") - address.count("(")
    end = len(address)
    while end:
        last = address[end - 1]
        if last == ")" and surplus > 0:
            surplus -= 1
        elif last not in _SENTENCE_ENDS:
            break
        end -= 1
    return address[:end]
