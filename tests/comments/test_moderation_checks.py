"""The rules one by one, and what holds of them all: no database."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import markup
from blog.models import SiteSettings
from comments.moderation import reading
from comments.moderation.case import Case, Ruling
from comments.moderation.classifier import Opinion
from comments.moderation.pipeline import judge
from comments.policy import ProofNeeded
from comments.submission import Submission

SPAMMY = Opinion(0.97, ["“pills”", "“cheap”"])
DOUBTFUL = Opinion(0.64, ["“cheap”"])
GOOD = Opinion(0.03, ["“treaty”"])


def case_of(site=None, **known) -> Case:
    """A harmless comment by somebody who was approved before, but for `known`."""
    names = {name for name in Submission.__dataclass_fields__ if name in known}
    said = {"body": "I doubt it.", "author_name": "Bob", "typed_seconds": 40.0}
    submission = Submission(**said | {name: known.pop(name) for name in names})
    rendered = markup.render_comment(submission.body)
    sample = reading.sample_of(
        rendered,
        submission.author_name,
        submission.author_url,
        submission.author_email,
    )
    defaults = {"has_earlier_approved": True}
    return Case(
        submission=submission,
        site=SiteSettings(**(site or {})),
        rendered=rendered,
        sample=sample,
        **defaults | known,
    )


def block(trait, value) -> list[Ruling]:
    return [Ruling("block", trait, value)]


TRUST = [Ruling("trust", "email", "bob@example.org")]
LINK = "See https://example.org/a for more."
HELD = "pending"


@pytest.mark.parametrize(
    ("known", "state", "reason"),
    [
        ({}, "approved", "approved: no rule held it"),
        (
            {"rulings": block("email", "x@example.org")},
            "trash",
            "trashed: the e-mail address “x@example.org” is blocked",
        ),
        (
            {"rulings": block("address", "192.0.2.1")},
            "trash",
            "trashed: the IP address “192.0.2.1” is blocked",
        ),
        (
            {"rulings": block("words", "doubt it")},
            "trash",
            "trashed: the wording “doubt it” is blocked",
        ),
        (
            {"rulings": block("words", "doubt it"), "body": "I  DOUBT\nit."},
            "trash",
            "trashed: the wording “doubt it” is blocked",
        ),
        (
            {"rulings": block("words", "believe it")},
            "approved",
            "approved: no rule held it",
        ),
        (
            {"site": {"disallowed_words": "poker\ndoubt"}},
            "trash",
            "trashed: “doubt” is on the list of disallowed words",
        ),
        (
            {"site": {"disallowed_words": "pills"}, "body": "pi<b></b>lls"},
            "trash",
            "trashed: “pills” is on the list of disallowed words",
        ),
        (
            {"is_trapped": True},
            "spam",
            "spam: a field was filled in that people don’t see",
        ),
        (
            {"rulings": TRUST, "opinion": SPAMMY, "has_earlier_approved": False},
            "approved",
            "approved: the e-mail address “bob@example.org” is always trusted",
        ),
        (
            {"rulings": TRUST, "is_trapped": True},
            "spam",
            "spam: a field was filled in that people don’t see",
        ),
        (
            {"rulings": TRUST + block("name", "bob")},
            "trash",
            "trashed: the name “bob” is blocked",
        ),
        ({"site": {"hold_all": True}}, HELD, "held: the settings hold every comment"),
        ({"body": LINK * 2}, HELD, "held: 2 links, the limit is 2"),
        (
            {"body": LINK, "site": {"hold_links": 1}},
            HELD,
            "held: 1 link, the limit is 1",
        ),
        ({"body": LINK * 9, "site": {"hold_links": 0}}, "approved", ""),
        (
            {"site": {"held_words": "Doubt"}},
            HELD,
            "held: “Doubt” is on the list of held words",
        ),
        (
            {"typed_seconds": 0.84},
            HELD,
            "held: sent 0.8 seconds after the form was opened",
        ),
        ({"typed_seconds": 3.0}, "approved", ""),
        ({"typed_seconds": None}, "approved", ""),
        (
            {"typed_seconds": None, "body": LINK},
            HELD,
            "held: it has links, and no browser said when its form was opened",
        ),
        ({"typed_seconds": None, "body": LINK, "has_proof": True}, "approved", ""),
        ({"typed_seconds": None, "body": LINK, "kind": "pingback"}, "approved", ""),
        (
            {"same_text_count": 3},
            HELD,
            "held: the same text was sent below 3 other posts",
        ),
        (
            {"same_text_count": 1},
            HELD,
            "held: the same text was sent below 1 other post",
        ),
        (
            {"opinion": SPAMMY},
            HELD,
            "held: reads like spam (97 %): “pills”, “cheap”",
        ),
        ({"opinion": SPAMMY, "has_proof": True}, HELD, "held: reads like spam (97 %)"),
        ({"opinion": Opinion(1.0, ["“pills”"])}, HELD, "held: reads like spam (99 %)"),
        ({"opinion": GOOD}, "approved", ""),
        ({"opinion": Opinion(0.5, [])}, "approved", ""),
        ({"opinion": DOUBTFUL, "has_proof": True}, "approved", ""),
        (
            {"opinion": DOUBTFUL, "is_unproven": True},
            HELD,
            "held: doubtful (64 % spam-like: “cheap”), "
            "and sent without the proof of work",
        ),
        (
            {"opinion": DOUBTFUL, "kind": "pingback"},
            HELD,
            "held: doubtful (64 % spam-like: “cheap”)",
        ),
        (
            {"opinion": DOUBTFUL, "site": {"proof_of_work": "never"}},
            HELD,
            "held: doubtful (64 % spam-like: “cheap”)",
        ),
        (
            {"is_unproven": True, "is_under_attack": True},
            HELD,
            "held: sent without the proof of work; "
            "many doubtful comments are arriving just now",
        ),
        ({"is_under_attack": True, "has_proof": True}, "approved", ""),
        ({"is_under_attack": True, "kind": "pingback"}, "approved", ""),
        ({"site": {"proof_of_work": "always"}, "has_proof": True}, "approved", ""),
        (
            {"is_under_attack": True, "site": {"proof_of_work": "never"}},
            "approved",
            "",
        ),
        (
            {"has_earlier_approved": False},
            HELD,
            "held: no earlier comment of this writer was approved",
        ),
        (
            {"has_earlier_approved": False, "site": {"hold_first": False}},
            "approved",
            "",
        ),
    ],
)
def test_each_rule_says_what_it_found(known, state, reason):
    verdict = judge(case_of(**known))
    assert verdict.state == state
    assert len(verdict.reasons) == 1
    assert verdict.reasons[0].startswith(reason)


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"opinion": DOUBTFUL}, "reads like spam to this blog’s filter"),
        ({"is_under_attack": True}, "many doubtful comments are arriving"),
        ({"site": {"proof_of_work": "always"}}, "asks every visitor"),
    ],
)
def test_a_stranger_is_asked_for_a_proof_and_told_why(known, why):
    with pytest.raises(ProofNeeded) as asked:
        judge(case_of(**known))
    assert why in asked.value.message
    assert asked.value.message.startswith("Nothing is lost")
    assert asked.value.status == 403


@pytest.mark.parametrize(
    "known",
    [
        {"opinion": DOUBTFUL},
        {"is_under_attack": True},
        {"site": {"proof_of_work": "always"}},
    ],
)
def test_a_reader_with_an_account_is_not(known):
    case = case_of(**known)
    reader = replace(case.submission, author=object())
    assert judge(replace(case, submission=reader)).state == "approved"


def test_every_reason_is_kept():
    verdict = judge(
        case_of(
            body=LINK * 2,
            typed_seconds=1.0,
            same_text_count=2,
            opinion=SPAMMY,
            has_earlier_approved=False,
        )
    )
    assert [reason.split()[1] for reason in verdict.reasons] == [
        "2",
        "sent",
        "the",
        "reads",
        "no",
    ]
    assert verdict.spam_score == 0.97


OPINIONS = st.none() | st.builds(
    Opinion, st.floats(0, 1), st.lists(st.text(max_size=5), max_size=5)
)
CASES = st.builds(
    case_of,
    site=st.fixed_dictionaries(
        {
            "hold_all": st.booleans(),
            "hold_first": st.booleans(),
            "hold_links": st.integers(0, 3),
            "held_words": st.text(max_size=8),
            "proof_of_work": st.sampled_from(["never", "doubtful", "always"]),
        }
    ),
    body=st.text(max_size=80) | st.just(LINK * 3),
    author_name=st.text(max_size=10),
    author_email=st.text(max_size=10),
    author_url=st.text(max_size=10) | st.just("https://[::1"),
    kind=st.sampled_from(["comment", "pingback", "trackback", "webmention"]),
    typed_seconds=st.none() | st.floats(0, 90_000),
    has_proof=st.booleans(),
    is_unproven=st.booleans(),
    same_text_count=st.integers(0, 9),
    is_under_attack=st.booleans(),
    has_earlier_approved=st.booleans(),
    opinion=OPINIONS,
)


@given(CASES)
def test_what_somebody_wrote_alone_never_makes_it_spam_or_deletes_it(case):
    try:
        verdict = judge(case)
    except ProofNeeded:
        assert not case.submission.is_ping
        return
    assert verdict.state in ("approved", "pending")
    assert verdict.reasons
    says = "approved: " if verdict.state == "approved" else "held: "
    assert all(reason.startswith(says) for reason in verdict.reasons)


@given(CASES)
def test_whoever_rather_waits_is_never_asked_twice(case):
    judge(replace(case, submission=replace(case.submission, is_unproven=True)))


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.Example.org/a?b", "example.org"),
        ("http://user@blog.example.org:8080/", "blog.example.org"),
        ("https://[::1", ""),
        ("mailto:a@example.org", ""),
        ("", ""),
    ],
)
def test_a_domain_is_read_from_an_address(url, domain):
    assert reading.domain_of(url) == domain
