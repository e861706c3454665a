"""Embeds: pasted in the editor, played on the page, and nobody asked before."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from blog.models import Embed, Post
from tests.browser.editor import TEXT, stored
from tests.browser.saving import save
from tests.builders import make_post

ADD = "/admin/blog/post/add/"
FILM = "https://www.youtube.com/watch?v=abcdefghijk"
FIGURE = '<figure class="embed"><a href="{0}">{0}</a></figure>'
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.querySelector(".ProseMirror[contenteditable]").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def know(url: str, **said) -> Embed:
    return Embed.objects.create(url=url, state="known", next_try_at=None, **said)


@pytest.fixture
def write(desk):
    """Alice with the cursor in an empty text."""
    desk.goto(ADD)
    desk.wait_for_selector(TEXT)
    desk.fill("#id_title", "With a film")
    desk.click(TEXT)
    return desk


def saved(page) -> str:
    save(page)
    return Post.objects.get().body


def test_an_address_pasted_on_an_empty_line_is_an_embed(write):
    know(FILM, title="A film", author="Ann")
    write.evaluate(PASTE, FILM)
    card = write.locator("figure.embed")
    expect(card.locator(".embed-title")).to_have_text("A film")
    expect(card).to_contain_text("plays from www.youtube-nocookie.com")
    write.keyboard.type("After it")
    card.locator("figcaption").click()
    write.keyboard.type("Seen ")
    write.keyboard.press("Control+i")
    write.keyboard.type("twice")
    with_caption = FIGURE.format(FILM).replace(
        "</figure>", "<figcaption>Seen <em>twice</em></figcaption></figure>"
    )
    assert saved(write) == f"{with_caption}<p>After it</p>"
    # What was saved the editor opens again.
    expect(write.locator("figure.embed figcaption")).to_have_text("Seen twice")


def test_with_its_button_gone_the_next_key_is_for_the_text(write):
    know(FILM)
    write.evaluate(PASTE, FILM)
    # Before the browser draws the next picture: keys may come as soon.
    focused = write.locator("text=As a link instead").evaluate(
        """(button) => {
        button.focus();
        button.click();
        return document.activeElement.className;
        }"""
    )
    assert "ProseMirror" in focused


def test_it_becomes_a_link_or_goes_with_one_press(write):
    know(FILM)
    write.evaluate(PASTE, FILM)
    write.click("text=As a link instead")
    link = f'<p><a href="{FILM}">{FILM}</a></p>'
    assert stored(write).startswith(link)
    # One step back, and it is an embed again.
    write.keyboard.press("Control+z")
    write.click("figure.embed >> text=Remove")
    expect(write.locator("figure.embed")).to_have_count(0)


def test_a_page_that_says_nothing_of_itself_stays_a_link(write, web):
    web.answers["/page"] = b"<p>Nothing.</p>"
    address = web.url("/page")
    write.evaluate(PASTE, address)
    expect(write.locator(".ProseMirror p a")).to_have_attribute("href", address)
    expect(write.locator("figure.embed")).to_have_count(0)


def test_an_address_among_words_is_no_embed(write):
    write.keyboard.type("See ")
    write.evaluate(PASTE, FILM)
    assert "embed" not in saved(write)


def test_the_button_asks_for_an_address(write):
    know(FILM, title="A film")
    write.click(".writing-bar [data-name=embed]")
    write.fill("dialog input", FILM)
    write.click("dialog [type=submit]")
    expect(write.locator("figure.embed .embed-title")).to_have_text("A film")
    assert saved(write).startswith(FIGURE.format(FILM))


def test_enter_in_a_caption_goes_on_below(write):
    know(FILM)
    write.evaluate(PASTE, FILM)
    write.click("figure.embed figcaption")
    write.keyboard.type("Caption")
    write.keyboard.press("Enter")
    write.keyboard.type("Below")
    assert "<figcaption>Caption</figcaption></figure><p>Below</p>" in saved(write)


def test_nobody_is_asked_before_the_reader_asks(open_browser, live_server):
    know(FILM, title="A film", author="Ann")
    post = make_post(body=f"<p>Look:</p>{FIGURE.format(FILM)}<p>Good.</p>")
    page = open_browser()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    player = "<!doctype html><title>Player</title><p>It plays.</p>"
    page.context.route(
        "https://www.youtube-nocookie.com/**",
        lambda route: route.fulfill(body=player, content_type="text/html"),
    )
    page.goto(post.get_absolute_url())
    button = page.get_by_role(
        "button", name="Play “A film” loads from youtube-nocookie.com"
    )
    expect(button).to_be_visible()
    own = urlsplit(live_server.url).netloc
    assert {urlsplit(url).netloc for url in asked} == {own}
    before = page.locator(".embed-stage").bounding_box()
    button.press("Enter")
    frame = page.frame_locator(".embed-stage iframe")
    expect(frame.locator("p")).to_have_text("It plays.")
    assert page.locator(".embed-stage").bounding_box() == before
    attributes = page.evaluate(
        """() => { const f = document.querySelector("iframe");
        return [f.title, f.getAttribute("sandbox"), f.src] }"""
    )
    assert attributes[0] == "A film"
    assert "allow-top-navigation" not in attributes[1]
    assert attributes[2].startswith(
        "https://www.youtube-nocookie.com/embed/abcdefghijk"
    )


def test_without_scripts_it_is_a_link(open_browser):
    know(FILM, title="A film")
    post = make_post(body=FIGURE.format(FILM))
    page = open_browser(java_script_enabled=False)
    page.goto(post.get_absolute_url())
    expect(page.locator("a.embed-card")).to_have_attribute("href", FILM)
    assert page.locator("figure.embed button").count() == 0
    assert not page.locator(".embed-stage").is_visible()
