"""Blogs on disk, as `manage.py setup --empty` leaves them: made once, then copied."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

_NOT_OURS = ("DATABASE_URL", "REDIS_URL", "DEBUG", "EMAIL_URL", "SITE_URL")
_TOLD = "told.txt"


def environment(folder: Path) -> dict[str, str]:
    """Where a process finds the blog in `folder`: the shipped settings, and SQLite."""
    env = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    return env | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}


def database_url() -> str:
    """Where a process finds the database of the test that runs."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    parts = urlsplit(os.environ["DATABASE_URL"])
    return parts._replace(path=f"/{name}").geturl()


def manage(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run a command of manage.py for the blog in `folder`."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )


def copy_empty_blog(model: Path, folder: Path) -> str:
    """An empty blog in `folder`, with a secret key to come; what its setup told.

    Migrating and compressing take seconds, and give the same each time: the first
    who asks makes it in `model`, whichever process that is.
    """
    with Path(f"{model}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (model / _TOLD).exists():
            done = manage(model, "setup", "--empty")
            assert done.returncode == 0, done.stderr
            (model / _TOLD).write_text(done.stdout)
    without_key = shutil.ignore_patterns("secret_key")
    shutil.copytree(model, folder, ignore=without_key, dirs_exist_ok=True)
    return (folder / _TOLD).read_text()
