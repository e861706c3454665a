"""Sends what is due: each mail once, and at most one an hour to who is flooded.

A row is claimed before its mail is handed over. If the server says no, it is tried
again later. If nobody knows whether it said yes (the line broke, the worker died),
it stays claimed and is not sent again but by the keeper's wish: rather a mail less
than a mail twice.
"""

import smtplib
from contextlib import suppress
from datetime import datetime, timedelta

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Count, F, Max
from django.utils import timezone
from django.utils.translation import gettext

from comments.models import Notice
from comments.models.mail import MAX_ATTEMPTS
from comments.notify import mails, review_mails

# Mails about one comment each; beyond that they wait and go together.
SINGLE_MAILS_AN_HOUR = 5
HOUR = timedelta(hours=1)
MAX_TOGETHER = 100
# Minutes to wait after the first, the second, … attempt: a day in all.
BACK_OFF_MINUTES = [2, 10, 60, 240, 1080]
MAX_ERROR_LENGTH = 1000


def look_at(pk: int) -> datetime | None:
    """Send this mail if it is due; when to look again, where it is put off."""
    notice = Notice.objects.open().filter(pk=pk).first()
    if notice is None:
        return None
    if notice.due_at > timezone.now():
        return notice.due_at
    free_at = _free_at(notice)
    if free_at > timezone.now():
        Notice.objects.open().filter(pk=pk).update(due_at=free_at)
        return free_at
    batch = _without_needless(_together(notice))
    if not batch:
        return None
    is_review = batch[0].kind in Notice.REVIEWS
    message = review_mails.compose(batch[0]) if is_review else mails.compose(batch)
    if not _claim(batch):
        return timezone.now()  # somebody else is at it
    return _send(message, batch)


def _free_at(notice: Notice) -> datetime:
    """When something may go to this address again. At most two queries.

    Questions and reviews neither count nor wait: there are few of them as it is.
    """
    now = timezone.now()
    if notice.kind in Notice.ALONE:
        return now
    others = Notice.objects.filter(email=notice.email)
    others = others.exclude(kind__in=Notice.ALONE)
    # Whatever waits for its hour already takes this along. What could not be sent
    # waits for the server, and nothing waits for that.
    waiting = others.open().filter(due_at__gt=now, attempts=0).order_by("due_at")
    if first := waiting.first():
        return first.due_at
    recent = others.filter(claimed_at__gt=now - HOUR)
    told = recent.aggregate(
        comments=Count("pk"),
        mails=Count("claimed_at", distinct=True),
        last_at=Max("claimed_at"),
    )
    is_one_mail_for_many = told["comments"] > told["mails"]
    if told["mails"] >= SINGLE_MAILS_AN_HOUR or is_one_mail_for_many:
        return told["last_at"] + HOUR
    return now


def _together(notice: Notice) -> list[Notice]:
    """All that goes with it in one mail: what is due there, if any of it has waited."""
    rows = Notice.objects.open().with_context()
    if notice.kind not in Notice.ALONE:
        due = rows.filter(email=notice.email, due_at__lte=timezone.now())
        due = due.exclude(kind__in=Notice.ALONE)
        batch = list(due.order_by("comment__created_at", "pk")[:MAX_TOGETHER])
        # One person, whose permissions are asked for once.
        users = {other.user_id: other.user for other in batch}
        for other in batch:
            other.user = users[other.user_id]
        if any(other.has_waited for other in batch):
            return batch
    return list(rows.filter(pk=notice.pk))


def _without_needless(batch: list[Notice]) -> list[Notice]:
    """What nobody need be told any more is forgotten."""
    needless = [notice.pk for notice in batch if not notice.is_needed]
    if needless:
        Notice.objects.open().filter(pk__in=needless).delete()
    return [notice for notice in batch if notice.pk not in needless]


def _claim(batch: list[Notice]) -> bool:
    """Make them ours; False where somebody else has one of them, or it is gone."""
    pks = [notice.pk for notice in batch]
    with transaction.atomic():
        rows = Notice.objects.open().filter(pk__in=pks).select_for_update()
        if len(rows.order_by("pk").values_list("pk", flat=True)) < len(pks):
            return False
        Notice.objects.filter(pk__in=pks).update(
            claimed_at=timezone.now(), attempts=F("attempts") + 1, error=""
        )
    return True


def _send(message: EmailMessage, batch: list[Notice]) -> datetime | None:
    """Hand it over; when to try again, if the server can't take it now."""
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        return _put_off(
            batch,
            gettext("The mail server can't be reached: %(error)s") % {"error": error},
        )
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refusal:
        [(code, words)] = refusal.recipients.values()
        return _refused(batch, code, words)
    except smtplib.SMTPResponseException as refusal:
        return _refused(batch, refusal.smtp_code, refusal.smtp_error)
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        _give_up(batch, gettext("This can't be mailed: %(error)s") % {"error": error})
    except (smtplib.SMTPException, OSError) as error:
        lost = gettext("The line broke; nobody knows whether it was delivered")
        _rows(batch).update(error=f"{lost}: {error}"[:MAX_ERROR_LENGTH])
    else:
        _rows(batch).update(sent_at=timezone.now())
    finally:
        with suppress(smtplib.SMTPException, OSError):
            connection.close()
    return None


def _refused(batch: list[Notice], code: int, words: bytes | str) -> datetime | None:
    """RFC 5321, 4.2.1: what was answered 5yz must not be sent again as it is."""
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    error = gettext("The mail server refused it: %(code)s %(said)s") % {
        "code": code,
        "said": said,
    }
    if code < 500:
        return _put_off(batch, error)
    _give_up(batch, error)
    return None


def _put_off(batch: list[Notice], error: str) -> datetime | None:
    attempts = max(notice.attempts for notice in batch) + 1
    if attempts >= MAX_ATTEMPTS:
        _give_up(batch, error)
        return None
    again_at = timezone.now() + timedelta(minutes=BACK_OFF_MINUTES[attempts - 1])
    _rows(batch).update(
        claimed_at=None, due_at=again_at, error=error[:MAX_ERROR_LENGTH]
    )
    return again_at


def _give_up(batch: list[Notice], error: str) -> None:
    _rows(batch).update(
        claimed_at=None, attempts=MAX_ATTEMPTS, error=error[:MAX_ERROR_LENGTH]
    )


def _rows(batch: list[Notice]):
    return Notice.objects.filter(pk__in=[notice.pk for notice in batch])
