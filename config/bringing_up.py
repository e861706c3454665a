"""Rows of an older blog, brought up to what the tables are today.

In a process of its own: migrations write to the database that is the blog's.
"""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from config.backup_file import NoBackup
from config.other_database import Node


def brought_up(old: Path, nodes: list[Node], new: Path) -> Path:
    """The rows of `old`, whose migrations ended at `nodes`, in the database `new`.

    Raises NoBackup.
    """
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-m", "config.bringing_up", str(old)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{new}"},
        input="\n".join(f"{app} {name}" for app, name in nodes),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.strip() or "no reason was given").splitlines()[-1]
        raise NoBackup(f"its rows can't be brought up to today's: {reason}")
    return new


def main(old: Path) -> None:
    """This process's own database as it was once, filled, and then as it is today."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import DEFAULT_DB_ALIAS, connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    from config import other_database

    nodes = [(app, name) for app, name in map(str.split, sys.stdin)]
    MigrationExecutor(connection).migrate(nodes)
    models = other_database.models_at(nodes)
    with other_database.beside(old) as source, transaction.atomic():
        other_database.empty(models, DEFAULT_DB_ALIAS)
        other_database.copy(models, source, DEFAULT_DB_ALIAS, lambda count: None)
    call_command("migrate", verbosity=0, interactive=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
