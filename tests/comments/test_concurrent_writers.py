"""The short version of benchmarks/writers.py: real processes, a real database."""

import json
import os
import subprocess
import sys
import uuid

import pytest
from django.conf import settings
from django.db import connection

PROCESSES = 4
REPLIES = 12


@pytest.fixture
def own_database(tmp_path, django_db_blocker):
    """The address of an empty database that other processes can reach."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/stress.sqlite3"
        return
    name = f"stress_{uuid.uuid4().hex[:8]}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        yield os.environ["DATABASE_URL"].replace("/postgres?", f"/{name}?")
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_no_reply_is_lost_and_every_tree_stays_sound(own_database, tmp_path):
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks.writers",
            f"--processes={PROCESSES}",
            f"--replies={REPLIES}",
        ],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": own_database, "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout, run.stderr
    result = json.loads(run.stdout)
    assert result["problems"] == []
    assert result["comments"] == PROCESSES * REPLIES
