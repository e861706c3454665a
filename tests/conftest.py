"""What every test has: alice and bob, a fast password hash, no way out."""

import os
import socket
import tempfile

# Before Django reads its settings: the tests have a data folder of their own.
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="quillback-tests-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import pytest

from blog.models import User
from tests.builders import make_user

_real_connect = socket.socket.connect


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch):
    """A test that reaches for another machine fails."""

    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0]
            if not (host.startswith("127.") or host in ("localhost", "::1")):
                raise AssertionError(f"A test tried to reach {host}.")
        return _real_connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _test_settings(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        }
    }


@pytest.fixture
def alice(db) -> User:
    """The editor."""
    return make_user("alice", role="Editor")


@pytest.fixture
def bob(db) -> User:
    """A reader with an account."""
    return make_user("bob", role="Subscriber")
