"""Web addresses as people type them, in the middle of a sentence."""

import re

from markdown_it.rules_inline import StateInline

ADDRESS = re.compile(
    r"https?://[^\W_](?:\[[^\s<>\"'`\[\]]*\]|[^\s<>\"'`\[\]])*", re.IGNORECASE
)
_SCHEME = re.compile(r"(?<![^\W_])https?$", re.IGNORECASE)
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


def as_link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (the parser's)
    """A rule of a Markdown parser's: a plain address is a link.

    No `_` or `*` in it is a mark. `&amp;` in it is what it is in any text: `&`.
    """
    if not state.src.startswith("://", state.pos) or state.linkLevel:
        return False
    scheme = _SCHEME.search(state.src, max(0, state.pos - 6), state.pos)
    if scheme is None:
        return False
    address = address_at(state.src, scheme.start())
    if not address or (not silent and not state.pending.endswith(scheme[0])):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[0])]
        shown = address.replace("&amp;", "&")
        state.push("link_open", "a", 1).attrs = {"href": shown}
        state.push("text", "", 0).content = shown
        state.push("link_close", "a", -1)
    state.pos = scheme.start() + len(address)
    return True
