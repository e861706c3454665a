"""Telling a hub which feeds have news: https://www.w3.org/TR/websub/, section 5.

How a blog tells its hub is not laid down there; all hubs take what PubSubHubbub had,
a form with `hub.mode=publish` and the addresses of the feeds.
"""

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.addresses import whole
from blog.feed_formats import FORMATS
from blog.fetch import FetchFailed, fetch
from blog.models import Post
from blog.tasks import tell_hub

SECONDS = 10.0


def tell_soon(post: Post) -> None:
    """Have the hub told when a post is public; ten saves in a row are told once.

    In the transaction that changed the post: both are stored, or neither.
    """
    if not settings.WEBSUB_HUB or post.is_page:
        return
    due = timezone.now() + timedelta(seconds=settings.PING_UPDATE_SECONDS)
    if post.is_scheduled and post.published_at:
        due = max(due, post.published_at)
    waiting = DBTaskResult.objects.filter(
        status="READY", task_path=tell_hub.module_path, run_after__lte=due
    )
    if not any(task.args_kwargs["args"] == [post.pk] for task in waiting):
        tell_hub.using(run_after=due).enqueue(post.pk)


def tell(post_pk: int) -> None:
    """Name the feeds a post stands in, or stood in. Raises FetchError.

    One that is not public any more, or gone, still changed the blog's own.
    """
    if not settings.WEBSUB_HUB:
        return
    fields = [("hub.mode", "publish"), *(("hub.url", feed) for feed in _feeds(post_pk))]
    answer = fetch(
        settings.WEBSUB_HUB,
        method="POST",
        data=urlencode(fields).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        asked_by="telling a hub of news",
        seconds=SECONDS,
        may_cut=True,
    )
    if not answer.is_ok:
        raise FetchFailed(f"The hub answered {answer.status}.")


def _feeds(post_pk: int) -> list[str]:
    """Whole addresses, in each format. Four queries at most, and one for each category."""
    lists = [reverse("blog:home")]
    post = Post.objects.with_cards().filter(pk=post_pk).first()
    if post and post.is_public:
        for category in post.categories.all():
            above = category.get_ancestors(include_self=True)
            lists += [one.get_absolute_url() for one in above]
        lists += [item.tag.get_absolute_url() for item in post.tagged_items.all()]
        lists += [post.author.get_absolute_url()] if post.author else []
    return [
        whole(f"{address}feed/{form.path}")
        for address in dict.fromkeys(lists)
        for form in FORMATS.values()
    ]
