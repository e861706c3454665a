"""All a check may look at, gathered before the first of them is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from blog import comment_markup
from blog.models import Post, SiteSettings
from comments.models import Comment, Rule, SpamModel
from comments.models.comment import text_key
from comments.moderation import classifier, reading, training
from comments.moderation.classifier import Opinion, Sample
from comments.submission import Submission

DUPLICATE_DAYS = 30
# So many comments of strangers held, or put to the spam, in so many minutes.
ATTACK_COMMENTS, ATTACK_MINUTES = 20, 10

State = Comment.State


class Ruling(NamedTuple):
    """What a rule says, as `Rule` stores it."""

    action: str
    trait: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """One submission and what is known about it: no check asks the database."""

    submission: Submission
    site: SiteSettings
    rendered: str = ""
    sample: Sample = field(default_factory=lambda: Sample(""))
    rulings: list[Ruling] = field(default_factory=list)
    has_earlier_approved: bool = False
    # Below how many other posts the same text stands.
    same_text_count: int = 0
    is_under_attack: bool = False
    # Empty where the filter is off, or has not learned enough.
    opinion: Opinion | None = None


def gather(post: Post, submission: Submission, site: SiteSettings) -> Case:
    """What the checks need. Two queries; a third where the filter learned anew.

    What is asked for depends on the settings, so that nothing is looked up in vain.
    """
    rendered = comment_markup.render(
        submission.body, submission.body_format, settings.LANGUAGE_CODE
    )
    sample = reading.sample_of(
        rendered,
        submission.author_name,
        submission.author_url or submission.source_url,
        submission.author_email,
    )
    history = _history(post, submission, site)
    return Case(
        submission=submission,
        site=site,
        rendered=rendered,
        sample=sample,
        rulings=_rulings(submission, sample),
        has_earlier_approved=history.get("has_earlier_approved", False),
        same_text_count=history.get("same_text_count") or 0,
        is_under_attack=history.get("is_under_attack", False),
        opinion=_opinion(sample, history.get("trained_at")),
    )


def _rulings(submission: Submission, sample: Sample) -> list[Ruling]:
    """The rules about its traits, and all about words: those are compared later."""
    traits: dict[str, Sequence[str | None]] = {
        Rule.Trait.EMAIL: [submission.author_email],
        Rule.Trait.NAME: [" ".join(submission.author_name.lower().split())],
        Rule.Trait.ADDRESS: [submission.ip_address],
        Rule.Trait.DOMAIN: sorted(reading.domains_of(sample)),
    }
    about = Q(trait=Rule.Trait.WORDS)
    for trait, values in traits.items():
        if present := [value for value in values if value]:
            about |= Q(trait=trait, value__in=present)
    rules = Rule.objects.filter(about).order_by("pk")
    return [Ruling(rule.action, rule.trait, rule.value) for rule in rules]


def _history(post: Post, submission: Submission, site: SiteSettings) -> dict[str, Any]:
    """What happened before, in one query, asked beside the post's row.

    Only what some check will look at: Django needs longer to write such a query
    than the database to answer it.
    """
    asked: dict[str, Exists | Subquery] = {}
    if site.hold_first:
        asked["has_earlier_approved"] = Exists(_earlier_approved(submission))
    if key := text_key(submission.body):
        asked["same_text_count"] = Subquery(_same_text(key))
    if site.proof_of_work == site.ProofOfWork.DOUBTFUL and _could_be_asked(submission):
        asked["is_under_attack"] = Exists(_suspicious(site))
    if site.spam_filter:
        learned = SpamModel.objects.filter(pk=1)
        asked["trained_at"] = Subquery(learned.values("trained_at"))
    # The post may have been deleted a moment ago: storing will say so.
    posts = Post.objects.filter(pk=post.pk).order_by()
    return (posts.values(**asked).first() if asked else None) or {}


def _could_be_asked(submission: Submission) -> bool:
    return not (submission.author or submission.is_ping or submission.has_proof)


def _earlier_approved(submission: Submission) -> QuerySet:
    """What the same account, or the same name and e-mail, had approved before."""
    approved = Comment.objects.approved().filter(kind=Comment.Kind.COMMENT)
    if submission.author:
        return approved.filter(author=submission.author)
    if not submission.author_email:
        return approved.none()
    return approved.filter(
        author_email=submission.author_email,
        author_name=submission.author_name,
    )


def _same_text(key: str) -> QuerySet:
    """Below how many other posts this was said lately, as one row, or none."""
    since = timezone.now() - timedelta(days=DUPLICATE_DAYS)
    said = Comment.objects.filter(text_key=key, created_at__gt=since)
    elsewhere = said.exclude(post=OuterRef("pk")).order_by()
    counted = elsewhere.values("text_key").annotate(posts=Count("post", distinct=True))
    return counted.values("posts")


def _suspicious(site: SiteSettings) -> QuerySet:
    """The comment that makes it an attack, if there are so many.

    Where everything is held anyway, being held says nothing.
    """
    states = [State.SPAM] if site.hold_all else [State.SPAM, State.PENDING]
    since = timezone.now() - timedelta(minutes=ATTACK_MINUTES)
    lately = Comment.objects.filter(state__in=states, created_at__gt=since, author=None)
    newest = lately.order_by("-created_at")
    return newest[ATTACK_COMMENTS - 1 : ATTACK_COMMENTS]


def _opinion(sample: Sample, trained_at: datetime | None) -> Opinion | None:
    if trained_at is None:
        return None
    return classifier.judge(sample, training.model_of(trained_at))
