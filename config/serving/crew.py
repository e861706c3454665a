"""The threads of one process that answer requests, one each at a time."""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from time import perf_counter
from typing import Any

from config.encodings import Application
from config.serving.answers import answer
from config.serving.refusals import BROKEN, OVERRUN, Refusal, refuse
from config.serving.requests import Request, asked_of

logger = logging.getLogger("quillback.server")

# Who would have to wait for more than that is told to come again.
MAX_WAITING = 2000

# Given a request, its status, the bytes of its body and the seconds it took.
Log = Callable[[Request, int, int, float], None]


class Crew:
    """Answers with `application`; tells `log` of each request, where there is one."""

    def __init__(self, application: Application, count: int, log: Log | None) -> None:
        self._application = application
        # What a page cache has, it has without a thread.
        self._at_hand = getattr(application, "at_hand", None)
        self._log = log
        self._waiting: SimpleQueue[tuple[Request, float]] = SimpleQueue()
        for number in range(count):
            # They end with the process: what they were to answer is answered by then.
            threading.Thread(
                target=self._work, name=f"request-{number + 1}", daemon=True
            ).start()

    def take(self, request: Request) -> None:
        """Have it answered when its turn comes. Never waits."""
        if self._waiting.qsize() >= MAX_WAITING:
            self.turn_away(request, OVERRUN)
        else:
            self._waiting.put((request, perf_counter()))

    def answer_at_once(self, scope: Any, protocol: Any) -> bool:
        """Send what is ready; False where somebody has to make it. Never waits.

        Most requests end here.
        """
        if self._at_hand is None:
            return False
        asked = asked_of(scope)
        ready = self._at_hand(asked) if asked else None
        if ready is None:
            return False
        protocol.response_bytes(ready.code, ready.headers, ready.body)
        if self._log:
            self._log(Request(scope, protocol), ready.code, len(ready.body), 0.0)
        return True

    def turn_away(self, request: Request, refusal: Refusal) -> None:
        refuse(request, refusal)
        if self._log:
            self._log(request, refusal.status, 0, 0.0)

    def _work(self) -> None:
        while True:
            try:
                self._answer(*self._waiting.get())
            except Exception:
                # A log that takes no line, say: the thread has others to answer.
                logger.exception("After an answer")

    def _answer(self, request: Request, since: float) -> None:
        try:
            status, count = answer(self._application, request)
        except Exception:
            # What Django catches it has made a page of: this is an error around it.
            logger.exception("%s %s", request.scope.method, request.scope.path)
            self.turn_away(request, BROKEN)
        else:
            if self._log:
                self._log(request, status, count, perf_counter() - since)
