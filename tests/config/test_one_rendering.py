"""However many visitors ask for a page that changed, one process of a server makes it."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from http.client import HTTPConnection, HTTPException

import pytest
from django.conf import settings
from django.db import connection

from blog.models import SiteSettings
from tests.blogs import database_url, environment
from tests.counted import PATH
from tests.ports import free_ports
from tests.served import PATIENCE_SECONDS, get, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

# Each process answers four at a time, and both are asked by so many.
VISITORS = 40
CHANGES = 10


class Server:
    """A server of two processes, and how often it made the page."""

    def __init__(self, folder):
        [self.port] = free_ports(1)
        self.count = folder / "count"
        self.count.touch()
        url = f"http://127.0.0.1:{self.port}"
        bind = f"127.0.0.1:{self.port}"
        known = {"DATABASE_URL": database_url(), "SITE_URL": url}
        known |= {"DJANGO_SETTINGS_MODULE": "tests.counted_settings"}
        known |= {"COUNTED": str(self.count)}
        serve = ["manage.py", "serve", "--bind", bind, "--workers", "2", "--no-worker"]
        self.process = subprocess.Popen(
            [sys.executable, *serve],
            cwd=settings.BASE_DIR,
            env=environment(folder) | known,
            stdout=subprocess.DEVNULL,
        )
        wait_until(self.answers)

    def answers(self):
        assert self.process.poll() is None, "The server has ended."
        with suppress(OSError):
            return get(self.port, "/readyz")[0].status == 200

    def end(self):
        self.release()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE_SECONDS)

    def hold(self):
        self.count.with_suffix(".held").touch()

    def release(self):
        self.count.with_suffix(".held").unlink(missing_ok=True)

    def makers(self):
        """The processes that made it, one for each time."""
        return [int(line) for line in self.count.read_text().split()]

    def visited(self, meanwhile):
        """What many visitors get, who come while it is being made; "" is no answer."""
        self.hold()
        visitors = [
            HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
            for _ in range(VISITORS)
        ]
        for visitor in visitors:
            visitor.request("GET", PATH)
        wait_until(self.makers)
        meanwhile()
        self.release()
        return [_answer(visitor) for visitor in visitors]


def _answer(visitor):
    try:
        return visitor.getresponse().read().decode()
    except (HTTPException, OSError):
        return ""
    finally:
        visitor.close()


def change(number):
    table = SiteSettings._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET title = %s", [f"Number {number}"])


@pytest.fixture
def server(transactional_db, tmp_path, put_empty_blog):
    put_empty_blog(tmp_path)
    SiteSettings(title="Number 0").save()
    server = Server(tmp_path)
    yield server
    server.end()


def test_it_is_made_once_after_each_change(server):
    for number in range(1, CHANGES):
        change(number)
        server.count.write_text("")
        pages = server.visited(lambda: None)
        assert all(f"Number {number}<" in page for page in pages)
        assert len(server.makers()) == 1


def test_who_dies_making_it_leaves_it_to_the_other(server):
    change(1)

    def kill():
        os.kill(server.makers()[0], signal.SIGKILL)

    pages = server.visited(kill)
    answered = [page for page in pages if page]
    assert answered
    assert all("Number 1<" in page for page in answered)
    killed, *others = server.makers()
    assert len(others) == 1
    assert others != [killed]
