"""Any text at all is an answerable question."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from blog.search.entries import Document, is_spelled, line_of, parts_of
from blog.search.query import search, suggest
from blog.search.question import MAX_TERMS, understood
from blog.search.snippets import snippet
from blog.search.words import fold, placed_words, words_of
from tests.builders import make_category, make_post

OPERATORS = ["AND", "OR", "NOT", "NEAR(", "*", '"', "-", "+", ":", "^", "(", ")", "'"]
PIECES = st.one_of(
    st.sampled_from(
        [*OPERATORS, "tea", "the", "-tea", "&", "|", "!", "<->", "\\", "%"]
    ),
    st.text(st.characters(), max_size=8),
)
ASKED = st.one_of(
    st.text(st.characters(), max_size=60),
    st.lists(PIECES, max_size=12).map(" ".join),
    st.lists(PIECES, max_size=12).map("".join),
)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(asked=ASKED)
def test_any_question_has_an_answer(asked):
    search(asked)
    suggest(asked)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    [
        "\0",
        "tea\0",
        "\ud800",
        "tea \udfff",
        "the " * 250_000,
        "x" * 1_000_000,
        '"' * 1_000_000,
        "-" * 1_000_000,
        "-tea -the",
        "北" * 1000,
        " ".join(f"w{number}" for number in range(5000)),
        "\u0300" * 400,
    ],
)
def test_no_question_is_too_odd(asked):
    make_post("The tea")
    news = make_category("News")

    search(asked)
    search(asked, kind="post", category=news, year=2006, page=10**9)
    suggest(asked)


@given(st.text(st.characters()))
def test_words_of_a_text_are_words_the_index_can_tell_apart(text):
    for word in words_of(text):
        assert word
        assert not set(word) & set(" \"'/=#\0\\")
        word.encode()


@example("0\u17e0")  # a Khmer digit is folded to 0
@example("\uff93\u0e01")  # narrow kana to wide ones
@example("\u30e2\u200d\u4e00")  # and joiners are left out
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_words_have_the_same_order_with_their_places(text):
    placed = list(placed_words(text))

    assert [word.text for word in placed] == words_of(text)
    assert all(0 <= word.start < word.end <= len(text) for word in placed)


@given(st.text(st.characters()))
def test_what_is_folded_stays_as_it_is(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters()))
def test_a_question_is_short(text):
    question = understood(text)

    assert len(question.terms) <= MAX_TERMS
    assert len(question.without) <= MAX_TERMS


@given(st.text(st.characters(), max_size=2000), st.text(max_size=20))
def test_a_snippet_of_any_text_has_no_markup_but_marks(text, asked):
    from blog.search.groups import Group

    groups = [Group((term.words,)) for term in understood(asked).terms]
    shown = snippet(text, groups)

    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert shown.count("<mark>") == shown.count("</mark>")


TEXTS = st.text(
    st.sampled_from(" \n/=#aBé½ﬁ大学ไท한́0٣\u00ad\u200d\ud800") | st.characters()
)


@given(
    title=TEXTS,
    tags=st.lists(TEXTS, max_size=2),
    text=TEXTS,
    facets=st.lists(st.sampled_from(["kpost", "spublished", "a3", "c5"]), max_size=3),
    language=st.sampled_from(["", "de", "lo", "zh"]),
)
def test_what_is_counted_of_any_text_is_what_stands_in_its_line(
    title, tags, text, facets, language
):
    at = datetime(2006, 11, 30, tzinfo=UTC)
    line, counted = line_of(Document(1, at, title, tags, "", text, language, facets))
    found = parts_of(line)
    assert (counted.language, counted.is_ascii) == (found.language, found.is_ascii)
    assert counted.title == found.title
    assert set(filter(is_spelled, counted.words)) == set(
        filter(is_spelled, found.words)
    )
