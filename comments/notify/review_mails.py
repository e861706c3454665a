"""Writes the mails about a review: what waits, what was sent back, what is out."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import html_text, languages
from blog.models import Post, SiteSettings
from comments.models import Notice
from comments.notify import links, mails

Kind = Notice.Kind
FIRST_WORDS = 60
_SUBJECTS = {
    Kind.REVIEW: _("Waits for review: %(title)s"),
    Kind.RETURNED: _("Sent back: %(title)s"),
    Kind.OUT: _("Published: %(title)s"),
}


def compose(notice: Notice) -> EmailMultiAlternatives:
    """The one mail this row stands for. No query but for the site."""
    site = SiteSettings.current()
    with translation.override(languages.of_user(notice.user, site)):
        return _written(notice, site)


def _written(notice: Notice, site: SiteSettings) -> EmailMultiAlternatives:
    post, kind = notice.post, Kind(notice.kind)
    assert post is not None  # noqa: S101  for the type checker
    said_by = notice.by.public_name if notice.by else ""
    edit = reverse(f"admin:blog_{post.kind}_change", args=[post.pk])
    edit_link = links.absolute(edit)
    context = {
        "site": site,
        "site_url": f"{settings.SITE_URL}/",
        "post": post,
        "lead": _lead(notice, post),
        "said_by": said_by,
        "note": notice.note,
        "words": html_text.first_words(post.body_html, FIRST_WORDS, " […]")
        if kind == Kind.REVIEW
        else "",
        "link": links.absolute(post.get_absolute_url())
        if kind == Kind.OUT
        else edit_link,
        "link_words": _link_words(kind, post),
        "wishes_link": links.absolute(reverse("admin:own_mails")),
    }
    subject = _SUBJECTS[kind] % {"title": post.headline}
    message = mails.new_message("review", subject, notice, context, sender=said_by)
    root = mails.message_id("review-of", post.pk)
    message.extra_headers |= {
        "Message-ID": mails.message_id("review", notice.pk),
        "In-Reply-To": root,
        "References": root,
    }
    return message


def _lead(notice: Notice, post: Post) -> str:
    """What happened, in a sentence."""
    names = {
        "name": notice.by.public_name if notice.by else gettext("Somebody"),
        "title": post.headline,
    }
    match notice.kind:
        case Kind.REVIEW:
            return gettext("%(name)s has sent “%(title)s” for review.") % names
        case Kind.RETURNED:
            words = gettext(
                "%(name)s has sent “%(title)s” back to you: "
                "it is a draft of yours again."
            )
            return words % names
    if post.is_scheduled and post.published_at:
        moment = timezone.localtime(post.published_at)
        names["date"] = date_format(moment, "DATETIME_FORMAT")
        words = gettext(
            "%(name)s has scheduled “%(title)s”: it will appear on %(date)s."
        )
        return words % names
    return gettext("%(name)s has published “%(title)s”.") % names


def _link_words(kind: str, post: Post) -> str:
    match kind:
        case Kind.REVIEW:
            return gettext("Read, publish or send it back")
        case Kind.RETURNED:
            return gettext("Go on writing")
    if post.is_scheduled:
        return gettext("See how it will look")
    return gettext("Read it")
