"""The desk from right to left: nothing hangs over the edge, and its scripts speak too."""

from pathlib import Path

import polib
import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.test_editor_pictures import EDITOR
from tests.builders import make_comment, make_post

CATALOGUE = Path(settings.BASE_DIR) / "locale/ar/LC_MESSAGES"
OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def arabic(sentence: str, domain: str = "django") -> str:
    entry = polib.pofile(str(CATALOGUE / f"{domain}.po")).find(sentence)
    assert entry.msgstr
    assert entry.msgstr != sentence
    return entry.msgstr


@pytest.fixture
def desk_in_arabic(desk, alice) -> Page:
    alice.language = "ar"
    alice.save()
    return desk


@pytest.fixture
def post(alice):
    post = make_post(title="Talks", author=alice)
    make_comment(post, state="pending")
    return post


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "address",
    ["/admin/", "/admin/blog/post/", "/admin/comments/comment/", "/admin/blog/media/"],
)
def test_lists_run_from_right_to_left(desk_in_arabic, post, address, width):
    page = desk_in_arabic
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    assert page.evaluate(OVERHANG) <= 0
    heading = page.locator("h1").last.bounding_box()
    assert heading["x"] + heading["width"] > width * 0.6


@pytest.mark.parametrize("width", [360, 1280])
def test_the_write_page_does(desk_in_arabic, post, width):
    page = desk_in_arabic
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/admin/blog/post/{post.pk}/change/")
    page.locator(EDITOR).wait_for()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert page.evaluate(OVERHANG) <= 0
    # The words of the page, of its script, and of the editor's bar.
    expect(page.locator("button[name=_save]")).to_have_text(arabic("Update"))
    bar = page.locator(".writing-bar__main")
    expect(bar.get_by_role("button", name=arabic("Bold", "djangojs"))).to_be_visible()
    kinds = page.locator(".writing-bar__kinds")
    expect(kinds).to_have_attribute(
        "aria-label", arabic("Kind of paragraph", "djangojs")
    )
    # Its own direction: what is written there is English.
    expect(page.locator("#id_title")).to_have_css("direction", "ltr")


def test_the_panel_stands_to_the_left_of_the_text(desk_in_arabic, post):
    page = desk_in_arabic
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/admin/blog/post/{post.pk}/change/")
    text, panel = page.locator(".paper"), page.locator(".writing > .beside")
    text.wait_for()
    assert panel.bounding_box()["x"] < text.bounding_box()["x"]


def test_a_script_says_what_it_did_in_arabic(desk_in_arabic, post):
    page = desk_in_arabic
    page.goto("/admin/comments/comment/?state=pending")
    page.locator("tr.row").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("h")
    expect(page.locator(".told")).to_contain_text(
        arabic("That can be held again once it is spam or in the trash.", "djangojs")
    )


def test_titles_in_arabic_begin_on_the_right(desk_in_arabic):
    page = desk_in_arabic
    page.goto("/admin/blog/post/add/")
    page.locator(EDITOR).wait_for()
    page.fill("#id_title", "محادثات بلا تقدم")
    expect(page.locator("#id_title")).to_have_css("direction", "rtl")
    page.fill("#id_title", "")


def test_places_of_the_editor_that_are_empty_yet_do(desk_in_arabic, alice):
    post = make_post(body="<p>x</p><!--more--><p>y</p>", author=alice)
    page = desk_in_arabic
    page.goto(f"/admin/blog/post/{post.pk}/change/")
    page.locator(EDITOR).wait_for()
    shown = "mark => getComputedStyle(mark, '::after').content"
    said = page.locator(f"{EDITOR} hr.more").evaluate(shown)
    assert said == f'"{arabic("more", "djangojs")}"'


def test_on_a_phone_the_list_says_what_it_counts(desk_in_arabic, post):
    page = desk_in_arabic
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/admin/blog/post/")
    said = page.locator(".field-conversation")
    expect(said).to_contain_text(f"{arabic('Comments')}: ")
    shown = "cell => getComputedStyle(cell, '::after').content"
    assert said.evaluate(shown) == "none"
