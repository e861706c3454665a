"""What every test has: alice and bob, files of its own, no way out."""

import os
import re
import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import settings as hypothesis_settings

from blog import generations
from blog.models import User
from tests.blogs import copy_empty_blog
from tests.builders import make_user
from tests.web import Web, serve_web

# Speed is measured in benchmarks/: a busy machine is no reason to fail.
hypothesis_settings.register_profile("quillback", deadline=None)
hypothesis_settings.load_profile("quillback")

_real_connect = socket.socket.connect
_real_getaddrinfo = socket.getaddrinfo


def pytest_collection_modifyitems(items):
    """What takes long begins first, so that nothing waits for it in the end."""
    items.sort(
        key=lambda item: not {"slow", "browser"} & {m.name for m in item.iter_markers()}
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    yield
    # PostgreSQL drops no database that somebody still asks.
    generations.shared().close()


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch):
    """A test that reaches for another machine fails."""

    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0]
            if not (host.startswith("127.") or host in ("localhost", "::1")):
                raise AssertionError(f"A test tried to reach {host}.")
        return _real_connect(self, address)

    def getaddrinfo(host, *args, **kwargs):
        """No name server is asked: a test on a train takes no longer."""
        # Numbers may be written in odd ways: 0x7f.1
        is_name = re.match(r"(?!0x)[^:]*[a-z][^:]*\Z", str(host or ""))
        if is_name and host not in ("localhost", socket.gethostname()):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return _real_getaddrinfo(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def alice(db) -> User:
    """The editor."""
    return make_user("alice", role="Editor")


@pytest.fixture
def bob(db) -> User:
    """A reader with an account."""
    return make_user("bob", role="Subscriber")


@pytest.fixture
def run_tasks(db, monkeypatch):
    """Call it and what is due is done, as a worker would."""
    # On PostgreSQL a worker would take the test's transaction for a leftover.
    worker = "django_tasks_db.management.commands.db_worker"
    monkeypatch.setattr(f"{worker}.close_old_connections", lambda: None)

    def run() -> None:
        call_command("db_worker", batch=True, interval=0, verbosity=0)

    return run


@pytest.fixture
def web(settings) -> Iterator[Web]:
    """Another web server, on this machine; the blog may fetch from it."""
    with serve_web() as server:
        settings.FETCH_LOOPBACK_PORTS = {server.port}
        yield server


@pytest.fixture(scope="session")
def put_empty_blog(tmp_path_factory) -> Callable[[Path], str]:
    """Puts an empty blog into a folder; gives back what its setup told."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    return partial(copy_empty_blog, shared / "empty-blog")
