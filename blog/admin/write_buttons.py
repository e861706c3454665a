"""Which buttons the write page has: one that is obvious, the others quiet."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

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
        return Buttons(Button("_draft", gettext("Restore as draft")))
    if status in OUT_STATUSES:
        withdraw = Button("_draft", gettext("Withdraw to draft"))
        keep = Button("_keep", gettext("Keep as draft of changes"))
        return Buttons(Button("_save", gettext("Update")), (keep,), (withdraw,))
    publish = Button("_publish", publish_label(post.published_at if post else None))
    if status == Status.PENDING:
        save, again = (
            Button("_save", gettext("Save")),
            Button("_draft", gettext("Make it a draft")),
        )
        if may_publish and not is_own:
            return Buttons(publish, (Button("_return", gettext("Send back")),), (save,))
        if may_publish:
            return Buttons(publish, (save,), (again,))
        return Buttons(save, menu=(again,))
    review = Button("_review", gettext("Send for review"))
    return Buttons(
        publish if may_publish else review, (Button("_draft", gettext("Save draft")),)
    )


def publish_label(at: datetime | None) -> str:
    """What publishing at this moment is called. labels.js calls it the same."""
    now = timezone.localtime()
    if at is None or at <= now:
        return gettext("Publish")
    there = timezone.localtime(at)
    # Translators: how a day of this year is written, as Django's date filter has it.
    day = gettext("j F") if there.year == now.year else gettext("j F Y")
    return gettext("Schedule for %(day)s, %(time)s") % {
        "day": date_format(there, day),
        "time": f"{there:%H:%M}",
    }
