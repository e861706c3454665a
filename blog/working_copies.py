"""What is written and not yet stored in the post: kept, found again, forgotten.

No function here touches the post or its revisions. Who may is asked before, in
`blog/admin/autosaving.py`.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from blog.models import Post, User, WorkingCopy

# An autosave nobody came back to is forgotten after this long; kept changes never are.
FORGET_DAYS = 30
# What a request may hold at all is little more: a post this long could not be saved either.
MAX_BYTES = 2_000_000
# So many new posts somebody may have begun and not saved.
MAX_UNFINISHED = 100
MAX_LISTED = 10
# Beside the fields of the form: which window wrote it, whether the text is HTML as
# somebody typed it, and which kept changes it began from.
WINDOW, AS_HTML, KEPT_AT = "window", "as_html", "kept_at"
ABOUT = (WINDOW, AS_HTML, KEPT_AT)

Fields = Mapping[str, list[str]]


class NotKept(Exception):
    """It was not kept. Its text says why, for the writer."""


class Elsewhere(NotKept):
    """Another window or computer of the same writer keeps this text already."""

    def __init__(self, copy: WorkingCopy) -> None:
        self.copy = copy
        super().__init__(
            gettext(
                "You are writing this in another window or on another computer too, since "
                "%(time)s. What you write here is kept on this computer."
            )
            % {"time": f"{timezone.localtime(copy.saved_at):%H:%M}"}
        )


class KeptMeanwhile(NotKept):
    """Somebody kept changes this writer has not seen."""

    def __init__(self, changes: WorkingCopy) -> None:
        self.changes = changes
        at = timezone.localtime(changes.saved_at)
        super().__init__(
            gettext(
                "%(writer)s kept other changes of this at %(time)s while you were writing. "
                "Your text is still below; press the button again to replace theirs."
            )
            % {"writer": changes.writer_name, "time": f"{at:%H:%M}"}
        )


def autosave(
    writer: User,
    fields: Fields,
    *,
    kind: str,
    post: Post | None = None,
    key: uuid.UUID | None = None,
    based_on: datetime | None = None,
    known_at: str = "",
) -> WorkingCopy:
    """Keep a writer's form: of `post`, or of a new one called `key`. Two queries.

    One row for each writer and post. Raises Elsewhere where the row there is another
    window's, unless it is the one of `known_at` (its `saved_at`, in ISO format), from
    which this window went on; NotKept where it is too much.
    """
    _check_size(fields)
    with transaction.atomic():
        copy = _own(writer, post, key)
        if copy is None:
            copy = WorkingCopy(writer=writer, post=post, kind=kind)
            if post is None:
                _check_count(writer)
                copy.key = key or uuid.uuid4()
        elif not _is_same_window(copy, fields, known_at):
            raise Elsewhere(copy)
        copy.fields, copy.based_on = dict(fields), based_on
        copy.saved_at = timezone.now()
        try:
            with transaction.atomic():
                copy.save()
        except IntegrityError as error:
            # Another window was a moment faster; or the key is somebody else's.
            raise NotKept(gettext("It could not be kept just now.")) from error
    return copy


def keep_changes(
    post: Post,
    writer: User,
    fields: Fields,
    *,
    based_on: datetime | None = None,
    known_at: str = "",
) -> WorkingCopy:
    """Keep a form as the changes that wait for “Update”, instead of those kept before.

    What this writer's form does not show stays as another one kept it. Raises
    KeptMeanwhile unless those before are the ones of `known_at` (their `saved_at`, in
    ISO format), which the form began from.
    """
    _check_size(fields)
    with transaction.atomic():
        # The post's row, as there may be no changes yet: of two who keep some at the
        # same instant, the second sees the first one's.
        list(Post.objects.select_for_update().filter(pk=post.pk).values_list("pk"))
        before = kept(post)
        if before and before.saved_at.isoformat() != known_at:
            raise KeptMeanwhile(before)
        changes = before or WorkingCopy(post=post, kind=post.kind, is_kept=True)
        changes.fields = _laid_over(changes.fields, fields)
        changes.writer, changes.based_on = writer, based_on
        changes.saved_at = timezone.now()
        changes.save()
    return changes


def _laid_over(before: Fields, fields: Fields) -> dict[str, list[str]]:
    """`fields` as kept changes have them, and of those `before` what they do not show."""
    shown = {
        name: values
        for name, values in fields.items()
        if name not in ABOUT or name == AS_HTML
    }
    return {name: v for name, v in before.items() if name != AS_HTML} | shown


def of(post: Post, user: User) -> WorkingCopy | None:
    """What `user` wrote of it and did not save. One query."""
    return _autosaves(user).filter(post=post).first()


def kept(post: Post) -> WorkingCopy | None:
    """The changes that wait for “Update”. One query."""
    rows = WorkingCopy.objects.filter(post=post, is_kept=True)
    return rows.select_related("writer").first()


def beside(post: Post, user: User) -> tuple[WorkingCopy | None, WorkingCopy | None]:
    """Both: what `user` wrote of it, and the changes kept. One query."""
    rows = WorkingCopy.objects.filter(Q(is_kept=True) | Q(writer=user), post=post)
    by_kind = {row.is_kept: row for row in rows.select_related("writer")}
    return by_kind.get(False), by_kind.get(True)


def with_kept_changes(posts: QuerySet) -> QuerySet:
    """`posts`, each with `has_kept_changes`."""
    kept = WorkingCopy.objects.filter(post=OuterRef("pk"), is_kept=True)
    return posts.annotate(has_kept_changes=Exists(kept))


def unfinished(user: User, kind: str | None = None) -> QuerySet[WorkingCopy]:
    """New posts `user` began and never saved, newest first."""
    rows = _autosaves(user).filter(post=None)
    return rows.filter(kind=kind) if kind else rows


def listed(user: User, kind: str | None = None) -> QuerySet[WorkingCopy]:
    """The newest of them for a list: each with `shown_title`, without its text."""
    rows = unfinished(user, kind).annotate(shown_title=KT("fields__title__0"))
    return rows.defer("fields")[:MAX_LISTED]


def by_key(key: uuid.UUID) -> WorkingCopy | None:
    rows = WorkingCopy.objects.select_related("writer", "post")
    return rows.filter(key=key).first()


def as_data(copy: WorkingCopy) -> QueryDict:
    """What the form of `copy` sent, to be bound to a form again."""
    data = QueryDict(mutable=True)
    for name, values in copy.fields.items():
        data.setlist(name, values)
    return data


def stored(
    post: Post, writer: User, data: Mapping[str, str], key: uuid.UUID | None = None
) -> None:
    """The form `data` is stored in `post` now: forget what it was kept as until then.

    What another window of the writer keeps stays, and so do changes somebody kept
    that the form did not show.
    """
    forget_autosave(post, writer, data, key)
    changes = kept(post)
    if changes and changes.saved_at.isoformat() == data.get(KEPT_AT):
        changes.delete()


def forget_autosave(
    post: Post, writer: User, data: Mapping[str, str], key: uuid.UUID | None = None
) -> None:
    """Forget what the window that sent `data` had kept by itself."""
    for copy in _autosaves(writer).filter(_of_post_or_key(post, key)):
        if _is_same_window(copy, {WINDOW: [data.get(WINDOW, "")]}, data.get("copy_at")):
            copy.delete()


def forget_abandoned() -> int:
    """Delete autosaves nobody came back to, or whose writer is gone; returns how many."""
    before = timezone.now() - timedelta(days=FORGET_DAYS)
    is_over = Q(saved_at__lt=before) | Q(writer=None)
    return WorkingCopy.objects.filter(is_over, is_kept=False).delete()[0]


def _autosaves(user: User) -> QuerySet[WorkingCopy]:
    return WorkingCopy.objects.filter(writer=user, is_kept=False)


def _own(writer: User, post: Post | None, key: uuid.UUID | None) -> WorkingCopy | None:
    rows = _autosaves(writer).select_for_update()
    if post:
        return rows.filter(post=post).first()
    return rows.filter(key=key, post=None).first() if key else None


def _of_post_or_key(post: Post, key: uuid.UUID | None) -> Q:
    of_post = Q(post=post)
    return of_post | Q(key=key, post=None) if key else of_post


def _is_same_window(copy: WorkingCopy, fields: Fields, known_at: str | None) -> bool:
    window = fields.get(WINDOW)
    if window and window != [""] and window == copy.fields.get(WINDOW):
        return True
    return known_at == copy.saved_at.isoformat()


def _check_size(fields: Fields) -> None:
    if _size(text for values in fields.values() for text in values) > MAX_BYTES:
        raise NotKept(
            gettext(
                "This is more than %(limit)s MB, too much to be kept on the server before "
                "you save it. It is kept on this computer."
            )
            % {"limit": MAX_BYTES // 1_000_000}
        )


def _size(texts: Iterable[str]) -> int:
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)


def _check_count(writer: User) -> None:
    if _autosaves(writer).filter(post=None).count() >= MAX_UNFINISHED:
        raise NotKept(
            gettext(
                "You have begun %(count)s posts and saved none of them. Throw some of them "
                "away, above the list of posts. This one is kept on this computer."
            )
            % {"count": MAX_UNFINISHED}
        )
