"""Which chores there are: the list that knows both apps."""

from datetime import timedelta

from django.core.management import call_command

from blog import (
    embeds,
    generations,
    icon_making,
    missed,
    publishing,
    renditions,
    rerendering,
    stretches,
    table_statistics,
    working_copies,
)
from blog.chores import Duty
from blog.models import SiteSettings
from blog.search import index
from blog.transfer import arriving, fetching
from comments import gravatar, notify
from comments.models import Comment
from comments.pings import retention, send, verify
from comments.tasks import fetch_photo, learn_soon

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
    retention.forget_addresses(days)


def delete_refused_pings() -> None:
    """Received pings that were refused long ago."""
    for _ in range(MAX_ROUNDS):
        if not retention.delete_refused():
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


def look_after_photos() -> None:
    """Ask Gravatar anew about writers, weekly; or drop all it gave, if it is off."""
    site = SiteSettings.current()
    if not (site.show_avatars and site.use_gravatar):
        gravatar.forget()
        return
    for pk in gravatar.due_comments():
        fetch_photo.using(priority=-10).enqueue(pk)  # after whatever else is due


CHORES = [
    # People's decisions make it learn at once; this is for what was imported.
    Duty("learn what is spam", timedelta(days=1), learn_soon),
    Duty("send forgotten mails", timedelta(minutes=10), notify.sweep),
    Duty("look at forgotten pings", timedelta(minutes=10), verify.sweep),
    Duty("write digests", timedelta(minutes=30), notify.send_digests),
    Duty("make missing renditions", timedelta(minutes=10), renditions.sweep),
    Duty("make missing icons", timedelta(minutes=10), icon_making.sweep),
    # After an update that serves texts in another way.
    Duty("render old texts anew", timedelta(minutes=1), rerendering.sweep),
    Duty("look at forgotten embeds", timedelta(minutes=10), embeds.sweep),
    Duty("forget addresses", timedelta(hours=1), forget_addresses),
    Duty("send forgotten pings", timedelta(minutes=10), send.sweep),
    # Whoever searches does a little himself; this is for what was imported.
    Duty("index what was written", timedelta(minutes=1), index.work_a_while),
    # Each writer weekly; hourly, because not all are asked about at once.
    Duty("look after photos", timedelta(hours=1), look_after_photos),
    Duty("delete refused pings", timedelta(days=1), delete_refused_pings),
    Duty("empty the trash", timedelta(days=1), publishing.empty_trash),
    Duty("look at tables", timedelta(days=1), table_statistics.refresh),
    Duty("forget old drafts", timedelta(days=1), working_copies.forget_abandoned),
    Duty("tidy missed addresses", timedelta(minutes=10), missed.tidy),
    Duty("count changes anew", timedelta(minutes=10), generations.tidy),
    Duty("tidy marks of posts", timedelta(minutes=10), stretches.tidy),
    Duty("fetch files of the old blog", timedelta(seconds=30), fetching.sweep),
    Duty("tidy files nobody finished", timedelta(days=1), arriving.tidy),
    Duty("prune tasks", timedelta(days=1), prune_tasks),
]
