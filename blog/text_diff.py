"""What differs between two texts, by words.

Its time grows with the length of the texts, not with its square: paragraphs are
matched first, then words, each first by those that stand once on both sides.
"""

import html
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from blog.footnote_markup import bracketed
from blog.html_text import BLOCK_TAGS

# Up to this many pairs, every word is compared with every other.
SMALL_PAIRS = 10_000
# How often a stretch is divided at its unique words before it counts as rewritten.
MAX_DIVISIONS = 8
# Where no word stands alone, runs of so many do.
RUN_WORDS = 4

# Chinese, Japanese and Korean write no spaces: each sign is a word.
_SIGN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_TOKEN = re.compile(
    rf"[{_SIGN}][^\S\n]*|(?:(?![{_SIGN}])[^\W_]){{1,60}}[^\S\n]*"
    r"|\n|[^\S\n]+|(?:[^\w\s]|_)[^\S\n]*"
)
_TAG = re.compile(r"(<[^<>]*>)")
# As in a browser, one that never ends has all that follows in it.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG_NAME = re.compile(r"</?\s*([a-zA-Z][a-zA-Z0-9]*)")
_PARTING = BLOCK_TAGS | {"br"}


class Mark(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


class Segment(NamedTuple):
    """Some words in a row that share their fate."""

    mark: Mark
    text: str


class Stretch(NamedTuple):
    """Some paragraphs in a row: the same on both sides, or changed somewhere."""

    is_same: bool
    segments: list[Segment]


Block = tuple[int, int, int]  # where it begins before and after, and how long it is


def compare(before: str, after: str) -> list[Stretch]:
    """From one text to the other. What is kept and gone is `before`, kept and new `after`.

    Kept words are shown as they are afterwards: spaces behind a word don't count.
    """
    a, b = before.splitlines(keepends=True), after.splitlines(keepends=True)
    stretches = []
    for is_same, (a_low, a_high), (b_low, b_high) in _stretches(a, b):
        new = "".join(b[b_low:b_high])
        if is_same:
            segments = [Segment(Mark.SAME, new)]
        else:
            segments = words("".join(a[a_low:a_high]), new)
        stretches.append(Stretch(is_same, segments))
    return stretches


def words(before: str, after: str) -> list[Segment]:
    """The same for one stretch, word by word."""
    a, b = _TOKEN.findall(before), _TOKEN.findall(after)
    a_keys = [token.rstrip(" ") or " " for token in a]
    b_keys = [token.rstrip(" ") or " " for token in b]
    segments = []
    for is_same, (a_low, a_high), (b_low, b_high) in _stretches(a_keys, b_keys):
        if is_same:
            segments.append(Segment(Mark.SAME, "".join(b[b_low:b_high])))
            continue
        segments.append(Segment(Mark.GONE, "".join(a[a_low:a_high])))
        segments.append(Segment(Mark.NEW, "".join(b[b_low:b_high])))
    return [segment for segment in segments if segment.text]


def visible(markup: str) -> str:
    """The words of HTML, a line for each paragraph; footnotes stand in brackets."""
    source = _COMMENT.sub("<br>", bracketed(markup))
    pieces = [
        ("\n" if _tag_name(token) in _PARTING else "")
        if token.startswith("<") and _tag_name(token)
        else html.unescape(re.sub(r"\s+", " ", token))
        for token in _TAG.split(source)
    ]
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return "".join(f"{line}\n" for line in lines if line)


def _tag_name(token: str) -> str:
    match = _TAG_NAME.match(token)
    return match[1].lower() if match else ""


def _stretches(
    a: Sequence[str], b: Sequence[str]
) -> Iterator[tuple[bool, tuple[int, int], tuple[int, int]]]:
    """Same and changed stretches in turn, each with its range on both sides."""
    a_at = b_at = 0
    for a_low, b_low, length in _joined([*_blocks(a, b), (len(a), len(b), 0)]):
        if a_low > a_at or b_low > b_at:
            yield False, (a_at, a_low), (b_at, b_low)
        if length:
            yield True, (a_low, a_low + length), (b_low, b_low + length)
        a_at, b_at = a_low + length, b_low + length


def _joined(found: list[Block]) -> Iterator[Block]:
    """Blocks that follow each other on both sides are one."""
    key = 0
    keyed = []
    for number, block in enumerate(found):
        before = found[number - 1] if number else None
        follows = before and (before[0] + before[2], before[1] + before[2])
        if not block[2] or follows != block[:2]:
            key += 1
        keyed.append((key, block))
    for _, group in groupby(keyed, lambda item: item[0]):
        run = [block for _, block in group]
        yield run[0][0], run[0][1], sum(block[2] for block in run)


def _blocks(a: Sequence[str], b: Sequence[str], divisions: int = 0) -> list[Block]:
    """What is equal, in order on both sides."""
    low, high = _common_ends(a, b)
    a_inner, b_inner = a[low : len(a) - high], b[low : len(b) - high]
    found = [(0, 0, low)] if low else []
    if len(a_inner) * len(b_inner) <= SMALL_PAIRS:
        inner = _longest_common(a_inner, b_inner)
    elif divisions < MAX_DIVISIONS:
        inner = _divided(a_inner, b_inner, divisions)
    else:
        inner = []
    found += [(low + i, low + j, length) for i, j, length in inner]
    if high:
        found.append((len(a) - high, len(b) - high, high))
    return found


def _common_ends(a: Sequence[str], b: Sequence[str]) -> tuple[int, int]:
    shorter = min(len(a), len(b))
    low = 0
    while low < shorter and a[low] == b[low]:
        low += 1
    high = 0
    while high < shorter - low and a[-1 - high] == b[-1 - high]:
        high += 1
    return low, high


def _divided(a: Sequence[str], b: Sequence[str], divisions: int) -> list[Block]:
    """Divided at what stands once on both sides, as far as it is in one order."""
    found: list[Block] = []
    a_at = b_at = 0
    anchors = _anchors(a, b) or _anchors(_runs(a), _runs(b))
    if not anchors:
        return []
    for i, j in [*anchors, (len(a), len(b))]:
        between = _blocks(a[a_at:i], b[b_at:j], divisions + 1)
        found += [(a_at + x, b_at + y, length) for x, y, length in between]
        if i < len(a):
            found.append((i, j, 1))
        a_at, b_at = i + 1, j + 1
    return found


def _runs(tokens: Sequence[str]) -> list[tuple[str, ...]]:
    """For each place the run that begins there."""
    return list(zip(*(tokens[start:] for start in range(RUN_WORDS)), strict=False))


def _anchors(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pairs of places of the unique, the longest run of them that rises on both sides."""
    once_in_a = {token for token, count in Counter(a).items() if count == 1}
    once_in_b = {token for token, count in Counter(b).items() if count == 1}
    place_in_b = {token: j for j, token in enumerate(b) if token in once_in_b}
    pairs = [
        (i, place_in_b[token])
        for i, token in enumerate(a)
        if token in once_in_a and token in place_in_b
    ]
    ends: list[int] = []  # the smallest place that ends a run of each length
    end_pairs: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(end_pairs[length - 1] if length else -1)
        ends[length : length + 1] = [j]
        end_pairs[length : length + 1] = [number]
    run = []
    number = end_pairs[-1] if end_pairs else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def _longest_common(a: Sequence[str], b: Sequence[str]) -> list[Block]:
    """The longest common subsequence, by trying all; for short stretches."""
    width = len(b) + 1
    table = [[0] * width for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        row, below, token = table[i], table[i + 1], a[i]
        for j in range(len(b) - 1, -1, -1):
            if token == b[j]:
                row[j] = below[j + 1] + 1
            else:
                row[j] = max(below[j], row[j + 1])
    found = []
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            found.append((i, j, 1))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return found
