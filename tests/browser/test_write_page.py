"""The write page as a place: its panel, its keys, the text alone; and what axe finds."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog.models import Page, Post
from tests.browser.editor import TEXT
from tests.builders import make_category, make_page, make_post

ADD = "/admin/blog/post/add/"
Status = Post.Status
SCREENS = [(1280, "light"), (1280, "dark"), (768, "light"), (390, "dark")]


@pytest.fixture
def write(desk):
    """Alice on the empty write page, when all of it works."""
    desk.goto(ADD)
    desk.wait_for_selector(TEXT)
    return desk


def saved(page):
    page.wait_for_selector(".messagelist .success")


def tab_to(page, control):
    """Press Tab until it has the focus; a hundred steps lead past everything."""
    for _ in range(100):
        if control.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there")


# --- By keyboard


def test_a_post_is_written_filed_scheduled_and_saved_without_a_mouse(write):
    make_category("Asia")
    write.reload()
    write.wait_for_selector(TEXT)
    expect(write.locator("#id_title")).to_be_focused()
    write.keyboard.type("Written by hand")
    write.keyboard.press("Enter")
    expect(write.locator(TEXT)).to_be_focused()
    write.keyboard.type("Words.")
    write.keyboard.press("Control+s")
    saved(write)
    post = Post.objects.get()
    assert (post.title, post.body) == ("Written by hand", "<p>Words.</p>")
    assert post.status == Status.DRAFT

    write.wait_for_selector(TEXT)
    date = write.locator("#id_published_at")
    tab_to(write, date)
    date.fill("2999-12-03T10:00")
    tab_to(write, write.get_by_role("checkbox", name="Asia"))
    write.keyboard.press("Space")
    publish = write.get_by_role("button", name="Schedule for 3 December 2999, 10:00")
    publish.focus()
    write.keyboard.press("Enter")
    saved(write)
    post.refresh_from_db()
    assert post.is_scheduled
    assert [category.name for category in post.categories.all()] == ["Asia"]


def test_what_follows_enter_in_the_title_stands_in_the_text_at_once(write):
    write.evaluate(
        """() => {
          const press = { key: "Enter", bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new KeyboardEvent("keydown", press));
          document.execCommand("insertText", false, "T");
        }"""
    )
    expect(write.locator(TEXT)).to_have_text("T")
    expect(write.locator("#id_title")).to_have_value("")


def test_what_is_typed_goes_along_to_the_html_and_back(write):
    write.fill("#id_title", "Both ways")
    write.locator(TEXT).click()
    write.keyboard.type("One.")
    write.get_by_role("link", name="Write as HTML").click()
    source = write.locator("#id_body.body-html")
    expect(source).to_have_value("<p>One.</p>")
    expect(write.locator("#id_title")).to_have_value("Both ways")
    source.fill("<p>One.</p>\n\nTwo.")
    write.get_by_role("link", name="Back to the editor").click()
    expect(write.locator(f"{TEXT} p")).to_have_text(["One.", "Two."])
    write.keyboard.press("Control+s")
    saved(write)
    assert Post.objects.get().title == "Both ways"


def test_saving_by_key_leaves_a_public_post_public(desk):
    post = make_post("Before")
    desk.goto(f"/admin/blog/post/{post.pk}/change/")
    desk.wait_for_selector(TEXT)
    desk.fill("#id_title", "After")
    desk.keyboard.press("Control+s")
    saved(desk)
    post.refresh_from_db()
    assert (post.title, post.status) == ("After", Status.PUBLISHED)


def test_the_list_of_keys_names_them_all(write):
    write.locator(TEXT).focus()
    write.keyboard.press("Control+/")
    keys = write.get_by_role("dialog", name="Keys")
    for line in ("Save draft", "Full screen", "Link", "More mark", "This list"):
        expect(keys.locator("dt", has_text=line).first).to_be_visible()
    expect(keys).to_contain_text("Ctrl+S")
    write.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect(write.locator(TEXT)).to_be_focused()


# --- The text alone


def test_the_text_stands_alone_and_the_panel_comes_back(write):
    panel = write.get_by_role("region", name="Beside the text")
    write.get_by_role("button", name="Full screen", exact=True).click()
    expect(panel).to_be_hidden()
    expect(write.locator("#header")).to_be_hidden()
    expect(write.locator(TEXT)).to_be_focused()
    write.keyboard.type("Nothing else here")
    write.keyboard.press("Escape")
    expect(panel).to_be_visible()
    expect(write.locator(TEXT)).to_have_text("Nothing else here")
    write.keyboard.press("Control+Shift+f")
    expect(panel).to_be_hidden()
    write.keyboard.press("Control+s")
    saved(write)
    assert Post.objects.get().body == "<p>Nothing else here</p>"


# --- The panel


def test_what_was_opened_stays_open(write):
    excerpt = write.get_by_label("Excerpt")
    expect(excerpt).to_be_hidden()
    write.locator("#section-excerpt summary").click()
    expect(excerpt).to_be_visible()
    write.locator("#section-publish summary").click()
    write.reload()
    write.wait_for_selector(TEXT)
    expect(excerpt).to_be_visible()
    expect(write.locator("#id_published_at")).to_be_hidden()


def test_the_buttons_stay_in_sight(write):
    for width in (1280, 390):
        write.set_viewport_size({"width": width, "height": 600})
        for _ in range(4):
            write.mouse.wheel(0, 900)
        expect(write.locator("[name=_publish]")).to_be_in_viewport()


def test_a_password_is_asked_for_where_it_was_chosen(open_browser, desk):
    for scripts in (True, False):
        page = open_browser(java_script_enabled=scripts)
        page.context.add_cookies(desk.context.cookies())
        page.goto(ADD)
        password = page.locator("#id_password")
        expect(password).to_be_hidden()
        page.get_by_label("With a password").check()
        expect(password).to_be_visible()


def test_without_scripts_it_is_written_and_published(open_browser, desk):
    page = open_browser(java_script_enabled=False)
    page.context.add_cookies(desk.context.cookies())
    page.goto(ADD)
    expect(page.get_by_role("button", name="Preview")).to_have_count(0)
    assert page.locator("#id_body").bounding_box()["width"] > 500
    page.goto(f"{ADD}?html=1")
    page.fill("#id_title", "By hand")
    page.fill("#id_body", "One.\n\nTwo.")
    page.locator("#section-excerpt summary").click()
    page.fill("#id_excerpt", "In short")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("is published")
    page.locator(".more-actions summary").click()
    page.get_by_role("button", name="Withdraw to draft").click()
    expect(page.locator(".messagelist")).to_contain_text("is saved as a draft")
    assert Post.objects.get().excerpt == "In short"


# --- As axe sees it


def look(page):
    # The bar for the place the cursor is in goes when the editor knows that place.
    expect(page.locator(".writing-bar__context")).to_be_hidden()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:300]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_finds_nothing_and_nothing_is_too_wide(open_browser, desk, width, scheme):
    make_category("Asia")
    post = make_post("x" * 200, body="<p>Words.</p>", status=Status.DRAFT)
    about = make_page("About")
    # axe writes styles into the page, which the policy would report.
    options = {"color_scheme": scheme, "bypass_csp": True}
    page = open_browser(viewport={"width": width, "height": 800}, **options)
    page.context.add_cookies(desk.context.cookies())
    addresses = [ADD, "/admin/blog/page/add/"]
    addresses += [f"/admin/blog/post/{post.pk}/change/"]
    addresses += [f"/admin/blog/page/{about.pk}/change/"]
    for address in addresses:
        page.goto(address)
        page.wait_for_selector(TEXT)
        for section in page.locator(".panel > .section").all():
            section.evaluate("(section) => (section.open = true)")
        look(page)
    page.goto(ADD)
    page.wait_for_selector(TEXT)
    page.get_by_label("With a password").check()
    page.locator("[name=_publish]").click()
    expect(page.get_by_role("alert")).to_contain_text("Type the password")
    expect(page.locator("#id_password")).to_have_attribute("aria-invalid", "true")
    look(page)
    page.keyboard.press("Control+/")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    look(page)


def test_a_very_long_title_fits_the_smallest_phone(desk):
    page = make_page("y" * 200)
    desk.set_viewport_size({"width": 320, "height": 600})
    desk.goto(f"/admin/blog/page/{page.pk}/change/")
    desk.wait_for_selector(TEXT)
    title = "document.querySelector('#id_title')"
    assert desk.evaluate(f"{title}.scrollHeight - {title}.clientHeight") <= 1
    assert desk.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    desk.fill("#id_title", "Short")
    desk.keyboard.press("Control+s")
    saved(desk)
    assert Page.objects.get().title == "Short"
