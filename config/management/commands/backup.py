"""`backup FILE`: the whole blog, media included, as one file."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.transfer.records import Report
from config import backing_up
from config.moving_progress import Progress


class Command(BaseCommand):
    help = (
        "Writes the whole blog to one file: every row, every uploaded file, as they are "
        "at one moment. Others may go on writing. `restore` puts it back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            help="What to write; in a folder it gets a name by the time.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        dest: Path = options["file"]
        if dest.is_dir():
            dest /= f"quillback-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.zip"
        progress = Progress(Report(), is_quiet=options["verbosity"] == 0)
        try:
            about = backing_up.write(dest, progress.bar)
        except OSError as error:
            raise CommandError(f"{dest}: {error.strerror or error}") from error
        megabytes = dest.stat().st_size / 2**20
        self.stdout.write(
            f"{about.posts:,} posts and pages, {about.comments:,} responses and "
            f"{about.files:,} files are in {dest}: {megabytes:,.1f} MB. It holds "
            "addresses and passwords: keep it where nobody else reads it."
        )
