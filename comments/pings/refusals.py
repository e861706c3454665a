"""Why a ping is not taken: each protocol has its own number for it, and a sentence.

`fault` is Pingback 1.0's, section 3; `status` is what a webmention is answered with.
"""


class PingRefused(Exception):
    """`message` tells whoever sent it, in a sentence.

    `retry_after` is in how many seconds it may be taken, where that is known.
    """

    fault = 0
    status = 400

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.message, self.retry_after = message, retry_after


class SourceMissing(PingRefused):
    """There is no page at that address, or none that may be asked for."""

    fault = 16


class NoLink(PingRefused):
    """The page does not link to the target."""

    fault = 17


class TargetUnknown(PingRefused):
    """Nothing of ours is at that address."""

    fault = 32


class TargetClosed(PingRefused):
    """It is ours, and takes no pings."""

    fault = 33


class AlreadyRegistered(PingRefused):
    fault = 48


class TooManyPings(PingRefused):
    """From one address, or about one host."""

    fault = 49
    status = 429


class QueueFull(PingRefused):
    """More wait to be verified than this blog wants to look at."""

    fault = 50
    status = 503


class SourceFailed(PingRefused):
    """The page could not be read: an error over there, too slow, or too large."""

    fault = 50
