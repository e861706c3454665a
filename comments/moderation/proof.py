"""Proof of work: a puzzle the visitor's browser solves, and nobody else is asked.

ALTCHA's first protocol: find the number below MAX_NUMBER whose SHA-256 with a salt is
the given one. A browser needs a second for it, at most; who sends thousands of
comments needs hours.
"""

import base64
import json
from datetime import timedelta
from typing import Any

import altcha
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

MAX_NUMBER = 100_000
LIFETIME_SECONDS = 60 * 60
MAX_PAYLOAD_LENGTH = 2000
_FIELDS = {
    "algorithm": str,
    "challenge": str,
    "number": int,
    "salt": str,
    "signature": str,
}


def new_challenge() -> dict[str, Any]:
    """A puzzle as ALTCHA's JSON has it: algorithm, challenge, maxNumber, salt, signature."""
    options = altcha.ChallengeOptionsV1(
        algorithm="SHA-256",
        max_number=MAX_NUMBER,
        hmac_key=_key(),
        expires=timezone.now() + timedelta(seconds=LIFETIME_SECONDS),
    )
    return altcha.create_challenge_v1(options).to_dict()


def is_solved(payload: str) -> bool:
    """Whether `payload` (base64 of JSON) solves one of our puzzles for the first time.

    Never raises. Saying yes uses the solution up, so ask once for each submission.
    Used ones are remembered in the cache: where that is a process's own memory, a
    solution counts once in each server process.
    """
    solution = _read(payload)
    if solution is None:
        return False
    try:
        is_right, _ = altcha.verify_solution_v1(solution, _key())
    except ValueError:  # text that is no Unicode
        return False
    used = f"proof:{solution['signature']}"
    return is_right and cache.add(used, 1, timeout=LIFETIME_SECONDS)


def _read(payload: str) -> Any:
    """The solution with its fields and their types as they should be, or None."""
    if not payload or len(payload) > MAX_PAYLOAD_LENGTH:
        return None
    try:
        solution = json.loads(base64.b64decode(payload, validate=True))
    except (ValueError, RecursionError):
        return None
    if not isinstance(solution, dict):
        return None
    is_whole = all(
        isinstance(solution.get(name), type_) for name, type_ in _FIELDS.items()
    )
    return {name: solution[name] for name in _FIELDS} if is_whole else None


def _key() -> str:
    return salted_hmac("comments.proof", "altcha", algorithm="sha256").hexdigest()
