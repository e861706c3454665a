"""Which mails go out about the review of a post: to the editors, and to its writer."""

from blog import reviewing
from blog.models import Post, User
from blog.reviewing import Step
from comments.models import Notice
from comments.notify import notices


def about_reviewed(post: Post, step: str, by: User | None, note: str) -> None:
    """A text took a step. Called in the transaction in which it did.

    What was to be told of the step before is forgotten, unless it went out.
    """
    Notice.objects.open().filter(post=post).delete()
    people = _editors(post) if step == Step.SENT else _writer(post)
    told = {user.email.lower(): user for user in people if user != by and user.email}
    rows = [
        Notice(kind=step, post=post, email=email, user=user, by=by, note=note)
        for email, user in told.items()
        if user.review_mails
    ]
    notices.enqueue(row.pk for row in Notice.objects.bulk_create(rows))


def _editors(post: Post) -> list[User]:
    """Who may publish what others wrote. One query, and two for each of them."""
    users = User.objects.with_perm("blog.change_others_post").exclude(email="")
    return [user for user in users.order_by("pk") if reviewing.may_publish(post, user)]


def _writer(post: Post) -> list[User]:
    return [post.author] if post.author and post.author.is_active else []
