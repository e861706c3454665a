"""The first page of the admin, as axe, a phone and the keyboard see it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from blog.models import Post
from tests.builders import make_comment, make_post

LONG = "Unbrokentitle" * 15


@pytest.fixture
def busy(db):
    post = make_post(LONG, published_at=timezone.now())
    make_comment(post, "x" * 300, author_name=LONG)
    make_comment(post, state="pending")
    make_post(status=Post.Status.DRAFT, published_at=None)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_too_wide(desk, busy, width, scheme):
    desk.set_viewport_size({"width": width, "height": 800})
    desk.emulate_media(color_scheme=scheme)
    desk.goto("/admin/")
    found = Axe().run(desk).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    root = "document.documentElement"
    assert desk.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


def test_a_month_is_read_as_a_table(desk, busy):
    desk.goto("/admin/")
    table = desk.get_by_role("table", name="The last twelve months")
    expect(table.get_by_role("columnheader").last).to_contain_text(
        timezone.localtime().strftime("%Y")
    )
    expect(table.get_by_role("rowheader").first).to_have_text("Posts 1 in all")
    expect(table.get_by_role("cell").nth(11)).to_have_text("1")


def test_a_thought_is_kept_by_the_keyboard_alone(desk, db):
    desk.goto("/admin/")
    desk.get_by_label("Title").focus()
    desk.keyboard.type("Bread")
    desk.keyboard.press("Tab")
    desk.keyboard.type("Flour, water, salt.")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("“Bread” is kept as a draft.")
    desk.get_by_role("link", name="Bread").last.click()
    expect(desk.locator("#id_title")).to_have_value("Bread")
