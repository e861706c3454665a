"""What is done about the conversation after the request: each task looks at rows."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from blog import languages
from blog.fetch import FetchError, FetchFailed, TooSlow
from blog.models import Post, SiteSettings
from blog.retrying import retried
from comments import akismet, gravatar
from comments.models import Comment, Decision
from comments.moderation import training
from comments.notify import sending

# A moderator decides about one after another: they are learned from together.
LEARNING_DELAY_SECONDS = 30
# Pages of strangers are looked at when all else that is due is done.
PING_PRIORITY = -5


@task()
@languages.in_the_blogs
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
@retried(FetchFailed, TooSlow)
@languages.in_the_blogs
def ask_akismet(comment_pk: int) -> None:
    """Hold a comment that Akismet calls spam, if nobody decided about it meanwhile."""
    comment = Comment.objects.filter(pk=comment_pk).select_related("post").first()
    if comment and akismet.is_asked_about(comment) and akismet.calls_spam(comment):
        # Imported here: posting enqueues what stands here.
        from comments import posting

        posting.hold(comment, akismet.REASON)


@task()
@retried(FetchFailed, TooSlow)
@languages.in_the_blogs
def tell_akismet(decision_pk: int) -> None:
    """Tell Akismet what somebody decided, if it still stands."""
    decision = (
        Decision.objects.filter(pk=decision_pk).select_related("comment__post").first()
    )
    if decision and akismet.is_told(decision):
        akismet.tell(decision)


def tell_akismet_later(decisions: Iterable[Decision]) -> None:
    """Nothing without a key. There is time to undo it first."""
    if akismet.is_on():
        due = timezone.now() + timedelta(seconds=akismet.TELL_AFTER_SECONDS)
        for decision in decisions:
            tell_akismet.using(run_after=due).enqueue(decision.pk)


@task()
@languages.in_the_blogs
def fetch_photo(comment_pk: int) -> None:
    """Ask Gravatar about the writer of a comment, where that is still wanted."""
    comment = Comment.objects.filter(pk=comment_pk).first()
    if comment and gravatar.is_wanted(comment, SiteSettings.current()):
        try:
            gravatar.ask_about(comment.author_email)
        except FetchError:  # the drawing does until tomorrow
            gravatar.postpone(comment.author_email)


@task()
@languages.in_the_blogs
def send_notice(pk: int) -> None:
    """Send this mail if it is due; where it is put off, look again then."""
    again_at = sending.look_at(pk)
    if again_at:
        send_notice.using(run_after=again_at).enqueue(pk)


@task(priority=PING_PRIORITY)
@languages.in_the_blogs
def verify_ping(pk: int) -> None:
    """Look at the page that is said to link here; where it is put off, again then."""
    # Imported here: verifying posts, and posting enqueues what stands here.
    from comments.pings import verify

    again_at = verify.look_at(pk)
    if again_at:
        verify_ping.using(run_after=again_at).enqueue(pk)


def follow_soon(post: Post) -> None:
    """Have the links of a post looked at when it is public, if that can matter.

    In the transaction that changed the post: both are stored, or neither.
    """
    from comments.pings import follow

    if follow.matters(post):
        due = post.published_at if post.is_scheduled else None
        follow_links.using(run_after=due).enqueue(post.pk)


@task(priority=PING_PRIORITY)
@languages.in_the_blogs
def follow_links(post_pk: int) -> None:
    """See which pages a post links to; for one that is still to come, again then."""
    # Imported here, and below: what follows and sends enqueues what stands here.
    from comments.pings import follow

    again_at = follow.look_at(post_pk)
    if again_at:
        follow_links.using(run_after=again_at).enqueue(post_pk)


@task(priority=PING_PRIORITY)
@languages.in_the_blogs
def send_ping(pk: int) -> None:
    """Tell one page that we link to it; where it is put off, again then."""
    from comments.pings import send

    again_at = send.look_at(pk)
    if again_at:
        send_ping.using(run_after=again_at).enqueue(pk)
