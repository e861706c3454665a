"""`manage.py person`: what is known about an e-mail address, handed out or erased."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from comments import privacy


class Command(BaseCommand):
    help = "Exports or erases everything about a person, by their e-mail address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="Everything, as JSON.")
        export.add_argument("email")
        export.add_argument("--output", type=Path, metavar="FILE")
        erase = verbs.add_parser("erase", help="For ever; replies keep their place.")
        erase.add_argument("email")
        erase.add_argument("--yes", action="store_true", help="Don't ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            email = privacy.normal(options["email"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        if options["verb"] == "export":
            self._export(email, options["output"])
        else:
            self._erase(email, is_sure=options["yes"])

    def _export(self, email: str, output: Path | None) -> None:
        text = json.dumps(privacy.export(email), ensure_ascii=False, indent=2)
        if output is None:
            self.stdout.write(text)
            return
        try:
            output.write_text(f"{text}\n")
        except OSError as error:
            raise CommandError(f"{output} can't be written: {error}") from None
        self.stdout.write(f"Written to {output}.")

    def _erase(self, email: str, *, is_sure: bool) -> None:
        if not is_sure:
            count = len(privacy.export(email)["comments"])
            self.stdout.write(
                f"This erases everything about {email}, {count} comments among it. "
                "Nothing brings it back but a backup. Type yes to go on: ",
                ending="",
            )
            self.stdout.flush()
            if input().strip().lower() != "yes":
                raise CommandError("Nothing was erased.")
        self.stdout.write(str(privacy.erase(email)))
