"""Moderating without a mouse, and without a new page for each comment."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests.builders import make_comment, make_post

LIST = "/admin/comments/comment/"
State = Comment.State


@pytest.fixture
def held(db):
    """Ten held comments, in the order in which the queue shows them."""
    post = make_post("The talks")
    make_comment(post, "Already there.")
    made = [
        make_comment(post, f"Held {number}.", state=State.PENDING)
        for number in range(10)
    ]
    return sorted(made, key=lambda comment: (comment.created_at, comment.pk))[::-1]


def state_of(comment):
    return Comment.objects.get(pk=comment.pk).state


def is_current(page, comment):
    row = page.locator(f"#row-{comment.pk}")
    expect(row).to_be_focused()
    expect(row).to_be_visible()


def test_ten_comments_by_keyboard_alone(desk, held):
    desk.goto(LIST)
    desk.keyboard.press("j")
    is_current(desk, held[0])
    verbs = "astaassaat"
    wanted = {"a": State.APPROVED, "s": State.SPAM, "t": State.TRASH}
    for comment, key in zip(held, verbs, strict=True):
        is_current(desk, comment)
        desk.keyboard.press(key)
        expect(desk.locator(f"#row-{comment.pk}")).to_be_hidden()
    assert [state_of(comment) for comment in held] == [wanted[key] for key in verbs]
    expect(desk.locator(".tabs .count").first).to_have_text("0")
    # The page is used up: the way on has the focus.
    expect(desk.get_by_role("link", name="Show the next ones")).to_be_focused()


def test_u_goes_back_step_by_step(desk, held):
    desk.goto(LIST)
    desk.keyboard.press("j")
    desk.keyboard.press("s")
    is_current(desk, held[1])
    desk.keyboard.press("t")
    is_current(desk, held[2])
    desk.keyboard.press("u")
    is_current(desk, held[1])
    assert (state_of(held[0]), state_of(held[1])) == (State.SPAM, State.PENDING)
    desk.keyboard.press("u")
    is_current(desk, held[0])
    assert state_of(held[0]) == State.PENDING
    desk.keyboard.press("u")
    expect(desk.locator(".told")).to_have_text("There is nothing of yours to undo.")


def test_undo_stands_where_the_row_was(desk, held):
    desk.goto(LIST)
    row = desk.locator(f"#row-{held[3].pk}")
    row.get_by_role("button", name="Spam").click()
    expect(row).to_be_hidden()
    desk.locator(".folded").get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()
    assert state_of(held[3]) == State.PENDING


def test_approve_and_reply_in_the_row(desk, held):
    desk.goto(LIST)
    desk.keyboard.press("j")
    desk.keyboard.press("r")
    # Keys are letters while one types.
    desk.keyboard.type("That is just so.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(f"#row-{held[0].pk}")).to_be_hidden()
    answer = Comment.objects.get(body="That is just so.")
    assert answer.parent == held[0]
    assert state_of(held[0]) == State.APPROVED
    is_current(desk, held[1])


def test_an_answer_that_is_refused_stays_in_its_box(desk, held):
    desk.goto(LIST)
    post = held[0].post
    post.comments_open = False
    post.save()
    desk.keyboard.press("j")
    desk.keyboard.press("r")
    desk.keyboard.type("My long answer.")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("alert")).to_have_text("Comments are closed.")
    expect(desk.get_by_label("Your answer")).to_have_value("My long answer.")
    assert state_of(held[0]) == State.PENDING


def test_keys_choose_for_the_actions_and_open_the_menu(desk, held):
    desk.goto(LIST)
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    expect(desk.locator(".action-select:checked")).to_have_count(2)
    desk.keyboard.press("b")
    expect(
        desk.get_by_role("link", name=f"Trust {held[1].author_email}")
    ).to_be_focused()
    desk.keyboard.press("Escape")
    is_current(desk, held[1])
    desk.keyboard.press("k")
    is_current(desk, held[0])
    desk.keyboard.press("Control+s")
    desk.keyboard.press("/")
    desk.keyboard.type("sat")
    expect(desk.locator("#searchbar")).to_have_value("sat")
    assert Comment.objects.pending().count() == 10


def test_a_menu_closes_when_something_else_is_pressed(desk, held):
    desk.goto(LIST)
    summary = desk.locator(".row summary", has_text="Always").first
    menu = desk.locator(".row details.rules").first
    for close in (
        lambda: desk.locator("#content h1").click(),
        lambda: desk.keyboard.press("Escape"),
    ):
        summary.click()
        expect(menu).to_have_attribute("open", "")
        close()
        expect(menu).not_to_have_attribute("open", "")


def test_the_keys_are_told_on_request(desk, held):
    desk.goto(LIST)
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog")).to_contain_text("approve and reply")
    # They rest meanwhile.
    desk.keyboard.press("j")
    desk.keyboard.press("a")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_be_hidden()
    assert Comment.objects.pending().count() == 10


def test_who_was_logged_out_is_told(desk, held):
    desk.goto(LIST)
    desk.keyboard.press("j")
    desk.context.clear_cookies(name="sessionid")
    desk.keyboard.press("a")
    expect(desk.locator(".told")).to_contain_text("log in")
    expect(desk.locator(f"#row-{held[0].pk}")).to_be_visible()
    assert state_of(held[0]) == State.PENDING


def test_without_javascript_the_buttons_send_the_form(
    open_browser, live_server, client, alice, held
):
    client.force_login(alice)
    page = open_browser(java_script_enabled=False)
    session = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    page.goto(LIST)
    row = page.locator(f"#row-{held[0].pk}")
    row.get_by_role("button", name="Approve").click()
    assert state_of(held[0]) == State.APPROVED
    page.get_by_role("button", name="Undo", exact=True).click()
    assert state_of(held[0]) == State.PENDING
