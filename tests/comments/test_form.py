"""What comes with the form besides the text: the stamp, the trap, the proof, the preview."""

import base64
import hashlib
import json

import pytest
from django.test import Client

from blog.models import SiteSettings
from comments import moderation, policy
from comments.models import Comment
from comments.moderation import proof
from comments.submission import Submission
from tests.builders import at, make_post, make_user

pytestmark = pytest.mark.django_db
FORM = {
    "body": "I doubt it.",
    "author_name": "PatternRec",
    "author_email": "pattern@example.org",
}


@pytest.fixture
def post(db):
    return make_post("Talks", published_at=at("2006-11-30 12:00"))


@pytest.fixture
def reply(client, post):
    return lambda **changes: client.post(f"/comments/reply/{post.pk}/", FORM | changes)


@pytest.fixture
def submissions(monkeypatch):
    """The submissions moderation was asked about."""
    seen: list[Submission] = []
    judge = moderation.judge

    def remember(case):
        seen.append(case.submission)
        return judge(case)

    monkeypatch.setattr(moderation, "judge", remember)
    return seen


def solve(puzzle):
    number = next(
        number
        for number in range(puzzle["maxNumber"] + 1)
        if hashlib.sha256(f"{puzzle['salt']}{number}".encode()).hexdigest()
        == puzzle["challenge"]
    )
    return base64.b64encode(json.dumps(puzzle | {"number": number}).encode()).decode()


def test_the_stamp_tells_how_long_somebody_wrote(
    client, reply, submissions, time_machine
):
    time_machine.move_to("2026-11-21 12:00:00+00:00", tick=False)
    response = client.get("/comments/stamp/")
    assert "no-store" in response["Cache-Control"]
    assert response.json()["puzzle"] is None
    time_machine.move_to("2026-11-21 12:01:30+00:00", tick=False)
    reply(stamp=response.json()["stamp"])
    assert submissions[0].typed_seconds == pytest.approx(90)
    assert not client.cookies


def test_without_a_stamp_nobody_knows_how_long(reply, submissions):
    reply(stamp="1763726400000:forged")
    assert submissions[0].typed_seconds is None


@pytest.mark.parametrize(("typed", "is_trapped"), [("", False), ("Cheap", True)])
def test_what_stands_in_the_unseen_field_gives_a_robot_away(
    reply, submissions, typed, is_trapped
):
    reply(subject=typed)
    assert submissions[0].is_trapped is is_trapped


def test_a_solved_puzzle_is_a_proof(client, reply, submissions):
    SiteSettings(proof_of_work="always").save()
    puzzle = client.get("/comments/stamp/").json()["puzzle"]
    reply(proof=solve(puzzle))
    assert submissions[0].has_proof


@pytest.fixture
def _proof_wanted(monkeypatch):
    def judge(case):
        if not (case.submission.has_proof or case.submission.is_unproven):
            raise policy.ProofNeeded("Please press the button again.")
        return moderation.Verdict(Comment.State.PENDING, ["held: somebody looks"])

    monkeypatch.setattr(moderation, "judge", judge)


@pytest.mark.usefixtures("_proof_wanted")
def test_who_is_asked_for_a_proof_gets_the_form_back_with_the_puzzle(reply):
    response = reply()
    assert response.status_code == 403
    assert "Please press the button again." in response.text
    assert "I doubt it." in response.text
    assert "data-puzzle=" in response.text
    assert not Comment.objects.exists()
    # A browser that cannot solve it has another button.
    assert 'name="unproven"' in response.text
    assert reply(unproven="1").status_code == 302


@pytest.mark.usefixtures("_proof_wanted")
def test_the_puzzle_of_the_page_is_one_the_blog_takes(client, reply, monkeypatch):
    made = []
    new_challenge = proof.new_challenge
    monkeypatch.setattr(
        proof, "new_challenge", lambda: made.append(new_challenge()) or made[-1]
    )
    reply()
    assert reply(proof=solve(made[0])).status_code == 302


def test_a_preview_shows_the_comment_and_stores_nothing(reply):
    response = reply(body="<b>Bold</b> words", author_name="", preview="1")
    assert response.status_code == 200
    assert "It is not posted yet" in response.text
    assert "<strong>Bold</strong>" in response.text or "<b>Bold</b>" in response.text
    assert "pattern@example.org" in response.text
    assert "Please give a name" not in response.text
    assert not Comment.objects.exists()


def test_a_preview_of_nothing_says_so(reply):
    response = reply(body=" ", preview="1")
    assert response.status_code == 400
    assert "There is no text" in response.text


def test_a_mail_needs_an_address(reply, submissions):
    SiteSettings(require_name_email=False).save()
    response = reply(author_email="", wants_mail="on")
    assert response.status_code == 400
    assert "give the address to mail to" in response.text
    reply(wants_mail="on")
    assert submissions[0].wants_mail


def test_a_reader_without_an_address_is_offered_no_mail(client, post):
    client.force_login(make_user("carol"))
    assert "Mail me" in client.get(post.get_absolute_url()).text
    dave = make_user("dave")
    dave.email = ""
    dave.save()
    client.force_login(dave)
    assert "Mail me" not in client.get(post.get_absolute_url()).text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"body": "Hello"}', "application/json"),
        (b"body=Hello", "text/plain"),
        (b"no parts", "multipart/form-data; boundary=x"),
        (b"no boundary", "multipart/form-data"),
        (b"body=%ff", "application/x-www-form-urlencoded; charset=latin-1"),
        (
            b"&".join(b"a%d=1" % n for n in range(3000)),
            "application/x-www-form-urlencoded",
        ),
        (b"", "application/x-www-form-urlencoded"),
    ],
)
def test_what_no_form_sends_gets_the_form(client, post, body, content_type):
    url = f"/comments/reply/{post.pk}/"
    response = client.generic("POST", url, body, content_type=content_type)
    assert response.status_code == 400
    assert "There is no text in your comment yet." in response.text


def test_more_than_the_server_reads_is_refused_in_words(client, post):
    response = client.post(f"/comments/reply/{post.pk}/", {"body": "x" * 3_000_000})
    sent = "body=" + "x" * 3_000_000
    response = client.generic(
        "POST",
        f"/comments/reply/{post.pk}/",
        sent,
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 413
    assert "Go back one page" in response.text


@pytest.mark.parametrize("what", ["gone", "password", "other site"])
def test_where_there_is_no_form_the_text_comes_back_all_the_same(post, what):
    headers = {}
    if what == "gone":
        post.delete()
    elif what == "password":
        post.password = "x"
        post.save()
    else:
        headers = {"sec-fetch-site": "cross-site"}
    response = Client().post(f"/comments/reply/{post.pk or 1}/", FORM, headers=headers)
    assert response.status_code == (404 if what == "gone" else 403)
    assert "I doubt it.</textarea>" in response.text
