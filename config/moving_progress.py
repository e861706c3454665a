"""How far a move has come, for whoever watches; how long each stage took, for all."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from blog.transfer.ahead import Made
from blog.transfer.records import PostRecord, Report

# It would watch over bars in a thread, and no thread lives on in another process.
tqdm.monitor_interval = 0
# In a log, or wherever nobody can look at a bar, a line comes so often.
LINE_EVERY_SECONDS = 10.0


class Progress:
    """Tells on the error stream; nothing at all where `is_quiet`."""

    def __init__(self, report: Report, *, is_quiet: bool = False) -> None:
        self._report = report
        self._is_quiet = is_quiet
        self._is_watched = sys.stderr.isatty()
        self._responses = 0
        self._started = time.monotonic()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """What is done meanwhile is called `name`."""
        started = time.monotonic()
        yield
        seconds = time.monotonic() - started
        self._report.seconds[name] = round(seconds, 1)
        if seconds > LINE_EVERY_SECONDS and not (self._is_quiet or self._is_watched):
            sys.stderr.write(f"{name}: done in {seconds:.0f} s\n")

    def posts(
        self, posts: Iterable[tuple[PostRecord, Made]], total: int | None
    ) -> Iterator[tuple[PostRecord, Made]]:
        """The same posts: counted, with those who answered them, as they are asked for."""
        with self.bar("posts", total) as bar:
            for post, made in posts:
                yield post, made
                self._responses += len(post.responses)
                bar.set_postfix_str(self._rate(), refresh=False)
                bar.update()

    def bar(self, name: str, total: int | None) -> tqdm:
        """To be told how much is done."""
        return tqdm(
            desc=name,
            total=total,
            unit=f" {name}",
            disable=self._is_quiet,
            # On a pipe a bar is no bar, but a line now and then; none for a short one.
            file=sys.stderr if self._is_watched else _Lines(),
            mininterval=0.2 if self._is_watched else LINE_EVERY_SECONDS,
            delay=0 if self._is_watched else LINE_EVERY_SECONDS,
            ascii=not self._is_watched,
            leave=False,
        )

    def _rate(self) -> str:
        seconds = max(time.monotonic() - self._started, 0.1)
        return f"{self._responses:,} responses, {self._responses / seconds:,.0f}/s"


class _Lines:
    """Makes lines of what is meant to be written over and over."""

    def write(self, text: str) -> None:
        if line := text.strip():
            sys.stderr.write(f"{line}\n")

    def flush(self) -> None:
        sys.stderr.flush()
