"""The writing desk from end to end, as its people use it.

A killed tab is in test_recovering.py, two editors in test_two_editors.py, revisions in
test_history.py, review in test_reviewing.py.
"""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from blog import images
from blog.models import Media, Post
from tests.blog.test_admin_media import REFUSED
from tests.browser.test_editor_pictures import EDITOR, FIGURES, PASTE, drop, jpeg
from tests.builders import make_category, make_post, make_user, picture_bytes

ADD = "/admin/blog/post/add/"
CAMERA = (4000, 3000)
# More than any of the files that are refused for what they are.
LIMIT_BYTES = 20_000


@pytest.fixture
def news(transactional_db):
    return make_category("News")


@pytest.fixture
def write(desk, news) -> Page:
    """Alice on the write page, with a line written."""
    desk.goto(ADD)
    desk.locator(EDITOR).wait_for()
    desk.fill("#id_title", "Six nations")
    desk.click(EDITOR)
    desk.keyboard.type("They talked.")
    return desk


def pictures_in(page: Page):
    return page.locator(FIGURES)


def reads(page: Page, path: str) -> None:
    """Whoever opens `path` sees all of it."""
    page.goto(path)
    expect(page.get_by_role("heading", name="Six nations").first).to_be_visible()
    if path == "/":
        page.get_by_role("link", name="Six nations").first.click()
    text = page.locator("article").first
    expect(text).to_contain_text("They talked.")
    expect(text.locator("figure img")).to_have_count(2)
    for image in text.locator("figure img").all():
        image.scroll_into_view_if_needed()
        loaded = "image => image.complete && image.naturalWidth > 0"
        page.wait_for_function(loaded, arg=image.element_handle())


def test_a_post_is_written_scheduled_shown_to_a_friend_and_appears(
    write, news, open_browser, time_machine
):
    write.evaluate(PASTE, ["", [jpeg("image.png")]])
    expect(pictures_in(write)).to_have_count(1)
    drop(write, jpeg("harbour.jpg", size=(30, 30)))
    expect(pictures_in(write)).to_have_count(2)
    write.get_by_role("checkbox", name="News").check()
    write.get_by_role("combobox", name="Tags").press_sequentially("talks,")
    when = timezone.localtime() + timedelta(days=2)
    write.fill("#id_published_at", f"{when:%Y-%m-%dT10:00}")
    expect(write.locator("[name=_publish]")).to_contain_text("Schedule for")
    write.click("[name=_publish]")
    expect(write.locator(".messagelist")).to_contain_text("will appear on")
    post = Post.objects.get()
    assert post.is_scheduled
    assert (list(post.categories.all()), list(post.tags.names())) == ([news], ["talks"])

    # A friend without a login reads it; on the home page nobody does.
    friend = open_browser()
    address = write.input_value("#preview-address")
    reads(friend, urlsplit(address).path)
    reader = open_browser()
    reader.goto("/")
    expect(reader.get_by_text("Six nations")).to_have_count(0)
    assert reader.goto(post.get_absolute_url()).status == 404

    # Its time comes, and nothing else happens.
    time_machine.move_to(when.replace(hour=10, minute=0, second=1))
    reads(reader, "/")
    for path in ("/category/news/", "/tag/talks/"):
        reader.goto(path)
        expect(reader.get_by_role("link", name="Six nations").first).to_be_visible()


def test_an_author_does_not_open_what_is_anothers(open_browser, live_server, alice):
    post = make_post("Of Alice", author=alice, status=Post.Status.DRAFT)
    client = Client()
    client.force_login(make_user("anton", role="Author"))
    page = open_browser()
    session = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    page.goto("/admin/blog/post/")
    expect(page.get_by_text("Of Alice")).to_have_count(0)
    page.goto(f"/admin/blog/post/{post.pk}/change/")
    expect(page.locator(".messagelist")).to_contain_text("belongs to somebody else")
    expect(page.locator("#id_title")).to_have_count(0)
    for below in ("history/", "delete/"):
        page.goto(f"/admin/blog/post/{post.pk}/{below}")
        expect(page.get_by_text("Of Alice")).to_have_count(0)
    assert page.goto(post.get_absolute_url()).status == 404


def test_a_cameras_picture_is_taken_and_made_smaller_for_readers(
    write, run_tasks, open_browser
):
    drop(write, jpeg("camera.jpg", size=CAMERA))
    expect(pictures_in(write)).to_have_count(1)
    media = Media.objects.get()
    assert (media.width, media.height) == CAMERA
    run_tasks()
    write.click("[name=_publish]")
    expect(write.locator(".messagelist")).to_contain_text("is published")
    reader = open_browser(viewport={"width": 390, "height": 844})
    reader.goto(Post.objects.get().get_absolute_url())
    image = reader.locator("article figure img").first
    expect(image).to_have_attribute("width", str(CAMERA[0]))
    reader.wait_for_function(
        "image => image.complete && image.naturalWidth > 0", arg=image.element_handle()
    )
    shown = image.evaluate("image => image.currentSrc")
    assert shown
    assert not shown.endswith(media.file.url)


def test_what_is_no_picture_is_refused_in_words_and_leaves_nothing(
    desk, settings, monkeypatch
):
    monkeypatch.setattr(images, "MAX_UPLOAD_BYTES", LIMIT_BYTES)
    desk.goto(ADD)
    desk.fill("#id_title", "Without pictures")
    desk.click(EDITOR)
    desk.keyboard.type("Words.")
    refused = {f"{what}.jpg": told for what, told in REFUSED.items()}
    refused["large.jpg"] = (picture_bytes() + bytes(LIMIT_BYTES), "larger than")
    drop(
        desk, *([name, "image/jpeg", list(data)] for name, (data, _) in refused.items())
    )
    places = desk.locator(".uploading.is-refused")
    expect(places).to_have_count(len(refused))
    for name, (_, words) in refused.items():
        expect(places.filter(has_text=name)).to_contain_text(words)
    desk.click("[name=_draft]")
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert Post.objects.get().body == "<p>Words.</p>"
    assert not Media.objects.exists()
    assert not any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))
