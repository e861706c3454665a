"""The first page of the admin: what waits, what went wrong, and for whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.models import Media, Post, SiteSettings
from comments.models import Notice, OutgoingPing
from tests.builders import (
    make_comment,
    make_page,
    make_post,
    make_sent_ping,
    make_user,
)

Status = Post.Status


def desk(client, user):
    client.force_login(user)
    return client.get("/admin/")


def shown(lines):
    return {line.words: line.count for line in lines or []}


def make_picture(**fields):
    name = f"2006/11/{Media.objects.count()}.jpg"
    return Media.objects.create(file=name, width=4, height=3, **fields)


def make_failed_mail(post):
    comment = make_comment(post)
    return Notice.objects.create(
        kind="posted", comment=comment, email="a@example.org", attempts=6
    )


def fill(post):
    """One of everything a line can speak of."""
    make_comment(post, state="pending")
    make_post(status=Status.PENDING, published_at=None)
    make_post(status=Status.DRAFT, published_at=None)
    make_post(published_at=timezone.now() + timedelta(days=2))
    make_page("About", status=Status.DRAFT)
    make_picture()
    make_failed_mail(post)
    make_sent_ping(post, state=OutgoingPing.State.GIVEN_UP)
    DBTaskResult.objects.create(
        status="FAILED", task_path="x", args_kwargs={}, backend_name="default"
    )


WAITING = {
    "comment waits for you": 1,
    "post waits for review": 1,
    "draft post": 1,
    "post is scheduled": 1,
    "draft page": 1,
}


def test_everything_that_waits_is_named_with_its_number(client, alice):
    fill(make_post())
    assert shown(desk(client, alice).context["waiting"]) == WAITING


def test_each_number_leads_to_as_many_rows(client, db):
    post = make_post()
    fill(post)
    fill(post)
    context = desk(
        client, make_user("root", role="Administrator", is_superuser=True)
    ).context
    lines = [*context["waiting"], *context["health"]]
    assert len(lines) == 9
    for line in lines:
        found = client.get(line.url).context["cl"]
        assert (line.words, found.result_count) == (line.words, line.count)


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("Contributor", {}),
        ("Author", {}),
        ("Editor", {"ping was given up", "picture has no alternative text"}),
        (
            "Administrator",
            {
                "ping was given up",
                "picture has no alternative text",
                "mail did not go out",
            },
        ),
    ],
)
def test_everybody_sees_the_health_of_what_is_theirs(client, db, role, seen):
    fill(make_post())
    response = desk(client, make_user("anton", role=role))
    assert shown(response.context["health"]) == dict.fromkeys(seen, 1)


def test_an_author_is_told_of_what_is_their_own(client, db):
    anton = make_user("anton", role="Author")
    fill(make_post())
    make_picture(uploaded_by=anton)
    make_post(author=anton, status=Status.DRAFT, published_at=None)
    make_sent_ping(make_post(author=anton), state=OutgoingPing.State.GIVEN_UP)
    context = desk(client, anton).context
    assert shown(context["waiting"]) == {"draft post": 1}
    assert set(shown(context["health"])) == {
        "ping was given up",
        "picture has no alternative text",
    }
    for line in context["health"]:
        assert client.get(line.url).context["cl"].result_count == 1


def test_what_was_given_up_long_ago_is_no_news(client, alice):
    long_ago = timezone.now() - timedelta(days=40)
    state = OutgoingPing.State.GIVEN_UP
    make_sent_ping(make_post(), state=state, created_at=long_ago)
    assert desk(client, alice).context["health"] == []


def test_only_what_readers_see_is_quoted(client, alice):
    locked = make_post(password="sesame")
    make_comment(locked, "behind the lock")
    make_comment(make_post(status=Status.DRAFT), "below a draft")
    make_comment(make_post(), "still held", state="pending")
    make_comment(make_post(), "for all <b>to</b> read")
    said = desk(client, alice).context["responses"]
    assert [response.excerpt for response in said] == ["for all to read"]


def test_a_name_is_shown_as_it_was_typed(client, alice):
    make_comment(make_post(), "x", author_name="<b>Eve</b>")
    assert "&lt;b&gt;Eve&lt;/b&gt;" in desk(client, alice).content.decode()


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor", "Administrator"])
def test_as_many_queries_for_many_rows_as_for_few(client, db, role):
    user = make_user("anton", role=role)
    SiteSettings(menu=[]).save()

    fill(make_post(author=user))
    few = count_queries(client, user)
    for _ in range(12):
        fill(make_post(author=user))
    assert count_queries(client, user) <= few <= 25


def count_queries(client, user):
    client.force_login(user)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/admin/").status_code == 200
    return len(asked)


def test_first_steps_go_one_by_one(client, db):
    kit = make_user("kit", role="Administrator")

    def steps():
        return [step.words for step in desk(client, kit).context["steps"]]

    assert steps() == [
        "Give the blog its name",
        "Say what it is about",
        "Make a menu",
        "Write the first post",
        "Make a page about yourself",
    ]
    SiteSettings(title="The Long Table", tagline="Talk", menu=[{"name": "x"}]).save()
    make_page("About")
    assert steps() == ["Write the first post"]
    make_post()
    assert steps() == []


def test_every_step_leads_to_a_page(client, db):
    kit = make_user("kit", role="Administrator")
    kit.display_name = ""
    kit.save()
    steps = desk(client, kit).context["steps"]
    assert len(steps) == 6
    for step in steps:
        assert client.get(step.url).status_code == 200


def test_a_contributor_is_given_no_step_they_can_not_take(client, db):
    assert desk(client, make_user("carol", role="Contributor")).context["steps"] == []


def test_an_old_blog_is_not_told_how_to_begin(client, db):
    for _ in range(10):
        make_post()
    assert desk(client, make_user("kit", role="Administrator")).context["steps"] == []
