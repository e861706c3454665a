"""Whatever people read can be translated, and is, into each language delivered."""

import importlib.util
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
_spec = importlib.util.spec_from_file_location("messages", BASE / "docs/messages.py")
messages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(messages)

DELIVERED = ["de", "ar"]
CATALOGUES = [
    (language, domain) for language in DELIVERED for domain in messages.SOURCES
]
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd](?!\w)|</?\w+")
# What stands in a template and is nobody's language.
NO_WORDS = [
    r"\{#.*?#\}",
    r"\{%\s*comment.*?endcomment\s*%\}",
    r"\{%\s*blocktrans.*?endblocktrans\w*\s*%\}",
    r"\{%\s*block (?:bodyclass|coltype)\s*%\}.*?\{%\s*endblock.*?%\}",
    r"<!--.*?-->",
    r"<kbd>\w+</kbd>",
    r"\bclass=\"[^\"]*\"",
    r"<(?:[^<>\"]|\"[^\"]*\")*>",
    r"\{%.*?%\}|\{\{.*?\}\}",
    r"&\w+;",
]
# Names.
NAMES = {"HTML", "Mastodon", "Bluesky"}


def templates():
    found = [*BASE.glob("templates/**/*.html"), *BASE.glob("templates/**/*.txt")]
    return sorted(found)


@pytest.mark.parametrize(("language", "domain"), CATALOGUES)
def test_a_catalogue_has_what_the_source_says(language, domain):
    """`make messages` brings them together; the new ones wait for a translation."""
    kept = [messages.key_of(entry) for entry in messages.read(language, domain)]
    assert len(kept) == len(set(kept))
    assert set(kept) == set(messages.extract(domain))


@pytest.mark.parametrize(("language", "domain"), CATALOGUES)
def test_all_of_it_is_translated(language, domain):
    entries = messages.read(language, domain)
    assert [entry.msgid for entry in entries if not entry.translated()] == []
    assert [entry.msgid for entry in entries if entry.fuzzy or entry.obsolete] == []


@pytest.mark.parametrize(("language", "domain"), CATALOGUES)
def test_every_plural_form_is_there(language, domain):
    forms = int(re.search(r"nplurals=(\d)", messages.PLURALS[language])[1])
    for entry in messages.read(language, domain):
        if entry.msgid_plural:
            assert sorted(entry.msgstr_plural) == list(range(forms)), entry.msgid
            assert all(entry.msgstr_plural.values()), entry.msgid


@pytest.mark.parametrize(("language", "domain"), CATALOGUES)
def test_what_is_filled_in_has_its_place(language, domain):
    """One form of a plural may leave out the number: “one page”, and not “1 page”."""
    for entry in messages.read(language, domain):
        wanted = set(PLACE.findall(entry.msgid))
        if not entry.msgid_plural:
            assert set(PLACE.findall(entry.msgstr)) == wanted, entry.msgid
            continue
        known = wanted | set(PLACE.findall(entry.msgid_plural))
        for form in entry.msgstr_plural.values():
            assert set(PLACE.findall(form)) <= known, entry.msgid
        last = entry.msgstr_plural[max(entry.msgstr_plural)]
        assert set(PLACE.findall(last)) == known, entry.msgid


@pytest.mark.parametrize(("language", "domain"), CATALOGUES)
def test_it_begins_and_ends_as_the_sentence_does(language, domain):
    for entry in messages.read(language, domain):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if not text:
                continue
            for edge in (0, -1):
                is_blank = entry.msgid[edge].isspace()
                assert text[edge].isspace() == is_blank, entry.msgid


@pytest.mark.parametrize(("language", "domain"), CATALOGUES)
def test_what_is_served_is_made_of_it(language, domain):
    path = messages.catalogue(language, domain).with_suffix(".mo")
    assert path.read_bytes() == messages.read(language, domain).to_binary()


@pytest.mark.parametrize(
    "path", templates(), ids=lambda path: str(path.relative_to(BASE))
)
def test_a_template_says_no_word_that_cannot_be_translated(path):
    text = path.read_text()
    for pattern in NO_WORDS:
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    words = set(re.findall(r"[^\W\d_]{2,}", text)) - NAMES
    assert words == set()


# --- What collects them


def test_sentences_are_found_in_python():
    source = """
first = _("One")
second = ngettext("%(count)s post", "%(count)s posts", count) % {"count": count}
third = pgettext("a verb", "Open")
fourth = gettext("Two "
                 "parts")
fifth = gettext(words)
"""
    assert list(messages._of_python(source)) == [
        (None, "One", ""),
        (None, "%(count)s post", "%(count)s posts"),
        ("a verb", "Open", ""),
        (None, "Two parts", ""),
    ]


def test_sentences_are_found_in_scripts():
    source = r"""
say(gettext("One"), interpolate(ngettext("%(n)s word", "%(n)s words", n), { n }, true));
const LONG = gettext("Two " + "parts");
"""
    assert list(messages._of_calls(source)) == [
        (None, "One", ""),
        (None, "%(n)s word", "%(n)s words"),
        (None, "Two parts", ""),
    ]


def test_sentences_are_found_in_templates(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(
        '{% load i18n %}{% translate "One" %}{{ x|default:_("Two") }}'
        "{% blocktranslate count counter=n trimmed %}\n  {{ counter }} post\n"
        "{% plural %}\n  {{ counter }} posts\n{% endblocktranslate %}"
        '{% translate "Open" context "a verb" %}'
    )
    assert set(messages._messages(path, "page.html")) == {
        (None, "One", ""),
        (None, "Two", ""),
        (None, "%(counter)s post", "%(counter)s posts"),
        ("a verb", "Open", ""),
    }


def test_what_was_translated_stays_so_when_the_source_grows(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    path = messages.catalogue("de", "djangojs")
    path.parent.mkdir(parents=True)
    old = polib.POFile()
    old.append(polib.POEntry(msgid="Cancel", msgstr="Lieber nicht"))
    old.append(polib.POEntry(msgid="Nobody says this any more", msgstr="Eben"))
    old.save(str(path))
    made = {entry.msgid: entry.msgstr for entry in messages.update("de", "djangojs")}
    assert made["Cancel"] == "Lieber nicht"
    assert "Nobody says this any more" not in made
    assert made["Choose pictures"] == ""


@pytest.mark.parametrize("path", sorted(BASE.glob("*/static/**/*.css")), ids=str)
def test_a_style_sheet_says_nothing(path):
    # It has no translations: words come from the markup, or from a script.
    css = re.sub(r"/\*.*?\*/|\\[0-9a-f]+", "", path.read_text(), flags=re.DOTALL)
    shown = re.findall(r"\bcontent:([^;}]*)", css)
    said = [words for value in shown for words in re.findall(r'"([^"]*)"', value)]
    assert not [words for words in said if re.search(r"[^\W\d_]", words)]
