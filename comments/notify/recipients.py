"""Who is told of a comment, and in which capacity.

Nobody is told of what they wrote themselves or decided themselves, and nobody twice
of the same comment.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from blog.models import SiteSettings, User
from blog.prepared import Prepared, Slot
from comments.models import Comment, Notice, Subscription

# Anybody can type somebody else's address.
MAX_QUESTIONS_A_DAY = 3
MODERATE = "comments.moderate_comment"
Kind = Notice.Kind


def of(
    comments: list[Comment], site: SiteSettings, decided_by: User | None = None
) -> list[Notice]:
    """Rows to store about these comments, at most one for each comment and address.

    At most five queries, however many comments. Loads `post__author`, `author`,
    `parent` and `in_reply_to` of each where the caller has not.
    """
    held = [comment for comment in comments if comment.state == Comment.State.PENDING]
    approved = [comment for comment in comments if comment.is_approved]
    listened = [comment for comment in approved if is_listened_to(comment.post_id)]
    found = [
        *(_to_moderators(held) if _at_once(site) else []),
        *(_to_authors(approved) if site.notify_author else []),
        *_to_answered(listened),
    ]
    knowing = decided_by.email.lower() if decided_by else ""
    told = {
        (notice.comment_id, notice.email): notice
        for notice in reversed(found)
        if notice.email not in _writer_emails(notice.comment) | {"", knowing}
        and (notice.user is None or notice.user != notice.comment.author)
    }
    return [*told.values(), *_questions(listened)]


def moderators() -> list[User]:
    """Everybody who is to judge and can be reached. One query."""
    users = User.objects.with_perm(MODERATE).exclude(email="")
    return list(users.order_by("pk"))


def make(
    kind: str,
    comment: Comment,
    *,
    user: User | None = None,
    subscription: Subscription | None = None,
) -> Notice:
    """A row that is due now."""
    now = timezone.now()
    email = user.email if user else subscription.email if subscription else ""
    return Notice(
        kind=kind,
        comment=comment,
        email=email.lower(),
        user=user,
        subscription=subscription,
        created_at=now,
        due_at=now,
    )


def is_listened_to(post_pk: int) -> bool:
    """Whether anybody ever asked for mails about that conversation. One query."""
    return bool(_LISTENED_TO.rows(post=post_pk))


def _at_once(site: SiteSettings) -> bool:
    return site.moderator_mail == SiteSettings.ModeratorMail.AT_ONCE


def _to_moderators(held: list[Comment]) -> list[Notice]:
    if not held:
        return []
    people = moderators()
    return [make(Kind.HELD, comment, user=user) for comment in held for user in people]


def _to_authors(approved: list[Comment]) -> list[Notice]:
    return [
        make(Kind.POSTED, comment, user=author)
        for comment in approved
        if (author := comment.post.author) and author.is_active and author.email
    ]


def _to_answered(approved: list[Comment]) -> list[Notice]:
    """The people whose comments these answer, if they asked for it. One query."""
    pairs = [
        (comment, answered)
        for comment in approved
        if (answered := _answered(comment)) and comment.post.is_public
    ]
    if not pairs:
        return []
    active = _by_thread(Subscription.objects.active(), [pair[1] for pair in pairs])
    return [
        make(Kind.ANSWERED, comment, subscription=subscription)
        for comment, answered in pairs
        if (subscription := active.get((answered.post_id, answered.author_email)))
    ]


def _answered(comment: Comment) -> Comment | None:
    """What it answers, unless that was removed or nobody knows who wrote it."""
    answered = comment.in_reply_to or comment.parent
    removed = (Comment.State.SPAM, Comment.State.TRASH)
    if answered is None or answered.state in removed or not answered.author_email:
        return None
    return answered


def _questions(approved: list[Comment]) -> list[Notice]:
    """One question to each writer who asked for mails and has not confirmed it.

    Only for what is approved, so that nobody can make the blog write to strangers;
    one a wish, one a day and thread, and few a day to each address. Two queries.
    """
    writers = [comment for comment in approved if comment.author_email]
    if not writers:
        return []
    since = timezone.now() - timedelta(days=1)
    questions = Notice.objects.filter(kind=Kind.CONFIRM)
    is_asked = questions.filter(
        Q(created_at__gte=OuterRef("asked_at")) | Q(created_at__gt=since),
        subscription=OuterRef("pk"),
    )
    wishes = Subscription.objects.exclude(pk__in=Subscription.objects.active())
    unanswered = _by_thread(wishes.filter(~Exists(is_asked)), writers)
    asked: dict[str, int] = {}
    if unanswered:
        today = questions.filter(
            created_at__gt=since, email__in={email for _, email in unanswered}
        )
        for email in today.values_list("email", flat=True):
            asked[email] = asked.get(email, 0) + 1
    found = []
    for comment in writers:
        subscription = unanswered.pop((comment.post_id, comment.author_email), None)
        email = comment.author_email
        if subscription and asked.get(email, 0) < MAX_QUESTIONS_A_DAY:
            asked[email] = asked.get(email, 0) + 1
            found.append(make(Kind.CONFIRM, comment, subscription=subscription))
    return found


def _by_thread(
    subscriptions: QuerySet[Subscription], comments: Iterable[Comment]
) -> dict[tuple[int, str], Subscription]:
    """Those of the writers of `comments` below their posts. One query, or none."""
    wanted = {(comment.post_id, comment.author_email) for comment in comments}
    if not wanted:
        return {}
    rows = subscriptions.filter(
        post__in={post_pk for post_pk, _ in wanted},
        email__in={email for _, email in wanted},
    )
    found = {(row.post_id, row.email): row for row in rows}
    return {thread: row for thread, row in found.items() if thread in wanted}


def _writer_emails(comment: Comment) -> set[str]:
    account = comment.author.email.lower() if comment.author else ""
    return {comment.author_email, account}


_LISTENED_TO = Prepared(
    lambda: (
        Subscription.objects.filter(post=Slot("post", BigIntegerField()))
        .order_by()
        .values_list("pk")[:1]
    )
)
