"""`make messages`: brings the catalogues in locale/ to what the source says.

Written in Python alone: neither this nor the test that reads the same needs GNU gettext.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

BASE = Path(__file__).resolve().parent.parent
LOCALE = BASE / "locale"
# Where sentences stand, by the catalogue they are in.
SOURCES = {
    "django": [
        *(f"{app}/**/*.py" for app in ("blog", "comments", "config")),
        "templates/**/*.html",
        "templates/**/*.txt",
        "templates/**/*.xml",
        "templates/**/*.xsl",
        "blog/themes/**/*.html",
    ],
    "djangojs": [
        "blog/static/**/*.js",
        "comments/static/**/*.js",
        "docs/editor_words.js",
    ],
}
PLURALS = {
    "de": "nplurals=2; plural=(n != 1);",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
    "n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;",
}
_STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_STRINGS = rf"{_STRING}(?:\s*\+\s*{_STRING})*"
# A call in what is no Python: a template's, as Django writes it down, or a script's.
_FOUND = re.compile(
    rf"(?<![\w.$])(n?p?gettext|_)\(\s*({_STRINGS}(?:\s*,\s*{_STRINGS})*)", re.DOTALL
)
_EACH = re.compile(_STRINGS)


class Message(NamedTuple):
    """What identifies a sentence: its context, if it has one, and its words."""

    context: str | None
    singular: str
    plural: str = ""


def extract(domain: str) -> dict[Message, list[str]]:
    """Each sentence of the source, in the order found, and the files it stands in."""
    found: dict[Message, list[str]] = {}
    for pattern in SOURCES[domain]:
        for path in sorted(BASE.glob(pattern)):
            name = path.relative_to(BASE).as_posix()
            if "/migrations/" in name:
                continue
            for message in _messages(path, name):
                files = found.setdefault(_same(found, message), [])
                if name not in files:
                    files.append(name)
    return found


def _same(found: dict[Message, list[str]], message: Message) -> Message:
    """Singular alone and the same with a plural are one entry, as gettext has it."""
    for known in (message, *_with_plural(found, message)):
        if known in found:
            return known
    alone = Message(message.context, message.singular)
    if message.plural and alone in found:
        found[message] = found.pop(alone)
    return message


def _with_plural(found: dict[Message, list[str]], message: Message) -> list[Message]:
    if message.plural:
        return []
    return [known for known in found if known[:2] == message[:2]]


def _messages(path: Path, name: str) -> Iterator[Message]:
    text = path.read_text()
    if path.suffix == ".py":
        yield from _of_python(text)
    elif path.suffix == ".js":
        yield from _of_calls(text)
    else:
        yield from _of_calls(templatize(text, origin=name))


def _of_python(text: str) -> Iterator[Message]:
    """Breadth first would shuffle them: sorted by where they stand."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        function = call.func
        name = getattr(function, "id", None) or getattr(function, "attr", "")
        known = re.fullmatch(r"(n?p?)gettext(?:_lazy|_noop)?|_", name)
        words = [
            one.value
            for one in call.args
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        if known and words:
            yield _message(known[1] or "", words)


def _of_calls(text: str) -> Iterator[Message]:
    for match in _FOUND.finditer(text):
        kind = match[1].removesuffix("gettext").strip("_")
        words = [
            "".join(ast.literal_eval(one[0]) for one in re.finditer(_STRING, whole[0]))
            for whole in _EACH.finditer(match[2])
        ]
        yield _message(kind, words)


def _message(kind: str, words: list[str]) -> Message:
    context = words.pop(0) if "p" in kind else None
    return Message(context, words[0], words[1] if "n" in kind else "")


# --- Catalogues


def languages() -> list[str]:
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir())


def catalogue(language: str, domain: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.po"


def read(language: str, domain: str) -> polib.POFile:
    path = catalogue(language, domain)
    return polib.pofile(str(path), wrapwidth=88) if path.exists() else polib.POFile()


def key_of(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt, entry.msgid, entry.msgid_plural)


def update(language: str, domain: str) -> polib.POFile:
    """The catalogue with exactly what the source has; what was translated stays so."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in read(language, domain)}
    made = polib.POFile(wrapwidth=88)
    made.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for message, files in extract(domain).items():
        entry = _entry(message, known.get(message[:2]), language)
        entry.occurrences = [(name, "") for name in files]
        made.append(entry)
    return made


def _entry(
    message: Message, known: polib.POEntry | None, language: str
) -> polib.POEntry:
    entry = polib.POEntry(msgctxt=message.context, msgid=message.singular)
    if message.plural:
        count = int(PLURALS[language][len("nplurals=")])
        old = known.msgstr_plural if known else {}
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {form: old.get(form, "") for form in range(count)}
    elif known:
        entry.msgstr = known.msgstr
    return entry


def untranslated(language: str, domain: str) -> list[Message]:
    made = update(language, domain)
    return [key_of(entry) for entry in made if not entry.translated()]


def main(asked: list[str]) -> None:
    """With `missing`, only says what is not translated yet."""
    for language in languages():
        for domain in SOURCES:
            missing = untranslated(language, domain)
            path = catalogue(language, domain)
            if "missing" in asked:
                for message in missing:
                    print(f"{language} {domain}: {message.singular!r}")
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            made = update(language, domain)
            made.save(str(path))
            made.save_as_mofile(str(path.with_suffix(".mo")))
            print(f"{path.relative_to(BASE)}: {len(made)}, {len(missing)} missing")


if __name__ == "__main__":
    main(sys.argv[1:])
