"""The theme the keeper chose: its style sheet, and its templates first."""

import re
from pathlib import Path

import pytest
from django.template import Template, engines
from django.template.loader import get_template

from blog import stylesheets, themes
from blog.models import SiteSettings

pytestmark = pytest.mark.django_db

SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"')


def sheets(client, path="/"):
    return SHEET.findall(client.get(path).text)


def choose(**settings):
    SiteSettings.objects.update_or_create(pk=1, defaults=settings)


def test_a_page_has_one_style_sheet_that_is_kept_for_ever(client):
    (address,) = sheets(client)
    response = client.get(address)
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response.headers["Cache-Control"]
    assert "--paper:" in response.text
    assert "/*" not in response.text


def test_another_theme_has_another_address_and_says_other_things(client):
    (before,) = sheets(client)
    choose(theme="classic")
    (after,) = sheets(client)
    assert before != after
    assert "Lucida" in client.get(after).text


@pytest.mark.parametrize("theme", themes.THEMES)
def test_the_sheet_says_what_its_sources_say(theme):
    css = stylesheets.of(SiteSettings(theme=theme)).css
    assert ".prose *:is(ul,ol){" in css
    assert ".prose:is(ul" not in css


def test_a_page_from_before_finds_the_sheet_of_today_and_asks_again(client):
    (before,) = sheets(client)
    choose(theme="classic")
    response = client.get(before)
    assert "Lucida" in response.text
    assert response.headers["Cache-Control"] == "no-cache"


def test_a_theme_that_is_no_more_is_the_default(client):
    (before,) = sheets(client)
    choose(theme="kubrick")
    assert sheets(client) == [before]


@pytest.fixture
def own_template(tmp_path, settings):
    """The classic theme with a template of its own, beside the blog's templates."""
    settings.BASE_DIR = tmp_path
    folder = tmp_path / themes.FOLDER / "classic"
    folder.mkdir(parents=True)
    template = '{% extends "_masthead.html" %}'
    (folder / "_masthead.html").write_text(template)
    (folder / "_footer.html").write_text("<footer>Powered by 2006</footer>")
    _forget_templates()
    yield folder
    _forget_templates()


def _forget_templates():
    """Those kept are of the folder there was before."""
    themes._own_templates.cache_clear()
    for loader in engines["django"].engine.template_loaders:
        loader.reset()


@pytest.mark.usefixtures("own_template")
def test_the_themes_templates_come_first(client):
    choose(title="The Wire", theme="classic")
    page = client.get("/").text
    assert "Powered by 2006" in page
    # A template may extend the one whose name it has.
    assert 'class="site-title"' in page


@pytest.mark.usefixtures("own_template")
def test_other_themes_keep_theirs(client):
    choose(theme="classic")
    client.get("/")
    choose(theme="book")
    assert "Powered by 2006" not in client.get("/").text


@pytest.mark.usefixtures("own_template")
def test_what_is_made_without_a_reader_has_no_theme():
    choose(theme="classic")
    assert "2006" not in Path(get_template("_footer.html").origin.name).parts


def test_every_part_of_every_theme_is_there():
    for theme in themes.THEMES:
        sheet = stylesheets.of(SiteSettings(theme=theme))
        assert sheet.css.count("{") == sheet.css.count("}") > 100
    assert Template("{% load reading %}")


@pytest.mark.parametrize("path", ["/", "/style/123456789012.css", "/feed/"])
def test_text_is_compressed_for_who_takes_it(client, path):
    response = client.get(path, headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]
    assert "Content-Encoding" not in client.get(path).headers
