"""What the blog does after the request: each task looks at rows."""

from django_tasks import task

from blog import languages
from blog.fetch import FetchFailed, TooSlow
from blog.retrying import retried

# After the mails: a page shows the original meanwhile.
RENDITION_PRIORITY = -2
# And a link meanwhile: other servers may be slow.
EMBED_PRIORITY = -3


@task(priority=RENDITION_PRIORITY)
@languages.in_the_blogs
def make_renditions(pk: int) -> None:
    """Make smaller sizes and better formats of a picture, as far as they are missing."""
    # Imported here: who wants renditions enqueues what stands here.
    from blog import renditions

    renditions.look_at(pk)


@task(priority=RENDITION_PRIORITY)
def make_icons() -> None:
    """Make the icons of the blog, if the picture they are made of is another."""
    from blog import icon_making

    icon_making.look_at()


@task(priority=EMBED_PRIORITY)
@languages.in_the_blogs
def look_at_embed(pk: int) -> None:
    """Find out what an address is that posts embed, if that is due."""
    from blog import embeds

    embeds.look_at(pk)


@task()
@retried(FetchFailed, TooSlow)
def tell_hub(post_pk: int) -> None:
    """Tell the hub, if there is one, in which feeds a post is news."""
    from blog import websub

    websub.tell(post_pk)
