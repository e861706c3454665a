"""The library in a browser: drop, choose, cancel, click the focal point."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog import images
from blog.models import Media
from tests.builders import make_media, picture_bytes

LIST = "/admin/blog/media/"
DROP = """([form, files]) => {
  const data = new DataTransfer();
  for (const [name, text] of files) data.items.add(new File([text], name));
  form.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def choose(page, *files):
    page.locator("#upload-files").set_input_files(
        [
            {"name": name, "mimeType": "image/jpeg", "buffer": data}
            for name, data in files
        ]
    )


def test_many_are_chosen_and_each_says_what_became_of_it(desk):
    desk.goto(LIST)
    svg = b"<svg onload='x()'></svg>"
    choose(desk, ("one.jpg", picture_bytes()), ("two.jpg", picture_bytes("PNG")))
    choose(desk, ("three.svg", svg), ("again.jpg", picture_bytes()))
    rows = desk.locator(".uploads li")
    expect(rows).to_have_count(4)
    expect(desk.locator(".uploads-told")).to_contain_text("All are done")
    expect(rows.filter(has_text="three.svg")).to_contain_text("SVG drawings are not")
    expect(desk.locator(".uploads .new, .uploads .known")).to_have_count(3)
    assert Media.objects.count() == 2
    desk.get_by_role("button", name="Show them in the library").click()
    expect(desk.locator(".library-file")).to_have_count(2)
    assert Axe().run(desk).response["violations"] == []


def test_files_are_dropped_and_what_is_too_large_is_not_sent(desk, monkeypatch):
    monkeypatch.setattr(images, "MAX_UPLOAD_BYTES", 50)
    desk.goto(LIST)
    sent = []
    desk.on("request", lambda request: sent.append(request.url))
    form = desk.locator("form.upload").element_handle()
    desk.evaluate(DROP, [form, [["book.pdf", "%PDF" * 20], ["paper.pdf", "%PDF-1.7"]]])
    expect(desk.locator(".uploads .new")).to_contain_text("It is in the library")
    expect(desk.locator(".uploads .refused")).to_contain_text("larger than")
    assert Media.objects.get().mime_type == "application/pdf"
    assert sum("/upload/" in url for url in sent) == 1


def test_an_upload_is_cancelled(desk):
    desk.goto(LIST)
    desk.route("**/media/upload/", lambda route: None)  # it never arrives
    choose(desk, ("one.jpg", picture_bytes()))
    desk.get_by_role("button", name="Cancel one.jpg").click()
    expect(desk.locator(".uploads li")).to_contain_text("nothing was stored")
    assert not Media.objects.exists()


def test_an_answer_that_is_none_is_said(desk):
    desk.goto(LIST)
    desk.route("**/media/upload/", lambda route: route.fulfill(body="<p>Resting</p>"))
    choose(desk, ("one.jpg", picture_bytes()))
    expect(desk.locator(".uploads .refused")).to_contain_text("Send it again")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_click_sets_the_focal_point(desk, width):
    media = make_media((600, 400))
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(f"{LIST}{media.pk}/change/")
    box = desk.locator(".focus-picture img").bounding_box()
    desk.locator(".focus-picture img").click(
        position={"x": box["width"] * 0.25, "y": box["height"] * 0.75}
    )
    expect(desk.locator("#id_focal_x")).to_have_value(re.compile(r"0\.2[456]"))
    expect(desk.locator("#id_focal_y")).to_have_value(re.compile(r"0\.7[456]"))
    expect(desk.locator(".focus-mark")).to_be_visible()
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.wait_for_url(f"**{LIST}")
    assert round(Media.objects.get().focal_x, 1) in (0.2, 0.3)


def test_without_scripts_several_files_go_in_one_form(open_browser, desk, live_server):
    cookies = desk.context.cookies()
    page = open_browser(java_script_enabled=False)
    page.context.add_cookies(cookies)
    page.goto(LIST)
    choose(page, ("one.jpg", picture_bytes()), ("two.jpg", picture_bytes("PNG")))
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".messagelist")).to_contain_text("two.jpg")
    assert Media.objects.count() == 2


def test_the_page_of_a_file_keeps_nobody_out(open_browser, desk):
    media = make_media()
    # Axe tries styles of its own on what lies above a picture.
    page = open_browser(bypass_csp=True)
    page.context.add_cookies(desk.context.cookies())
    page.goto(f"{LIST}{media.pk}/change/")
    assert Axe().run(page).response["violations"] == []
