"""What is done about the conversation after the request: each task looks at rows."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from blog.fetch import FetchError
from blog.models import SiteSettings
from comments import gravatar
from comments.models import Comment
from comments.moderation import training
from comments.notify import sending

# A moderator decides about one after another: they are learned from together.
LEARNING_DELAY_SECONDS = 30


@task()
def learn_from_decisions() -> None:
    """Let the spam filter learn from all that people decided."""
    training.learn()


def learn_soon() -> None:
    """Have the filter learn in a while, unless that is going to happen anyway.

    One query, or two. What is decided while it learns makes it learn once more.
    """
    path = learn_from_decisions.module_path
    if not DBTaskResult.objects.filter(status="READY", task_path=path).exists():
        due = timezone.now() + timedelta(seconds=LEARNING_DELAY_SECONDS)
        learn_from_decisions.using(run_after=due).enqueue()


@task()
def fetch_photo(comment_pk: int) -> None:
    """Ask Gravatar about the writer of a comment, where that is still wanted."""
    comment = Comment.objects.filter(pk=comment_pk).first()
    if comment and gravatar.is_wanted(comment, SiteSettings.current()):
        try:
            gravatar.ask_about(comment.author_email)
        except FetchError:  # the drawing does until tomorrow
            gravatar.postpone(comment.author_email)


@task()
def send_notice(pk: int) -> None:
    """Send this mail if it is due; where it is put off, look again then."""
    again_at = sending.look_at(pk)
    if again_at:
        send_notice.using(run_after=again_at).enqueue(pk)
