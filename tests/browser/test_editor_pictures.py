"""Pictures in the editor: dropped, pasted, chosen, described, placed, gathered."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog import images
from blog.models import Media, Post
from tests.browser.saving import save
from tests.builders import make_media, make_post, make_user, picture_bytes

ADD = "/admin/blog/post/add/"
EDITOR = ".ProseMirror[contenteditable=true]"
FIGURES = f"{EDITOR} figure.in-editor"
# A file as the desktop hands it over: on the last line of the text.
DROP = """([selector, files]) => {
  const data = new DataTransfer();
  for (const [name, type, bytes] of files)
    data.items.add(new File([Uint8Array.from(bytes)], name, { type }));
  const target = document.querySelector(selector);
  const box = target.getBoundingClientRect();
  const at = { clientX: box.left + 5, clientY: box.bottom - 3 };
  for (const name of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true, ...at }));
}"""
PASTE = """([html, files]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  for (const [name, type, bytes] of files)
    data.items.add(new File([Uint8Array.from(bytes)], name, { type }));
  document.querySelector(".ProseMirror[contenteditable=true]").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def jpeg(name="harbour.jpg", **options):
    return [name, "image/jpeg", list(picture_bytes(**options))]


@pytest.fixture
def write(desk):
    """Alice on the write page, with a line written."""
    desk.goto(ADD)
    desk.locator(EDITOR).wait_for()
    desk.fill("#id_title", "With pictures")
    desk.click(EDITOR)
    desk.keyboard.type("Before.")
    return desk


def drop(page, *files, on=f"{EDITOR} > p:last-of-type"):
    page.evaluate(DROP, [on, files])


def saved(page):
    save(page)
    return Post.objects.latest("pk").body


def tag_of(media, alt=""):
    alt = f' alt="{alt}"' if alt else ""
    return f'<img src="{media.file.url}"{alt} width="{media.width}" height="{media.height}">'


def test_a_dropped_picture_stands_where_it_was_dropped(write):
    drop(write, jpeg())
    expect(write.locator(FIGURES)).to_have_count(1)
    expect(write.locator(".uploading")).to_have_count(0)
    media = Media.objects.get()
    figure = f'<figure class="picture">{tag_of(media)}</figure>'
    assert saved(write) == f"<p>Before.</p>{figure}"
    expect(write.locator(FIGURES)).to_have_count(1)


def test_several_keep_their_order_and_undo_takes_them_away(write):
    drop(
        write, jpeg("a.jpg"), jpeg("b.jpg", size=(30, 30)), jpeg("c.jpg", size=(9, 30))
    )
    expect(write.locator(FIGURES)).to_have_count(3)
    widths = write.eval_on_selector_all(
        f"{FIGURES} img", "all => all.map((image) => image.getAttribute('width'))"
    )
    assert widths == ["40", "30", "9"]
    write.click(f"{EDITOR} > p >> nth=0")
    write.keyboard.press("Control+z")
    expect(write.locator(FIGURES)).not_to_have_count(3)


def test_a_pasted_picture_and_one_inside_pasted_html_are_uploaded(write):
    write.evaluate(PASTE, ["", [jpeg("image.png")]])
    expect(write.locator(FIGURES)).to_have_count(1)
    write.click(f"{EDITOR} > p >> nth=0")
    write.keyboard.press("End")
    data = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    html = f'<p>Words <img src="data:image/png;base64,{data}" alt="dot"> more</p>'
    write.evaluate(PASTE, [html, []])
    expect(write.locator(FIGURES)).to_have_count(2)
    body = saved(write)
    assert "data:" not in body
    assert "Words" in body
    assert Media.objects.count() == 2


def test_a_text_that_comes_with_a_picture_of_itself_stays_a_text(write):
    write.evaluate(PASTE, ["<p>From a word processor</p>", [jpeg()]])
    expect(write.locator(EDITOR)).to_contain_text("From a word processor")
    assert write.locator(".uploading").count() == 0
    assert saved(write) == "<p>Before.From a word processor</p>"
    assert not Media.objects.exists()


def test_what_is_on_its_way_is_not_saved_and_saving_waits_for_it(write):
    held = []

    def hold(route):
        held.append(route)

    write.route("**/media/upload/", hold)
    with write.expect_request("**/media/upload/"):
        drop(write, jpeg())
    place = write.locator(".uploading")
    expect(place).to_contain_text("harbour.jpg")
    write.keyboard.type(" And on.")
    expect(place.locator("progress")).to_be_visible()
    expect(write.locator("#id_body")).to_have_value("<p>Before. And on.</p>")
    write.click("[name=_draft]")
    expect(write.locator(".uploading-told")).to_contain_text("as soon as")
    assert not Post.objects.exists()
    held[0].continue_()
    write.locator(".messagelist").wait_for()
    body = Post.objects.get().body
    assert body.startswith("<p>Before. And on.</p><figure")


def test_an_upload_is_cancelled_and_saving_goes_on(write):
    write.route("**/media/upload/", lambda route: None)  # it never arrives
    drop(write, jpeg())
    write.locator(".uploading progress").wait_for()
    write.click("[name=_draft]")
    write.get_by_role("button", name="Cancel harbour.jpg").click()
    write.locator(".messagelist").wait_for()
    assert Post.objects.get().body == "<p>Before.</p>"
    assert not Media.objects.exists()


def test_leaving_asks_while_something_is_on_its_way(write):
    asked = []
    write.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    write.route("**/media/upload/", lambda route: None)
    drop(write, jpeg())
    write.locator(".uploading progress").wait_for()
    with write.expect_event("dialog"):
        write.evaluate("location.assign('/admin/')")
    expect(write.locator(".uploading")).to_be_visible()
    assert asked == ["beforeunload"]


def test_what_is_refused_says_why_and_goes_away(write, monkeypatch):
    refused = {
        "holiday.jpg": list(b"MZ\x90\x00" + bytes(300)),
        "drawing.svg": list(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
        "cut.jpg": list(picture_bytes(size=(300, 300))[:400]),
    }
    drop(write, *([name, "image/jpeg", data] for name, data in refused.items()))
    places = write.locator(".uploading.is-refused")
    expect(places).to_have_count(3)
    expect(places.filter(has_text="drawing.svg")).to_contain_text("SVG")
    for name in refused:
        write.get_by_role("button", name=f"Dismiss what is said of {name}").click()
    expect(write.locator(".uploading")).to_have_count(0)
    assert saved(write) == "<p>Before.</p>"
    assert not Media.objects.exists()


def test_what_is_too_large_is_not_sent(desk, monkeypatch):
    monkeypatch.setattr(images, "MAX_UPLOAD_BYTES", 50)
    sent = []
    desk.on("request", lambda request: sent.append(request.url))
    desk.goto(ADD)
    desk.click(EDITOR)
    drop(desk, jpeg())
    expect(desk.locator(".uploading.is-refused")).to_contain_text("larger than")
    assert not any("/upload/" in url for url in sent)


def test_who_may_not_upload_is_told_so(open_browser, client, live_server):
    client.force_login(make_user("carol", "Contributor"))
    page = open_browser()
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": cookie, "url": live_server.url}]
    )
    page.goto(ADD)
    page.click(EDITOR)
    drop(page, jpeg())
    expect(page.locator(".uploading")).to_contain_text("may not add pictures")
    expect(page.locator("[data-name=picture]")).to_be_hidden()


def test_pictures_are_chosen_from_the_library(write):
    first = make_media(alt="A ferry", caption="The ferry", credit="Dmitri")
    make_media(title="Evening")
    write.click("[data-name=picture]")
    dialog = write.get_by_role("dialog")
    expect(dialog.locator("li")).to_have_count(2)
    dialog.get_by_label("Search the library").fill("ferry")
    expect(dialog.locator("li")).to_have_count(1)
    write.keyboard.press("Tab")
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Use it").click()
    expect(dialog).to_have_count(0)
    caption = "<figcaption>The ferry · Dmitri</figcaption>"
    figure = f'<figure class="picture">{tag_of(first, "A ferry")}{caption}</figure>'
    assert figure in saved(write)


def test_the_dialog_takes_files_and_is_left_by_escape(write):
    write.click("[data-name=picture]")
    dialog = write.get_by_role("dialog")
    expect(dialog).to_contain_text("no picture in the library yet")
    file = {"name": "new.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
    dialog.locator("input[type=file]").set_input_files(file)
    expect(dialog.get_by_role("checkbox")).to_be_checked()
    expect(dialog).not_to_contain_text("no picture in the library yet")
    write.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert saved(write) == "<p>Before.</p>"


def test_neither_a_picture_nor_the_dialog_keeps_anybody_out(open_browser, desk):
    # Axe tries styles of its own.
    page = open_browser(bypass_csp=True)
    page.context.add_cookies(desk.context.cookies())
    make_media()
    page.goto(ADD)
    page.click("[data-name=picture]")
    page.get_by_role("dialog").get_by_role("checkbox").check()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Use it").click()
    page.locator(f"{FIGURES} img").click()
    expect(page.locator(".picture-bar")).to_be_visible()
    assert Axe().run(page).response["violations"] == []


def test_a_picture_is_described_captioned_placed_and_linked(write):
    drop(write, jpeg())
    write.get_by_role("button", name="Describe it").click()
    write.keyboard.type("A harbour")
    write.get_by_label("Place").select_option("left")
    write.get_by_label("Leads to").fill("/about/")
    write.keyboard.press("Escape")
    write.keyboard.press("ArrowDown")
    write.keyboard.type("At dusk")
    write.keyboard.press("Enter")
    write.keyboard.type("After.")
    # The text beside it leaves it within reach.
    write.locator(f"{FIGURES} img").click()
    expect(write.locator(".picture-bar")).to_be_visible()
    media = Media.objects.get()
    assert saved(write) == (
        '<p>Before.</p><figure class="picture align-left"><a href="/about/">'
        f'<img src="{media.file.url}" width="40" height="20" alt="A harbour"></a>'
        "<figcaption>At dusk</figcaption></figure><p>After.</p>"
    )


def test_a_decoration_needs_no_words(write):
    drop(write, jpeg())
    write.locator(f"{FIGURES} img").click()
    write.get_by_label("Decoration, needs none").check()
    expect(write.locator(".picture-nag")).to_be_hidden()
    assert 'alt=""' in saved(write)


def test_pictures_are_gathered_and_change_places(write):
    drop(write, jpeg("a.jpg"), jpeg("b.jpg", size=(30, 30)))
    expect(write.locator(FIGURES)).to_have_count(2)
    write.locator(f"{FIGURES} img").first.click()
    write.get_by_role("button", name="Make a gallery").click()
    expect(write.locator(f"{EDITOR} figure.gallery > figure")).to_have_count(2)
    write.get_by_role("button", name="Later").click()
    wide, square = Media.objects.order_by("-width")
    figures = [
        f'<figure class="picture">{tag_of(media)}</figure>' for media in (square, wide)
    ]
    gallery = f'<figure class="gallery">{"".join(figures)}</figure>'
    assert saved(write) == f"<p>Before.</p>{gallery}"
    write.locator(f"{FIGURES} img").first.click()
    write.get_by_role("button", name="Out of the gallery").click()
    write.locator(f"{FIGURES} img").first.click()
    write.get_by_role("button", name="Remove").click()
    expect(write.locator(f"{EDITOR} figure.gallery")).to_have_count(0)
    assert saved(write) == f"<p>Before.</p>{figures[0]}"


def test_a_picture_is_replaced_and_deleted_by_keys(write):
    drop(write, jpeg())
    expect(write.locator(FIGURES)).to_have_count(1)
    other = make_media()
    write.locator(f"{FIGURES} img").click()
    write.keyboard.press("Tab")
    write.get_by_role("button", name="Replace").click()
    write.get_by_role("dialog").get_by_role("radio").first.check()
    write.keyboard.press("Enter")
    expect(write.locator(f"{FIGURES} img")).to_have_attribute("src", other.file.url)
    write.locator(f"{FIGURES} img").click()
    write.keyboard.press("Backspace")
    assert saved(write) == "<p>Before.</p>"


@pytest.mark.parametrize("width", [1280, 390])
def test_the_featured_picture_is_chosen_and_taken_away(desk, width):
    media = make_media(alt="A ferry")
    post = make_post()
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(f"/admin/blog/post/{post.pk}/change/")
    desk.locator("summary", has_text="Featured image").click()
    field = desk.locator(".media-input:has([name=featured_image])")
    field.get_by_role("button", name=re.compile("Choose a picture")).click()
    desk.get_by_role("dialog").get_by_role("radio").check()
    desk.get_by_role("button", name="Use it").click()
    expect(field.get_by_role("img")).to_have_attribute("alt", "A ferry")
    save(desk, "_save")
    post.refresh_from_db()
    assert post.featured_image == media
    field.get_by_role("button", name="Remove").click()
    save(desk, "_save")
    expect(field.get_by_role("button", name="Remove")).to_be_hidden()
    post.refresh_from_db()
    assert post.featured_image is None
