"""What the blog does after the request: each task looks at rows."""

from django_tasks import task

# After the mails: a page shows the original meanwhile.
RENDITION_PRIORITY = -2


@task(priority=RENDITION_PRIORITY)
def make_renditions(pk: int) -> None:
    """Make smaller sizes and better formats of a picture, as far as they are missing."""
    # Imported here: who wants renditions enqueues what stands here.
    from blog import renditions

    renditions.look_at(pk)
