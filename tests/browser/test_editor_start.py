"""The editor comes as a whole or not at all: the text can be written either way."""

import pytest
from playwright.sync_api import expect

from blog.models import Post
from tests.browser.editor import TEXT
from tests.browser.saving import save
from tests.builders import make_post

PICTURE = (
    '<figure class="picture"><img src="/media/a.jpg" alt="A boat">'
    "<figcaption>At sea</figcaption></figure>"
)
BROKEN = """
import { Extension } from "django-prose-editor/editor";
export const More = Extension.create({
  name: "more", addProseMirrorPlugins() { throw new Error("broken") } });
"""


@pytest.fixture
def post(alice):
    return make_post("Talks", author=alice, body=f"<p>As it was.</p>{PICTURE}")


def open_post(page, post):
    page.goto(f"/admin/blog/post/{post.pk}/change/")


@pytest.mark.parametrize("part", ["picture", "start", "at-rest"])
def test_without_one_of_its_parts_the_field_is_there(desk, post, part):
    desk.route(f"**/blog/editor/{part}*.js", lambda route: route.abort())
    open_post(desk, post)
    field = desk.get_by_role("textbox", name="Text", exact=True)
    expect(field).to_have_value(post.body)
    if part != "start":
        expect(desk.get_by_role("alert")).to_contain_text("could not be loaded")
    field.fill(post.body.replace("As it was", "As it is"))
    save(desk, "_save")
    assert Post.objects.get().body == f"<p>As it is.</p>{PICTURE}"


def test_an_editor_that_fails_gives_its_field_back(desk, post):
    desk.route(
        "**/blog/editor/more*.js",
        lambda route: route.fulfill(
            content_type="text/javascript",
            body=BROKEN,
        ),
    )
    open_post(desk, post)
    expect(desk.get_by_role("alert")).to_contain_text("could not be loaded")
    field = desk.get_by_role("textbox", name="Text", exact=True)
    expect(field).to_have_value(post.body)
    field.fill("<p>Written all the same.</p>")
    save(desk, "_save")
    assert Post.objects.get().body == "<p>Written all the same.</p>"


def test_who_began_before_it_came_goes_on_in_it(desk):
    held = []
    desk.route("**/blog/editor/more*.js", lambda route: held.append(route))  # noqa: PLW0108
    with desk.expect_request("**/blog/editor/more*.js"):
        desk.goto("/admin/blog/post/add/", wait_until="commit")
    desk.fill("#id_title", "Early")
    desk.click("#id_body")
    desk.keyboard.type("First,")
    held[0].continue_()
    desk.wait_for_selector(TEXT)
    desk.keyboard.type(" and last")
    save(desk)
    assert Post.objects.get().body == "<p>First, and last</p>"
