"""What is stored in English is told in the language of whoever reads it."""

import pytest
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from blog import revision_notes, revisions
from blog.publishing import save_post
from blog.retelling import Retelling
from tests.builders import make_post

SAYS = Retelling(["posted by %(name)s", "posted by %(name)s on %(date)s", "50 %% full"])


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("Written", "Geschrieben"),
        ("Title", "Titel"),
        ("Title, text and tags", "Titel, Text und Schlagwörter"),
        ("Published, text and tags", "Veröffentlicht, Text und Schlagwörter"),
        ("Restored as it was on Nov. 30, 2006", None),
        ("Something an older version said", "Something an older version said"),
        ("", ""),
    ],
)
def test_notes_of_revisions_are_told_in_german(stored, told):
    with translation.override("de"):
        said = revision_notes.told(stored)
        wanted = gettext("Restored as it was on %(date)s") % {"date": "Nov. 30, 2006"}
    assert said == (wanted if told is None else told)
    with translation.override("en"):
        assert revision_notes.told(stored) == stored


def test_of_two_that_fit_the_one_that_says_more_tells():
    assert SAYS("posted by Ann on Monday") == "posted by Ann on Monday"
    assert SAYS._patterns[0][0] == "posted by %(name)s on %(date)s"


@given(st.text())
def test_any_sentence_comes_back_in_english_as_it_is(sentence):
    with translation.override("en"):
        assert SAYS(sentence) == sentence
        assert SAYS(f"posted by {sentence}") == f"posted by {sentence}"
        # A note that is known begins as a sentence does.
        assert revision_notes.told(sentence) in (sentence, capfirst(sentence))


def test_a_revision_is_stored_in_english_whoever_makes_it(db, alice):
    post = make_post(author=alice)
    with translation.override("de"):
        post.title = "Anders"
        save_post(post, alice)
    note = revisions.of(post.pk).first().revision.comment
    assert note == "Title"
