"""The page that stands where something broke: the last one that may break itself."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from blog import themes
from blog.models import SiteSettings
from blog.views import errors, reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken(monkeypatch) -> Client:
    """A blog whose home page fails where it asks for its posts."""

    def fail(*args):
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(reading, "page_of", fail)
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("theme", themes.THEMES)
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Something broke here"), ("de", ""), ("ar", 'dir="rtl"')],
)
def test_it_is_a_page_in_the_blogs_language(broken, theme, language, words):
    SiteSettings(theme=theme, language=language).save()
    answer = broken.get("/")
    assert answer.status_code == 500
    assert f'<html lang="{language}"' in answer.text
    assert words in answer.text
    assert "The disk is full" not in answer.text
    assert not answer.cookies


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_asked_again_later(monkeypatch, error):
    def fail(*args):
        raise error("the server closed the connection")

    monkeypatch.setattr(reading, "page_of", fail)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "Something broke here" in answer.text


def test_it_has_the_theme_of_the_blog_where_that_is_known(broken, rf):
    SiteSettings(theme="classic").save()
    assert "blog/css/classic" in broken.get("/").text
    assert "blog/css/classic" not in errors.server_error(rf.get("/")).text


def test_it_asks_no_database(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert errors.server_error(rf.get("/")).status_code == 500


def test_it_stands_without_any_static_file(settings, tmp_path, caplog):
    """As where they were never collected: then every other page breaks as well."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "config.static_storage.HashedStorage"}
    }
    settings.STATIC_ROOT = tmp_path
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert "Something broke here" in answer.text
    assert "<link" not in answer.text
    assert "<script" not in answer.text
    assert "Missing staticfiles manifest entry" in caplog.text
