"""What is told twice in the same moment has one row, and is looked at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from comments.models import IncomingPing
from comments.pings.receive import take
from tests.builders import make_post

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="SQLite's transactions come one after the other",
    ),
]
HOME = "https://blog.example.org"
ROUNDS, SENDERS = 5, 4


@pytest.fixture
def post(settings):
    settings.SITE_URL = HOME
    return make_post()


def tell_at_once(post, source) -> list[int]:
    """The row each of them was given."""
    barrier = Barrier(SENDERS)
    target = HOME + post.get_absolute_url()

    def tell(kind: str) -> int:
        try:
            barrier.wait()
            return take(kind, source, target, address="192.0.2.7").pk
        finally:
            connection.close()

    kinds = ["webmention", "pingback", "trackback", "webmention"]
    with ThreadPoolExecutor(SENDERS) as pool:
        return list(pool.map(tell, kinds))


def test_told_at_once_it_is_one_row_and_one_task(post):
    for number in range(ROUNDS):
        source = f"https://blog{number}.example/"
        (pk,) = set(tell_at_once(post, source))
        assert IncomingPing.objects.get(source_url=source).pk == pk
    assert DBTaskResult.objects.count() == ROUNDS


def test_told_again_at_once_it_waits_once_more(post):
    for number in range(ROUNDS):
        source = f"https://blog{number}.example/"
        tell_at_once(post, source)
        rows = IncomingPing.objects.filter(source_url=source)
        rows.update(state=IncomingPing.State.REFUSED)
        DBTaskResult.objects.all().delete()
        assert len(set(tell_at_once(post, source))) == 1
        assert DBTaskResult.objects.count() == 1
        assert rows.get().asked_count == 2
