"""Writes the mails: text and HTML, with links, threaded as the conversation is."""

import re
from dataclasses import dataclass, field, replace
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from blog import html_text, languages, markup
from blog.models import SiteSettings
from comments.addresses import with_query
from comments.models import Comment, Notice, Subscription
from comments.notify import links, plain

Kind = Notice.Kind
MAX_SUBJECT_LENGTH = 150
MAX_NAME_LENGTH = 60
QUOTED_WORDS = 40
LISTED_WORDS = 300
_PATH_LINK = re.compile(r'(<a [^<>]*?\bhref=")/(?!/)')
# What a moderator may press, by the state the comment is in.
VERBS = {
    Comment.State.PENDING: [
        (_("Approve"), "approve"),
        (pgettext_lazy("a verb", "Spam"), "spam"),
        (pgettext_lazy("a verb", "Trash"), "trash"),
    ],
    Comment.State.APPROVED: [
        (pgettext_lazy("a verb", "Spam"), "spam"),
        (pgettext_lazy("a verb", "Trash"), "trash"),
    ],
}


@dataclass(frozen=True)
class Item:
    """One comment as a mail tells of it."""

    notice: Notice
    comment: Comment
    lead: str
    text: str
    html: SafeString
    permalink: str
    reply_link: str = ""
    answered: Comment | None = None
    answered_words: str = ""
    # (word, address)
    verbs: list[tuple[str, str]] = field(default_factory=list)
    leave_link: str = ""


def compose(batch: list[Notice]) -> EmailMultiAlternatives:
    """One mail to one address about one comment or several. A handful of queries."""
    site = SiteSettings.current()
    # What goes together goes to one address, and so to one person.
    with translation.override(languages.of_user(batch[0].user, site)):
        if batch[0].kind == Kind.CONFIRM:
            return _question(batch[0], site)
        return _about(batch, site)


def _about(batch: list[Notice], site: SiteSettings) -> EmailMultiAlternatives:
    decisions = links.last_decisions(notice.comment for notice in batch)
    make = _item if len(batch) == 1 else _short_item
    items = [make(notice, decisions.get(notice.comment.pk, 0)) for notice in batch]
    leave_all = _leave_all(batch)
    context = {
        "site": site,
        "site_url": f"{settings.SITE_URL}/",
        "items": items,
        "item": items[0],
        "queue_link": links.queue() if _is_for_moderator(batch) else "",
        "leave_all_link": leave_all,
        "why": _why(batch),
    }
    if len(batch) > 1:
        context["title"] = _title(batch, site)
        return _many(batch, context)
    return _single(batch[0], context)


def _single(notice: Notice, context: dict[str, Any]) -> EmailMultiAlternatives:
    comment = notice.comment
    subject = f"Re: {comment.post.headline}"
    if notice.kind == Kind.HELD:
        subject = gettext("Held: %(title)s") % {"title": comment.post.headline}
    message = new_message("comment", subject, notice, context, sender=comment.writer)
    headers = {"Message-ID": message_id("comment", comment.pk)} | _threading(comment)
    if notice.subscription:
        headers |= _one_click(links.leave(notice.subscription))
    message.extra_headers |= headers
    # Only those who see the address in the admin too.
    if notice.user and _is_address(comment.author_email):
        message.reply_to = [_address(comment.writer, comment.author_email)]
    return message


def _many(batch: list[Notice], context: dict[str, Any]) -> EmailMultiAlternatives:
    message = new_message("comments", context["title"], batch[0], context)
    message.extra_headers["Message-ID"] = message_id("comments", uuid4().hex)
    if context["leave_all_link"]:
        message.extra_headers |= _one_click(context["leave_all_link"])
    return message


def _question(notice: Notice, site: SiteSettings) -> EmailMultiAlternatives:
    comment, subscription = notice.comment, notice.subscription
    assert subscription is not None  # noqa: S101  for the type checker
    context = {
        "site": site,
        "site_url": f"{settings.SITE_URL}/",
        "comment": comment,
        "days": links.CONFIRM_DAYS,
        "confirm_link": links.confirm(subscription, comment),
        "permalink": links.permalink(comment),
    }
    title = comment.post.headline
    subject = gettext("Please confirm: mails about “%(title)s”") % {"title": title}
    message = new_message("confirm", subject, notice, context)
    message.extra_headers["Message-ID"] = message_id("confirm", notice.pk)
    return message


def new_message(
    template: str,
    subject: str,
    notice: Notice,
    context: dict[str, Any],
    *,
    sender: str = "",
) -> EmailMultiAlternatives:
    site: SiteSettings = context["site"]
    message = EmailMultiAlternatives(
        subject=_one_line(subject, MAX_SUBJECT_LENGTH),
        body=render_to_string(f"email/{template}.txt", context).strip() + "\n",
        from_email=_from(f"{sender} · {site.title}" if sender else site.title),
        to=[notice.email],
        # RFC 3834: nobody's holiday answers this.
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(
        render_to_string(f"email/{template}.html", context), "text/html"
    )
    return message


def _item(notice: Notice, last_decision_pk: int) -> Item:
    comment = notice.comment
    answered = comment.in_reply_to or comment.parent
    verbs: list[tuple[str, str]] = []
    if notice.user and notice.user.has_perm("comments.moderate_comment"):
        verbs = [
            (str(word), links.judge(notice, verb, last_decision_pk))
            for word, verb in VERBS.get(Comment.State(comment.state), [])
        ]
    reply = links.absolute(with_query(comment.post, replytocom=comment.pk))
    return Item(
        notice=notice,
        comment=comment,
        lead=_lead(notice),
        text=plain.from_html(comment.body_html),
        html=_with_absolute_links(comment.body_html),
        permalink=links.permalink(comment),
        reply_link=f"{reply}#respond" if comment.can_be_replied_to else "",
        answered=answered,
        answered_words=html_text.first_words(answered.body_html, QUOTED_WORDS, " …")
        if answered
        else "",
        verbs=verbs,
        leave_link=links.leave(notice.subscription) if notice.subscription else "",
    )


def _short_item(notice: Notice, last_decision_pk: int) -> Item:
    """In a mail about many a text that goes on and on is cut."""
    item = _item(notice, last_decision_pk)
    text = html_text.first_words(item.comment.body_html, LISTED_WORDS, " […]")
    if not text.endswith(" […]"):
        return item
    html = markup.trusted(html_text.plain_to_html(text))
    return replace(item, text=text, html=html)


def _lead(notice: Notice) -> str:
    comment = notice.comment
    names = {"name": comment.writer, "title": comment.post.headline}
    if comment.is_ping:
        return gettext("%(name)s links to “%(title)s”.") % names
    if notice.kind == Kind.ANSWERED:
        return gettext("%(name)s answered you below “%(title)s”.") % names
    return gettext("%(name)s commented on “%(title)s”.") % names


def _with_absolute_links(rendered: str) -> SafeString:
    """The comment's HTML for where no page is around it."""
    return markup.trusted(_PATH_LINK.sub(rf"\1{settings.SITE_URL}/", rendered))


def _title(batch: list[Notice], site: SiteSettings) -> str:
    count = len(batch)
    if all(notice.kind == Kind.HELD for notice in batch):
        words = ngettext(
            "%(count)s comment waits for you on %(blog)s",
            "%(count)s comments wait for you on %(blog)s",
            count,
        )
    else:
        words = ngettext(
            "%(count)s new comment on %(blog)s",
            "%(count)s new comments on %(blog)s",
            count,
        )
    return words % {"count": count, "blog": site.title}


def _why(batch: list[Notice]) -> str:
    """Why this came, for the foot of the mail."""
    kinds = {notice.kind for notice in batch}
    if kinds == {Kind.ANSWERED}:
        return gettext("You asked for a mail when somebody answers you.")
    if kinds == {Kind.POSTED}:
        return gettext("You wrote what this is about.")
    if kinds == {Kind.HELD}:
        return gettext("You are a moderator.")
    return gettext(
        "You write or moderate there, or asked for a mail when you are answered."
    )


def _is_for_moderator(batch: list[Notice]) -> bool:
    return any(notice.kind == Kind.HELD for notice in batch)


def _leave_all(batch: list[Notice]) -> str:
    found: list[Subscription] = [
        notice.subscription for notice in batch if notice.subscription
    ]
    return links.leave(found[0], is_all=True) if found else ""


# --- Headers


def _threading(comment: Comment) -> dict[str, str]:
    """RFC 5322, 3.6.4: the mail about what it answers, and the post's as the root."""
    root = message_id("post", comment.post_id)
    answered = comment.in_reply_to or comment.parent
    if answered is None:
        return {"In-Reply-To": root, "References": root}
    before = message_id("comment", answered.pk)
    return {"In-Reply-To": before, "References": f"{root} {before}"}


def _one_click(url: str) -> dict[str, str]:
    """RFC 8058."""
    return {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def message_id(what: str, key: object) -> str:
    """The same for everybody, so that every answer knows what it answers."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{what}-{key}@{host.encode('idna').decode()}>"


def _from(name: str) -> str:
    own_name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return settings.DEFAULT_FROM_EMAIL if own_name else _address(name, address)


def _is_address(email: str) -> bool:
    """Addresses that were imported may be anything."""
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def _address(name: str, address: str) -> str:
    """A name and an address for a header, whatever is in the name."""
    quotable = name.replace("\\", "/").replace('"', "”")
    return f'"{_one_line(quotable, MAX_NAME_LENGTH)}" <{address}>'


def _one_line(text: str, limit: int) -> str:
    """Without line breaks, which would begin another header, and other controls."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
