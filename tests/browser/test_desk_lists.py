"""The lists of the desk fit the screen they are looked at on."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from blog.models import MissedAddress
from comments.models import Rule
from tests.builders import make_category, make_comment, make_post, make_user

WIDE, NARROW = 1280, 360
LONG = "a-name-longer-than-any-that-somebody-would-choose-for-it"


@pytest.fixture
def filled(db):
    keeper = make_user("kit", role="Administrator")
    make_user(LONG[:30], role="Author")
    make_category("Talks", make_category("News", slug=LONG))
    Rule.objects.create(
        value=f"{LONG}.example", trait="domain", action="block", created_by=keeper
    )
    MissedAddress.objects.create(
        path=f"/wp-content/uploads/{LONG}-{LONG}.jpg",
        referrer=f"https://www.example.org/{LONG}/{LONG}",
        first_at=timezone.now() - timedelta(days=400),
    )
    return keeper


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_list_is_scrolled_sideways(desk, client, live_server, filled, width):
    client.force_login(filled)
    session = client.cookies["sessionid"].value
    desk.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    desk.set_viewport_size({"width": width, "height": 800})
    for name in ("blog/missedaddress", "blog/user", "blog/category", "comments/rule"):
        desk.goto(f"/admin/{name}/")
        row = desk.locator("#result_list tbody tr").first
        expect(row).to_be_visible()
        spare = desk.locator(".results").evaluate(
            "(e) => e.clientWidth - e.scrollWidth"
        )
        assert spare >= 0, name


def test_what_to_do_always_is_read_whole_on_a_phone(desk):
    make_comment(make_post(), author_email="ingrid@example.org")
    desk.set_viewport_size({"width": NARROW, "height": 800})
    desk.goto("/admin/comments/comment/")
    desk.get_by_text("Always…").click()
    for box in [item.bounding_box() for item in desk.locator(".rules li a").all()]:
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= NARROW
