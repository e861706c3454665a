"""`search_index`: whether what is found is what is written, and making it so."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.search import index, upkeep

MAX_FAULTS_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Enters into the search's index what waits for it. With --check, tells whether "
        "the index is what the texts say; exits with 1 where it is not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        either = parser.add_mutually_exclusive_group()
        either.add_argument(
            "--rebuild", action="store_true", help="Make every entry anew."
        )
        either.add_argument(
            "--check", action="store_true", help="Compare every entry with its text."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
        elif options["rebuild"]:
            changed = upkeep.rebuild(self._progress("rebuilt", upkeep.size()))
            self._end()
            self.stdout.write(f"All entries are made anew: {changed:,} were changed.")
        else:
            self._work()

    def _work(self) -> None:
        done = index.finish(self._entered)
        self._end()
        aside = index.set_aside().count()
        left = f"{aside:,} texts broke it: see the log." if aside else "Nothing waits."
        self.stdout.write(f"Entered: {done:,} texts. {left}")

    def _check(self) -> None:
        found = []
        for fault in upkeep.faults(self._progress("checked", upkeep.size())):
            found.append(fault)
            if len(found) <= MAX_FAULTS_SHOWN:
                self.stderr.write(fault)
        self._end()
        if found:
            raise CommandError(
                f"{len(found):,} faults. search_index --rebuild mends them."
            )
        self.stdout.write("The index is what the texts say.")

    def _entered(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\rentered {done:,} of {total:,}", ending="")

    def _progress(self, verb: str, total: int) -> upkeep.Progress:
        """A line that is written over and over, for whoever watches."""
        done = 0

        def told(count: int) -> None:
            nonlocal done
            done += count
            if sys.stderr.isatty():
                self.stderr.write(f"\r{verb} {done:,} of {total:,}", ending="")

        return told

    def _end(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("")
