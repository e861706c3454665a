"""Bodies of requests: read all at once, none of them keeping a thread.

The loop reads what comes in, from however many and however slowly; only when all of a
body is here does a thread of Django's hear of the request. Who stops sending is cut off.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import IO, Any

from django.conf import settings

from blog.images import MAX_UPLOAD_BYTES
from config.serving.refusals import (
    ONLY_A_PART,
    TOO_MANY,
    TOO_SLOW,
    Refusal,
    Refused,
    too_large,
)
from config.serving.requests import Request

# Nothing for so long, and it is not waited for any more.
STALL_SECONDS = 10.0
# After so long it must have come at this rate at least, from the beginning.
GRACE_SECONDS = 20.0
LEAST_BYTES_PER_SECOND = 500
# A visitor's words, and a file from somebody who may be logged in, with a form around it.
MAX_BYTES = 2**20
MAX_BYTES_WITH_SESSION = MAX_UPLOAD_BYTES + 2 * 2**20
# A client hears what it is answered when it has sent everything, and most hear nothing
# where they are hung up on: so what is too large is read, and not kept.
MAX_DRAINED_BYTES = 256 * 2**20
# More than that lies on disk until it is asked for.
MAX_IN_MEMORY_BYTES = 16 * 1024
# In one process, at once. One that is waited for costs some 15 kB and no thread, so that
# there is room for those who mean well beside thousands who don't.
MAX_BODIES = 8 * 1024
MAX_HELD_BYTES = 2**30
# Programs knock there that understand one kind of refusal alone, and no 413.
OWN_WORDS = ("/xmlrpc.php",)


@dataclass
class Intake:
    """`hand_on` gets each request whose body is here; `turn_away` each of the others."""

    hand_on: Callable[[Request], None]
    turn_away: Callable[[Request, Refusal], None]

    def __post_init__(self) -> None:
        self._tasks: set[asyncio.Task] = set()
        self._held_bytes = 0

    def take(self, request: Request) -> None:
        """Called in the loop."""
        task = asyncio.ensure_future(self._take(request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(self, request: Request) -> None:
        try:
            await self._read(request)
        except Refused as refused:
            request.body.close()
            if refused.refusal.status == 413 and request.scope.path in OWN_WORDS:
                # The door sees that it is more than it takes, and nothing of it.
                request.body, request.body_bytes = BytesIO(), MAX_DRAINED_BYTES
                self.hand_on(request)
            else:
                self.turn_away(request, refused.refusal)
        else:
            self.hand_on(request)

    async def _read(self, request: Request) -> None:
        """Read the body of `request` into it. Raises Refused."""
        limit, announced = _limit(request), _announced(request)
        if announced > limit and "100-continue" in request.header("expect").lower():
            raise Refused(too_large(limit))  # it asked before it sends anything
        if len(self._tasks) > MAX_BODIES:
            raise Refused(TOO_MANY)
        file = request.body = SpooledTemporaryFile(MAX_IN_MEMORY_BYTES)  # noqa: SIM115  closed by who has the request
        try:
            count = await self._fill(file, request.protocol.__aiter__(), limit)
        finally:
            self._held_bytes -= file.tell()
        if count > limit:
            raise Refused(too_large(limit))
        if count < announced:
            raise Refused(ONLY_A_PART)
        request.body_bytes = count
        file.seek(0)

    async def _fill(self, file: IO[bytes], pieces: Any, limit: int) -> int:
        """Write to `file` what fits; how many bytes came. Raises Refused."""
        begun, count = monotonic(), 0
        while piece := await _next(pieces, begun, count):
            count += len(piece)
            if count <= limit:
                file.write(piece)
                self._held_bytes += len(piece)
            if count > MAX_DRAINED_BYTES:
                raise Refused(too_large(limit))
            if self._held_bytes > MAX_HELD_BYTES:
                raise Refused(TOO_MANY)
        if await _has_more(pieces):
            raise Refused(ONLY_A_PART)
        return count


async def _next(pieces: Any, begun: float, count: int) -> bytes:
    """What comes next, b"" at the end. Raises Refused where it takes too long."""
    due = begun + GRACE_SECONDS + count / LEAST_BYTES_PER_SECOND
    try:
        async with asyncio.timeout(min(STALL_SECONDS, max(due - monotonic(), 0))):
            return await pieces.__anext__()
    except StopAsyncIteration:
        return b""
    except TimeoutError as error:
        raise Refused(TOO_SLOW) from error


async def _has_more(pieces: Any) -> bool:
    """Whether the b"" that came was not the end: what is sent in chunks broke off.

    Granian gives b"" for that as well, and then still has to tell of the end. So it does
    with trailers, which no browser sends.
    """
    try:
        await pieces.__anext__()
    except StopAsyncIteration:
        return False
    return True


def _limit(request: Request) -> int:
    has_session = f"{settings.SESSION_COOKIE_NAME}=" in request.header("cookie")
    return MAX_BYTES_WITH_SESSION if has_session else MAX_BYTES


def _announced(request: Request) -> int:
    """0 where the length is not announced."""
    length = request.header("content-length")
    return int(length) if length.isdecimal() else 0
