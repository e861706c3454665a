"""Which lists of a comment are lists, and how their items are numbered."""

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_OPENS = frozenset(["bullet_list_open", "ordered_list_open"])
_CLOSES = frozenset(["bullet_list_close", "ordered_list_close"])


def settle_lists(state: StateCore) -> None:
    """The parser's step between blocks and inlines. Linear."""
    state.tokens = _joined(_settled(state.tokens))
    _number(state.tokens)


def _settled(tokens: list[Token]) -> list[Token]:
    """One item makes no list, but a signature (`- Bob`) or a sentence (`1986. …`).

    Inside a list it makes one.
    """
    out: list[Token] = []
    outermost: list[Token] = []
    depth = 0
    for token in tokens:
        depth += token.type in _OPENS
        (outermost if depth else out).append(token)
        depth -= token.type in _CLOSES
        if outermost and not depth:
            out += outermost if _is_list(outermost) else _unwrapped(outermost)
            outermost = []
    return out


def _is_list(tokens: list[Token]) -> bool:
    level = tokens[0].level + 1
    items = [t for t in tokens if t.type == "list_item_open" and t.level == level]
    return len(items) > 1


def _unwrapped(tokens: list[Token]) -> list[Token]:
    """What stands in a list's one item, the mark before it as it was typed."""
    item, inner = tokens[1], tokens[2:-2]
    mark = item.info + item.markup
    for token in inner:
        if token.level == item.level + 1:
            token.hidden = False
    if inner and inner[0].type == "paragraph_open":
        inner[1].content = f"{mark} {inner[1].content}"
    else:
        inner = _paragraph(mark, _lines(item)[0]) + inner
    return _settled(inner)


def _paragraph(text: str, line: int) -> list[Token]:
    lines = [line, line]
    return [
        Token("paragraph_open", "p", 1, map=lines, block=True),
        Token("inline", "", 0, content=text, children=[], map=lines, block=True),
        Token("paragraph_close", "p", -1, block=True),
    ]


def _joined(tokens: list[Token]) -> list[Token]:
    """Paragraphs with no empty line between them as one: a list parted them."""
    out: list[Token] = []
    lines: dict[int, list[str]] = {}
    for token in tokens:
        out.append(token)
        if token.type != "paragraph_close" or len(out) < 6:
            continue
        before, first, end, opening, second, _ = out[-6:]
        if end.type != "paragraph_close" or _lines(before)[1] != _lines(opening)[0]:
            continue
        lines.setdefault(id(first), [first.content]).append(second.content)
        before.map = [_lines(before)[0], _lines(opening)[1]]
        del out[-3:]
    for token in out:
        if id(token) in lines:
            token.content = "\n".join(lines[id(token)])
    return out


def _lines(token: Token) -> list[int]:
    return token.map or [0, 0]


def _number(tokens: list[Token]) -> None:
    """Each item keeps the number that was typed; `1. 1. 1.` is counted."""
    lists: list[list[Token]] = []
    for token in tokens:
        if token.type in _OPENS:
            lists.append([])
        elif token.type == "list_item_open":
            lists[-1].append(token)
        elif token.type == "ordered_list_close":
            _number_items(lists.pop())
        elif token.type in _CLOSES:
            lists.pop()


def _number_items(items: list[Token]) -> None:
    typed = [int(item.info) for item in items]
    if set(typed) == {1}:
        return
    for item, last, number in zip(items[1:], typed, typed[1:], strict=False):
        if number != last + 1:
            item.attrSet("value", str(number))
