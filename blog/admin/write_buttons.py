"""Which buttons the write page has: one that is obvious, the others quiet."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from blog.admin.write_form import OUT_STATUSES
from blog.models import Post

Status = Post.Status


@dataclass(frozen=True)
class Button:
    """A name that `WriteForm` or the admin knows, and what it says it does."""

    name: str
    label: str


@dataclass(frozen=True)
class Buttons:
    main: Button
    beside: tuple[Button, ...] = field(default=())
    menu: tuple[Button, ...] = field(default=())


def buttons_for(
    post: Post | None, *, may_publish: bool, is_own: bool = True
) -> Buttons:
    """The buttons for `post` as it is stored; None is one that is not there yet."""
    status = post.status if post else Status.DRAFT
    if status == Status.TRASH:
        return Buttons(Button("_draft", "Restore as draft"))
    if status in OUT_STATUSES:
        withdraw = Button("_draft", "Withdraw to draft")
        keep = Button("_keep", "Keep as draft of changes")
        return Buttons(Button("_save", "Update"), (keep,), (withdraw,))
    publish = Button("_publish", publish_label(post.published_at if post else None))
    if status == Status.PENDING:
        save, again = Button("_save", "Save"), Button("_draft", "Make it a draft")
        if may_publish and not is_own:
            return Buttons(publish, (Button("_return", "Send back"),), (save,))
        if may_publish:
            return Buttons(publish, (save,), (again,))
        return Buttons(save, menu=(again,))
    review = Button("_review", "Send for review")
    return Buttons(
        publish if may_publish else review, (Button("_draft", "Save draft"),)
    )


def publish_label(at: datetime | None) -> str:
    """What publishing at this moment is called. labels.js calls it the same."""
    now = timezone.localtime()
    if at is None or at <= now:
        return "Publish"
    there = timezone.localtime(at)
    year = "" if there.year == now.year else f" {there.year}"
    return f"Schedule for {there.day} {there:%B}{year}, {there:%H:%M}"
