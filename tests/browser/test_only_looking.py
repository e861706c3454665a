"""Who opens a post, looks and leaves has changed nothing, whatever the editor makes of it."""

import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect
from reversion.models import Version

from blog import working_copies
from blog.admin.body import fits_editor
from blog.models import Post, WorkingCopy
from blog.models.unsaved import EditLock
from tests.blog.test_admin_body import KEPT
from tests.browser.conftest import PATIENCE_MS
from tests.browser.editor import TEXT
from tests.browser.saving import save
from tests.builders import make_post, make_user

HELD = "form[data-lock=own]"
# The editor writes each of these in another way.
OLD_MARKUP = """
<P>It&#8217;s <B>old</B>, <I>caf&eacute;</I> &amp; <A HREF='/x' >&quot;y&quot;</A>&nbsp;</P>

<p>One<br />
two</p>
<!-- more -->
<ul><li>a</li></ul>
"""
# Below a table at the very end, Ctrl End makes a line to go on in.
BODIES = ["\n".join([*KEPT, "<p>The end.</p>"]), OLD_MARKUP]


def address(post):
    return f"/admin/blog/post/{post.pk}/change/"


def open_to_write(page: Page, post: Post) -> None:
    page.goto(address(post))
    page.wait_for_selector(TEXT if fits_editor(post.body) else ".body-html")
    page.wait_for_selector(HELD)


def locked_by(post: Post, holder) -> None:
    """Somebody's window is open; whoever comes now meets a frozen form."""
    EditLock.objects.update_or_create(
        post=post,
        defaults={"holder": holder, "window": "elsewhere", "seen_at": timezone.now()},
    )


@pytest.fixture
def asked(desk):
    """The questions the browser asks on leaving."""
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    return asked


def looked_and_left(page: Page, asked: list[str]) -> None:
    page.goto("/admin/blog/post/")
    expect(page.locator("#result_list")).to_be_visible()
    expect(page.locator(".being-written")).to_have_count(0)
    until = time.monotonic() + PATIENCE_MS / 1000
    while any(lock.is_live for lock in EditLock.objects.all()):
        assert time.monotonic() < until, "The farewell did not arrive."
        page.reload()
    assert asked == []
    assert not WorkingCopy.objects.filter(is_kept=False).exists()
    assert page.evaluate("Object.keys(localStorage)") == []


@pytest.mark.parametrize("body", BODIES, ids=["what it keeps", "old markup"])
def test_a_look_at_markup_of_another_hand_leaves_no_trace(desk, asked, alice, body):
    assert fits_editor(body)
    post = make_post("Talks", author=alice, body=body)
    locked_by(post, make_user("dmitri", role="Editor"))
    desk.goto(address(post))
    desk.wait_for_selector(TEXT)
    # Frozen, and set free again.
    desk.get_by_role("button", name="Take over").click()
    desk.wait_for_selector(HELD)
    desk.click(TEXT)
    desk.keyboard.press("Control+End")
    looked_and_left(desk, asked)
    open_to_write(desk, post)
    expect(desk.locator(".offer")).to_have_count(0)
    save(desk, "_save")
    post.refresh_from_db()
    assert post.body == body


def test_a_look_at_each_post_that_moved_in_leaves_no_trace(desk, asked):
    call_command("loaddata", "fixtures/documents.json", verbosity=0)
    make_post(
        "With lines", body="<p>a</p>\n<p>b</p>", excerpt="Two\nlines.", tags=["b", "a"]
    )
    posts = list(Post.objects.posts())
    assert len(posts) > 5
    dmitri = make_user("dmitri", role="Editor")
    for post in posts:
        locked_by(post, dmitri)
        desk.goto(address(post))
        desk.get_by_role("button", name="Take over").click()
        desk.wait_for_selector(HELD)
        looked_and_left(desk, asked)


def test_what_is_undone_is_as_it_came(desk, asked, alice):
    post = make_post("Talks", author=alice, body=OLD_MARKUP)
    open_to_write(desk, post)
    desk.click(TEXT)
    desk.keyboard.type("Typed by mistake")
    desk.wait_for_function(
        "() => document.querySelector('#id_body').value.includes('mistake')"
    )
    desk.keyboard.press("Control+z")
    desk.wait_for_function(
        "() => !document.querySelector('#id_body').value.includes('mistake')"
    )
    desk.fill("#id_title", "Talks again")
    save(desk, "_save")
    post.refresh_from_db()
    assert (post.title, post.body) == ("Talks again", OLD_MARKUP)
    assert asked == []


def test_saving_what_was_only_looked_at_makes_no_revision(desk, alice):
    body = "<p>a</p>\n<!-- more -->\n<p>b</p>"
    post = make_post("Talks", author=alice, body=body, excerpt="Two\nlines.")
    for _ in range(2):
        open_to_write(desk, post)
        save(desk, "_save")
    # The state before the first save, which is also the one after both.
    assert Version.objects.get_for_object(post).count() == 1
    post.refresh_from_db()
    assert (post.body, post.excerpt) == (body, "Two\nlines.")
    assert timezone.now() - post.updated_at < timedelta(hours=1)


def test_a_look_at_the_source_or_at_changes_that_wait_leaves_no_trace(
    desk, asked, alice
):
    post = make_post("Talks", author=alice, body=OLD_MARKUP)
    desk.goto(f"{address(post)}?html=1")
    desk.wait_for_selector(HELD)
    desk.click(".body-html")
    looked_and_left(desk, asked)
    fields = {"title": ["Talks again"], "body": [OLD_MARKUP], "as_html": ["0"]}
    working_copies.keep_changes(post, alice, fields)
    locked_by(post, make_user("dmitri", role="Editor"))
    desk.goto(address(post))
    desk.get_by_role("button", name="Take over").click()
    desk.wait_for_selector(HELD)
    expect(desk.locator("#id_title")).to_have_value("Talks again")
    desk.click(TEXT)
    looked_and_left(desk, asked)


@pytest.mark.parametrize("kind", ["post", "page"])
def test_a_page_on_which_nothing_was_written_leaves_no_trace(desk, asked, kind):
    desk.goto(f"/admin/blog/{kind}/add/")
    desk.click(TEXT)
    desk.click("#id_title")
    make_post()  # for the list that is looked at next
    looked_and_left(desk, asked)
