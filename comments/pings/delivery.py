"""What the three ways of telling another blog have in common."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Endpoint:
    """Where a page wants to be told, and how. `protocol` is an OutgoingPing's."""

    protocol: str
    url: str


class Undelivered(Exception):
    """The other side did not take it; `message` says why, in a sentence.

    Where `is_final`, trying again would bring the same answer. `after` is how long
    it asks us to wait, where it does.
    """

    def __init__(
        self, message: str, *, is_final: bool, after: timedelta | None = None
    ) -> None:
        super().__init__(message)
        self.message, self.is_final, self.after = message, is_final, after
