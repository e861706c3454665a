"""A spam filter that learns on the spot: what it reads, what it learns, what it says.

Each word is weighed by how often it stood in spam and in good comments, drawn
towards even where it was seen seldom, and the weights are combined by Fisher's
method, so that contradictory evidence ends in the middle: Gary Robinson, “A
Statistical Approach to the Spam Problem”, Linux Journal 107, 2003, after Paul
Graham, “A Plan for Spam”, 2002. Pure functions; no database.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from comments import wording

# Less than this of either sort, and it says nothing.
MIN_OF_EACH = 20
# So many tokens of one comment are looked at, half from either end.
MAX_TOKENS = 2000
MAX_WORD_LENGTH = 40
# So many of them speak: the most telling ones, however much text stands around.
MAX_SPEAKING = 150
MAX_EXPLAINING = 5
# The model keeps the words it saw most often.
MAX_WORDS = 30_000
# Robinson's s and x: an unseen word counts as s sightings of probability x.
STRENGTH, ASSUMED = 1.0, 0.5
# How far from even a word must be to speak.
MIN_LEANING = 0.1

# Marks that belong to the letter before them: \w leaves them out.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff"
# Scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_PIECE = re.compile(
    rf"[{_UNSPACED}]+|(?:[^\W_{_UNSPACED}]|[{_MARKS}])+"
    rf"(?:['’](?:[^\W_{_UNSPACED}]|[{_MARKS}])+)*"
)
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_WEB_ADDRESS = re.compile(r"https?://\S*|www\.\S*", re.IGNORECASE)


@dataclass(frozen=True)
class Sample:
    """What the filter reads of a comment: visible text, never markup."""

    text: str
    name: str = ""
    # Of the links in the text, of the website, of the e-mail address.
    link_domains: Sequence[str] = ()
    site_domain: str = ""
    email_domain: str = ""


@dataclass(frozen=True)
class Model:
    """In how many spam and how many approved comments each token was seen."""

    spam_count: int = 0
    approved_count: int = 0
    words: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        return min(self.spam_count, self.approved_count) >= MIN_OF_EACH


@dataclass(frozen=True)
class Opinion:
    """How much a comment reads like spam, 0 to 1, and what weighed most in that."""

    probability: float
    # As people typed them, quoted; strongest first, at most MAX_EXPLAINING.
    words: list[str]

    @property
    def percent(self) -> str:
        """Never a full 100: no filter is that sure."""
        return f"{min(99, round(self.probability * 100))} %"


def learn(samples: Iterable[tuple[Sample, bool]]) -> Model:
    """A model of these samples, each with whether it is spam."""
    seen: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    counts = [0, 0]
    for sample, is_spam in samples:
        counts[is_spam] += 1
        seen[is_spam].update(tokens(sample).keys())
    approved, spam = seen
    kept = (approved + spam).most_common(MAX_WORDS)
    words = {token: [spam[token], approved[token]] for token, _ in kept}
    return Model(counts[True], counts[False], words)


def judge(sample: Sample, model: Model) -> Opinion | None:
    """What `model` makes of it; None where it has not seen enough to say.

    Takes milliseconds, however long the text is.
    """
    if not model.is_ready:
        return None
    found = tokens(sample)
    leanings = {token: _leaning(token, model) for token in found}
    speaking = sorted(
        (token for token in found if abs(leanings[token] - 0.5) >= MIN_LEANING),
        key=lambda token: (-abs(leanings[token] - 0.5), token),
    )[:MAX_SPEAKING]
    probability = _combine([leanings[token] for token in speaking])
    is_spammy = probability >= 0.5
    why = [token for token in speaking if (leanings[token] > 0.5) == is_spammy]
    return Opinion(probability, _without_repeats([found[token] for token in why]))


def tokens(sample: Sample) -> dict[str, str]:
    """What is counted in a comment, each token with how to name it to people."""
    found: dict[str, str] = {}
    text = _WEB_ADDRESS.sub(" ", sample.text)
    for folded, typed in _words_and_pairs(_pieces(text)):
        found.setdefault(folded, f"“{typed}”")
    for piece in _pieces(sample.name)[:20]:
        found.setdefault(f"name:{fold(piece)}", wording.NAME.said(piece=piece))
    for domain in list(sample.link_domains)[:50]:
        found.setdefault(f"link:{domain}", wording.LINK_TO.said(domain=domain))
    if sample.site_domain:
        found["site:"] = wording.WEBSITE.said()
        found[f"link:{sample.site_domain}"] = wording.LINK_TO.said(
            domain=sample.site_domain
        )
    if sample.email_domain:
        found[f"mail:{sample.email_domain}"] = wording.MAIL_AT.said(
            domain=sample.email_domain
        )
    links = len(sample.link_domains)
    if links:
        label = wording.LINK_COUNT.said(count=links)
        found["links:"] = found[f"links:{min(links, 4)}"] = label
    if shouting := _shouting(text):
        found[f"capitals:{shouting}"] = wording.CAPITALS.said()
    return found


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Without what is written in different ways: case, accents, kinds of apostrophe."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", word))
    return unicodedata.normalize("NFC", bare).casefold().replace("’", "'")


def _pieces(text: str) -> list[str]:
    """Words as typed, in order; of a long text those of its beginning and its end."""
    pieces = [piece[:MAX_WORD_LENGTH] for piece in _PIECE.findall(text)]
    half = MAX_TOKENS // 4  # a word and a pair each
    return pieces if len(pieces) <= 2 * half else pieces[:half] + pieces[-half:]


def _words_and_pairs(pieces: list[str]) -> Iterator[tuple[str, str]]:
    """Each word, and each two neighbours, folded and as typed.

    Where a script has no spaces, each two neighbouring characters.
    """
    before = None
    for piece in pieces:
        if _IS_UNSPACED.match(piece):
            for start in range(max(1, len(piece) - 1)):
                pair = piece[start : start + 2]
                yield fold(pair), pair
            before = None
            continue
        yield fold(piece), piece
        if before:
            yield f"{fold(before)} {fold(piece)}", f"{before} {piece}"
        before = piece


def _shouting(text: str) -> str:
    """How much of it is in capitals; empty where that says nothing."""
    capitals = sum(map(str.isupper, text))
    letters = capitals + sum(map(str.islower, text))
    if letters < 10 or capitals < 0.3 * letters:
        return ""
    return "most" if capitals > 0.6 * letters else "many"


def _leaning(token: str, model: Model) -> float:
    """Robinson's f(w): how likely a comment with it is spam, 0.5 where unknown."""
    in_spam, in_approved = model.words.get(token, (0, 0))
    seen = in_spam + in_approved
    if not seen:
        return ASSUMED
    spam_share = in_spam / model.spam_count
    approved_share = in_approved / model.approved_count
    observed = spam_share / (spam_share + approved_share)
    return (STRENGTH * ASSUMED + seen * observed) / (STRENGTH + seen)


def _combine(leanings: list[float]) -> float:
    """Robinson's I: 0 is good, 1 is spam, and the middle is doubt."""
    if not leanings:
        return ASSUMED
    degrees = 2 * len(leanings)
    spammy = _chi_square_tail(-2 * sum(math.log(1 - p) for p in leanings), degrees)
    good = _chi_square_tail(-2 * sum(math.log(p) for p in leanings), degrees)
    return (1 + good - spammy) / 2


def _chi_square_tail(value: float, degrees: int) -> float:
    """How likely chance alone gives at least `value`; `degrees` is even."""
    half = value / 2
    term = total = math.exp(-half)
    for step in range(1, degrees // 2):
        term *= half / step
        total += term
    return min(total, 1.0)


def _without_repeats(labels: list[str]) -> list[str]:
    """The first few, leaving out what stands in one named before."""
    kept: list[str] = []
    for label in labels:
        bare = label.strip("“”")
        if not any(bare in other or other.strip("“”") in bare for other in kept):
            kept.append(label)
        if len(kept) == MAX_EXPLAINING:
            break
    return kept
