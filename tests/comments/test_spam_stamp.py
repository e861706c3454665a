"""The signed moment and the puzzle, as a browser would send them back."""

import base64
import json
from datetime import UTC, datetime, timedelta

import altcha
import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from comments.moderation import proof, stamp

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_puzzle_was_used():
    cache.clear()


def encoded(value) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


def solution_of(challenge: dict) -> dict:
    """The fields a browser sends once it has found the number."""
    found = altcha.solve_challenge_v1(
        challenge["challenge"],
        challenge["salt"],
        challenge["algorithm"],
        challenge["maxNumber"],
    )
    fields = {name: challenge[name] for name in challenge if name != "maxNumber"}
    return fields | {"number": found.number}


def test_a_stamp_tells_how_long_the_form_was_open(time_machine):
    time_machine.move_to(NOON, tick=False)
    token = stamp.make()
    time_machine.shift(timedelta(seconds=41.5))
    assert stamp.read(token) == pytest.approx(41.5)


def test_a_stamp_of_yesterday_tells_nothing(time_machine):
    time_machine.move_to(NOON, tick=False)
    token = stamp.make()
    time_machine.shift(timedelta(hours=23))
    assert stamp.read(token) is not None
    time_machine.shift(timedelta(hours=2))
    assert stamp.read(token) is None


def test_a_stamp_cannot_be_made_older(time_machine):
    time_machine.move_to(NOON, tick=False)
    moment, signature = stamp.make().split(":")
    assert stamp.read(f"{int(moment) - 60_000}:{signature}") is None


@given(st.text(max_size=300))
def test_any_other_text_is_no_stamp(text):
    assert stamp.read(text) is None


def test_a_solved_puzzle_counts_once():
    payload = encoded(solution_of(proof.new_challenge()))
    assert proof.is_solved(payload)
    assert not proof.is_solved(payload)


def test_a_puzzle_has_to_be_solved():
    solution = solution_of(proof.new_challenge())
    assert not proof.is_solved(encoded(solution | {"number": solution["number"] + 1}))
    assert proof.is_solved(encoded(solution))


def test_a_puzzle_is_good_for_an_hour(time_machine):
    time_machine.move_to(NOON)
    payload = encoded(solution_of(proof.new_challenge()))
    time_machine.move_to(NOON + timedelta(hours=1, minutes=1))
    assert not proof.is_solved(payload)


def test_a_puzzle_of_ones_own_making_counts_for_nothing():
    options = altcha.ChallengeOptionsV1(max_number=10, hmac_key="guessed")
    own = altcha.create_challenge_v1(options).to_dict()
    assert not proof.is_solved(encoded(solution_of(own)))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
)
FIELDS = ["algorithm", "challenge", "number", "salt", "signature"]


@given(ANYTHING | st.fixed_dictionaries(dict.fromkeys(FIELDS, ANYTHING)))
def test_no_payload_breaks_the_check(value):
    assert not proof.is_solved(encoded(value))


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "no base64 é",
        base64.b64encode(b"\xff\xfe").decode(),
        base64.b64encode(b"[" * 1400).decode(),
        base64.b64encode(b'{"number": ' + b"9" * 1400 + b"}").decode(),
        "A" * 100_000,
    ],
)
def test_neither_does_what_is_no_payload(payload):
    assert not proof.is_solved(payload)


@pytest.mark.parametrize(
    "change",
    [
        {"salt": "\ud800?expires=1&"},
        {"salt": "x?expires=never"},
        {"algorithm": "MD5"},
        {"algorithm": "SHA-1"},
        {"number": True},
        {"signature": "\udfff"},
    ],
)
def test_nor_a_true_solution_with_one_field_spoilt(change):
    assert not proof.is_solved(encoded(solution_of(proof.new_challenge()) | change))
