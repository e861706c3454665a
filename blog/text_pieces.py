"""Texts kept as pieces, so that what stays the same is stored once.

A revision of a long post differs from the one before in a paragraph or two. Each
names its pieces by number; none depends on another one being there.
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from zlib import crc32

from blog.models.text_piece import TextPiece

LONG_CHARACTERS = 1000
LONGEST_CHARACTERS = 4000
# Cuts that stand in the text itself: what is typed before one moves none behind it.
_AFTER_BLOCKS = re.compile(
    r"(?<=\n)(?!\n)|(?<=</p>)(?!\n)|(?<=</li>)(?!\n)|(?<=</h[1-6]>)(?!\n)"
    r"|(?<=</blockquote>)(?!\n)|(?<=</pre>)(?!\n)|(?<=</table>)(?!\n)"
)
_AFTER_SENTENCES = re.compile(r"(?<=[.!?] )|(?<=[。！？])")
# At most as much as LONG_CHARACTERS, and whatever stands there is in one.
_WORD = re.compile(r"\s{0,200}\S{1,600}\s{0,200}|\s{1,1000}")
_WORDS_IN_A_RUN = 64


def blocks(text: str) -> list[str]:
    """`text` cut after each paragraph and line; together they are the text."""
    return [piece for piece in _AFTER_BLOCKS.split(text) if piece]


def split(text: str) -> list[str]:
    """`text` in pieces of at most LONGEST_CHARACTERS; together they are the text."""
    return [piece for block in blocks(text) for piece in _short(block)]


def store(text: str) -> str:
    """Keep `text`; returns the numbers of its pieces: `7 12-31 9`. Three queries."""
    pieces = split(text)
    keys = [_key(piece) for piece in pieces]
    missing = dict(zip(keys, pieces, strict=True))
    for key in _numbers(missing):
        del missing[key]
    rows = [TextPiece(key=key, text=piece) for key, piece in missing.items()]
    # Somebody else may keep the same at this moment.
    TextPiece.objects.bulk_create(rows, ignore_conflicts=True)
    number_of = _numbers(keys)
    return _in_ranges([number_of[key] for key in keys])


def load(numbers: str) -> str:
    """The text that `store` gave these numbers for. One query."""
    return load_many([numbers])[0]


def load_many(many: list[str]) -> list[str]:
    """The texts of several. One query."""
    wanted = [list(_out_of_ranges(numbers)) for numbers in many]
    pks = {pk for numbers in wanted for pk in numbers}
    text_of = dict(TextPiece.objects.filter(pk__in=pks).values_list("pk", "text"))
    return ["".join(text_of[pk] for pk in numbers) for numbers in wanted]


def _short(block: str) -> Iterator[str]:
    if len(block) <= LONG_CHARACTERS:
        yield block
        return
    for sentence in filter(None, _AFTER_SENTENCES.split(block)):
        if len(sentence) <= LONG_CHARACTERS:
            yield sentence
        else:
            yield from _runs_of_words(sentence)


def _runs_of_words(text: str) -> Iterator[str]:
    """Runs that end behind words of a certain kind, whatever stands before them."""
    start = 0
    for word in _WORD.finditer(text):
        is_end = not crc32(word[0].encode("utf-8", "replace")) % _WORDS_IN_A_RUN
        if is_end or word.end() - start > LONGEST_CHARACTERS - LONG_CHARACTERS:
            yield text[start : word.end()]
            start = word.end()
    if text[start:]:
        yield text[start:]


def _key(piece: str) -> str:
    return blake2b(piece.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _numbers(keys: Iterable[str]) -> dict[str, int]:
    rows = TextPiece.objects.filter(key__in=set(keys))
    return dict(rows.values_list("key", "pk"))


def _in_ranges(numbers: list[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(f"{a}-{b}" if a != b else f"{a}" for a, b in runs)


def _out_of_ranges(numbers: str) -> Iterator[int]:
    for run in numbers.split():
        first, _, last = run.partition("-")
        yield from range(int(first), int(last or first) + 1)
