"""Where a person may be named beside what is stored about them: struck out there."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from django_tasks_db.models import DBTaskResult

from blog.models import SiteSettings
from comments.models import (
    Comment,
    Decision,
    IncomingPing,
    Notice,
    OutgoingPing,
    SpamModel,
)

# One character: a sentence that names the address never grows too long by it.
STRUCK = "…"
# Sentences that may name somebody: why a comment was held, what was done at the desk,
# why a mail could not be sent.
_SENTENCES: list[tuple[type[Model], tuple[str, ...]]] = [
    (Comment, ("reasons",)),
    (Decision, ("reason", "was_reasons")),
    (Notice, ("error",)),
    (IncomingPing, ("reason",)),
    (OutgoingPing, ("reason",)),
    (LogEntry, ("object_repr", "change_message")),
]


def strike_out(email: str) -> None:
    """Leave the address in no sentence, no list and no memory of ours.

    What people wrote themselves, in posts and comments, is not changed.
    """
    for model, names in _SENTENCES:
        for name in names:
            _strike_column(model, name, email)
    _strike_lists(email)
    _strike_learned(email)
    # A task that failed keeps its traceback, and that may quote anything.
    named = Q(traceback__icontains=email) | Q(args_kwargs__icontains=email)
    DBTaskResult.objects.finished().filter(named).delete()


def forget_in_log(rows: Iterable[Model]) -> None:
    """Leave no name in the log of what was done at the desk to these rows.

    It tells when and by whom, and no longer to whom.
    """
    keys: dict[type[Model], list[str]] = defaultdict(list)
    for row in rows:
        keys[type(row)].append(str(row.pk))
    for model, pks in keys.items():
        about = ContentType.objects.get_for_model(model)
        entries = LogEntry.objects.filter(content_type=about, object_id__in=pks)
        entries.update(object_repr=STRUCK, change_message="")


def names(text: str, email: str) -> bool:
    """Whether the address stands in a text, and not as a part of another one."""
    return _pattern(email).search(text) is not None


def _pattern(email: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)", re.IGNORECASE)


def _strike_column(model: type[Model], name: str, email: str) -> None:
    found = model._base_manager.filter(**{f"{name}__icontains": email})
    for row in found.only("pk", name):
        struck = {name: _struck(getattr(row, name), email)}
        model._base_manager.filter(pk=row.pk).update(**struck)


def _struck(value: Any, email: str) -> Any:
    if isinstance(value, list):
        return [_struck(part, email) for part in value]
    return _pattern(email).sub(STRUCK, str(value))


def _strike_lists(email: str) -> None:
    """A line of held or disallowed words that names the address goes."""
    site = SiteSettings.objects.filter(pk=1).first()
    if site is None:
        return
    for name in ("held_words", "disallowed_words"):
        lines = getattr(site, name).splitlines()
        kept = [line for line in lines if not names(line, email)]
        if kept != lines:
            setattr(site, name, "\n".join(kept))
            site.save(update_fields=[name])


def _strike_learned(email: str) -> None:
    """Whatever the filter learned of the address itself; it learns anew soon."""
    for learned in SpamModel.objects.all():
        kept = {
            word: counts
            for word, counts in learned.words.items()
            if not names(word, email)
        }
        if len(kept) != len(learned.words):
            SpamModel.objects.filter(pk=learned.pk).update(words=kept)
