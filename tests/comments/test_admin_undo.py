"""Whatever was decided in the queue has a way back, at any time and in any order."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from comments import owning, posting
from comments.models import Comment, Decision
from tests.builders import make_comment, make_post, make_user

LIST = "/admin/comments/comment/"
UNDO = LIST + "undo/"
DECIDED = "/admin/comments/decision/"
JSON = {"accept": "application/json"}
State = Comment.State


@pytest.fixture
def post(db):
    return make_post("The talks")


def press(client, comment, verb):
    url = reverse(f"admin:comments_comment_{verb}", args=[comment.pk])
    return client.post(url, headers=JSON).json()


def undo_latest(client):
    return client.post(UNDO, {"undo": "latest"}, headers=JSON)


def state_of(comment):
    return Comment.objects.get(pk=comment.pk).state


def seen_in(page) -> str:
    """When the page was made, as its form sends it along."""
    return re.search(r'name="seen" value="([^"]+)"', page.text)[1]


def test_a_bulk_of_300_is_undone_as_one(moderator, post):
    held = [make_comment(post, state=State.PENDING) for _ in range(300)]
    # Ticked on one page, chosen on all of them.
    data = {
        "action": "approve",
        "_selected_action": [held[0].pk],
        "select_across": "1",
        "index": "0",
    }
    moderator.post(LIST + "?state=pending", data)
    assert Comment.objects.approved().count() == 300
    post.refresh_from_db()
    assert post.comment_count == 300
    undo_latest(moderator)
    assert Comment.objects.pending().count() == 300
    post.refresh_from_db()
    assert post.comment_count == 0


def test_undoing_again_goes_further_back(moderator, post):
    first, second = (make_comment(post, state=State.PENDING) for _ in range(2))
    press(moderator, first, "spam")
    press(moderator, second, "approve")
    undo_latest(moderator)
    assert (state_of(first), state_of(second)) == (State.SPAM, State.PENDING)
    undo_latest(moderator)
    assert (state_of(first), state_of(second)) == (State.PENDING, State.PENDING)
    answer = undo_latest(moderator)
    assert answer.status_code == 409
    assert answer.json()["sentence"] == "There is nothing of yours to undo."


def test_the_steps_of_one_comment_are_undone_one_by_one(moderator, post):
    comment = make_comment(post, state=State.PENDING, reasons=["held: 3 links"])
    for verb in ("approve", "spam", "trash"):
        press(moderator, comment, verb)
    seen = []
    for _ in range(3):
        undo_latest(moderator)
        seen.append(state_of(comment))
    assert seen == [State.SPAM, State.APPROVED, State.PENDING]
    comment.refresh_from_db()
    assert comment.reasons == ["held: 3 links"]


def test_one_undoes_ones_own_alone(moderator, client, post):
    comment = make_comment(post, state=State.PENDING)
    press(moderator, comment, "spam")
    client.force_login(make_user("carol", role="Editor"))
    assert undo_latest(client).status_code == 409
    assert state_of(comment) == State.SPAM


def test_what_somebody_decided_since_stays_as_it_is(moderator, post):
    carol = make_user("carol", role="Editor")
    theirs, other = (make_comment(post, state=State.PENDING) for _ in range(2))
    batch = posting.decide([theirs, other], State.SPAM, "spam")
    posting.decide([theirs], State.APPROVED, "fine after all", by=carol)
    posting.decide([theirs], State.SPAM, "no, it is not", by=carol)
    answer = moderator.post(UNDO, {"undo": str(batch)}, headers=JSON).json()
    assert answer["sentence"] == (
        "Undone: 1 comment is as before. 1 decided anew since stays."
    )
    assert (state_of(theirs), state_of(other)) == (State.SPAM, State.PENDING)


@pytest.mark.parametrize("script", [{}, {"Accept": "application/json"}])
def test_what_was_changed_while_one_looked_is_not_approved(moderator, post, script):
    """Otherwise one has something harmless looked at and shows something else."""
    other, comment = (
        make_comment(post, state="pending", created_at=timezone.now()) for _ in "12"
    )
    given = {"seen": seen_in(moderator.get(LIST))}
    own = f"/comments/own/{owning.sign(comment)}/"
    assert moderator.post(own, {"body": "Buy my watches."}).status_code == 302
    approve = f"{LIST}{comment.pk}/approve/"
    said = moderator.post(approve, given, headers=script, follow=not script)
    assert "changed since you looked" in said.text
    ticked = [comment.pk, other.pk]
    bulk = {"action": "approve", "_selected_action": ticked, **given}
    said = moderator.post(LIST, bulk, follow=True).text
    assert "1 was changed since you looked" in said
    assert (state_of(comment), state_of(other)) == ("pending", "approved")

    reply = {"body": "I agree.", **given}
    refused = moderator.post(f"{LIST}{comment.pk}/reply/", reply, headers=script)
    assert "changed since you looked" in refused.text
    assert (state_of(comment), comment.get_children().count()) == ("pending", 0)

    given = {"seen": seen_in(moderator.get(LIST))}
    moderator.post(approve, given)
    assert state_of(comment) == "approved"


def test_the_same_batch_is_not_undone_twice(moderator, post):
    comment = make_comment(post, state=State.PENDING)
    batch = press(moderator, comment, "spam")["batch"]
    assert moderator.post(UNDO, {"undo": batch}, headers=JSON).status_code == 200
    assert moderator.post(UNDO, {"undo": batch}, headers=JSON).status_code == 409


def test_an_answer_goes_with_the_approval_it_brought(moderator, post):
    held = make_comment(post, state=State.PENDING)
    url = reverse("admin:comments_comment_reply", args=[held.pk])
    answer = moderator.post(url, {"body": "Welcome."}, headers=JSON)
    assert answer.status_code == 200
    assert state_of(held) == State.APPROVED
    moderator.post(UNDO, {"undo": answer.json()["batch"]})
    assert state_of(held) == State.PENDING
    assert Comment.objects.get(body="Welcome.").state == State.TRASH
    post.refresh_from_db()
    assert post.comment_count == 0


def test_a_refused_answer_says_why_to_the_script(moderator, post):
    held = make_comment(post, state=State.PENDING)
    url = reverse("admin:comments_comment_reply", args=[held.pk])
    answer = moderator.post(url, {"body": " "}, headers=JSON)
    assert (answer.status_code, answer.json()["sentence"]) == (
        403,
        "Your answer is empty.",
    )


def test_the_script_hears_how_many_are_left(moderator, post):
    comment = make_comment(post, state=State.PENDING)
    make_comment(post, state=State.PENDING)
    counts = press(moderator, comment, "approve")["counts"]
    assert counts == {"pending": 1, "approved": 1, "spam": 0, "trash": 0}


def test_the_page_of_decisions_lists_each_bulk_once(moderator, alice, post):
    comments = [make_comment(post, state=State.PENDING) for _ in range(3)]
    posting.decide(comments, State.SPAM, "spam by Alice", by=alice)
    press(moderator, make_comment(post, author_name="Zoe"), "trash")
    response = moderator.get(DECIDED)
    assert [row["count"] for row in response.context["batches"]] == [1, 3]
    html = response.content.decode()
    assert "<bdi>Zoe</bdi>" in html
    assert "spam by Alice" in html


@pytest.mark.parametrize("reason", ["approved by Alice", "approved in haste"])
def test_the_page_of_decisions_names_the_moderator_once(moderator, alice, post, reason):
    comment = make_comment(post, state=State.PENDING)
    posting.decide([comment], State.APPROVED, reason, by=alice)
    page = moderator.get(DECIDED).text
    lines = re.findall(r"<small>(.*?)</small>", page, re.DOTALL)
    assert [line.count("Alice") for line in lines] == [1]


def test_the_page_of_decisions_can_be_narrowed_to_one_moderator(moderator, alice, post):
    carol = make_user("carol", role="Editor")
    posting.decide([make_comment(post)], State.SPAM, "by Alice", by=alice)
    posting.decide([make_comment(post)], State.SPAM, "by Carol", by=carol)
    rows = moderator.get(f"{DECIDED}?by={carol.pk}").context["batches"]
    assert [row["reason"] for row in rows] == ["by Carol"]


def test_the_page_of_decisions_takes_as_many_queries_for_30_as_for_3(
    moderator, alice, post, django_assert_max_num_queries
):
    counts = []
    for number in (3, 27):
        for _ in range(number):
            posting.decide([make_comment(post)], State.SPAM, "spam", by=alice)
        moderator.get(DECIDED)
        with django_assert_max_num_queries(15) as queries:
            moderator.get(DECIDED)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_undone_from_the_page_of_decisions(moderator, alice, post):
    comment = make_comment(post)
    batch = posting.decide([comment], State.SPAM, "spam", by=alice)
    response = moderator.post(UNDO, {"undo": str(batch), "next": DECIDED}, follow=True)
    assert response.context["batches"][0]["undone_count"] == 1
    assert state_of(comment) == State.APPROVED
    assert f'value="{batch}"' not in response.content.decode()


def test_a_comments_page_tells_what_was_decided_about_it(moderator, alice, post):
    comment = make_comment(post, state=State.PENDING)
    posting.decide([comment], State.APPROVED, "fine", by=alice)
    batch = posting.decide([comment], State.SPAM, "on second thought", by=alice)
    html = moderator.get(f"{LIST}{comment.pk}/change/").content.decode()
    assert html.index("on second thought") < html.index("fine")
    # Only the last step can be taken back.
    assert html.count('name="undo"') == 1
    assert str(batch) in html


@pytest.mark.parametrize("role", ["Contributor", "Author"])
def test_decisions_are_for_moderators(client, role, post):
    client.force_login(make_user("carol", role=role))
    assert client.get(DECIDED).status_code == 403
    assert not Decision.objects.exists()
