"""What the tests of the conversation share."""

import pytest
from django.test import Client

from tests.mailbox import mailbox

__all__ = ["mailbox"]


@pytest.fixture
def moderator(client, alice) -> Client:
    """Alice at the desk."""
    client.force_login(alice)
    return client
