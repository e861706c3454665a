"""What the spam filter has learned: made from people's decisions, kept in one row."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from blog import trees
from comments.models import Comment, SpamModel
from comments.moderation import classifier
from comments.moderation.classifier import Model, Sample
from comments.moderation.reading import Source, sample_of

# The newest of each sort: what spam was years ago teaches little.
MAX_OF_EACH = 5000
# The queue ranks the newest held ones.
MAX_RESCORED, RESCORED_AT_ONCE = 5000, 200
_READ = ["body_html", "author_name", "author_url", "author_email"]
_READ_OF_SOURCE = ["source_url", "source_title", "source_site"]

# What this process last read, and when that was learned.
_known: tuple[datetime, Model] | None = None


def model_of(trained_at: datetime) -> Model:
    """What was learned then: from memory, or by one query where it is news."""
    global _known  # noqa: PLW0603
    known = _known
    if known is None or known[0] != trained_at:
        row = SpamModel.objects.filter(pk=1).first()
        if row is None:
            return Model()
        learned = Model(row.spam_count, row.approved_count, row.words)
        _known = known = (row.trained_at, learned)
    return known[1]


def learn() -> Model:
    """Learn anew from every comment somebody decided about, and rank what is held.

    Only people's decisions teach: a filter that learned from its own verdicts would
    grow ever surer of its errors.
    """
    model = classifier.learn(_decided())
    row = {
        "trained_at": timezone.now(),
        "spam_count": model.spam_count,
        "approved_count": model.approved_count,
        "words": model.words,
    }
    SpamModel.objects.update_or_create(pk=1, defaults=row)
    _rescore(model)
    return model


def _decided() -> Iterator[tuple[Sample, bool]]:
    """What people decided, each with whether they called it spam. Two queries."""
    for state in (Comment.State.SPAM, Comment.State.APPROVED):
        decided = Comment.objects.filter(is_decided=True, state=state)
        newest = decided.order_by("-created_at")[:MAX_OF_EACH]
        for _, sample in _samples(newest):
            yield sample, state == Comment.State.SPAM


def _samples(comments: QuerySet) -> Iterator[tuple[int, Sample]]:
    rows = comments.values_list("pk", *_READ, *_READ_OF_SOURCE)
    for pk, rendered, name, url, email, *source in rows.iterator(chunk_size=500):
        yield pk, sample_of(rendered, name, url, email, Source(*source))


def _rescore(model: Model) -> None:
    """Give held comments the score they would get now."""
    held = Comment.objects.pending().order_by("-created_at")[:MAX_RESCORED]
    scores = {}
    for pk, sample in _samples(held):
        opinion = classifier.judge(sample, model)
        scores[pk] = opinion.probability if opinion else None
    pks = sorted(scores)
    for start in range(0, len(pks), RESCORED_AT_ONCE):
        _store_scores(pks[start : start + RESCORED_AT_ONCE], scores)


def _store_scores(pks: list[int], scores: dict[int, float | None]) -> None:
    """A few at a time, leaving out what somebody is writing to: nobody waits long."""
    with transaction.atomic():
        trees.announce_writer(Comment)
        free = Comment.objects.pending().filter(pk__in=pks).order_by("pk")
        rows = list(free.select_for_update(skip_locked=True).only("pk", "spam_score"))
        for row in rows:
            row.spam_score = scores[row.pk]
        Comment.objects.bulk_update(rows, ["spam_score"])
