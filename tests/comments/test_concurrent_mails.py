"""Many workers at one row: one of them sends it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from blog.models import SiteSettings
from comments import posting
from comments.models import Notice
from comments.notify import sending
from comments.submission import Submission
from tests.builders import make_post, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="SQLite's transactions come one after the other",
    ),
]
WORKERS = 6


def test_however_many_workers_look_at_it_one_mail_goes_out(mailbox):
    SiteSettings(hold_first=False).save()
    post = make_post("Talks", author=make_user("carol"))
    said = Submission(body="Hm.", author_name="Anna", author_email="a@r.example")
    posting.post_comment(post, said)
    pk = Notice.objects.get().pk

    def look(_: int) -> None:
        try:
            sending.look_at(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(look, range(WORKERS)))
    assert len(mailbox.taken) == 1
    assert Notice.objects.get().attempts == 1
