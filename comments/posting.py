"""The one door into the conversation, and what moderation does to it."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from typing import cast
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import BigIntegerField, Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from blog.models import Post, SiteSettings, User
from blog.prepared import Prepared, Slot
from comments import (
    akismet,
    gravatar,
    moderation,
    notify,
    policy,
    shown,
    tasks,
)
from comments.models import Comment, Decision
from comments.submission import Submission

# In one statement.
MAX_RECOUNTED = 500
# What changes with a text: `body_html` and `text_key` follow from it.
_JUDGED = [
    "is_like",
    "body_html",
    "text_key",
    "edited_at",
    "is_decided",
    "state",
    "reasons",
    "spam_score",
]


def post_comment(
    post: Post, submission: Submission, site: SiteSettings | None = None
) -> Comment:
    """Judge and store what somebody wants to say below `post`.

    Comments and pings of every kind come through here. Returns the stored
    comment, whatever its state. Raises `policy.Refused`; nothing is stored then.
    `site` are the settings, where the caller has read them already.
    """
    site = site or SiteSettings.current()
    # What takes time comes first: while one writes, others wait.
    case = moderation.gather(post, submission, site)
    comment = _comment(post, submission)
    comment.derive()
    with transaction.atomic():
        wait_for_twins(post, submission)
        answered = policy.answered_comment(post, submission)
        parent = _within_depth(answered, site.thread_depth)
        policy.check(post, submission, site, parent)
        verdict = moderation.judge(case)
        comment.state, comment.reasons = verdict.state, verdict.reasons
        comment.spam_score = verdict.spam_score
        comment.parent = parent
        comment.in_reply_to = answered if answered != parent else None
        comment.save(force_insert=True)
        if gravatar.is_wanted(comment, site):
            tasks.fetch_photo.enqueue(comment.pk)
        if akismet.is_asked_about(comment):
            tasks.ask_akismet.enqueue(comment.pk)
        if comment.is_approved:
            recount([post.pk])
        notify.about_posted(comment, site, wants_mail=submission.wants_mail)
    return comment


def decide(
    comments: Iterable[Comment],
    state: str,
    reason: str,
    by: User | None = None,
    *,
    seen_at: datetime | None = None,
) -> UUID | None:
    """Move comments to another state and say why; what was changed can be undone.

    Returns the batch for `undo`, or None where all stood there already. Nothing is
    deleted, so every state can be left again; what was erased stays where it is.
    So does what is to be approved and was edited after `seen_at`, when somebody
    looked at it.
    """
    with transaction.atomic():
        changed = [
            found
            for found in _locked(comments)
            if found.state != state and not found.is_erased
            if state != Comment.State.APPROVED or not found.is_changed_since(seen_at)
        ]
        if not changed:
            return None
        batch = uuid4()
        decisions = Decision.objects.bulk_create(
            Decision(
                comment=comment,
                batch=batch,
                moderator=by,
                was_state=comment.state,
                was_reasons=comment.reasons,
                was_decided=comment.is_decided,
                state=state,
                reason=reason,
            )
            for comment in changed
        )
        rows = Comment.objects.filter(pk__in=[comment.pk for comment in changed])
        rows.update(state=state, reasons=[reason], is_decided=True)
        recount({comment.post_id for comment in changed})
        tasks.learn_soon()
        tasks.tell_akismet_later(decisions)
        notify.about_decided([comment.pk for comment in changed], by)
    return batch


def store_changed(
    comment: Comment,
    fields: Iterable[str],
    verdict: moderation.Verdict,
    site: SiteSettings,
) -> None:
    """Store a comment of which `fields` say something else now, and were judged.

    A rule may take it from view, but none shows what waited. Called in a transaction
    that holds its tree.
    """
    was_state = comment.state
    comment.edited_at = timezone.now()
    comment.spam_score = verdict.spam_score
    # Whatever somebody decided, they decided about another text.
    comment.is_decided = False
    if verdict.state != Comment.State.APPROVED:
        comment.state, comment.reasons = verdict.state, verdict.reasons
    comment.save(update_fields=[*fields, *_JUDGED])
    recount([comment.post_id])
    if akismet.is_asked_about(comment):
        tasks.ask_akismet.enqueue(comment.pk)
    if comment.state != was_state:
        # What was to be told of a comment on show is not to be told any more.
        notify.about_decided([comment.pk])
        notify.about_posted(comment, site)


def hold(comment: Comment, reason: str) -> bool:
    """Hold a comment for a check that took its time; whether it was.

    What somebody decided about meanwhile stands, and so does what is spam already.
    This is no decision: the spam filter does not learn from it.
    """
    with transaction.atomic():
        comment = _locked([comment])[0]
        is_open = comment.state in (Comment.State.APPROVED, Comment.State.PENDING)
        if comment.is_decided or not is_open:
            return False
        was_held = comment.state == Comment.State.PENDING
        comment.reasons = [*comment.reasons, reason] if was_held else [reason]
        comment.state = Comment.State.PENDING
        comment.save(update_fields=["state", "reasons"])
        recount([comment.post_id])
        if not was_held:
            notify.about_decided([comment.pk])
            notify.about_posted(comment, SiteSettings.current())
    return True


def undo(batch: UUID) -> int:
    """Put comments back where they stood, each with the reasons it had; how many.

    What was decided anew since stays as it is.
    """
    with transaction.atomic():
        comments = _locked(Comment.objects.filter(decisions__batch=batch).distinct())
        decisions = Decision.objects.filter(batch=batch).standing()
        made = {
            decision.comment_id: decision.pk for decision in decisions.only("comment")
        }
        put_back = [comment for comment in comments if comment.pk in made]
        before = Decision.objects.filter(batch=batch, comment=OuterRef("pk"))
        Comment.objects.filter(pk__in=made).update(
            state=Subquery(before.values("was_state")[:1]),
            reasons=Subquery(before.values("was_reasons")[:1]),
            is_decided=Subquery(before.values("was_decided")[:1]),
        )
        undone = Decision.objects.filter(pk__in=made.values())
        undone.update(undone_at=timezone.now())
        recount({comment.post_id for comment in put_back})
        tasks.learn_soon()
        notify.about_decided([comment.pk for comment in put_back])
    return len(put_back)


def _locked(comments: Iterable[Comment]) -> list[Comment]:
    """These comments as they stand now, and nobody else changes them meanwhile."""
    found = list(comments)
    Comment.objects.lock_trees(comment.tree_id for comment in found)
    rows = Comment.objects.filter(pk__in=[comment.pk for comment in found])
    return list(rows.order_by("pk"))


def recount(post_ids: Iterable[int]) -> None:
    """Count the approved responses of these posts anew; likes are none.

    Counted, never incremented. The posts are locked before their comments are
    counted, so that of two writers the later one counts both.
    """
    with transaction.atomic(savepoint=False):
        posts = Post.objects.filter(pk__in=list(post_ids)).order_by("pk")
        for pk in posts.select_for_update(no_key=True).values_list("pk", flat=True):
            # A statement of its own: it sees what was committed while we waited.
            (count,) = _APPROVED_COUNT.row(post=pk) or (0,)
            (likes,) = _LIKE_COUNT.row(post=pk) or (0,)
            Post.objects.filter(pk=pk).update(
                comment_count=count - likes, touched_at=timezone.now()
            )


def recount_all(post_ids: Iterable[int]) -> None:
    """The same for many: three queries for however many there are."""
    pks = sorted(post_ids)
    with transaction.atomic(savepoint=False):
        for start in range(0, len(pks), MAX_RECOUNTED):
            posts = Post.objects.filter(pk__in=pks[start : start + MAX_RECOUNTED])
            list(posts.order_by("pk").select_for_update(no_key=True).values_list("pk"))
            posts.order_by().update(
                comment_count=_count(Comment.objects.approved().filter(post=_POST))
                - _count(shown.lone_likes(_POST)),
                touched_at=timezone.now(),
            )


def _count(comments: QuerySet) -> Coalesce:
    counted = comments.order_by().values("post").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)


_POST = cast("Post", OuterRef("pk"))
_APPROVED_COUNT = Prepared(
    lambda: (
        Comment.objects.approved()
        .filter(post=Slot("post", BigIntegerField()))
        .order_by()
        .values("post")
        .annotate(count=Count("pk"))
        .values_list("count")
    )
)
_LIKE_COUNT = Prepared(
    lambda: (
        shown.lone_likes(cast("Post", Slot("post", BigIntegerField())))
        .order_by()
        .values("post")
        .annotate(count=Count("pk"))
        .values_list("count")
    )
)


def _within_depth(answered: Comment | None, depth_limit: int) -> Comment | None:
    """What a reply hangs below: what it answers, or that one's ancestor.

    A reply to the deepest level becomes a sibling of what it answers. Comments
    never move, so this holds without a lock.
    """
    if answered is None or depth_limit <= 1:
        return None
    if answered.level <= depth_limit - 2:
        return answered
    return answered.get_ancestors().get(level=depth_limit - 2)


def _comment(post: Post, submission: Submission) -> Comment:
    return Comment(
        post=post,
        kind=submission.kind,
        author=submission.author,
        author_name=submission.author_name,
        author_email=submission.author_email,
        author_url=submission.author_url,
        body=submission.body,
        body_format=submission.body_format,
        ip_address=submission.ip_address,
        user_agent=submission.user_agent,
        source_url=submission.source_url,
        source_title=submission.source_title,
        source_site=submission.source_site,
        source_data=submission.source_data,
    )


def wait_for_twins(post: Post, submission: Submission) -> None:
    """Let what could be a duplicate or a flood come in one after the other.

    A double click is two requests in the same moment; without this, neither would
    see the other when it looks. Taken before any lock on a tree. SQLite's
    transactions come one after the other as it is.
    """
    if connection.vendor != "postgresql":
        return
    said = [f"body {post.pk} {submission.body}"]
    said += [f"ip {submission.ip_address}"] if submission.ip_address else []
    said += [f"e-mail {submission.author_email}"] if submission.author_email else []
    digests = [blake2b(text.encode(), digest_size=8).digest() for text in said]
    with connection.cursor() as cursor:
        # In one order for everybody.
        for key in sorted(int.from_bytes(digest, signed=True) for digest in digests):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
