"""What axe says of the desk: its first page, its lists, light and dark, wide and small."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.builders import make_category, make_comment, make_page, make_post

PAGES = [
    "profile/",
    "",
    "mails/",
    "blog/post/",
    "blog/post/?q=talks",
    "blog/post/deleted/",
    "blog/page/",
    "blog/category/",
    "blog/category/add/",
    "blog/tag/",
    "blog/media/",
    "blog/media/?view=list",
    "comments/comment/",
    "comments/decision/",
    "comments/incomingping/?q=x",
    "comments/outgoingping/",
    "comments/rule/",
    "blog/redirect/",
    "blog/user/",
    "blog/sitesettings/1/change/",
]
KINDS = [
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"},
]


@pytest.fixture
def some_of_all(alice):
    alice.is_superuser = True
    alice.save()
    news = make_category("News")
    make_category("Asia", parent=news)
    post = make_post("The talks", author=alice, categories=[news], tags=["china"])
    make_comment(post)
    make_page("About")


@pytest.mark.parametrize("kind", KINDS, ids=["wide-light", "small-dark"])
def test_axe_finds_nothing(open_browser, live_server, client, alice, some_of_all, kind):
    client.force_login(alice)
    # Axe is a script of its own, which the policy of the page would refuse.
    page = open_browser(bypass_csp=True, **kind)
    session = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    found = []
    for path in PAGES:
        page.goto(f"/admin/{path}")
        for violation in Axe().run(page).response["violations"]:
            node = violation["nodes"][0]["html"]
            found.append((path, violation["id"], node))
    assert found == []
