"""Links that show what is not published yet to whoever has them, for a while."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from blog.models import Post

PREVIEW_DAYS = 7
_signer = signing.Signer(salt="blog.preview")


class NoPreview(Exception):
    """There is nothing to show behind a link. Its text says why, for the reader."""


class MadeUp(NoPreview):
    """Nobody here gave this link to anybody."""


class Preview(NamedTuple):
    post: Post
    until: datetime


class PreviewLink(NamedTuple):
    address: str
    until: datetime


def link_to(post: Post) -> PreviewLink:
    """A link that shows `post` for a week, to people without a login too. No query."""
    until = timezone.now().replace(microsecond=0) + timedelta(days=PREVIEW_DAYS)
    token = _signer.sign_object([post.pk, post.preview_number, int(until.timestamp())])
    path = reverse("blog:preview", args=[token])
    return PreviewLink(settings.SITE_URL + path, until)


def revoke(post: Post) -> None:
    """Make every link void that was given away so far."""
    Post.objects.filter(pk=post.pk).update(preview_number=F("preview_number") + 1)
    post.refresh_from_db(fields=["preview_number"])


def read(token: str) -> Preview:
    """What a link shows. Raises NoPreview, and MadeUp where it is none of ours."""
    try:
        pk, number, timestamp = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise MadeUp(
            gettext("This is not a whole preview link. Copy it once more.")
        ) from error
    until = datetime.fromtimestamp(timestamp, tz=timezone.get_current_timezone())
    if until <= timezone.now():
        raise NoPreview(
            gettext("A preview link works for %(count)s days, and those are over.")
            % {"count": PREVIEW_DAYS}
        )
    post = Post.objects.with_detail().filter(pk=pk).first()
    if post is None:
        raise NoPreview(gettext("What it showed has been deleted."))
    if post.preview_number != number:
        raise NoPreview(gettext("Its writer has taken this link back."))
    return Preview(post, until)
