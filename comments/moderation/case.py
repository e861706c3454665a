"""All a check may look at, gathered before the first of them is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from blog import comment_markup, languages
from blog.models import Post, SiteSettings
from comments.models import Rule
from comments.moderation import classifier, reading, training
from comments.moderation.classifier import Opinion, Sample
from comments.moderation.history import look_back
from comments.policy import is_trusted
from comments.submission import Submission

# A text shorter than this is no sign of anything where it comes twice.
MIN_TELLING_LENGTH = 20


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
    # By the post's author or a moderator; then nothing else was looked up.
    is_own: bool = False
    rendered: str = ""
    sample: Sample = field(default_factory=lambda: Sample(""))
    rulings: list[Ruling] = field(default_factory=list)
    # Of this writer; of a ping, from this host.
    has_earlier_approved: bool = False
    # Below how many other posts the same text stands.
    same_text_count: int = 0
    is_under_attack: bool = False
    # Empty where the filter is off, or has not learned enough.
    opinion: Opinion | None = None


def gather(post: Post, submission: Submission, site: SiteSettings) -> Case:
    """What the checks need. One query; one more where there are rules, and where the
    filter learned anew; none for the blog's own.
    """
    if is_trusted(post, submission.author):
        return Case(submission=submission, site=site, is_own=True)
    rendered = comment_markup.render(
        submission.body, submission.body_format, languages.of_site(site)
    )
    sample = reading.sample_of(
        rendered,
        submission.author_name,
        submission.author_url,
        submission.author_email,
        reading.Source(
            submission.source_url, submission.source_title, submission.source_site
        ),
    )
    history = look_back(post, submission)
    # Where everything is held anyway, being held says nothing.
    is_under_attack = history.spam if site.hold_all else history.suspicious
    is_telling = len(submission.body.strip()) >= MIN_TELLING_LENGTH
    return Case(
        submission=submission,
        site=site,
        rendered=rendered,
        sample=sample,
        rulings=_rulings(submission, sample) if history.has_rules else [],
        has_earlier_approved=history.approved_by_account
        or history.approved_by_name
        or history.approved_by_host,
        same_text_count=history.same_text_count or 0 if is_telling else 0,
        is_under_attack=is_under_attack,
        opinion=_opinion(sample, history.trained_at) if site.spam_filter else None,
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


def _opinion(sample: Sample, trained_at: datetime | None) -> Opinion | None:
    if trained_at is None:
        return None
    return classifier.judge(sample, training.model_of(trained_at))
