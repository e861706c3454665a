"""A save that would replace what another one saved meanwhile is shown as a choice."""

import html as html_module
import re

import pytest

from blog import publishing, revisions, working_copies
from blog.admin.write_form import PageForm, PostForm
from blog.models import Post, WorkingCopy
from blog.revisions import LABELS
from tests.blog.test_admin_posts import edit
from tests.builders import make_category, make_page, make_post, make_user

Status = Post.Status
BODY = "<p>The old bridge stands.</p>"
SWITCHES = dict.fromkeys(("comments_open", "pings_open", "sends_pings"), "on")


@pytest.fixture
def dmitri(db):
    return make_user("dmitri", role="Editor")


@pytest.fixture
def post(alice):
    post = make_post("Talks", author=alice, body=BODY, tags=["asia"])
    publishing.save_post(post, alice)
    return post


def opened(post, **fields):
    """What the form of `post` sends as it stands, with `fields` changed."""
    post = Post.objects.get(pk=post.pk)
    values = {"title": post.title, "body": post.body, "slug": post.slug} | SWITCHES
    values["author"] = post.author_id or ""
    values["tags"] = ", ".join(sorted(post.tags.names()))
    values["categories"] = [category.pk for category in post.categories.all()]
    if post.published_at:
        values["published_at"] = f"{post.published_at:%Y-%m-%dT%H:%M}"
    return values | {"read_at": post.updated_at.isoformat(), "_save": "x"} | fields


def send(client, user, post, fields):
    client.force_login(user)
    return client.post(edit(post), fields)


def hidden(response):
    """What the conflict page would send, without a button."""
    fields: dict = {}
    pattern = r'<input type="hidden" name="([^"]+)" value="([^"]*)">'
    page = response.text.partition('class="conflict-choices"')[0]
    for name, value in re.findall(pattern, page.partition("</header>")[2] or page):
        fields.setdefault(name, []).append(html_module.unescape(value))
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def choose(client, response, post, button, value="x"):
    return client.post(edit(post), hidden(response) | {button: value}, follow=True)


@pytest.fixture
def collide(client, alice, dmitri, post):
    """Dmitri saves `theirs`; then Alice, who began before, sends `mine`."""

    def run(theirs, mine):
        before = opened(post)
        assert send(client, dmitri, post, before | theirs).status_code == 302
        return send(client, alice, post, before | mine)

    return run


def stored():
    return Post.objects.get()


# --- What is shown


def test_nothing_is_replaced_unseen(collide):
    page = collide({"title": "Dmitri's"}, {"title": "Alice's"})
    assert page.status_code == 409
    assert stored().title == "Dmitri's"
    text = " ".join(page.text.split())
    assert "Dmitri saved this while you were writing" in text
    assert re.search(r"\d\d:\d\d, Dmitri: Title", text)
    assert "<del>Dmitri&#x27;s</del><ins>Alice&#x27;s</ins>" in text
    assert "Both of you changed this." in text


def test_it_tells_who_changed_what(collide):
    page = collide({"tags": "europe"}, {"body": BODY.replace("old", "new")})
    text = " ".join(page.text.split())
    assert "<dt>Tags</dt><dd><del>europe</del><ins>asia</ins>" in text
    assert "Only Dmitri changed this." in text
    assert "The text. Only you changed this." in text
    assert "<del>old </del><ins>new </ins>" in text


def test_the_text_is_shown_in_four_ways(client, post, collide):
    page = collide(
        {"body": BODY.replace("old", "new")}, {"body": "<p>The <b>old</b></p>"}
    )
    assert "diff-sides" not in page.text
    page = choose(client, page, post, "_shown", "beside")
    assert page.status_code == 409
    assert "diff-sides" in page.text
    page = choose(client, page, post, "_shown", "html")
    assert "&lt;" in page.text.partition('class="diff is-html"')[2]
    assert "new" in stored().body


def test_ones_other_window_is_called_so(client, alice, post):
    before = opened(post)
    send(client, alice, post, before | {"title": "One"})
    page = send(client, alice, post, before | {"title": "Two"})
    assert "You, in another window, saved this while you were writing" in page.text
    assert "Changed in both windows." in page.text


def test_what_is_stored_already_is_no_conflict(collide):
    same = {"title": "The same"}
    assert collide(same, same).status_code == 302


def test_a_save_without_a_change_is_no_conflict(client, alice, dmitri, post):
    before = opened(post)
    send(client, dmitri, post, before)
    assert send(client, alice, post, before | {"title": "New"}).status_code == 302
    assert stored().title == "New"


def test_faults_come_first_and_the_conflict_after(client, alice, dmitri, post):
    before = opened(post)
    send(client, dmitri, post, before | {"title": "Dmitri's"})
    wrong = before | {"title": "Alice's", "published_at": "never"}
    page = send(client, alice, post, wrong)
    assert page.status_code == 200
    assert f'name="read_at" value="{before["read_at"]}"' in page.text
    page = send(client, alice, post, before | {"title": "Alice's"})
    assert page.status_code == 409


# --- What can be done


def test_mine_is_saved_over_theirs_which_stays_in_the_history(client, post, collide):
    asia = make_category("Asia")
    mine = {"title": "Alice's", "tags": "a, b", "categories": [asia.pk]}
    page = collide({"title": "Dmitri's"}, mine)
    assert choose(client, page, post, "_mine").status_code == 200
    assert stored().title == "Alice's"
    assert sorted(stored().tags.names()) == ["a", "b"]
    assert list(stored().categories.all()) == [asia]
    assert stored().body == BODY
    before = revisions.of(post.pk)[1]
    assert revisions.State(before.serialized_data).values["title"] == "Dmitri's"


def test_a_third_save_meanwhile_conflicts_again(client, alice, dmitri, post, collide):
    page = collide({"title": "Dmitri's"}, {"title": "Alice's"})
    fields = hidden(page)
    send(client, dmitri, post, opened(post, title="Dmitri's second"))
    client.force_login(alice)
    for button in ("_mine", "_both"):
        again = client.post(edit(post), fields | {button: "x"})
        assert again.status_code == 409
        assert "Dmitri&#x27;s second" in again.text
    assert stored().title == "Dmitri's second"
    choose(client, again, post, "_mine")
    assert stored().title == "Alice's"


def test_one_goes_on_writing_with_ones_own(client, alice, dmitri, post, collide):
    asia = make_category("Asia")
    mine = {"title": "Alice's", "tags": "a", "categories": [asia.pk]}
    page = choose(client, collide({"title": "Dmitri's"}, mine), post, "_go_on")
    form = page.context["adminform"].form
    assert (form["title"].value(), form["tags"].value()) == ("Alice's", "a")
    assert [int(pk) for pk in form["categories"].value()] == [asia.pk]
    assert "This is your text. It is not saved yet." in page.text
    assert stored().title == "Dmitri's"
    now = stored().updated_at.isoformat()
    assert f'name="read_at" value="{now}"' in page.text
    send(client, alice, post, opened(post, title="Alice's", read_at=now))
    assert stored().title == "Alice's"


def test_taking_theirs_keeps_mine_as_a_draft(client, alice, post, collide):
    mine = {"title": "Alice's", "tags": "a, b", "window": "w1"}
    page = collide({"title": "Dmitri's"}, mine)
    page = choose(client, page, post, "_theirs")
    assert page.context["adminform"].form["title"].value() == "Dmitri's"
    assert "kept as a draft of yours" in page.text
    copy = WorkingCopy.objects.get()
    assert (copy.writer, copy.value("title")) == (alice, "Alice's")
    page = client.get(f"{edit(post)}?key={copy.key}")
    form = page.context["adminform"].form
    assert (form["title"].value(), form["tags"].value()) == ("Alice's", "a, b")
    assert f'name="read_at" value="{copy.based_on.isoformat()}"' in page.text
    assert stored().title == "Dmitri's"


def test_where_mine_cannot_be_kept_theirs_is_not_taken(client, alice, post, collide):
    other = {"window": ["another"], "title": ["In another window"]}
    working_copies.autosave(alice, other, kind="post", post=post)
    page = collide({"title": "Dmitri's"}, {"title": "Alice's", "window": "w1"})
    page = choose(client, page, post, "_theirs")
    assert page.status_code == 409
    assert "You are writing this in another window" in page.text
    assert hidden(page)["title"] == ["Alice's"]
    assert WorkingCopy.objects.get().title == "In another window"


def test_what_only_one_changed_each_is_saved_together(client, post, collide):
    asia = make_category("Asia")
    theirs = {"tags": "europe", "categories": [asia.pk], "excerpt": "Short."}
    page = collide(theirs, {"body": "<p>Alice's text.</p>", "title": "Alice's"})
    assert "Save both" in page.text
    choose(client, page, post, "_both")
    assert stored().title == "Alice's"
    assert stored().body == "<p>Alice's text.</p>"
    assert stored().excerpt == "Short."
    assert list(stored().tags.names()) == ["europe"]
    assert list(stored().categories.all()) == [asia]


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        ({"title": "Theirs"}, {"title": "Mine"}),
        ({"title": "Theirs", "tags": "a"}, {"title": "Mine", "excerpt": "b"}),
        ({"title": "Theirs"}, {}),
    ],
)
def test_both_are_not_offered_where_one_would_be_lost(
    client, post, collide, theirs, mine
):
    page = collide(theirs, mine)
    assert "Save both" not in page.text
    assert choose(client, page, post, "_both").status_code == 409
    assert stored().title == "Theirs"


def test_a_button_that_was_pressed_is_kept(client, alice, dmitri):
    draft = make_post("Draft", author=alice, status=Status.DRAFT, published_at=None)
    publishing.save_post(draft, alice)
    before = opened(draft)
    del before["_save"]
    send(client, dmitri, draft, before | {"title": "Dmitri's", "_draft": "x"})
    page = send(client, alice, draft, before | {"excerpt": "Mine", "_publish": "x"})
    assert page.status_code == 409
    assert stored().status == Status.DRAFT
    choose(client, page, draft, "_both")
    assert (stored().title, stored().excerpt) == ("Dmitri's", "Mine")
    assert stored().status == Status.PUBLISHED


def test_a_draft_is_not_made_of_what_was_published_meanwhile(client, alice, dmitri):
    draft = make_post("Draft", author=alice, status=Status.DRAFT, published_at=None)
    publishing.save_post(draft, alice)
    before = opened(draft)
    del before["_save"]
    send(client, dmitri, draft, before | {"_publish": "x"})
    page = send(client, alice, draft, before | {"title": "Mine", "_draft": "x"})
    assert page.status_code == 409
    assert "Save both" not in page.text
    assert "<dt>State</dt><dd><del>published</del><ins>draft</ins>" in page.text
    assert stored().status == Status.PUBLISHED


def test_only_who_may_publish_does_so_from_there(client, alice, dmitri):
    carol = make_user("carol", role="Contributor")
    draft = make_post("Draft", author=carol, status=Status.DRAFT)
    client.force_login(carol)
    fields = opened(draft) | {"_publish": "x", "_mine": "x"}
    assert client.post(edit(draft), fields).status_code == 403


def test_pages_conflict_too(client, alice, dmitri):
    page = make_page("About", author=alice)
    publishing.save_post(page, alice)
    url = f"/admin/blog/page/{page.pk}/change/"
    before = opened(page, menu_order=0)
    for name in ("tags", "categories"):
        del before[name]
    client.force_login(dmitri)
    assert client.post(url, before | {"title": "Theirs"}).status_code == 302
    client.force_login(alice)
    answer = client.post(url, before | {"menu_order": 4})
    assert answer.status_code == 409
    client.post(url, hidden(answer) | {"_both": "x"})
    assert (stored().title, stored().menu_order) == ("Theirs", 4)


def test_every_word_survives_the_page(client, alice, dmitri, post):
    odd = '"Quotes" & <b>marks</b>\r\n\r\n  spaces ☃'
    before = opened(post)
    send(client, dmitri, post, before | {"excerpt": "Theirs"})
    page = send(client, alice, post, before | {"excerpt": odd, "tags": '"a, b", c'})
    assert hidden(page)["excerpt"] == [odd]
    choose(client, page, post, "_mine")
    assert stored().excerpt == odd.replace("\r\n", "\n")
    assert sorted(stored().tags.names()) == ["a, b", "c"]


@pytest.mark.parametrize("form", [PostForm, PageForm])
def test_every_field_of_the_form_is_compared(client, alice, form):
    client.force_login(alice)
    kind = "post" if form is PostForm else "page"
    page = client.get(f"/admin/blog/{kind}/add/")
    names = set(page.context["adminform"].form.fields)
    # The one is status and password; the other belongs to a review, not to the post.
    assert names - {"visibility", "review_note"} <= set(LABELS)
