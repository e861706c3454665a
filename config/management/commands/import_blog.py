"""`import_blog SOURCE`: moves a blog in from elsewhere."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.models import User
from blog.transfer import fitting, fixture
from blog.transfer.media import Where
from blog.transfer.records import BlogRecord, PostRecord, Report, SourceRefused
from comments import incoming
from config import (
    address_check,
    address_lists,
    memory,
    moving,
    moving_report,
    static_files,
)
from config.address_check import Tally
from config.moving_progress import Progress


class Command(BaseCommand):
    help = (
        "Moves a blog in. Nothing is doubled when a source is imported again, "
        "and what was edited here since is left as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source",
            type=Path,
            nargs="?",
            help="A file or a folder. None: nothing is imported, addresses are checked.",
        )
        parser.add_argument(
            "--check-urls",
            type=Path,
            nargs="?",
            const=Path(),
            metavar="FILE",
            help="Ask the blog for each old address in FILE, one a line, or in a sitemap "
            "or a server's log; without FILE for all that SOURCE tells of. Exits with 1 "
            "where one leads nowhere.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Report, but write nothing."
        )
        parser.add_argument(
            "--fixture",
            type=Path,
            metavar="FILE",
            help="Write a fixture for loaddata instead of importing.",
        )
        parser.add_argument(
            "--format",
            choices=moving.READERS,
            help="What SOURCE is, if it is not obvious.",
        )
        parser.add_argument(
            "--author", metavar="LOGIN", help="Who wrote what names no author."
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="Write the report as JSON, too."
        )

        parser.add_argument(
            "--media",
            type=Path,
            metavar="DIR",
            help="The files of the old blog: a copy of its wp-content/uploads.",
        )
        parser.add_argument(
            "--media-later",
            action="store_true",
            help="Don't wait for files: the worker fetches them by and by.",
        )

    def handle(self, *args: str, **options) -> None:
        if options["source"] is None and options["check_urls"] is None:
            raise CommandError("Say which SOURCE is to be imported.")
        _see_that_files_are_there(options["check_urls"], options["report"])
        told = self._move(options) if options["source"] else {}
        tally = self._checked(options) if options["check_urls"] is not None else None
        if tally:
            told["addresses"] = tally.told()
        if options["report"] and told:
            said = json.dumps(told, indent=2, ensure_ascii=False)
            _write(options["report"], f"{said}\n")
        if tally and tally.failed:
            failed = f"{len(tally.failed):,} of {tally.counts.total():,}"
            raise CommandError(f"Old addresses that lead nowhere: {failed}.")

    def _move(self, options: dict[str, Any]) -> dict[str, Any]:
        """Import; what the report says."""
        if options["dry_run"] and options["check_urls"] is not None:
            raise CommandError("Nothing is here after a dry run: check it later.")
        memory.keep_together()
        blog = _read(options["source"], options["format"])
        posts = moving.signed(blog.posts, _login(options["author"]))
        if options["fixture"] and not options["dry_run"]:
            fit = list(fitting.fit(blog, posts, incoming.ROOMS))
            self._write_fixture(blog, fit, options["fixture"])
            return {}
        report = moving.move_in(
            blog,
            posts,
            Where(_folder(options["media"]), is_later=options["media_later"]),
            is_dry_run=options["dry_run"],
            is_quiet=not options["verbosity"],
        )
        said = moving_report.sentences(blog, report)
        self.stdout.writelines(f"{line}\n" for line in said)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")
        return moving_report.told(blog, report)

    def _checked(self, options: dict[str, Any]) -> Tally:
        """Ask for each address, and say what became of them."""
        named, source = options["check_urls"], options["source"]
        if named != Path():
            addresses = address_lists.of_file(named)
        elif source:
            addresses = address_lists.of_source(_read(source, options["format"]))
        else:
            addresses = address_lists.of_this_blog()
        # Pages name them; who serves this blog has done it already.
        static_files.collect_if_changed()
        tally = Tally()
        progress = Progress(Report(), is_quiet=not options["verbosity"])
        try:
            with progress.bar("addresses", None) as bar:
                for found in address_check.check(addresses):
                    tally.add(found)
                    bar.update()
        except address_lists.NoList as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.writelines(f"{line}\n" for line in tally.sentences())
        return tally

    def _write_fixture(
        self, blog: BlogRecord, posts: list[PostRecord], path: Path
    ) -> None:
        rows = [*fixture.rows(blog, posts), *incoming.fixture_rows(posts)]
        _write(path, fixture.as_json(rows))
        self.stdout.writelines(f"{line}\n" for line in moving_report.doubts(posts))
        self.stdout.writelines(f"{line}\n" for line in blog.warnings)
        if count := len(blog.media):
            noun = "file" if count == 1 else "files"
            sentence = f"{count} {noun} of the old blog left out: texts show what lies"
            self.stdout.write(f"{sentence} there.")
        self.stdout.write(f"{len(rows)} rows written to {path}; nothing was imported.")


def _read(source: Path, name: str | None) -> BlogRecord:
    try:
        return moving.read(source, name)
    except SourceRefused as refused:
        raise CommandError(f"Nothing was imported.\n{refused}") from refused


def _see_that_files_are_there(listed: Path | None, report: Path | None) -> None:
    """Before hours of work, not after them."""
    if listed and listed != Path() and not listed.exists():
        raise CommandError(f"{listed}: No such file or directory")
    if listed and listed != Path() and listed.is_dir():
        raise CommandError(f"{listed} is a folder: name a file.")
    if report and (report.is_dir() or not report.absolute().parent.is_dir()):
        raise CommandError(f"{report} is no place for the report: name a file.")


def _folder(path: Path | None) -> Path | None:
    if path and not path.is_dir():
        raise CommandError(f"{path} is no folder.")
    return path


def _login(login: str | None) -> str:
    if login and not User.objects.filter(username=login).exists():
        raise CommandError(f"Nobody here has the login “{login}”.")
    return login or ""


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
