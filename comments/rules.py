"""Whom a blog always trusts and what it always blocks: rules, and what they match."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from blog.models import User
from comments import posting, wording
from comments.models import Comment, Rule

Action, Trait = Rule.Action, Rule.Trait
State = Comment.State

# Where a rule about each trait looks, as `moderation.checks` does when one comes in.
LOOKS_AT: dict[str, list[str]] = {
    Trait.EMAIL: ["author_email"],
    Trait.NAME: ["author_name"],
    Trait.ADDRESS: ["ip_address"],
    Trait.DOMAIN: ["author_email", "author_url", "source_url", "body_html"],
    Trait.WORDS: [
        "author_name",
        "author_email",
        "author_url",
        "source_url",
        "source_title",
        "source_site",
        "body",
        "body_html",
        "ip_address",
        "user_agent",
    ],
}
# What stands between words in the HTML that is served.
_BETWEEN_WORDS = r"(<[^<>]*>)*\s(\s|<[^<>]*>)*"
# What becomes of the held comments a new rule matches.
CONSEQUENCE = {Action.TRUST: State.APPROVED, Action.BLOCK: State.TRASH}


def normalised(trait: str, value: str) -> str:
    """`value` as rules about `trait` are stored. Raises ValidationError, in words."""
    value = " ".join(value.lower().split())
    if not value:
        raise ValidationError(gettext("Say what the rule is about."))
    if trait == Trait.EMAIL:
        validate_email(value)
    elif trait == Trait.ADDRESS:
        try:
            return str(ip_address(value))
        except ValueError:
            raise ValidationError(
                gettext("“%(value)s” is not an IP address.") % {"value": value}
            ) from None
    elif trait == Trait.DOMAIN:
        return _domain(value)
    return value


def matching(trait: str, value: str) -> Q:
    """The comments a rule is about. Domains, names and words read every comment."""
    fields = LOOKS_AT[trait]
    if trait in {Trait.EMAIL, Trait.ADDRESS}:
        return Q(**{fields[0]: value})
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__iregex": _pattern(trait, field, value)})
    return found


def make(
    action: str, trait: str, values: Sequence[str], by: User, *, with_held: bool
) -> tuple[UUID, int]:
    """Store rules about normalised `values`; the batch for `undo`, and how many moved.

    With `with_held`, the held comments they match are approved where the rules
    trust, and go to the trash where they block. Rules that are there already stay.
    """
    batch, count = uuid4(), 0
    with transaction.atomic():
        if with_held:
            batch, count = _decide_held(action, trait, values, by) or (batch, 0)
        Rule.objects.bulk_create(
            [
                Rule(
                    action=action, trait=trait, value=value, created_by=by, batch=batch
                )
                for value in values
            ],
            ignore_conflicts=True,
        )
    return batch, count


def undo(batch: UUID) -> tuple[int, int]:
    """Take back what was decided and the rules made with it; how many of each."""
    with transaction.atomic():
        comments = posting.undo(batch)
        rules, _ = Rule.objects.filter(batch=batch).delete()
    return comments, rules


def held(trait: str, values: Iterable[str]) -> list[Comment]:
    """The held comments that rules about `values` match. One query."""
    found = Q(pk=None)
    for value in values:
        found |= matching(trait, value)
    return list(Comment.objects.pending().filter(found))


def _decide_held(
    action: str, trait: str, values: Sequence[str], by: User
) -> tuple[UUID, int] | None:
    comments = held(trait, values)
    state = CONSEQUENCE[Action(action)]
    ruled = wording.RULED[action]
    if len(values) == 1:
        reason = ruled[trait].said(name=by.public_name, value=values[0])
    else:
        reason = ruled[""].said(name=by.public_name)
    batch = posting.decide(comments, state, reason[:500], by=by)
    return (batch, len(comments)) if batch else None


def _domain(value: str) -> str:
    try:
        host = urlsplit(value if "//" in value else f"//{value}").hostname or ""
    except ValueError:
        host = ""
    host = host.removeprefix("www.").strip(".")
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", host):
        raise ValidationError(
            gettext("“%(value)s” is not a domain, such as example.org.")
            % {"value": value}
        )
    return host


def _pattern(trait: str, field: str, value: str) -> str:
    """A regular expression that databases and Python read alike."""
    if trait == Trait.DOMAIN:
        return _domain_pattern(field, re.escape(value))
    if field == "body_html":
        escaped = _BETWEEN_WORDS.join(
            re.escape(escape(word, quote=False)) for word in value.split()
        )
        # As it is seen: what stands within a tag is not.
        return rf"{escaped}(?![^<>]*>)"
    escaped = r"\s+".join(map(re.escape, value.split()))
    return rf"^\s*{escaped}\s*$" if trait == Trait.NAME else escaped


def _domain_pattern(field: str, escaped: str) -> str:
    """The domain and what is below it, not one it is only a part of."""
    if field == "author_email":
        return rf"[@.]{escaped}$"
    begins = 'href="' if field == "body_html" else "^"
    return rf'{begins}https?://([^"/?#]*[@.])?{escaped}\.?([:/?#"]|$)'
