"""A thread where JavaScript runs: answers fold, and old addresses find their page."""

import pytest
from playwright.sync_api import expect

from blog.models import SiteSettings
from tests.builders import at, make_comment, make_post

PATH = "/2006/11/30/talks/"


@pytest.fixture
def post(db):
    return make_post("Talks", published_at=at("2006-11-30 12:00"))


def test_answers_fold_away_and_say_how_many_they_are(open_browser, post):
    root = make_comment(post, "The root.")
    answer = make_comment(post, "An answer.", parent=root)
    deep = make_comment(post, "A deep answer.", parent=answer)
    make_comment(post, "Another root.")
    page = open_browser(viewport={"width": 360, "height": 800})
    page.goto(PATH)
    hide = page.get_by_role("button", name="Hide 2 answers")
    expect(hide).to_have_attribute("aria-expanded", "true")
    hide.focus()
    page.keyboard.press("Enter")
    show = page.get_by_role("button", name="Show 2 answers")
    expect(show).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_text("An answer.")).to_be_hidden()
    expect(page.get_by_text("A deep answer.")).to_be_hidden()
    expect(page.get_by_text("Another root.")).to_be_visible()

    page.evaluate(f"location.hash = 'comment-{deep.pk}'")
    expect(page.get_by_text("A deep answer.")).to_be_visible()
    expect(hide).to_be_visible()

    # What was folded below stays so when what is above is opened again.
    page.get_by_role("button", name="Hide 1 answer").click()
    hide.click()
    show.click()
    expect(page.get_by_text("An answer.")).to_be_visible()
    expect(page.get_by_text("A deep answer.")).to_be_hidden()


def test_all_answers_of_a_long_thread_fold_at_once(open_browser, post):
    for _ in range(6):
        make_comment(post, "An answer.", parent=make_comment(post, "A root."))
    page = open_browser()
    page.goto(PATH)
    page.get_by_role("button", name="Hide all answers").click()
    expect(page.get_by_text("An answer.").locator("visible=true")).to_have_count(0)
    page.get_by_role("button", name="Show all answers").click()
    expect(page.get_by_text("An answer.").locator("visible=true")).to_have_count(6)


def test_an_old_address_of_a_comment_finds_its_page(open_browser, post):
    SiteSettings(comments_per_page=2).save()
    comments = [make_comment(post, f"Said {number}.") for number in range(5)]
    page = open_browser()
    page.goto(f"{PATH}#comment-{comments[0].pk}")
    expect(page.get_by_text("Said 0.")).to_be_visible()
    assert page.url.endswith(f"{PATH}comment-page-1/#comment-{comments[0].pk}")


def test_an_address_of_what_was_removed_stays_on_the_post(open_browser, post):
    gone = make_comment(post, "Gone.", state="trash")
    make_comment(post, "Said.")
    page = open_browser()
    with page.expect_response(f"**/comments/{gone.pk}/"):
        page.goto(f"{PATH}#comment-{gone.pk}")
    expect(page.get_by_text("Said.")).to_be_visible()
    assert page.url.endswith(f"{PATH}#comment-{gone.pk}")


def test_folded_pings_open_for_the_address_of_one(open_browser, post):
    SiteSettings(fold_pings=True).save()
    ping = make_comment(
        post, "An excerpt.", kind="pingback", source_url="https://a.example/"
    )
    page = open_browser()
    page.goto(PATH)
    expect(page.get_by_text("An excerpt.")).to_be_hidden()
    page.goto(f"/comments/{ping.pk}/")
    expect(page.get_by_text("An excerpt.")).to_be_visible()
