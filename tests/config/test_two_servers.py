"""Two servers as shipped on one database: each sends the last commit it could know of.

Both are of two processes, which send what one of them has made.
"""

import re
import signal
import subprocess
import sys
import threading

import pytest
import requests
from django.conf import settings
from django.db import connection

from blog.models import SiteSettings
from tests.blogs import database_url, environment
from tests.peers import PATIENCE_SECONDS, wait_for
from tests.ports import free_ports

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROUNDS = 250  # each is read from both servers
READERS = 4
_NUMBER = re.compile(r"<ShortName>Number (\d+)")


@pytest.fixture
def servers(transactional_db, tmp_path, put_empty_blog):
    """The addresses of a small page of each."""
    put_empty_blog(tmp_path)
    SiteSettings(title="Number 0").save()
    running, pages = [], []
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
        pages.append(f"{url}/opensearch.xml")
    for page in pages:
        wait_for(lambda page=page: _answers(page), "a server")
    yield pages
    for process in running:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)


def _answers(page):
    try:
        return requests.get(page, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def number_at(session, page):
    answer = session.get(page, timeout=PATIENCE_SECONDS)
    return int(_NUMBER.search(answer.text)[1])


def write(number):
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {SiteSettings._meta.db_table} SET title = %s",
            [f"Number {number}"],
        )


def test_both_have_what_was_just_committed(servers):
    session = requests.Session()
    session.trust_env = False
    for number in range(1, ROUNDS):
        write(number)
        assert [number_at(session, page) for page in servers] == [number] * 2


def test_no_reader_gets_what_is_older_than_what_was_committed_when_they_asked(servers):
    committed, is_over, stale, count = [0], threading.Event(), [], [0] * READERS

    def read(place):
        session = requests.Session()
        session.trust_env = False
        while not is_over.is_set():
            least = committed[0]
            found = number_at(session, servers[place % 2])
            count[place] += 1
            if found < least:
                stale.append((least, found))

    readers = [threading.Thread(target=read, args=[place]) for place in range(READERS)]
    for reader in readers:
        reader.start()
    for number in range(1, ROUNDS):
        write(number)
        committed[0] = number
    is_over.set()
    for reader in readers:
        reader.join()
    assert stale == []
    assert min(count) > 0
