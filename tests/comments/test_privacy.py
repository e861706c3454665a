"""What is known about a person: all of it is handed out, and all of it is erased."""

import io
import json

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.models import SiteSettings, User
from comments import privacy
from comments.avatars import key_of
from comments.models import (
    Comment,
    Decision,
    IncomingPing,
    Notice,
    Photo,
    Rule,
    SpamModel,
    Subscription,
)
from comments.posting import decide, undo
from tests.builders import make_comment, make_post, make_user

ANN = "ann@example.org"
PAGE = "/admin/person/"


@pytest.fixture
def keeper(db):
    return make_user("keeper", role="Administrator")


@pytest.fixture
def known(db):
    """Ann wrote, was answered, subscribed, was mailed, blocked and looked up."""
    post = make_post(slug="talk")
    comment = make_comment(
        post,
        body="Ann's own words.",
        author_name="Ann Example",
        author_email=ANN,
        author_url="https://ann.example.org/",
        ip_address="192.0.2.7",
        user_agent="Mozilla",
    )
    make_comment(post, body="An answer.", parent=comment)
    held = Comment.State.PENDING
    batch = decide([comment], held, f"held: everything by {ANN}")
    decide([comment], Comment.State.APPROVED, "approved after all")
    subscription = Subscription.objects.create(post=post, email=ANN)
    Notice.objects.create(
        kind=Notice.Kind.CONFIRM,
        comment=comment,
        email=ANN,
        subscription=subscription,
        error=f"550 no such user: {ANN}",
    )
    Rule.objects.create(trait=Rule.Trait.EMAIL, value=ANN)
    Photo.objects.create(key=key_of(ANN, ""), is_there=True)
    SpamModel.objects.create(pk=1, words={f"email:{ANN}": [1, 0], "talk": [0, 1]})
    pings = IncomingPing.objects
    pings.create(
        post=post,
        kind="trackback",
        comment=comment,
        source_url="https://ann.example.org/page",
        given={"title": "Ann Example's page", "excerpt": "Ann's own words."},
        ip_address="192.0.2.7",
    )
    pings.create(post=post, source_url=f"https://there.example/?by={ANN}")
    pings.create(post=post, source_url="https://b.example/", given={"title": ANN})
    pings.create(
        post=post, source_url="https://c.example/", reason=f"Only {ANN} may look."
    )
    SiteSettings(held_words=f"viagra\n{ANN}\ncasino").save()
    make_user("ann")
    return comment, batch


def every_row() -> dict[str, str]:
    """Each model's rows, all columns, as one text."""
    return {
        model._meta.label: "\n".join(str(row) for row in model._base_manager.values())
        for model in apps.get_models()
    }


def rows_with(text: str) -> list[str]:
    found = every_row()
    return [label for label in found if text.casefold() in found[label].casefold()]


def test_everything_known_is_handed_out(known):
    found = privacy.export(" ANN@Example.org")
    json.dumps(found)
    comment = found["comments"][0]
    assert comment["body"] == "Ann's own words."
    assert comment["ip_address"] == "192.0.2.7"
    assert comment["user_agent"] == "Mozilla"
    assert comment["address"].endswith(known[0].get_absolute_url())
    sizes = {name: len(rows) for name, rows in found.items() if isinstance(rows, list)}
    assert sizes == {
        "comments": 1,
        "decisions": 2,
        "pings": 1,
        "subscriptions": 1,
        "mails": 1,
        "rules": 1,
        "likes": 0,
        "avatar": 1,
        "accounts": 1,
    }
    assert "password" not in json.dumps(found)


def test_nothing_is_said_of_somebody_unknown(known):
    assert privacy.is_empty(privacy.export("nobody@example.org"))


def test_nothing_is_left_of_what_was_erased(known):
    privacy.erase(ANN)
    assert rows_with(ANN) == []
    assert rows_with("Ann's own words") == []
    assert rows_with("Ann Example") == []
    assert rows_with("ann.example.org") == []
    assert rows_with("192.0.2.7") == []
    # What somebody else's page said of itself is left.
    assert IncomingPing.objects.get().reason == "Only … may look."


def test_the_thread_keeps_its_shape(client, known):
    comment, _ = known
    privacy.erase(ANN)
    comment.refresh_from_db()
    assert (comment.state, comment.is_erased) == ("trash", True)
    page = client.get(comment.post.get_absolute_url()).content.decode()
    assert "An answer." in page
    assert f'id="comment-{comment.pk}"' in page
    assert "Ann" not in page
    assert comment.post.comment_count == 1
    assert list(Comment.objects.faults()) == []


def test_no_undo_brings_it_back(known):
    comment, batch = known
    privacy.erase(ANN)
    assert undo(batch) == 0
    assert not Decision.objects.filter(comment=comment).exists()


def test_nobody_shows_an_empty_place(client, known, alice):
    """The queue was open while somebody else erased what stands in it."""
    comment, _ = known
    privacy.erase(ANN)
    client.force_login(alice)
    press = f"/admin/comments/comment/{comment.pk}/approve/"
    assert "nothing is left to show" in client.post(press, follow=True).text
    comment.refresh_from_db()
    assert (comment.state, comment.is_erased) == ("trash", True)


def test_the_desk_s_log_forgets_the_name(known, alice):
    comment, _ = known
    reader = User.objects.get(username="ann")
    for row in (comment, reader):
        LogEntry.objects.log_actions(alice.pk, [row], CHANGE, "Changed the name.")
    assert rows_with("Ann Example on")
    privacy.erase(ANN)
    assert rows_with("Ann Example") == []
    assert list(LogEntry.objects.values_list("object_repr", flat=True)) == ["…", "…"]


def test_the_report_says_what_was_done(known):
    post = make_post(body=f"<p>Write to {ANN}.</p>")
    report = privacy.erase(ANN)
    assert (report.comments, report.decisions, report.rules) == (1, 2, 1)
    assert report.accounts_deleted == ["ann"]
    assert len(report.mentioned_at) == 1
    assert report.mentioned_at[0].endswith(post.get_absolute_url())
    assert "please look" in str(report)


def test_an_account_with_a_part_in_the_blog_is_left(db):
    editor = make_user("ann", role="Editor")
    make_comment(make_post(), author=editor, author_name="", author_email="")
    report = privacy.erase(ANN)
    assert report.accounts_left == ["ann"]
    assert User.objects.filter(username="ann").exists()
    assert Comment.objects.get().author is None


def test_who_has_an_address_that_is_part_of_it_is_left_alone(db):
    others = ["joann@example.org", "ann@example.org.uk", "x.ann@example.org"]
    post = make_post()
    for other in others:
        make_comment(post, author_email=other)
        Rule.objects.create(trait=Rule.Trait.EMAIL, value=other)
        make_comment(post, reasons=[f"held: {other} is blocked"])
        IncomingPing.objects.create(
            post=post, source_url=f"https://there.example/?by={other}", reason=other
        )
    SiteSettings(held_words="\n".join(others)).save()
    before = every_row()
    privacy.erase(ANN)
    after = every_row()
    for label in (
        "comments.Comment",
        "comments.IncomingPing",
        "comments.Rule",
        "blog.SiteSettings",
    ):
        assert after[label] == before[label]


def test_the_desks_own_log_forgets_too(known, keeper):
    LogEntry.objects.create(
        user=keeper,
        content_type=ContentType.objects.get_for_model(Rule),
        object_id="1",
        object_repr=f"block: e-mail address {ANN}",
        action_flag=CHANGE,
    )
    privacy.erase(ANN)
    assert LogEntry.objects.get().object_repr == "block: e-mail address …"


def test_what_is_no_address_is_refused():
    for text in ("", "ann", "@", "ann@"):
        with pytest.raises(ValueError, match="no e-mail address"):
            privacy.normal(text)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shape=st.lists(
        st.tuples(st.integers(0, 20), st.booleans(), st.sampled_from("aps")),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_the_threads_erasing_keeps_them_sound(transactional_db, shape):
    states = {"a": "approved", "p": "pending", "s": "spam"}
    post = make_post()
    made: list[Comment] = []
    for number, is_ann, state in shape:
        parent = made[number] if number < len(made) else None
        if parent:
            parent.refresh_from_db()
        fields = {"author_email": ANN, "author_name": "Ann E."} if is_ann else {}
        body = f"Secret {len(made)} of Ann" if is_ann else f"Said by others {len(made)}"
        made.append(
            make_comment(post, body, parent=parent, state=states[state], **fields)
        )
        source = f"https://there.example/{len(made)}"
        given = {"title": fields.get("author_name", "Others"), "excerpt": body}
        IncomingPing.objects.create(
            post=post, comment=made[-1], source_url=source, given=given
        )
    others = Comment.objects.exclude(author_email=ANN)
    before = list(others.values("pk", "body_html", "state", "parent_id", "tree_id"))
    report = privacy.erase(ANN)
    assert report.comments == sum(is_ann for _, is_ann, _ in shape)
    assert rows_with(ANN) == rows_with("Secret ") == rows_with("Ann E.") == []
    kept = Comment.objects.filter(pk__in=[row["pk"] for row in before])
    names = ("pk", "body_html", "state", "parent_id", "tree_id")
    assert list(kept.values(*names)) == before
    assert list(Comment.objects.faults()) == []
    post.refresh_from_db()
    assert post.comment_count == Comment.objects.approved().filter(post=post).count()


def test_the_command_exports_to_the_screen_or_a_file(known, tmp_path, capsys):
    call_command("person", "export", ANN)
    assert json.loads(capsys.readouterr().out)["email"] == ANN
    call_command("person", "export", ANN, output=tmp_path / "ann.json")
    assert json.loads((tmp_path / "ann.json").read_text())["email"] == ANN


def test_the_command_asks_before_it_erases(known, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("person", "erase", ANN)
    assert Comment.objects.filter(author_email=ANN).exists()
    call_command("person", "erase", ANN, yes=True)
    assert not Comment.objects.filter(author_email=ANN).exists()
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("person", "erase", "ann")


def test_the_desk_shows_what_is_known_and_hands_it_out(client, known, keeper):
    client.force_login(keeper)
    assert PAGE in client.get("/admin/").content.decode()
    page = client.post(PAGE, {"email": ANN, "verb": "look"}).content.decode()
    assert "Ann&#x27;s own words." in page
    assert "1 subscription" in page
    assert "state-approved" in page
    response = client.post(PAGE, {"email": ANN, "verb": "export"})
    assert "attachment" in response["Content-Disposition"]
    assert response.json()["comments"][0]["body"] == "Ann's own words."


def test_the_desk_asks_once_and_erases(client, known, keeper):
    client.force_login(keeper)
    page = client.post(PAGE, {"email": ANN, "verb": "confirm"}).content.decode()
    assert "can’t be undone" in page
    assert Comment.objects.filter(author_email=ANN).exists()
    page = client.post(PAGE, {"email": ANN, "verb": "erase"}, follow=True)
    assert "Erased: 1 comment, " in page.content.decode()
    assert not Comment.objects.filter(author_email=ANN).exists()


def test_the_desk_says_what_is_no_address(client, keeper):
    client.force_login(keeper)
    page = client.post(PAGE, {"email": "ann", "verb": "erase"}).content.decode()
    assert "“ann” is no e-mail address." in page


def test_an_editor_may_not_look_people_up(client, alice, known):
    client.force_login(alice)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"email": ANN, "verb": "erase"}).status_code == 403
    assert PAGE not in client.get("/admin/").content.decode()
    assert Comment.objects.filter(author_email=ANN).exists()
