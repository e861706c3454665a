"""German and Arabic as readers and people at the desk get them."""

import re

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

from blog.languages import blogs
from blog.models import SiteSettings
from blog.numbers import grouped
from comments import wording
from comments.models import Comment
from comments.policy import why_closed
from comments.posting import post_comment
from comments.submission import Submission
from comments.templatetags.conversation import responses_in_words
from tests.builders import at, make_comment, make_post, make_user

NOON = at("2027-03-01 12:30")
# Of each language: what stands on the page of a post without responses.
SENTENCES = {
    "en": ["Leave a reply", "No responses yet", "1 March 2026", "Skip to the text"],
    "de": ["1. März 2026", "Noch keine", "Archiv"],
    "ar": ["اكتب ردًا", "لا ردود بعد", "1 مارس 2026", "تجاوز إلى النص"],
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_post_speaks_the_language_of_its_blog(client, db, language):
    SiteSettings.objects.create(pk=1, language=language)
    post = make_post("Tea", published_at=at("2026-03-01 12:30"))
    page = client.get(post.get_absolute_url()).text
    for words in SENTENCES[language]:
        assert words in page


@pytest.mark.parametrize(
    ("language", "day", "moment", "month"),
    [
        ("en", "1 March 2027", "1 March 2027, 12:30", "March 2027"),
        ("de", "1. März 2027", "1. März 2027, 12:30", "März 2027"),
        ("ar", "1 مارس 2027", "1 مارس 2027، 12:30", "مارس 2027"),
    ],
)
def test_dates_are_written_as_there(language, day, moment, month):
    with translation.override(language):
        assert date_format(NOON, "DATE_FORMAT") == day
        assert date_format(NOON, "DATETIME_FORMAT") == moment
        assert date_format(NOON, "YEAR_MONTH_FORMAT") == month


@pytest.mark.parametrize(
    ("language", "number"), [("en", "65,536"), ("de", "65.536"), ("ar", "65,536")]
)
def test_long_numbers_are_parted_as_there(language, number):
    with translation.override(language):
        assert grouped(65536) == number


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "لا ردود بعد"),
        (1, "رد واحد"),
        (2, "ردّان"),
        (3, "3 ردود"),
        (11, "11 ردًا"),
        (100, "100 رد"),
        (103, "103 ردود"),
    ],
)
def test_arabic_has_six_forms_of_a_number(count, words):
    with translation.override("ar"):
        assert responses_in_words(count) == words


def test_refusals_are_in_the_blogs_language(db):
    site = SiteSettings.objects.create(pk=1, language="ar", close_after_days=11)
    post = make_post(published_at=at("2020-03-01 12:30"))
    with blogs("ar"):
        assert "11 يومًا" in why_closed(post, site)


def test_reasons_are_stored_in_english_and_read_in_arabic(db):
    site = SiteSettings.objects.create(pk=1, language="ar", hold_all=True)
    with blogs("ar"):
        comment = post_comment(
            make_post(), Submission(body="x", author_name="Bob"), site
        )
        assert "held: the settings hold every comment" in comment.reasons
        assert "محتجز: الإعدادات تحتجز كل تعليق" in comment.told_reasons
    twice = wording.SAME_TEXT.said(count=2)
    with translation.override("ar"):
        assert wording.shown(twice) == "محتجز: أُرسل النص نفسه تحت تدوينتين أخريين"


def test_a_mail_is_in_the_language_of_who_gets_it(db, run_tasks, mailoutbox):
    SiteSettings.objects.create(pk=1, language="ar", hold_first=False)
    alice = make_user("alice", role="Editor", language="de")
    post = make_post("Tea", author=alice)
    asked = make_comment(
        post, "Milk?", author_name="Bob", author_email="bob@example.org"
    )
    post_comment(post, Submission(body="No.", author_name="Carol", parent_id=asked.pk))
    post_comment(
        post,
        Submission(
            body="Honey!",
            author_name="Dan",
            author_email="dan@example.org",
            wants_mail=True,
        ),
    )
    run_tasks()
    by_receiver = {mail.to[0]: mail for mail in mailoutbox}
    html = {to: mail.alternatives[0][0] for to, mail in by_receiver.items()}
    assert '<html lang="de">' in html["alice@example.org"]
    assert '<html lang="ar" dir="rtl">' in html["dan@example.org"]
    assert by_receiver["dan@example.org"].subject.startswith("رجاء التأكيد")
    assert Comment.objects.count() == 3


def test_words_beside_footnotes_are_the_texts_own(db):
    note = '<p>Tea<span class="footnote">Hot.</span></p>'
    with blogs("de"):
        assert 'aria-label="الحواشي"' in make_post(body=note, language="ar").body_html
        assert 'aria-label="Notes"' in make_post(body=note, language="fr").body_html
        assert 'aria-label="Fußnoten"' in make_post(body=note).body_html
    with translation.override("ar"):
        assert 'aria-label="Footnotes"' in make_post(body=note, language="en").body_html


def test_the_desk_in_arabic_runs_from_right_to_left(client, db):
    client.force_login(make_user("alice", role="Editor", language="ar"))
    page = client.get("/admin/").text
    assert '<html lang="ar" dir="rtl"' in page
    assert "ما ينتظر" in page


def test_an_address_in_arabic_keeps_its_last_marks_at_its_end():
    """`https://…` would stand there as `…//:https` without a mark of its direction."""
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale/ar/LC_MESSAGES/django.po"))
    texts = [
        text
        for entry in catalogue
        for text in (entry.msgstr, *entry.msgstr_plural.values())
    ]
    loose = re.compile(r"https?:/[^\s\u200e<>\"]*[/…](?=[\s.،)]|$)")
    assert [text for text in texts if loose.search(text)] == []
