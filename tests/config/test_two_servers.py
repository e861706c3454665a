"""Two servers as shipped on one database: each sends the last commit it could know of.

Both are of two processes, which send what one of them has made.
"""

import re
import signal
import subprocess
import sys
import threading
from itertools import cycle

import pytest
import requests
from django.conf import settings
from django.db import connection
from django.utils import timezone

from blog.models import Post, SiteSettings, Tag
from tests.blogs import database_url, environment
from tests.builders import make_post, make_user
from tests.doors import DOORS
from tests.peers import PATIENCE_SECONDS, wait_for
from tests.ports import free_ports

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROUNDS = 1000  # each is read from both servers
READERS = 4
READS = 250  # of each of them
_NUMBER = re.compile(r"<ShortName>Number (\d+)")


@pytest.fixture
def servers(transactional_db, tmp_path, put_empty_blog):
    """Their addresses."""
    put_empty_blog(tmp_path)
    SiteSettings(title="Number 0").save()
    running, urls = [], []
    for port in free_ports(2):
        url = f"http://127.0.0.1:{port}"
        known = {"DATABASE_URL": database_url(), "SITE_URL": url}
        running.append(
            subprocess.Popen(
                [
                    *(sys.executable, "manage.py", "serve"),
                    *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--no-worker"),
                ],
                cwd=settings.BASE_DIR,
                env=environment(tmp_path) | known,
                stdout=subprocess.DEVNULL,
            )
        )
        urls.append(url)
    for url in urls:
        wait_for(lambda url=url: _answers(f"{url}/readyz"), "a server")
    yield urls
    for process in running:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)


def _answers(page):
    try:
        return requests.get(page, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def connections():
    """Which process answers the system chooses for each anew."""
    for _ in range(READERS):
        session = requests.Session()
        session.trust_env = False
        yield session


def number_at(session, url):
    answer = session.get(f"{url}/opensearch.xml", timeout=PATIENCE_SECONDS)
    return int(_NUMBER.search(answer.text)[1])


def write(number):
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {SiteSettings._meta.db_table} SET title = %s",
            [f"Number {number}"],
        )


def test_both_have_what_was_just_committed(servers):
    sessions = cycle(connections())
    for number in range(1, ROUNDS + 1):
        write(number)
        session = next(sessions)
        assert [number_at(session, url) for url in servers] == [number] * 2


def test_each_door_is_seen_by_both_at_once(servers, tmp_path):
    author = make_user("alice", "Editor")
    for number, (change, place) in enumerate(DOORS):
        Post.objects.all().delete()
        post = make_post("Talks", author=author, published_at=timezone.now())
        post.tags.add("diplomacy")
        path = post.get_absolute_url() if place == "post" else "/"
        pages = [f"{url}{path}" for url in servers]
        words = f"Words of {number}"
        assert [words in text for text in _texts(pages)] == [False] * len(pages)
        change(post, words, tmp_path)
        assert [words in text for text in _texts(pages)] == [True] * len(pages), change
        Tag.objects.all().delete()


def _texts(pages):
    return [requests.get(page, timeout=PATIENCE_SECONDS).text for page in pages]


def test_no_reader_gets_what_is_older_than_what_was_committed_when_they_asked(servers):
    """Somebody writes until all have read often enough."""
    committed, stale, count = [0], [], [0] * READERS

    def read(place, session):
        for count[place] in range(1, READS + 1):
            least = committed[0]
            found = number_at(session, servers[place % 2])
            if found < least:
                stale.append((least, found))

    readers = [
        threading.Thread(target=read, args=told) for told in enumerate(connections())
    ]
    for reader in readers:
        reader.start()
    while any(reader.is_alive() for reader in readers):
        write(committed[0] + 1)
        committed[0] += 1
    assert stale == []
    assert count == [READS] * READERS
    assert committed[0] > READERS
