"""Who is mailed about a comment, when, and what the mail looks like when it arrives."""

import pytest

from blog.models import SiteSettings
from comments import posting
from comments.models import Comment, Notice, Subscription
from comments.submission import Submission
from tests.builders import make_comment, make_post, make_user
from tests.mailbox import html_of, text_of

pytestmark = pytest.mark.django_db
State = Comment.State


@pytest.fixture
def site(db):
    site = SiteSettings.current()
    site.hold_first = False
    site.save()
    return site


@pytest.fixture
def carol(db):
    """Writes posts; moderates nothing."""
    return make_user("carol", role="Author")


@pytest.fixture
def post(carol):
    return make_post("Talks", author=carol)


def say(post, body="I doubt it.", name="PatternRec", **fields) -> Comment:
    fields.setdefault("author_email", f"{name.lower()}@reader.example")
    return posting.post_comment(post, Submission(body=body, author_name=name, **fields))


def subscribe(comment: Comment) -> Subscription:
    return Subscription.objects.create(
        post=comment.post,
        email=comment.author_email,
        confirmed_at=comment.created_at,
    )


def told(mailbox) -> list[str]:
    return sorted(mail["To"].addresses[0].username for mail in mailbox.taken)


def test_the_author_is_told_of_a_new_comment(mailbox, run_tasks, site, post):
    comment = say(post)
    run_tasks()
    [mail] = mailbox.taken
    assert mail["To"] == "carol@example.org"
    assert mail["Subject"] == "Re: Talks"
    assert mail["From"].addresses[0].display_name == "PatternRec · Quillback"
    assert mail["Reply-To"].addresses[0].addr_spec == "patternrec@reader.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<comment-{comment.pk}@blog.example.org>"
    assert mail["In-Reply-To"] == f"<post-{post.pk}@blog.example.org>"
    assert mail.get_content_type() == "multipart/alternative"
    for part in (text_of(mail), html_of(mail)):
        assert "I doubt it." in part
        assert f"https://blog.example.org{post.get_absolute_url()}" in part
        assert "/comments/judge/" not in part


def test_the_author_is_not_told_of_their_own_words(
    mailbox, run_tasks, site, post, carol
):
    say(post, name="Carol", author=carol)
    say(post, "From another browser.", name="C", author_email="CAROL@example.org")
    run_tasks()
    assert mailbox.taken == []


@pytest.mark.parametrize(
    "change",
    [{"email": ""}, {"is_active": False}],
    ids=["without an address", "who has left"],
)
def test_an_author_who_cannot_be_told_is_not(mailbox, run_tasks, site, post, change):
    type(post.author).objects.filter(pk=post.author.pk).update(**change)
    post.refresh_from_db()
    say(post)
    run_tasks()
    assert mailbox.taken == []


def test_the_author_can_be_left_alone(mailbox, run_tasks, site, post):
    site.notify_author = False
    site.save()
    say(post)
    run_tasks()
    assert mailbox.taken == []


def test_moderators_are_told_of_what_is_held_and_the_author_when_it_is_approved(
    mailbox, run_tasks, post, alice
):
    comment = say(post)
    assert comment.state == State.PENDING
    run_tasks()
    assert told(mailbox) == ["alice"]
    mail = mailbox.taken.pop()
    assert mail["Subject"] == "Held: Talks"
    text = text_of(mail)
    assert "held: no earlier comment of this writer was approved" in text
    for verb in ("Approve", "Spam", "Trash"):
        assert f"{verb}: https://blog.example.org/comments/judge/" in text
    assert "patternrec@reader.example" in text

    posting.decide([comment], State.APPROVED, "approved by Alice", by=alice)
    run_tasks()
    assert told(mailbox) == ["carol"]


def test_an_author_who_moderates_gets_one_mail_about_a_held_comment(
    mailbox, run_tasks, alice, bob
):
    comment = say(make_post("Talks", author=alice))
    run_tasks()
    posting.decide([comment], State.APPROVED, "approved by Bob", by=bob)
    run_tasks()
    assert told(mailbox) == ["alice"]
    assert "Approve: https://" in text_of(mailbox.taken[0])


def test_who_approves_is_not_told(mailbox, run_tasks, alice):
    post = make_post("Talks", author=alice)
    comment = say(post)
    posting.decide([comment], State.APPROVED, "approved by Alice", by=alice)
    run_tasks()
    assert mailbox.taken == []


def test_moderators_can_be_left_alone(mailbox, run_tasks, site, post, alice):
    site.hold_first, site.moderator_mail = True, SiteSettings.ModeratorMail.OFF
    site.save()
    say(post)
    run_tasks()
    assert mailbox.taken == []


def test_of_spam_and_trash_nobody_hears(mailbox, run_tasks, site, post, alice):
    site.disallowed_words = "doubt"
    site.save()
    assert say(post).state == State.TRASH
    held = say(post, "Buy this", name="Seller", is_unproven=False)
    posting.decide([held], State.SPAM, "spam", by=alice)
    run_tasks()
    assert mailbox.taken == []


def test_a_ping_is_told_of(mailbox, run_tasks, site, post):
    say(
        post,
        "[…] as Carol says […]",
        name="",
        author_email="",
        kind=Comment.Kind.PINGBACK,
        source_url="https://other.example/answer/",
        source_title="An answer",
        source_site="The other blog",
    )
    run_tasks()
    text = text_of(mailbox.taken[0])
    assert "The other blog links to “Talks”." in text
    assert "https://other.example/answer/" in text


def test_the_person_answered_is_told_if_they_asked_for_it(
    mailbox, run_tasks, site, post
):
    question = make_comment(
        post, "Why?", author_name="Anna", author_email="anna@r.example"
    )
    other = make_comment(post, "How?", author_email="otto@r.example")
    subscribe(question)
    answer = say(post, "Because.", name="Bert", parent_id=question.pk)
    say(post, "So.", name="Carl", parent_id=other.pk)
    run_tasks()
    [mail] = mailbox.to("anna@r.example")
    assert mailbox.to("otto@r.example") == []
    assert mail["Message-ID"] == f"<comment-{answer.pk}@blog.example.org>"
    assert mail["In-Reply-To"] == f"<comment-{question.pk}@blog.example.org>"
    assert mail["References"] == (
        f"<post-{post.pk}@blog.example.org> <comment-{question.pk}@blog.example.org>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (
        mail["List-Unsubscribe"]
        .strip()
        .startswith("<https://blog.example.org/comments/leave/")
    )
    assert mail["Reply-To"] is None
    for part in (text_of(mail), html_of(mail)):
        assert "Bert answered you below “Talks”." in part
        assert "Why?" in part
        assert "bert@reader.example" not in part
        assert "/comments/leave/" in part


def test_whom_an_answer_is_meant_for_is_told_where_threads_end(
    mailbox, run_tasks, site, post
):
    site.thread_depth = 1
    site.save()
    question = make_comment(post, "Why?", author_email="anna@r.example")
    subscribe(question)
    answer = say(post, "Because.", name="Bert", parent_id=question.pk)
    assert answer.parent is None
    run_tasks()
    assert len(mailbox.to("anna@r.example")) == 1


def test_who_answers_themselves_is_not_told(mailbox, run_tasks, site, post):
    question = make_comment(post, "Why?", author_email="anna@r.example")
    subscribe(question)
    say(
        post,
        "I see.",
        name="Anna",
        author_email="Anna@r.example",
        parent_id=question.pk,
    )
    run_tasks()
    assert mailbox.to("anna@r.example") == []


def test_the_author_who_is_answered_gets_one_mail(
    mailbox, run_tasks, site, post, carol
):
    own = make_comment(post, "Why?", author=carol, author_email=carol.email)
    subscribe(own)
    say(post, "Because.", name="Bert", parent_id=own.pk)
    run_tasks()
    assert told(mailbox) == ["carol"]


def test_a_held_comment_gone_before_its_mail_went_is_not_mailed(
    mailbox, run_tasks, post, alice
):
    comment = say(post)
    Comment.objects.filter(pk=comment.pk).update(state=State.TRASH)  # by hand
    run_tasks()
    assert mailbox.taken == []
    assert not Notice.objects.exists()


def test_names_are_no_headers(mailbox, run_tasks, site, post):
    post.title = "Talks\r\nBcc: everybody@example.org"
    post.save()
    say(
        post,
        name='Eve" <eve@evil.example>\r\nBcc: all@example.org\u202e',
        author_email="e@e.example",
    )
    run_tasks()
    [mail] = mailbox.taken
    assert mail["Bcc"] is None
    assert [a.addr_spec for a in mail["From"].addresses] == ["blog@localhost"]
    assert [a.addr_spec for a in mail["Reply-To"].addresses] == ["e@e.example"]
    assert "\n" not in mail["Subject"]


@pytest.mark.parametrize("name", ["Дмитрий", "محمد", "金", "Jürgen, “Jo” (🐘)"])
def test_names_and_titles_in_any_script_arrive(mailbox, run_tasks, site, post, name):
    post.title = f"{name}: was nun?"
    post.save()
    say(post, f"{name} sagt’s", name=name, author_email="e@e.example")
    run_tasks()
    [mail] = mailbox.taken
    assert mail["From"].addresses[0].display_name == f"{name} · Quillback"
    assert mail["Subject"] == f"Re: {name}: was nun?"
    assert f"{name} sagt’s" in text_of(mail)


def test_the_text_is_whole_and_the_html_is_safe(mailbox, run_tasks, site, post):
    long = "\n\n".join(f"Paragraph {number} " + "word " * 60 for number in range(40))
    body = f"{long}\n\n<script>alert(1)</script> 1 < 2 & 3\n\n<a href='/about/'>who</a>"
    posting.decide([say(post, body)], State.APPROVED, "approved")
    run_tasks()
    text, html = text_of(mailbox.taken[0]), html_of(mailbox.taken[0])
    assert all(f"\nParagraph {number} word" in text for number in range(40))
    assert "1 < 2 & 3" in text
    assert "<script" not in html
    assert 'href="https://blog.example.org/about/"' in html
    assert "<img" not in html


def test_an_imported_comment_is_nobodys_news(mailbox, run_tasks, post):
    make_comment(post)
    run_tasks()
    assert not Notice.objects.exists()
