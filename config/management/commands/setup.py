"""`manage.py setup`: bring a data folder to where the blog can be served."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from blog.models import Post, User
from config import static_files

AUTHOR_LOGIN = "author"


class Command(BaseCommand):
    help = (
        "Migrates the database, collects static files, loads the documents into an "
        "empty blog, and makes the author's login once. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        is_new = self._migrate()
        static_files.collect_if_changed()
        if is_new and not Post.objects.exists():
            call_command("loaddata", "documents", verbosity=0)
            self.stdout.write("The documents of 2006 are loaded.")
        if not User.objects.filter(is_superuser=True).exists():
            self._make_author()

    def _migrate(self) -> bool:
        """Apply what is missing; returns whether the database was empty before."""
        executor = MigrationExecutor(connection)
        is_new = not executor.loader.applied_migrations
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
            self.stdout.write("The database is ready.")
        return is_new

    def _make_author(self) -> None:
        """The documents' author becomes the one who can log in, or a new account."""
        password = secrets.token_urlsafe(9)
        author, _ = User.objects.get_or_create(
            username=AUTHOR_LOGIN, defaults={"display_name": "The author"}
        )
        author.is_staff = author.is_superuser = True
        author.set_password(password)
        author.save()
        where = Path(settings.DATA_DIR) / "author-login.txt"
        lines = [f"{settings.SITE_URL}/admin/", AUTHOR_LOGIN, password]
        where.touch(mode=0o600)
        where.write_text("\n".join(lines) + "\n")
        self.stdout.write(
            f"\nYour login, shown this once (and kept in {where}, mode 0600, until you "
            f"delete it):\n\n    name      {AUTHOR_LOGIN}\n    password  {password}\n"
        )
