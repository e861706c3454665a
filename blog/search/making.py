"""What entries are to say, and how that differs from what they say: no database asked.

So it can be done in a process of its own, while another reads what comes next and
writes what came before.
"""

import gc
import json
import signal
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any, Protocol

from blog.search import entries, vocabulary
from blog.search.entries import Document, Entry
from blog.wide_pipes import wide_pipe

# Two texts whose numbers end alike have keys beside each other: so many at most.
MAX_SHIFT = 1000


@dataclass
class Part:
    """Some texts as they are, and their entries as they stand there, by object."""

    documents: list[Document]
    stored: dict[int, Entry]


@dataclass
class Changes:
    """Entries to be written, and the keys of those to be taken away before."""

    # Of the new ones. They themselves are lists in JSON, some in each text.
    keys: list[int] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    # How many objects have another entry by these.
    count: int = 0
    signs: int = 0

    def add(self, others: "Changes") -> None:
        self.keys += others.keys
        self.new += others.new
        self.gone += others.gone
        self.count += others.count
        self.signs += others.signs


def changes_of(part: Part, counts: vocabulary.Counts) -> Changes:
    """What is to be written of `part`; its words are counted."""
    new: list[Entry] = []
    gone = dict(part.stored)
    count = 0
    for document in part.documents:
        entry, parts = entries.entry_of(document)
        stored = part.stored.get(entry.object_id)
        if stored and is_same(stored, entry):
            del gone[entry.object_id]
        else:
            new.append(entry)
            counts.add(parts)
            count += stored is None
    for entry in gone.values():
        counts.take_away(entries.parts_of(entry.words))
    told = json.dumps(new)
    keys = [entry.key for entry in new]
    was = [entry.key for entry in gone.values()]
    return Changes(keys, [told] if new else [], was, count + len(gone), len(told))


def is_same(stored: Entry, made: Entry) -> bool:
    """Its key may be the next that was free."""
    is_near = 0 <= stored.key - made.key <= MAX_SHIFT
    return is_near and stored.words == made.words


class Maker(Protocol):
    """Takes parts, and gives what is to be written of each, in the same order."""

    def give(self, part: Part) -> None: ...

    def take(self) -> Changes:
        """Of the first part that was given and not taken. Raises Broken."""

    def count(self) -> None:
        """Put together the words of all that was given since this was asked last."""

    def counted(self) -> vocabulary.Told:
        """Those words."""

    def reset(self) -> None:
        """Forget what was given."""


class Broken(Exception):
    """Some text broke the making of its entry, as none should."""


class Ended(ChildProcessError):
    """What makes the entries was ended from outside: what it had still waits."""


@contextmanager
def maker(*, is_many: bool) -> Iterator[Maker]:
    """Another process, where it is worth one, and can go on from where this stands."""
    own = vocabulary.own_language()
    if not is_many or sys.platform != "linux":
        yield _Here(own)
        return
    context = get_context("fork")
    asked, asking = wide_pipe(context)
    answered, answering = wide_pipe(context)
    process = context.Process(
        target=_serve, args=(asked, answering, [asking, answered], own), daemon=True
    )
    process.start()
    asked.close()
    answering.close()
    try:
        yield _Elsewhere(asking, answered)
    finally:
        asking.close()  # it ends by that
        answered.close()
        process.join()


class _Here:
    def __init__(self, own: str) -> None:
        self._own = own
        self._counts = vocabulary.Counts(own)
        self._parts: deque[Part] = deque()

    def give(self, part: Part) -> None:
        self._parts.append(part)

    def take(self) -> Changes:
        part = self._parts.popleft()
        try:
            return changes_of(part, self._counts)
        except Exception as error:
            raise Broken from error

    def count(self) -> None:
        """Not before they are wanted: nothing else is done meanwhile."""

    def counted(self) -> vocabulary.Told:
        told = self._counts.told()
        self._counts = vocabulary.Counts(self._own)
        return told

    def reset(self) -> None:
        self._parts.clear()
        self._counts = vocabulary.Counts(self._own)


class _Elsewhere:
    def __init__(self, asking: Connection, answered: Connection) -> None:
        self._asking = asking
        self._answered = answered
        self._answers_due = 0

    def give(self, part: Part) -> None:
        self._ask(part)

    def take(self) -> Changes:
        changes = self._answer()
        if changes is None:
            raise Broken
        return changes

    def count(self) -> None:
        self._ask(None)

    def counted(self) -> vocabulary.Told:
        return self._answer()

    def reset(self) -> None:
        self.count()
        while self._answers_due:
            self._answer()

    def _ask(self, question: Part | None) -> None:
        try:
            self._asking.send(question)
        except BrokenPipeError:
            raise Ended from None
        self._answers_due += 1

    def _answer(self) -> Any:
        self._answers_due -= 1
        try:
            return self._answered.recv()
        except EOFError:
            raise Ended from None


def _serve(
    asked: Connection, answering: Connection, theirs: list[Connection], own: str
) -> None:
    """What the other process does: answers each message, until nobody listens."""
    # Who is interrupted is the one who writes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # what is never looked at stays shared with who writes
    for end in theirs:  # or else nobody would ever be gone
        end.close()
    messages: SimpleQueue = SimpleQueue()
    # Both would wait for ever, if each had more to say than a pipe holds.
    Thread(target=_listen, args=(asked, messages), daemon=True).start()
    here = _Here(own)
    try:
        while (message := messages.get()) is not _END:
            answering.send(_answer(here, message))
    except BrokenPipeError:
        pass


_END = object()


def _listen(asked: Connection, messages: SimpleQueue) -> None:
    try:
        while True:
            messages.put(asked.recv())
    except (EOFError, OSError):
        messages.put(_END)


def _answer(here: _Here, part: Part | None) -> Any:
    if part is None:
        return here.counted()
    here.give(part)
    try:
        return here.take()
    except Broken:
        return None
