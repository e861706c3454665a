"""What must hold after a run, whoever wrote: counts and trees."""

import io


def problems() -> list[str]:
    """A sentence for each post counted wrong and for trees that are none."""
    from django.core.management import CommandError, call_command
    from django.db.models import Count, F, Q

    from blog.models import Post

    found = []
    counted = Post.objects.annotate(
        real=Count("comments", filter=Q(comments__state="approved"))
    )
    wrong = counted.exclude(comment_count=F("real")).count()
    if wrong:
        found.append(f"{wrong} posts have a wrong count")
    try:
        call_command("checktrees", stdout=io.StringIO())
    except (CommandError, SystemExit) as error:
        found.append(f"checktrees: {error}")
    return found
