"""`manage.py chores`: does what is due, for those whose server runs no worker."""

from typing import Any

from django.core.management import BaseCommand

from blog.chores import do_due
from config.chores import CHORES
from config.worker import reset_abandoned


class Command(BaseCommand):
    help = (
        "Does the chores that are due, and puts back tasks whose worker died. The "
        "worker of `serve` does so by itself; without it, call this every minute."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        reset_abandoned()
        done = do_due(CHORES)
        self.stdout.write(", ".join(done) or "Nothing is due.")
