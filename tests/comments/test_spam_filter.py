"""The filter itself: pure, and taught with a language of our own invention."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.moderation import classifier
from comments.moderation.classifier import Model, Sample, judge, learn

SPAM_WORDS = "zorbel quandit mefluk brastip".split()
GOOD_WORDS = "tellane ovirup sandoke lirpen".split()
COMMON = "and the of is a that".split()


def samples(count: int, words: list[str], seed: int = 1) -> list[Sample]:
    dice = random.Random(seed)  # noqa: S311
    return [
        Sample(" ".join(dice.sample(words, 2) + dice.sample(COMMON, 3)))
        for _ in range(count)
    ]


def taught(spam: int = 40, good: int = 40) -> Model:
    return learn(
        [(sample, True) for sample in samples(spam, SPAM_WORDS)]
        + [(sample, False) for sample in samples(good, GOOD_WORDS)]
    )


def test_it_tells_what_it_was_taught_apart():
    model = taught()
    assert judge(Sample("Is the zorbel a quandit?"), model).probability > 0.9
    assert judge(Sample("The ovirup of sandoke"), model).probability < 0.1


def test_it_explains_itself_by_the_words_that_weighed_as_people_typed_them():
    opinion = judge(Sample("Is that a ZORBEL, the Mefluk?"), taught())
    assert {"“ZORBEL”", "“Mefluk”"} <= set(opinion.words)
    assert not any(word in f" {' '.join(opinion.words)} " for word in ("“that”", "“a”"))
    assert len(opinion.words) <= classifier.MAX_EXPLAINING


def test_what_it_never_saw_is_left_open():
    opinion = judge(Sample("Xylo wumpf grobnar"), taught())
    assert (opinion.probability, opinion.words) == (0.5, [])


@pytest.mark.parametrize(("spam", "good"), [(0, 0), (19, 500), (500, 19)])
def test_it_says_nothing_before_it_has_seen_enough_of_both(spam, good):
    assert judge(Sample("zorbel"), taught(spam, good)) is None
    assert judge(Sample("zorbel"), taught(20, 20)) is not None


def test_evidence_both_ways_ends_in_the_middle():
    words = " ".join(SPAM_WORDS[:2] + GOOD_WORDS[:2])
    assert 0.2 < judge(Sample(words), taught()).probability < 0.8


@pytest.mark.parametrize(
    ("one", "other"),
    [("CAFÉ", "cafe"), ("don’t", "don't"), ("Straße", "STRASSE"), ("Ａ１", "a1")],
)
def test_ways_of_writing_a_word_are_one(one, other):
    assert classifier.fold(one) == classifier.fold(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("check out", {"check", "out", "check out"}),
        ("免费观看", {"免费", "费观", "观看"}),
        ("ฟรี", {"ฟร", "รี"}),
        ("मुफ़्त", {"मुफ़्त"}),
        ("see https://example.org/poker/now", {"see"}),
    ],
)
def test_texts_of_many_scripts_fall_into_pieces(text, expected):
    found = classifier.tokens(Sample(text))
    assert set(found) == {classifier.fold(token) for token in expected}


def test_links_addresses_and_shouting_count_too():
    sample = Sample(
        "BUY THIS NOW",
        name="Cheap Pills",
        link_domains=["pills.example", "pills.example"],
        site_domain="shop.example",
        email_domain="mail.example",
    )
    found = set(classifier.tokens(sample).values())
    assert {
        "a link to pills.example",
        "a link to shop.example",
        "a website",
        "e-mail at mail.example",
        "2 links",
        "capital letters",
        "the name “Pills”",
    } <= found


def test_padding_does_not_hide_spam():
    padding = " ".join(f"word{number}" for number in range(9000))
    for text in (
        f"zorbel quandit mefluk {padding}",
        f"{padding} zorbel quandit mefluk",
    ):
        assert judge(Sample(text), taught()).probability > 0.9


def test_a_model_keeps_its_commonest_words(monkeypatch):
    monkeypatch.setattr(classifier, "MAX_WORDS", 10)
    model = taught()
    assert len(model.words) == 10
    assert set(COMMON) <= set(model.words)


ANY_SAMPLE = st.builds(
    Sample,
    st.text(max_size=200),
    st.text(max_size=20),
    st.lists(st.text(max_size=10), max_size=4),
    st.text(max_size=10),
    st.text(max_size=10),
)
MODEL = taught()


@given(ANY_SAMPLE)
def test_no_text_is_beyond_it(sample):
    opinion = judge(sample, MODEL)
    assert 0 <= opinion.probability <= 1


@pytest.mark.parametrize("unit", ["zorbel ", "z", "免", "́", "’", "A b ", "word%d "])
def test_the_longest_text_is_looked_at_in_part(unit):
    text = "".join(unit % n if "%d" in unit else unit for n in range(65_000))[:65_000]
    assert len(classifier.tokens(Sample(text))) <= classifier.MAX_TOKENS + 20
    assert 0 <= judge(Sample(text), MODEL).probability <= 1
