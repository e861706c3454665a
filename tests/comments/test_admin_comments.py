"""The queue: judging in bulk and one by one, undoing, answering, editing."""

import re
from html import unescape

import pytest
from django.urls import reverse

from blog import trees
from comments.models import Comment
from tests.builders import make_comment, make_post, make_user

LIST = "/admin/comments/comment/"
State = Comment.State


@pytest.fixture
def post(db):
    return make_post("The talks")


def verb(comment, name):
    return reverse(f"admin:comments_comment_{name}", args=[comment.pk])


def press_undo(client, response):
    """Press the button in the message."""
    value = re.search(r'name="undo" value="([^"]+)"', response.content.decode())[1]
    return client.post(LIST + "undo/", {"undo": unescape(value)}, follow=True)


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("approve", State.APPROVED),
        ("mark_as_spam", State.SPAM),
        ("move_to_trash", State.TRASH),
    ],
)
def test_bulk_actions_move_and_count(moderator, post, action, state):
    held = [make_comment(post, state=State.PENDING) for _ in range(3)]
    chosen = [comment.pk for comment in held]
    moderator.post(LIST, {"action": action, "_selected_action": chosen})
    assert set(Comment.objects.values_list("state", flat=True)) == {state}
    post.refresh_from_db()
    assert post.comment_count == (3 if state == State.APPROVED else 0)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("approve", "approved"),
        ("spam", "spam"),
        ("trash", "trash"),
        ("hold", "pending"),
    ],
)
def test_one_click_moves_one_and_says_who(moderator, post, name, state):
    comment = make_comment(post, state="spam" if name == "hold" else "pending")
    other = make_comment(post, state=State.PENDING)
    moderator.post(verb(comment, name))
    comment.refresh_from_db()
    assert comment.state == state
    assert "by Alice" in comment.reasons[0]
    other.refresh_from_db()
    assert other.state == State.PENDING


@pytest.mark.parametrize("state", [State.SPAM, State.TRASH])
def test_what_was_thrown_out_can_be_held_or_approved_by_name(moderator, post, state):
    comment = make_comment(post, state=state)
    html = moderator.get(f"{LIST}?state={state}").content.decode()
    assert f'formaction="{verb(comment, "approve")}">Approve<' in html
    assert f'formaction="{verb(comment, "hold")}">Back to held<' in html
    assert "Restore" not in html


def test_one_click_comes_back_to_the_list_as_it_was(moderator, post):
    comment = make_comment(post, state=State.PENDING)
    response = moderator.post(verb(comment, "spam"), {"next": LIST + "?state=pending"})
    assert response.url == LIST + "?state=pending"
    response = moderator.post(verb(comment, "trash"), {"next": "https://evil.example/"})
    assert response.url == LIST


def test_undo_puts_each_back_with_its_reasons(moderator, post):
    approved = make_comment(post, reasons=["approved: no rule held it"])
    held = make_comment(post, state=State.PENDING, reasons=["held: 3 links"])
    chosen = [approved.pk, held.pk]
    response = moderator.post(
        LIST + "?state=all",
        {"action": "mark_as_spam", "_selected_action": chosen},
        follow=True,
    )
    assert Comment.objects.filter(state=State.SPAM).count() == 2
    press_undo(moderator, response)
    approved.refresh_from_db()
    held.refresh_from_db()
    assert (approved.state, held.state) == (State.APPROVED, State.PENDING)
    assert held.reasons == ["held: 3 links"]
    post.refresh_from_db()
    assert post.comment_count == 1


def test_a_forged_undo_does_nothing(moderator, post):
    comment = make_comment(post)
    moderator.post(LIST + "undo/", {"undo": "forged"})
    comment.refresh_from_db()
    assert comment.state == State.APPROVED


@pytest.mark.parametrize("name", ["approve", "spam", "trash", "hold"])
def test_judging_is_by_post_alone(moderator, post, name):
    comment = make_comment(post, state=State.PENDING)
    assert moderator.get(verb(comment, name)).status_code == 405


@pytest.mark.parametrize("role", ["Contributor", "Author"])
def test_who_writes_does_not_moderate(client, post, role):
    client.force_login(make_user("carol", role=role))
    comment = make_comment(post, state=State.PENDING)
    assert client.get(LIST).status_code == 403
    assert client.post(verb(comment, "approve")).status_code == 403
    assert client.post(verb(comment, "reply"), {"body": "x"}).status_code == 403
    assert client.post(LIST + "undo/", {"undo": "x"}).status_code == 403
    comment.refresh_from_db()
    assert comment.state == State.PENDING


def test_readers_are_sent_to_the_login(client, post, bob):
    client.force_login(bob)
    comment = make_comment(post, state=State.PENDING)
    assert "/login/" in client.post(verb(comment, "approve")).url


def test_nobody_deletes_a_comment(moderator, post):
    comment = make_comment(post)
    chosen = [comment.pk]
    moderator.post(LIST, {"action": "delete_selected", "_selected_action": chosen})
    assert (
        moderator.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"}).status_code
        == 403
    )
    assert Comment.objects.exists()


def test_a_reply_hangs_below_what_it_answers(moderator, alice, post):
    first = make_comment(post, "Is that so?")
    second = make_comment(post, "I wonder too.", parent=first)
    html = moderator.get(verb(second, "reply")).content.decode()
    for words in ("The talks", "Is that so?", "I wonder too."):
        assert words in html
    moderator.post(verb(second, "reply"), {"body": "It is."})
    answer = Comment.objects.get(body="It is.")
    assert (answer.parent, answer.author, answer.level) == (second, alice, 2)
    assert answer.is_approved
    assert not list(trees.faults(trees.read(Comment.objects.all())))


def test_a_held_comment_is_approved_by_answering_it(moderator, post):
    held = make_comment(post, state=State.PENDING)
    assert "Approve and reply" in moderator.get(verb(held, "reply")).content.decode()
    moderator.post(verb(held, "reply"), {"body": "Welcome."})
    held.refresh_from_db()
    assert held.is_approved
    post.refresh_from_db()
    assert post.comment_count == 2


def test_a_refused_reply_keeps_the_text_and_approves_nothing(moderator, post):
    held = make_comment(post, state=State.PENDING)
    post.comments_open = False
    post.save()
    response = moderator.post(verb(held, "reply"), {"body": "My long answer."})
    html = response.content.decode()
    assert "Comments are closed." in html
    assert "My long answer." in html
    held.refresh_from_db()
    assert held.state == State.PENDING


def test_a_ping_is_not_answered(moderator, post):
    ping = make_comment(post, kind="pingback", source_url="https://a.example/")
    assert moderator.get(verb(ping, "reply")).status_code == 404


def edit_form(comment, **fields):
    values = {
        "body": comment.body,
        "author_name": comment.author_name,
        "author_email": comment.author_email,
        "author_url": comment.author_url,
        "state": comment.state,
    }
    return values | fields


def test_editing_says_that_it_was_edited(moderator, post):
    comment = make_comment(post, "A misteak")
    url = f"{LIST}{comment.pk}/change/"
    moderator.post(url, edit_form(comment, body="A mistake"))
    comment.refresh_from_db()
    assert comment.body_html == "<p>A mistake</p>"
    assert comment.edited_at is not None


def test_a_state_chosen_in_the_form_is_counted(moderator, post):
    comment = make_comment(post)
    url = f"{LIST}{comment.pk}/change/"
    moderator.post(url, edit_form(comment, state=State.SPAM))
    comment.refresh_from_db()
    post.refresh_from_db()
    assert (comment.state, post.comment_count) == (State.SPAM, 0)
    assert comment.edited_at is None


def test_the_form_shows_where_it_came_from(moderator, post):
    comment = make_comment(post, ip_address="203.0.113.9", user_agent="Mozilla/5.0")
    html = moderator.get(f"{LIST}{comment.pk}/change/").content.decode()
    assert "203.0.113.9" in html
    assert "Mozilla/5.0" in html


def test_hostile_text_stays_text(moderator, post):
    make_comment(
        post,
        "<script>x()</script>",
        author_name="<b onclick=x()>",
        state=State.PENDING,
        user_agent="<i>",
        ip_address="192.0.2.1",
    )
    response = moderator.get(LIST)
    html = response.content.decode()
    assert "<b onclick" not in html
    assert "<script>x()" not in html
    chosen = [response.context["cl"].result_list[0].pk]
    data = {"action": "approve", "_selected_action": chosen}
    html = moderator.post(LIST, data, follow=True).content.decode()
    assert "<b onclick" not in html
