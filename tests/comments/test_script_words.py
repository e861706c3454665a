"""The reply form's scripts say what the page's language says."""

import json
import re
from pathlib import Path

from django.conf import settings

from blog.models import SiteSettings
from comments import script_words
from tests.builders import make_post

SCRIPTS = Path(settings.BASE_DIR) / "comments/static/comments"
FORM = ["respond", "writing", "drafts", "preview", "proof"]


def said_by_scripts():
    """Whatever stands in quotation marks there and is a sentence."""
    for name in FORM:
        for line in (SCRIPTS / f"{name}.js").read_text().splitlines():
            if not line.strip().startswith("//"):
                yield from re.findall(r'"([A-Z][^"]* [^"]*)"', line)


def words_of(html):
    found = re.search(r'<form class="respond"[^>]* data-words="([^"]*)"', html)
    return json.loads(found[1].replace("&quot;", '"')) if found else None


def test_every_sentence_of_the_scripts_is_listed_and_none_besides():
    assert set(said_by_scripts()) == set(script_words.OF_THE_FORM)


def test_a_page_of_another_language_brings_them_along(client, alice):
    SiteSettings(language="de").save()
    html = client.get(make_post(author=alice).get_absolute_url()).content.decode()
    words = words_of(html)
    assert set(words) == set(script_words.OF_THE_FORM)
    for english, told in words.items():
        assert told != english
        assert told.count("%s") == english.count("%s")


def test_an_english_page_carries_none_of_them(client, alice):
    html = client.get(make_post(author=alice).get_absolute_url()).content.decode()
    assert '<form class="respond"' in html
    assert words_of(html) is None


def test_the_button_of_a_player_speaks_the_pages_language(client, alice):
    SiteSettings(language="de").save()
    make_post(author=alice)
    html = client.get("/").content.decode()
    assert 'data-play="Abspielen"' in html
    assert 'data-loads="lädt von HOST"' in html
