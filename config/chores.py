"""Which chores there are: the list that knows both apps."""

from datetime import timedelta

from django.core.management import call_command

from blog.chores import Duty
from blog.models import SiteSettings
from comments.models import Comment

# How long a finished task is remembered, and one that failed.
DONE_DAYS = 2
FAILED_DAYS = 30
MAX_ROUNDS = 1000


def forget_addresses() -> None:
    """IP addresses and browsers, as many days old as the settings say."""
    days = SiteSettings.current().ip_retention_days
    for _ in range(MAX_ROUNDS):  # in small bites: nobody waits for this
        if not Comment.objects.all().forget_addresses(days):
            break


def prune_tasks() -> None:
    """Rows of tasks that are done."""
    call_command(
        "prune_db_task_results",
        queue_name="*",
        min_age_days=DONE_DAYS,
        failed_min_age_days=FAILED_DAYS,
        verbosity=0,
    )


CHORES = [
    Duty("forget addresses", timedelta(hours=1), forget_addresses),
    Duty("prune tasks", timedelta(days=1), prune_tasks),
]
