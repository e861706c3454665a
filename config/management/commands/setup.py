"""`manage.py setup`: bring a data folder to where the blog can be served."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import BaseCommand, CommandError, call_command
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from blog import table_statistics
from blog.models import Post, User
from config import static_files
from config.roles import ROLES

AUTHOR_LOGIN = "author"
LAST_ROLE = list(ROLES)[-1]


class Command(BaseCommand):
    help = (
        "Migrates the database, collects static files, loads the documents into an "
        "empty blog, and makes the author's login once. Safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--empty", action="store_true", help="Begin without the documents."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._migrate()
        static_files.collect_if_changed()
        # The login is made last: until it is there, this is still the first start.
        if not User.objects.filter(is_superuser=True).exists():
            if not options["empty"] and not Post.objects.exists():
                call_command("loaddata", "documents", verbosity=0)
                self.stdout.write("The documents of 2006 are loaded.")
            self._make_author()

    def _migrate(self) -> None:
        try:
            executor = MigrationExecutor(connection)
        except Error as error:
            raise CommandError(f"The database can't be read: {error}") from error
        is_behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
        # Every time, and not only when something is missing: permissions and roles
        # come after the last migration, and the last start may have died there.
        call_command("migrate", verbosity=0, interactive=False)
        if is_behind:
            # A migration that makes a table anew throws away what SQLite knew of it.
            table_statistics.refresh()
            self.stdout.write("The database is ready.")

    def _make_author(self) -> None:
        """The documents' author becomes the one who can log in, or a new account."""
        password = secrets.token_urlsafe(9)
        # Shown before it holds: a password nobody saw would lock everybody out.
        with transaction.atomic():
            author, _ = User.objects.get_or_create(
                username=AUTHOR_LOGIN, defaults={"display_name": "The author"}
            )
            author.is_staff = author.is_superuser = True
            author.set_password(password)
            author.save()
            author.groups.add(Group.objects.get(name=LAST_ROLE))
            self._show_login(password)

    def _show_login(self, password: str) -> None:
        self.stdout.write(
            f"\nYour login, shown this once:\n\n"
            f"    name      {AUTHOR_LOGIN}\n"
            f"    password  {password}\n"
            f"    address   {settings.SITE_URL}/admin/\n\n"
            f"Another password: python manage.py changepassword {AUTHOR_LOGIN}\n"
        )
