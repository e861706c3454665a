"""What moderators decide is what the filter learns: through the rows and the queue."""

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.models import SiteSettings
from comments import moderation, posting, tasks
from comments.models import Comment, SpamModel
from comments.moderation import training
from comments.submission import Submission
from tests.builders import make_comment, make_post

pytestmark = pytest.mark.django_db
SPAM, GOOD = "spam", "approved"


@pytest.fixture(autouse=True)
def _blank_memory(monkeypatch):
    monkeypatch.setattr(training, "_known", None)


@pytest.fixture
def post(db):
    return make_post("Talks")


@pytest.fixture
def decided(post):
    """Forty comments people decided about, half of them spam."""
    rows = []
    for number in range(40):
        words = "zorbel quandit" if number % 2 else "tellane ovirup"
        state = SPAM if number % 2 else GOOD
        body = f"{words} number {number}"
        rows.append(make_comment(post, body, state=state, is_decided=True))
    return rows


def say(post, body, **fields) -> Comment:
    said = {"author_name": "Bob", "author_email": "bob@example.org"}
    return posting.post_comment(post, Submission(body=body, **said | fields))


def waiting() -> int:
    return DBTaskResult.objects.filter(
        task_path=tasks.learn_from_decisions.module_path
    ).count()


def test_what_was_learned_holds_a_comment_and_says_why(post, decided):
    SiteSettings(hold_first=False).save()
    training.learn()
    comment = say(post, "Zorbel and quandit!")
    assert comment.state == "pending"
    assert comment.reasons[0].startswith("held: reads like spam (")
    assert "“Zorbel”" in comment.reasons[0]
    assert comment.spam_score > 0.9
    other = say(make_post(), "Tellane, ovirup?", author_email="carol@example.org")
    assert other.state == "approved"
    assert other.spam_score < 0.1


def test_the_filter_can_be_switched_off(post, decided):
    SiteSettings(hold_first=False, spam_filter=False).save()
    training.learn()
    comment = say(post, "Zorbel and quandit!")
    assert (comment.state, comment.spam_score) == ("approved", None)


def test_only_what_people_decided_is_learned_from(post):
    for number in range(30):
        make_comment(post, f"zorbel {number}", state=SPAM)
        make_comment(post, f"tellane {number}", is_decided=True)
        make_comment(post, f"lirpen {number}", state="trash", is_decided=True)
    training.learn()
    model = SpamModel.objects.get()
    assert (model.spam_count, model.approved_count) == (0, 30)
    assert "zorbel" not in model.words
    assert "lirpen" not in model.words
    assert model.words["tellane"] == [0, 30]


def test_it_moves_when_a_decision_is_undone(post, decided, alice):
    held = [make_comment(post, f"brastip {n}", state="pending") for n in range(6)]
    batch = posting.decide(held, SPAM, "spam: by Alice", by=alice)
    training.learn()
    before = SpamModel.objects.get().words["brastip"]
    posting.undo(batch)
    training.learn()
    assert before == [6, 0]
    assert "brastip" not in SpamModel.objects.get().words


def test_a_thousand_decisions_make_one_task(post, alice):
    comments = [make_comment(post, state="pending") for _ in range(20)]
    for comment in comments:
        posting.decide([comment], SPAM, "spam: by Alice", by=alice)
    for _ in range(25):
        posting.decide(comments, GOOD, "approved: by Alice", by=alice)
        posting.decide(comments, SPAM, "spam: by Alice", by=alice)
    assert waiting() == 1


def test_the_task_learns_and_a_later_decision_makes_another(
    post, decided, alice, run_tasks
):
    posting.decide(decided[:1], SPAM, "spam: by Alice", by=alice)
    run_tasks()
    assert not SpamModel.objects.exists()  # it waits for what is decided next
    DBTaskResult.objects.update(run_after=timezone.now())
    run_tasks()
    assert SpamModel.objects.get().spam_count == 21
    posting.decide(decided[2:3], SPAM, "spam: by Alice", by=alice)
    assert waiting() == 2


def test_what_is_held_is_ranked_anew(post, decided):
    held = make_comment(post, "zorbel quandit zorbel", state="pending")
    good = make_comment(post, "tellane ovirup", state="pending")
    shown = make_comment(post, "zorbel quandit")
    training.learn()
    for comment in (held, good, shown):
        comment.refresh_from_db()
    assert held.spam_score > 0.9
    assert good.spam_score < 0.1
    assert shown.spam_score is None
    # It ranks and holds: what is shown stays, and what is held stays held.
    assert (held.state, shown.state) == ("pending", "approved")


def test_judging_takes_one_query_and_one_where_it_learned_anew(
    post, decided, django_assert_num_queries
):
    training.learn()
    site = SiteSettings.current()
    said = Submission(body="tellane", author_name="B", author_email="b@example.org")
    with django_assert_num_queries(2):
        moderation.judge(moderation.gather(post, said, site))
    with django_assert_num_queries(1):
        moderation.judge(moderation.gather(post, said, site))
    training.learn()
    with django_assert_num_queries(2):
        moderation.judge(moderation.gather(post, said, site))
