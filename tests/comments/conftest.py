"""What the tests of the conversation share."""

from tests.mailbox import mailbox

__all__ = ["mailbox"]
