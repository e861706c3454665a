"""`restore FILE`: a backup in the place of what is here."""

from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from blog.models import Post
from blog.search import index
from blog.transfer.records import Report
from comments.models import Comment
from config import restoring
from config.backup_file import NoBackup
from config.moving_progress import Progress
from config.restoring import Backup, HalfRestored


class Command(BaseCommand):
    help = (
        "Puts a backup in the place of the blog, into whatever database this one has. "
        "All of it or nothing: whoever stops it finds the blog of before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="What `backup` wrote.")
        parser.add_argument("--yes", action="store_true", help="Don't ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        progress = Progress(Report(), is_quiet=options["verbosity"] == 0)
        with ExitStack() as stack:
            try:
                backup = restoring.opened(path, stack)
                if not options["yes"]:
                    self._ask(backup)
                backup.restore(progress.bar)
            except NoBackup as error:
                raise CommandError(f"{path}: {error}. Nothing was restored.") from error
            except (OSError, DatabaseError) as error:
                raise CommandError(f"{error}. Nothing was restored.") from error
            except HalfRestored as error:
                raise CommandError(
                    f"The rows are restored, and not all files: {error}. "
                    "Once that is mended, restore again."
                ) from error
        about = backup.about
        self.stdout.write(
            f"The blog of {about.made_at}: {about.posts:,} posts and pages, "
            f"{about.comments:,} responses, {about.files:,} files."
        )
        index.finish()
        self.stdout.write(
            "Everything can be found again. A server that runs should be started anew."
        )

    def _ask(self, backup: Backup) -> None:
        """Unless there is nothing to lose."""
        posts, comments = Post.objects.count(), Comment.objects.count()
        if not posts:
            return
        self.stdout.write(
            f"{posts:,} posts and pages and {comments:,} responses of this blog go, and "
            f"what was there on {backup.about.made_at} takes their place, with its "
            "logins. Nothing brings them back but a backup. Type yes to go on: ",
            ending="",
        )
        self.stdout.flush()
        try:
            answer = input()
        except EOFError:  # nobody is there
            answer = ""
        if answer.strip().lower() != "yes":
            raise CommandError("Nothing was restored.")
