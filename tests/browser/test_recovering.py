"""Whatever ends it, what was typed is there again: tab, server, session, computer."""

from contextlib import suppress

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Error, Page, expect

from blog.models import Post, WorkingCopy
from tests.browser.editor import TEXT
from tests.browser.saving import save
from tests.builders import make_category, make_post

ADD = "/admin/blog/post/add/"
KEPT_HERE = "Object.keys(localStorage).some((key) => key.endsWith(':about'))"


@pytest.fixture
def post(alice):
    return make_post("As it was", author=alice, body="<p>Begun.</p>")


def address(post):
    return f"/admin/blog/post/{post.pk}/change/"


def type_text(page: Page, words: str) -> None:
    page.click(TEXT)
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def text_of(page: Page):
    return page.locator(TEXT)


def kept_here(page: Page, words: str) -> None:
    """Wait until this computer keeps `words`."""
    page.wait_for_function(
        "(words) => Object.values(localStorage).some((value) => value.includes(words))",
        arg=words,
    )


def kept_there(page: Page) -> None:
    expect(page.locator(".save-status")).to_contain_text("on the server")


def kill(page: Page) -> Page:
    """End the process of a tab, as a crash does; a new tab of the same browser."""
    page.on("dialog", lambda dialog: dialog.accept())
    with suppress(Error):
        page.goto("chrome://crash")
    return page.context.new_page()


def take_over(page: Page) -> None:
    """A window that died holds the post for a while; so does one without a session."""
    page.get_by_role("button", name="Take over").click()


def restore(page: Page) -> None:
    page.get_by_role("button", name="Restore it").click()
    page.wait_for_selector("[data-unsaved]", state="attached")
    page.wait_for_selector(TEXT)
    page.wait_for_selector("form[data-lock=own]")


def test_a_tab_killed_in_the_middle_of_a_sentence_comes_back(desk, post):
    news = make_category("News")
    desk.goto(address(post))
    desk.check(f"input[name=categories][value='{news.pk}']", force=True)
    desk.locator("[name=excerpt]").evaluate("field => field.value = 'In short.'")
    type_text(desk, " And then, in the mid")
    kept_here(desk, "And then, in the mid")
    page = kill(desk)
    page.goto(address(post))
    take_over(page)
    expect(page.locator(".offer")).to_contain_text("is on this computer")
    expect(text_of(page)).to_have_text("Begun.")
    restore(page)
    expect(text_of(page)).to_have_text("Begun. And then, in the mid")
    expect(page.locator("[name=excerpt]")).to_have_value("In short.")
    expect(page.locator("input[name=categories]:checked")).to_have_value(str(news.pk))
    save(page, "_save")
    post.refresh_from_db()
    assert post.body == "<p>Begun. And then, in the mid</p>"
    assert list(post.categories.all()) == [news]
    expect(page.locator(".unsaved")).to_have_text("")
    page.wait_for_function(f"() => !({KEPT_HERE})")


def test_another_computer_goes_on_where_this_one_stopped(
    desk, open_browser, live_server, post
):
    desk.goto(address(post))
    type_text(desk, " On the first computer.")
    kept_there(desk)
    session = desk.context.cookies()
    desk.close()
    other = open_browser()
    other.context.add_cookies(session)
    other.goto(address(post))
    expect(other.locator(".offer")).to_contain_text("on another computer")
    other.get_by_role("link", name="Restore it").click()
    other.wait_for_url("**?key=*")
    expect(text_of(other)).to_have_text("Begun. On the first computer.")
    type_text(other, " And on.")
    kept_there(other)
    assert WorkingCopy.objects.get().value("body").endswith("And on.</p>")
    post.refresh_from_db()
    assert post.body == "<p>Begun.</p>"


def test_what_waits_to_be_chosen_is_not_written_over(desk, alice, post):
    fields = {"title": ["Before"], "body": ["<p>Of yesterday.</p>"], "window": ["old"]}
    WorkingCopy.objects.create(writer=alice, post=post, fields=fields)
    desk.goto(address(post))
    type_text(desk, " Meanwhile.")
    expect(desk.locator(".save-status")).to_contain_text("as soon as you have chosen")
    assert WorkingCopy.objects.get().title == "Before"
    desk.get_by_role("button", name="Forget it").click()
    kept_there(desk)
    expect(desk.locator(".offer")).to_have_count(0)
    assert "Meanwhile." in WorkingCopy.objects.get().value("body")


def test_a_server_that_is_gone_is_named_and_gets_it_when_it_is_back(desk, post):
    desk.goto(address(post))
    desk.route("**/autosave/", lambda route: route.abort())
    type_text(desk, " Alone.")
    expect(desk.locator(".save-status")).to_contain_text("The server does not answer")
    kept_here(desk, "Alone.")
    desk.unroute("**/autosave/")
    kept_there(desk)
    assert "Alone." in WorkingCopy.objects.get().value("body")


def test_a_lost_session_is_named_and_goes_on_after_the_login(desk, post, alice):
    desk.goto(address(post))
    Session.objects.all().delete()
    type_text(desk, " Logged out.")
    expect(desk.locator(".save-status")).to_contain_text("You are logged out.")
    tab = desk.context.new_page()
    tab.goto("/admin/login/")
    tab.fill("[name=username]", "alice")
    tab.fill("[name=password]", "pw")
    tab.click("[type=submit]")
    tab.wait_for_url("**/admin/")
    desk.bring_to_front()
    kept_there(desk)
    assert "Logged out." in WorkingCopy.objects.get().value("body")
    # The token of the new login goes along.
    save(desk, "_save")
    post.refresh_from_db()
    assert post.body == "<p>Begun. Logged out.</p>"


def test_a_form_sent_without_a_session_is_offered_after_the_login(desk, post):
    desk.goto(address(post))
    type_text(desk, " Sent in vain.")
    Session.objects.all().delete()
    desk.click("[name=_save]")
    desk.wait_for_selector("[name=username]")
    desk.fill("[name=username]", "alice")
    desk.fill("[name=password]", "pw")
    desk.click("[type=submit]")
    desk.wait_for_selector(TEXT)
    expect(desk.locator(".offer").first).to_contain_text("is on this computer")
    restore(desk)
    expect(text_of(desk)).to_have_text("Begun. Sent in vain.")


def test_two_windows_do_not_eat_each_others_words(desk, post):
    desk.goto(address(post))
    type_text(desk, " Of the first.")
    kept_there(desk)
    second = desk.context.new_page()
    second.add_init_script("sessionStorage.clear()")
    second.goto(address(post))
    # What an open window of this computer keeps is no leftover.
    expect(second.locator(".offer")).to_have_count(1)
    assert "Of the first." in WorkingCopy.objects.get().value("body")


def test_a_new_post_has_an_address_before_it_is_saved(desk):
    desk.goto(ADD)
    desk.fill("#id_title", "Half a thought")
    type_text(desk, "Words.")
    kept_there(desk)
    desk.wait_for_url("**?key=*")
    found = desk.url
    page = kill(desk)
    page.goto(found)
    expect(page.locator("#id_title")).to_have_value("Half a thought")
    expect(text_of(page)).to_have_text("Words.")
    save(page)
    assert Post.objects.get().title == "Half a thought"
    assert not WorkingCopy.objects.exists()
    page.wait_for_function(f"() => !({KEPT_HERE})")


def test_a_browser_that_keeps_nothing_is_named_and_the_server_keeps(desk, post):
    desk.add_init_script(
        """const set = Storage.prototype.setItem;
        Storage.prototype.setItem = function (name, value) {
          if (this === localStorage) throw new DOMException("", "QuotaExceededError");
          set.call(this, name, value);
        };"""
    )
    desk.goto(address(post))
    type_text(desk, " Only there.")
    expect(desk.locator(".save-status")).to_contain_text("This computer keeps nothing")
    kept_there(desk)
    assert "Only there." in WorkingCopy.objects.get().value("body")
