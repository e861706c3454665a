"""The whole way of a comment where no script runs: error, preview, post, edit, withdraw."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog.models import SiteSettings
from comments import owning
from comments.models import Comment
from tests.browser.test_responding import PATH, fill, send, text_of
from tests.builders import at, make_comment, make_post


def test_a_comment_from_the_first_error_to_its_withdrawal(open_browser):
    SiteSettings(hold_first=False).save()
    post = make_post("Talks", published_at=at("2006-11-30 12:00"))
    make_comment(post, "The first word.", author_name="PatternRec")
    page = open_browser(java_script_enabled=False)
    page.goto(PATH)
    page.get_by_role("link", name="Reply to PatternRec", exact=True).click()
    text_of(page).fill("Some *words*")
    send(page)
    expect(page.get_by_text("Please give a name")).to_be_visible()
    expect(text_of(page)).to_have_value("Some *words*")

    page.get_by_role("button", name="Preview").click()
    shown = page.get_by_role("region", name="This is how it will look")
    expect(shown.locator("em")).to_have_text("words")
    expect(text_of(page)).to_have_value("Some *words*")
    fill(page, Name="Anna", E_mail="anna@example.org")
    send(page)
    reply = Comment.objects.latest("pk")
    assert reply.parent.author_name == "PatternRec"

    page.get_by_role("link", name="Edit or withdraw").click()
    text_of(page).fill("Other words")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".response").get_by_text("Other words")).to_be_visible()

    page.get_by_role("link", name="Edit or withdraw").click()
    page.get_by_role("button", name="Withdraw it …").click()
    page.get_by_role("button", name="Withdraw it").click()
    page.get_by_role("link", name="Back to “Talks”").click()
    expect(page.get_by_text("Other words")).to_have_count(0)
    reply.refresh_from_db()
    assert reply.state == Comment.State.TRASH
    assert page.context.cookies() == []


def test_the_pages_of_ones_own_comment_are_accessible(open_browser, live_server):
    post = make_post("Talks", published_at=at("2006-11-30 12:00"))
    comment = make_comment(post, "z" * 300, created_at=at("2999-01-01 12:00"))
    own = f"/comments/own/{owning.sign(comment)}/"
    page = open_browser(viewport={"width": 320, "height": 700}, color_scheme="dark")

    def look():
        violations = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in violations] == []
        wide = "document.documentElement.scrollWidth - innerWidth"
        assert page.evaluate(wide) <= 0

    page.goto(own)
    look()
    text_of(page).fill("")
    page.get_by_role("button", name="Save").click()
    look()
    page.get_by_role("button", name="Withdraw it …").click()
    look()
    page.get_by_role("button", name="Withdraw it").click()
    look()
    page.goto(own)
    look()
    page.goto(PATH)
    text_of(page).fill("Without a name")
    page.get_by_text("Preview").click()
    send(page)
    expect(page.get_by_text("Please give a name")).to_be_visible()
    look()
