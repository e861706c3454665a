"""What is looked up for the rules: who was here before, and what is going on."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog import table_statistics
from blog.models import SiteSettings
from comments import moderation, posting
from comments.models import Comment, Rule
from comments.moderation.history import look_back
from comments.policy import ProofNeeded
from comments.submission import Submission
from tests.builders import at, make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
TEXT = "My cousin earns a fortune at home, ask me how!"


@pytest.fixture
def post(db):
    SiteSettings(hold_first=False).save()
    return make_post("Talks")


def judge(post, body="I doubt it.", **fields):
    said = {"author_name": "Bob", "author_email": "bob@example.org"}
    submission = Submission(body=body, **said | {"typed_seconds": 30.0} | fields)
    return moderation.judge(moderation.gather(post, submission, SiteSettings.current()))


@pytest.mark.parametrize(
    ("trait", "value", "fields"),
    [
        ("email", "bob@example.org", {"author_email": "Bob@Example.org"}),
        ("name", "bob the builder", {"author_name": " BOB  the Builder"}),
        ("name", "ÖZGÜR".lower(), {"author_name": "ÖZGÜR"}),
        ("address", "192.0.2.7", {"ip_address": "192.0.2.7"}),
        ("domain", "casino.example", {"author_url": "https://www.casino.example/"}),
        ("domain", "casino.example", {"author_email": "a@mail.casino.example"}),
        ("domain", "casino.example", {"body": "at http://win.Casino.example/x now"}),
        (
            "domain",
            "casino.example",
            {"body": '<a title="1 > 0" href="https://casino.example/">x</a>'},
        ),
        (
            "domain",
            "casino.example",
            {"kind": "pingback", "source_url": "https://casino.example/1"},
        ),
        ("words", "easy money", {"body": "make EASY\nmoney"}),
        ("words", "easy money", {"author_name": "Easy Money"}),
    ],
)
def test_a_blocked_trait_is_trashed_and_the_rule_is_named(post, trait, value, fields):
    Rule.objects.create(trait=trait, value=value)
    verdict = judge(post, **fields)
    assert verdict.state == Comment.State.TRASH
    assert f"“{value}” is blocked" in verdict.reasons[0]


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        ("email", "rob@example.org"),
        ("name", "bo"),
        ("address", "192.0.2.70"),
        ("domain", "notexample.org"),
        ("domain", "org"),
        ("words", "no doubt"),
    ],
)
def test_what_only_resembles_it_is_not(post, trait, value):
    Rule.objects.create(trait=trait, value=value)
    assert judge(post, ip_address="192.0.2.7").state == Comment.State.APPROVED


def test_who_is_trusted_is_shown_under_any_name(post):
    SiteSettings(hold_all=True).save()
    Rule.objects.create(action="trust", trait="email", value="bob@example.org")
    verdict = judge(post, author_name="Robert")
    assert verdict.state == Comment.State.APPROVED
    assert judge(post, author_email="eve@example.org").state == Comment.State.PENDING


def test_the_blogs_own_people_are_asked_nothing(post, alice, django_assert_num_queries):
    Rule.objects.create(trait="email", value=alice.email)
    alice.has_perm("comments.moderate_comment")  # read once for each request
    said = Submission(body=TEXT, author=alice, author_email=alice.email)
    with django_assert_num_queries(0):
        verdict = moderation.judge(moderation.gather(post, said, SiteSettings()))
    assert verdict.reasons == ["approved: written by the blog"]


def test_the_same_text_below_other_posts_is_held(post):
    for number in range(3):
        make_comment(make_post(), f"{TEXT.upper()}{' ' * number}", state="spam")
    make_comment(make_post(), "Another text altogether, and a long one.")
    verdict = judge(post, TEXT.replace(" ", "\n"))
    assert verdict.reasons == ["held: the same text was sent below 3 other posts"]


@pytest.mark.parametrize("age_days", [0, 31])
def test_but_not_what_was_said_here_or_long_ago_or_is_short(post, age_days):
    then = timezone.now() - timedelta(days=age_days)
    make_comment(make_post() if age_days else post, TEXT, created_at=then)
    make_comment(make_post(), "Thank you!", created_at=then)
    assert judge(post, TEXT).state == Comment.State.APPROVED
    assert judge(post, "Thank you!").state == Comment.State.APPROVED


def hold_some(post, count, **fields):
    for _ in range(count):
        make_comment(
            post, **{"state": "pending", "created_at": timezone.now()} | fields
        )


def test_where_many_are_held_at_once_strangers_prove_themselves(post, bob):
    hold_some(post, 19)
    assert judge(post).state == Comment.State.APPROVED
    hold_some(post, 1)
    with pytest.raises(ProofNeeded, match="many doubtful comments"):
        judge(post)
    assert judge(post, has_proof=True).state == Comment.State.APPROVED
    assert judge(post, author=bob).state == Comment.State.APPROVED
    assert judge(post, is_unproven=True).state == Comment.State.PENDING


@pytest.mark.parametrize(
    "fields",
    [
        {"created_at": timezone.now() - timedelta(minutes=11)},
        {"state": "approved"},
        {"state": "trash"},
    ],
)
def test_an_ordinary_day_is_no_attack(post, fields):
    hold_some(post, 25, **fields)
    assert judge(post).state == Comment.State.APPROVED


def test_being_held_says_nothing_where_all_are(post):
    SiteSettings(hold_all=True, hold_first=False).save()
    hold_some(post, 25)
    assert judge(post).reasons == ["held: the settings hold every comment"]
    hold_some(post, 25, state="spam")
    with pytest.raises(ProofNeeded):
        judge(post)


def test_an_account_that_was_approved_before_is_known(post):
    SiteSettings().save()
    reader = make_user("carol", role="Subscriber")
    assert judge(post, author=reader).state == Comment.State.PENDING
    make_comment(post, author=reader)
    assert judge(post, author=reader).state == Comment.State.APPROVED


def test_what_is_asked_for_a_proof_is_not_stored(post):
    SiteSettings(proof_of_work="always").save()
    said = Submission(body=TEXT, author_name="Bob", author_email="bob@example.org")
    with pytest.raises(ProofNeeded):
        posting.post_comment(post, said)
    assert not Comment.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's plans are stable")
def test_what_strangers_said_long_ago_is_not_gone_through(post):
    # Accounts that said little make the index of accounts look like a short way.
    for number in range(12):
        made = {"created_at": at(f"2006-12-01 10:{number:02}")}
        make_comment(post, **made, author=make_user(f"reader{number}"))
        make_comment(post, **made)
        make_comment(post, **made, state="pending")
    table_statistics.refresh()
    with CaptureQueriesContext(connection) as asked:
        look_back(post, Submission(body="I doubt it.", author_name="Bob"))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]['sql']}")
        plan = [row[-1] for row in cursor.fetchall()]
    # Of an account alone.
    assert len([line for line in plan if "comment_author" in line]) == 1
    assert not [line for line in plan if line.startswith("SCAN U0")]
