"""Which language is spoken to whom."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from blog import languages
from blog.models import SiteSettings
from tests.builders import make_post, make_user


@pytest.fixture
def site(db):
    return SiteSettings.objects.create(pk=1, language="ar")


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("", ""),
        ("DE", "de"),
        (" pt_br ", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("en-u-ca-gregory", "en-u-ca-gregory"),
        ("de-CH-1996", "de-CH-1996"),
        ("es-419", "es-419"),
    ],
)
def test_tags_are_written_as_the_standard_has_them(typed, tag):
    assert languages.normal(typed) == tag


@pytest.mark.parametrize(
    "typed",
    ["d", "german language", "de--at", "de-", "-de", 'de"', "<b>", "x" * 30, "dé"],
)
def test_what_is_no_tag_is_refused_in_words(typed):
    with pytest.raises(ValidationError, match="is none"):
        languages.normal(typed)


@given(st.text(max_size=40))
def test_a_tag_once_written_stays_as_it_is(typed):
    try:
        tag = languages.normal(typed)
    except ValidationError:
        return
    assert languages.normal(tag) == tag
    assert languages.direction(tag) in ("ltr", "rtl")
    languages.translated_as(tag)


@pytest.mark.parametrize(
    ("tag", "way"),
    [
        ("ar", "rtl"),
        ("ar-EG", "rtl"),
        ("ar-Latn", "ltr"),
        ("he", "rtl"),
        ("fa-AF", "rtl"),
        ("az-Arab", "rtl"),
        ("ks-Deva", "ltr"),
        ("de", "ltr"),
        ("en-x-arab", "ltr"),
        ("", "ltr"),
    ],
)
def test_a_language_runs_as_its_script_does(tag, way):
    assert languages.direction(tag) == way


@pytest.mark.parametrize(
    ("tag", "code"),
    [("de-AT", "de"), ("AR", "ar"), ("fr", ""), ("", ""), ("de_CH", "de"), ("dei", "")],
)
def test_a_text_gets_the_words_of_the_nearest_translation(tag, code):
    assert languages.translated_as(tag) == code


def test_readers_get_the_language_the_keeper_chose_whatever_they_ask_for(client, site):
    make_post("Tea")
    for asked in ("en", "de", ""):
        page = client.get("/", headers={"Accept-Language": asked}).text
        assert '<html lang="ar" dir="rtl"' in page
    assert "Accept-Language" not in client.get("/").get("Vary", "")


@pytest.mark.parametrize("path", ["/nothing/", "/tag/nothing/", "/page/99/"])
def test_pages_for_what_is_not_there_are_in_it_too(client, site, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert '<html lang="ar" dir="rtl"' in answer.text


def test_what_was_withdrawn_is_gone_in_it_too(client, site, alice):
    from blog import publishing

    post = make_post("Tea", author=alice)
    publishing.withdraw([post], alice)
    answer = client.get(post.get_absolute_url())
    assert answer.status_code == 410
    assert '<html lang="ar" dir="rtl"' in answer.text


def test_without_a_choice_it_is_as_the_blog_was_set_up(client, db, settings):
    settings.LANGUAGE_CODE = "de"
    assert '<html lang="de"' in client.get("/").text
    SiteSettings.objects.create(pk=1, language="tlh")
    assert '<html lang="de"' in client.get("/").text


def test_the_language_ends_with_the_request(client, site):
    client.get("/")
    assert translation.get_language() == "en"
    assert languages._known.get() == ""


def test_at_the_desk_each_has_their_own(client, site):
    alice = make_user("alice", role="Editor", language="de")
    client.force_login(alice)
    assert '<html lang="de"' in client.get("/admin/").text
    assert '<html lang="ar" dir="rtl"' in client.get("/").text
    carol = make_user("carol", role="Editor")
    client.force_login(carol)
    assert '<html lang="ar" dir="rtl"' in client.get("/admin/").text


def test_everybody_at_the_desk_chooses_theirs(client, db):
    alice = make_user("alice", role="Editor")
    client.force_login(alice)
    page = client.get("/admin/mails/").text
    for name in ("English", "Deutsch", "العربية"):
        assert name in page
    client.post("/admin/mails/", {"review_mails": "on", "language": "de"})
    alice.refresh_from_db()
    assert (alice.language, alice.review_mails) == ("de", True)
    refused = client.post("/admin/mails/", {"language": "tlh"})
    assert refused.status_code == 200
    alice.refresh_from_db()
    assert alice.language == "de"


def test_no_page_asks_the_database_more_often_for_it(
    client, site, django_assert_max_num_queries
):
    make_post("Tea")
    with django_assert_max_num_queries(8):
        client.get("/")
    with django_assert_max_num_queries(0):
        client.get("/healthz")


def test_a_text_has_its_own_language_beside_the_blogs(client, site):
    post = make_post("Der Tee", language="de-AT")
    page = client.get(post.get_absolute_url()).text
    assert page.count(' lang="de-AT" dir="ltr"') >= 2
    assert '"inLanguage": "de-AT"' in page or '"inLanguage":"de-AT"' in page
    assert ' lang="de-AT" dir="ltr"' in client.get("/").text


def test_a_text_from_right_to_left_reads_so_in_a_blog_from_left_to_right(client, db):
    post = make_post("الشاي", language="ar", body='<p>قالت "نعم".</p>')
    page = client.get(post.get_absolute_url()).text
    assert '<html lang="en"' in page
    assert '<html lang="en" dir' not in page
    assert "is-untitled" not in page
    assert ' lang="ar" dir="rtl">الشاي</h1>' in page
    assert 'e-content" lang="ar" dir="rtl">' in page
    assert "قالت «نعم»." in page


def test_texts_without_one_are_set_in_the_blogs_language(site):
    assert "«نعم»" in make_post(body='<p>"نعم"</p>').body_html
    assert "“yes”" in make_post(body='<p>"yes"</p>', language="en").body_html


def test_feeds_say_which_language_they_are_in(client, site):
    make_post("Der Tee", language="de")
    assert "<language>ar</language>" in client.get("/feed/").text
    atom = client.get("/feed/atom/").text
    assert 'xml:lang="ar"' in atom
    assert 'xml:lang="de"' in atom
    feed = client.get("/feed/json/").json()
    assert (feed["language"], feed["items"][0]["language"]) == ("ar", "de")
