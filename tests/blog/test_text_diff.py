"""What differs between two texts: nothing is lost, and words are what is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import text_diff, text_pieces
from blog.text_diff import Mark

# Few words, so that they repeat, and whatever else there is.
texts = st.one_of(
    st.lists(st.sampled_from(["a ", "b ", "c", "\n", " ", "漢", "."])).map("".join),
    st.text(),
)


def told(before, after):
    return [
        (segment.mark.value, segment.text)
        for stretch in text_diff.compare(before, after)
        for segment in stretch.segments
    ]


def side(stretches, *marks):
    return "".join(
        segment.text
        for stretch in stretches
        for segment in stretch.segments
        if segment.mark in marks
    )


@given(texts, texts)
def test_both_texts_are_in_what_differs(before, after):
    stretches = text_diff.compare(before, after)
    assert side(stretches, Mark.SAME, Mark.NEW) == after
    was = side(stretches, Mark.SAME, Mark.GONE)
    assert "".join(was.split()) == "".join(before.split())


@given(texts, texts, st.integers(min_value=0, max_value=3))
def test_long_texts_lose_nothing_either(before, after, small):
    text_diff_small = text_diff.SMALL_PAIRS
    text_diff.SMALL_PAIRS = small
    try:
        stretches = text_diff.compare(before, after)
    finally:
        text_diff.SMALL_PAIRS = text_diff_small
    assert side(stretches, Mark.SAME, Mark.NEW) == after


@given(texts)
def test_what_is_the_same_has_no_marks(text):
    assert all(stretch.is_same for stretch in text_diff.compare(text, text))


def test_words_are_marked_and_not_letters():
    assert told("The old bridge stands.\n", "The new bridge stands.\n") == [
        ("same", "The "),
        ("gone", "old "),
        ("new", "new "),
        ("same", "bridge stands.\n"),
    ]


def test_paragraphs_that_stay_are_one_stretch():
    before = "One.\nTwo.\nThree.\n"
    stretches = text_diff.compare(before, "One.\nTwo.\nNew.\nThree.\n")
    assert [stretch.is_same for stretch in stretches] == [True, False, True]
    assert stretches[1].segments == [(Mark.NEW, "New.\n")]


def test_signs_without_spaces_are_words():
    assert ("gone", "京") in told("東京都\n", "東西都\n")


def test_a_very_long_line_is_marked_where_it_changed():
    words = [f"word{number}" for number in range(30_000)]
    before = " ".join(words)
    words[20_000] = "other"
    marked = [
        (mark, text) for mark, text in told(before, " ".join(words)) if mark != "same"
    ]
    assert marked == [("gone", "word20000 "), ("new", "other ")]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One <b>two</b>.</p><p>Three</p>", "One two.\nThree\n"),
        ("<p>A&amp;B &lt;c&gt;<br>next</p>", "A&B <c>\nnext\n"),
        ("before<!--more-->after 1 < 2", "before\nafter 1 < 2\n"),
        ("", ""),
    ],
)
def test_what_is_visible_are_words_in_lines(html, words):
    assert text_diff.visible(html) == words


@given(
    st.text()
    | st.lists(st.sampled_from(["<p>x</p>", "\n", "a. ", "b" * 700])).map("".join)
)
def test_the_pieces_of_a_text_are_the_text(text):
    pieces = text_pieces.split(text)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= text_pieces.LONGEST_CHARACTERS for piece in pieces)


def test_a_word_typed_into_a_long_line_moves_few_pieces():
    line = " ".join(f"word{number}" for number in range(10_000))
    before, after = set(text_pieces.split(line)), set(text_pieces.split(f"New {line}"))
    assert len(after - before) <= 2
