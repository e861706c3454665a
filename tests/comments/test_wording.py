"""Reasons are stored in English, and read in any language."""

import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from comments import wording
from comments.models import Comment, Decision
from comments.wording import Sentence
from tests.builders import make_comment, make_post

SENTENCES = wording._all(vars(wording).values())
PLACE = re.compile(r"%\((\w+)\)s")
# What writers, hosts and words may be. Two sentences are one where a name is built
# to make them so; nobody is called that.
values = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=':;,()“”"'), min_size=1
).filter(str.strip)


def parts_of(sentence: Sentence) -> set[str]:
    patterns = [found for made, found in wording._patterns() if made is sentence]
    return set(patterns[0].groupindex)


@pytest.fixture
def turned(monkeypatch):
    """A language in which every sentence is written from its end to its beginning."""

    def turn(text: str) -> str:
        return "⟦" + PLACE.sub(r"%(\1)s", text) + "⟧"

    monkeypatch.setattr(wording, "gettext", turn)


@given(sentence=st.sampled_from(SENTENCES), data=st.data())
def test_what_is_stored_in_any_language_reads_in_english_as_it_was_said(sentence, data):
    parts: dict[str, object] = {name: data.draw(values) for name in parts_of(sentence)}
    if "count" in parts:
        parts["count"] = data.draw(st.integers(0, 10**6))
    with translation.override("de"):
        stored = sentence.said(**parts)
    with translation.override("en"):
        assert sentence.said(**parts) == stored
        assert wording.shown(stored) == stored


def test_a_reason_is_read_in_the_language_that_is_on(turned):
    stored = wording.HELD_WORD.said(word="pills")
    assert stored == "held: “pills” is on the list of held words"
    assert wording.shown(stored) == "⟦held: ⟦“pills” is on the list of held words⟧⟧"


def test_below_its_state_a_reason_does_not_say_the_state_again(turned):
    stored = wording.ALL_HELD.said()
    told = wording.shown_below(stored, Comment.State.PENDING)
    assert told == "⟦the settings hold every comment⟧"
    blocked = wording.BLOCKED["name"].said(value="bob")
    assert wording.shown_below(blocked, Comment.State.TRASH).startswith("⟦trashed: ")
    assert wording.shown_below("approved", Comment.State.APPROVED) == ""


def test_what_stands_within_a_reason_is_read_too(turned):
    stored = wording.SPAM.said(
        percent="97 %", words=f"“pills”, {wording.LINK_TO.said(domain='x.example')}"
    )
    assert "“pills”⟦, ⟧⟦a link to x.example⟧" in wording.shown(stored)
    unproven = wording.UNPROVEN.said(cause=wording.ALL_PROVE.said())
    assert "⟦this blog asks every visitor" in wording.shown(unproven)


@pytest.mark.parametrize(
    "stored", ["", "held: ", "held: because I said so", "50 % of it", "%(name)s", "\0"]
)
def test_what_nobody_here_wrote_is_shown_as_it_is(turned, stored):
    assert wording.shown(stored) == stored


@pytest.mark.django_db
def test_comments_and_decisions_tell_their_reasons(turned):
    comment = make_comment(make_post(), reasons=[wording.NEW_WRITER.said()])
    assert comment.told_reasons[0].startswith("⟦held: ")
    decision = Decision(reason=wording.DECIDED["spam"].said(name="alice"))
    assert decision.told == str(decision) == "⟦marked as spam by alice⟧"
