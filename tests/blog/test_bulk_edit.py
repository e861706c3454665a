"""Many posts changed together: shown first, done as each would be alone, taken back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from reversion.models import Version

from blog import bulk_edit, publishing
from blog.bulk_edit import Change
from blog.models import Post, Redirect
from tests.builders import make_category, make_page, make_post, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/post/"
TOGETHER = "/admin/blog/post/together/"
Status = Post.Status


@pytest.fixture
def news(db):
    return make_category("News")


@pytest.fixture
def anton(db):
    return make_user("anton", role="Author")


@pytest.fixture
def desk(client, alice):
    client.force_login(alice)
    return client


def send(client, posts, button="do", url=TOGETHER, **fields):
    pks = ",".join(str(post.pk) for post in posts)
    return client.post(url, {"posts": pks, button: "1", **fields}, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def undo(client, response, url=TOGETHER):
    [sentence] = [words for words in said(response) if "Undo" in words]
    token = sentence.split('value="')[1].split('"')[0]
    return client.post(f"{url}undo/", {"undo": token}, follow=True)


def names(post):
    return sorted(category.name for category in post.categories.all())


def test_the_list_leads_there_with_what_was_ticked(desk):
    posts = [make_post() for _ in range(3)]
    data = {"action": "change_together", "_selected_action": [p.pk for p in posts[:2]]}
    page = desk.post(LIST, data)
    assert page.status_code == 200
    assert "2 posts" in page.content.decode()


def test_what_will_change_is_shown_before_it_is_done(desk, news):
    posts = [make_post(categories=[news]), make_post(), make_post()]
    page = send(desk, posts, "look", add_categories=[news.pk], status=Status.DRAFT)
    assert page.context["lines"] == [
        ("file in “News”", 2, 1),
        ("make it a draft", 3, 0),
    ]
    assert "Change 3 posts" in page.content.decode()
    assert Post.objects.filter(status=Status.PUBLISHED).count() == 3
    assert [names(post) for post in posts] == [["News"], [], []]


def test_it_does_what_it_showed(desk, alice, anton, news):
    old = make_category("Old")
    posts = [make_post(categories=[old], tags=["stale", "Asia"]) for _ in range(2)]
    answer = send(
        desk,
        posts,
        add_categories=[news.pk],
        remove_categories=[old.pk],
        add_tags="talks, asia",
        remove_tags="STALE",
        author=anton.pk,
        comments_open="off",
    )
    assert "2 posts were changed" in said(answer)[0]
    for post in Post.objects.all():
        assert names(post) == ["News"]
        assert sorted(post.tags.names()) == ["Asia", "talks"]
        assert post.author == anton
        assert (post.comments_open, post.pings_open) == (False, True)


def test_each_has_its_revision(desk, alice, news):
    posts = [make_post(), make_post()]
    send(desk, posts, add_categories=[news.pk])
    for post in posts:
        versions = Version.objects.get_for_object_reference(Post, post.pk)
        newest = versions.select_related("revision").order_by("-pk").first()
        assert newest.revision.user == alice
        assert newest.revision.comment == "Categories"


def test_it_is_taken_back_as_a_whole(desk, alice, anton, news):
    old = make_category("Old")
    posts = [
        make_post(categories=[old], tags=["Stale"], author=alice),
        make_post(status=Status.DRAFT, published_at=None, author=anton),
    ]
    answer = send(
        desk,
        posts,
        add_categories=[news.pk],
        remove_categories=[old.pk],
        add_tags="new",
        remove_tags="stale",
        status=Status.PUBLISHED,
        author=anton.pk,
    )
    assert all(post.is_public for post in Post.objects.all())
    answer = undo(desk, answer)
    assert said(answer) == ["Undone: 2 posts are as before."]
    first, second = (Post.objects.get(pk=post.pk) for post in posts)
    assert (names(first), list(first.tags.names())) == (["Old"], ["Stale"])
    assert (names(second), list(second.tags.names())) == ([], [])
    assert (first.author, second.author) == (alice, anton)
    assert (first.status, second.status) == (Status.PUBLISHED, Status.DRAFT)
    assert second.published_at is None
    assert first.published_at == posts[0].published_at


def test_what_was_saved_since_is_not_overruled(desk, alice):
    posts = [make_post(), make_post()]
    answer = send(desk, posts, comments_open="off")
    later = Post.objects.get(pk=posts[0].pk)
    later.title = "Worked on since"
    publishing.save_post(later, alice)
    answer = undo(desk, answer)
    assert "1 post was changed since and stayed so." in said(answer)[1]
    stored = [Post.objects.get(pk=post.pk).comments_open for post in posts]
    assert stored == [False, True]


def test_an_undo_is_good_once_and_never_forged(desk):
    answer = send(desk, [make_post()], comments_open="off")
    undo(desk, answer)
    again = undo(desk, answer)
    assert "was changed since" in said(again)[0]
    forged = desk.post(f"{TOGETHER}undo/", {"undo": "forged"}, follow=True)
    assert said(forged) == ["That can’t be undone any more."]


def test_an_author_changes_their_own_alone(client, alice, anton, news):
    own, other = make_post(author=anton), make_post(author=alice)
    client.force_login(anton)
    page = send(client, [own, other], "look", add_categories=[news.pk])
    assert "1 post" in page.content.decode()
    assert "stays as it is" in page.content.decode()
    assert 'name="author"' not in page.content.decode()
    answer = send(client, [own, other], add_categories=[news.pk], author=alice.pk)
    assert (names(own), names(other)) == (["News"], [])
    own.refresh_from_db()
    assert own.author == anton
    assert "1 post stayed as it was." in said(answer)[1]


def test_a_contributor_publishes_nothing_by_it(client):
    carol = make_user("carol", role="Contributor")
    draft = make_post(author=carol, status=Status.DRAFT)
    out = make_post(author=carol)
    client.force_login(carol)
    page = send(client, [draft, out], status=Status.PUBLISHED)
    assert "Select a valid choice" in page.content.decode()
    send(client, [draft, out], status=Status.PENDING)
    draft.refresh_from_db(), out.refresh_from_db()
    assert (draft.status, out.status) == (Status.PENDING, Status.PUBLISHED)


def test_what_lies_in_the_trash_stays_there(desk):
    thrown = make_post(status=Status.TRASH)
    send(desk, [thrown, make_post()], status=Status.DRAFT)
    thrown.refresh_from_db()
    assert thrown.status == Status.TRASH


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Nothing would change: choose something first."),
        ({"add_tags": "a, b", "remove_tags": "B"}, "be added and taken away at once."),
        ({"add_tags": "x" * 101}, "is too long"),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(desk, fields, sentence):
    post = make_post(tags=["b"])
    page = send(desk, [post], **fields)
    assert sentence in page.content.decode()
    assert list(post.tags.names()) == ["b"]


def test_nothing_chosen_and_too_much_are_refused(desk, monkeypatch):
    assert said(send(desk, [])) == ["Choose some of them first."]
    monkeypatch.setattr("blog.admin.bulk_edit.MAX_POSTS", 1)
    posts = [make_post(), make_post()]
    assert "At most" in said(send(desk, posts, comments_open="off"))[0]
    assert all(post.comments_open for post in Post.objects.all())


def test_pages_have_a_state_and_an_author_and_no_categories(desk, anton):
    page = make_page("About")
    url = "/admin/blog/page/together/"
    shown = send(desk, [page], "choose", url=url)
    assert "add_categories" not in shown.content.decode()
    send(desk, [page], url=url, author=anton.pk, status=Status.DRAFT)
    page.refresh_from_db()
    assert (page.author, page.status) == (anton, Status.DRAFT)
    # A page is no post: its own list alone changes it.
    send(desk, [page], status=Status.PUBLISHED)
    page.refresh_from_db()
    assert page.status == Status.DRAFT


def test_a_date_to_come_schedules_it(desk):
    later = timezone.now() + timedelta(days=2)
    post = make_post(status=Status.DRAFT, published_at=later)
    send(desk, [post], status=Status.PUBLISHED)
    post.refresh_from_db()
    assert post.is_scheduled


def test_all_of_it_or_nothing(desk, alice, monkeypatch):
    posts = [make_post(), make_post(), make_post()]
    real, calls = publishing.save_post, []

    def fail_in_the_end(*args, **kwargs):
        calls.append(args)
        if len(calls) == 3:
            raise RuntimeError("the power went")
        real(*args, **kwargs)

    monkeypatch.setattr(publishing, "save_post", fail_in_the_end)
    with pytest.raises(RuntimeError):
        bulk_edit.make(posts, Change(comments_open=False), alice)
    assert all(post.comments_open for post in Post.objects.all())


def test_it_asks_as_often_for_each_post_however_many_there_are(desk, alice, news):
    def queries(count):
        posts = [make_post(author=alice) for _ in range(count)]
        with CaptureQueriesContext(connection) as asked:
            bulk_edit.make(posts, Change(add_categories=(news,)), alice)
        return len(asked)

    queries(1)
    few, more = queries(2), queries(6)
    each = (more - few) / 4
    assert each == int(each)
    assert queries(10) == more + 4 * each


def test_showing_asks_as_often_for_many_as_for_one(desk, news):
    def queries(count):
        posts = [make_post() for _ in range(count)]
        with CaptureQueriesContext(connection) as asked:
            send(desk, posts, "look", add_categories=[news.pk])
        return len(asked)

    queries(1)
    assert queries(1) == queries(20)


def test_a_moved_address_is_not_made_here(desk):
    """What stays public stays where it is."""
    post = make_post()
    send(desk, [post], comments_open="off", pings_open="off")
    assert not Redirect.objects.exists()
    assert Post.objects.get(pk=post.pk).get_absolute_url() == post.get_absolute_url()


def test_what_was_deleted_since_is_left_out_when_it_is_undone(desk, news):
    gone = make_category("Gone")
    nobody = make_user("nobody", role="Author")
    anton = make_user("anton2", role="Author")
    post = make_post(author=nobody, categories=[gone, news])
    page = send(desk, [post], remove_categories=[gone.pk, news.pk], author=anton.pk)
    gone.delete()
    nobody.delete()
    undo(desk, page)
    post.refresh_from_db()
    assert names(post) == ["News"]
    assert post.author == anton


def test_a_number_no_post_can_have_is_none(desk):
    post = make_post()
    page = desk.post(TOGETHER, {"posts": f"{post.pk},{'9' * 30},²", "look": "1"})
    assert page.context["pks"] == str(post.pk)
