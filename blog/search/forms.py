"""Other forms of the words that were typed: by their stem, their beginning, a slip."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection
from django.db.models import QuerySet, Sum

from blog.models.search import SearchWord
from blog.search.entries import is_spelled
from blog.search.groups import Group
from blog.search.question import MAX_SIGNS, Question, Term
from blog.search.rows import among_words
from blog.search.stems import stems
from blog.search.words import placed_words

# A word has no more forms than these, and what is typed on no more endings.
MAX_FORMS = 12
MAX_ENDINGS = 24
# A shorter one could be anything.
MIN_MENDED_SIGNS = 4
MIN_HELD_SIGNS = 3
_LAST_SIGN = "\U0010ffff"


def groups_of(question: Question, *, typing: bool = False) -> list[Group]:
    """For each term the words that answer it. One query, with `typing` two."""
    words = [term.words[0] for term in question.terms if _has_forms(term)]
    forms = _by_stem(words)
    groups = [_group(term, forms) for term in question.terms]
    if typing and groups and not question.terms[-1].is_quoted:
        last = groups[-1].phrases[0]
        if len(last) == 1:
            endings = beginning_with(last[0])
            groups[-1] = Group((*groups[-1].phrases, *((word,) for word in endings)))
    return groups


def loosened(question: Question) -> list[Group]:
    """What else may answer where nothing does: the last word is only begun, and words
    of a language without spaces stand anywhere, not one after the other.
    """
    groups: list[Group] = []
    for term, group in zip(
        question.terms, groups_of(question, typing=True), strict=True
    ):
        if not term.is_quoted and len(term.words) > 1:
            groups += [Group(((word,),)) for word in term.words]
        else:
            groups.append(group)
    return groups


def replaced(text: str, mended: Mapping[str, str]) -> str:
    """`text` with other words for some of its own, all else as it was typed."""
    out, end = [], 0
    for word in placed_words(text[:MAX_SIGNS]):
        if word.text in mended and word.start >= end:
            out += [text[end : word.start], mended[word.text]]
            end = word.end
    return "".join([*out, text[end:]])


def _has_forms(term: Term) -> bool:
    return not term.is_quoted and len(term.words) == 1 and is_spelled(term.words[0])


def _group(term: Term, forms: dict[str, list[str]]) -> Group:
    others = forms.get(term.words[0], []) if _has_forms(term) else []
    return Group((term.words, *((word,) for word in others)))


def _by_stem(words: Sequence[str]) -> dict[str, list[str]]:
    """For each word its other forms that occur here, the commonest first."""
    stems_of = {word: stems(word) for word in words}
    every = {stem for some in stems_of.values() for stem in some}
    rows = _commonest(SearchWord.objects.filter(stem__in=every)) if every else []
    found: dict[str, list[str]] = {word: [] for word in words}
    for form, stem in rows:
        for word, wanted in stems_of.items():
            known = found[word]
            if stem in wanted and form != word and form not in known:
                known.append(form)
    return {word: some[:MAX_FORMS] for word, some in found.items()}


def _commonest(rows: QuerySet) -> Iterable[tuple[str, str]]:
    return (
        rows.filter(text_count__gt=0)
        .order_by("-text_count", "word")
        .values_list("word", "stem")
    )


def beginning_with(start: str, *, in_titles: bool = False) -> list[str]:
    """The commonest words that begin so, itself left out. One query."""
    if not is_spelled(start):
        return []
    rows = _range(start).exclude(word=start)
    count = "title_count" if in_titles else "text_count"
    rows = rows.filter(**{f"{count}__gt": 0}).order_by(f"-{count}", "word")
    words = rows.values_list("word", flat=True)[: MAX_ENDINGS * 2]
    return list(dict.fromkeys(words))[:MAX_ENDINGS]


def holding(part: str) -> list[str]:
    """The commonest words of titles with this in the middle. One query."""
    if not is_spelled(part) or len(part) < MIN_HELD_SIGNS:
        return []
    rows = SearchWord.objects.filter(word__contains=part, title_count__gt=0)
    words = rows.order_by("-title_count", "word").values_list("word", flat=True)
    return list(dict.fromkeys(words[:MAX_ENDINGS]))


def _range(start: str) -> QuerySet:
    if connection.vendor == "postgresql":
        return SearchWord.objects.filter(word__startswith=start)
    return SearchWord.objects.filter(word__gte=start, word__lt=start + _LAST_SIGN)


def mended(words: Sequence[str]) -> dict[str, list[str]]:
    """For each word that does not occur those a slip away that do. Two queries."""
    known = set(
        SearchWord.objects.filter(word__in=words, text_count__gt=0).values_list(
            "word", flat=True
        )
    )
    wrong = [w for w in words if w not in known and len(w) >= MIN_MENDED_SIGNS]
    slips = {word: one_slip_from(word) for word in wrong if is_spelled(word)}
    every = set().union(*slips.values())
    rows = SearchWord.objects.filter(word__in=among_words(every), text_count__gt=0)
    counts = dict(rows.order_by().values_list("word").annotate(count=Sum("text_count")))
    return {
        word: sorted(near & counts.keys(), key=lambda one: (-counts[one], one))
        for word, near in slips.items()
    }


def one_slip_from(word: str) -> set[str]:
    """What differs from `word` by a letter too many, one missing, wrong, or swapped."""
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    letters = _alphabet(word)
    slips = {left + right[1:] for left, right in parts if right}
    slips |= {
        left + right[1] + right[0] + right[2:] for left, right in parts if right[1:]
    }
    slips |= {left + sign + right for left, right in parts for sign in letters}
    slips |= {
        left + sign + right[1:] for left, right in parts if right for sign in letters
    }
    return slips - {word}


_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "".join(map(chr, range(0x3B1, 0x3CA))),  # Greek
    "".join(map(chr, range(0x430, 0x450))),  # Cyrillic
    "".join(map(chr, range(0x5D0, 0x5EB))),  # Hebrew
    "".join(map(chr, range(0x627, 0x64B))),  # Arabic
)


def _alphabet(word: str) -> str:
    return next((some for some in _ALPHABETS if set(some) & set(word)), "")
