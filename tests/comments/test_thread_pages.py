"""Long conversations come in pages, and every comment is found on one."""

import re

import pytest
from django.db import connection

from blog import table_statistics
from blog.models import Redirect, SiteSettings
from comments import shown, thread_pages
from comments.models import Comment, new_tree_ids
from comments.owning import address_for_writer
from comments.posting import decide, recount
from tests.builders import at, make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db
PATH = "/2006/11/30/talks/"
NEWEST, OLDEST = SiteSettings.CommentOrder.NEWEST, SiteSettings.CommentOrder.OLDEST


@pytest.fixture
def post(db):
    return make_post("Talks", published_at=at("2006-11-30 12:00"))


def set_site(**fields):
    SiteSettings(**fields).save()


def roots(post, count):
    """So many roots, a minute apart."""
    return [
        make_comment(
            post, f"Said {n}.", created_at=at(f"2006-12-01 {n // 60:02}:{n % 60:02}")
        )
        for n in range(count)
    ]


def said(response):
    assert response.status_code == 200
    return [int(n) for n in re.findall(r"<p>Said (\d+)\.", response.text)]


def numbers(page):
    return [int(n) for n in re.findall(r'aria-label="Response (\d+), permalink"', page)]


def test_pages_are_counted_from_the_oldest_and_the_newest_is_shown_first(client, post):
    set_site(comments_per_page=2)
    roots(post, 5)
    assert said(client.get(PATH)) == [4]
    assert said(client.get(f"{PATH}comment-page-1/")) == [0, 1]
    assert said(client.get(f"{PATH}comment-page-2/")) == [2, 3]
    assert said(client.get(f"{PATH}comment-page-3/")) == [4]
    for number in (0, 4, 10**30):
        assert client.get(f"{PATH}comment-page-{number}/").status_code == 404


def test_the_oldest_page_may_be_shown_first(client, post):
    set_site(comments_per_page=2, first_comment_page=OLDEST)
    roots(post, 5)
    assert said(client.get(PATH)) == [0, 1]
    assert said(client.get(f"{PATH}comment-page-3/")) == [4]


def test_newest_first_turns_the_order_on_a_page_and_no_pages(client, post):
    set_site(comments_per_page=2, comment_order=NEWEST)
    first, *_ = roots(post, 5)
    make_comment(post, "Answer one.", parent=first)
    make_comment(post, "Answer two.", parent=first)
    assert said(client.get(PATH)) == [4]
    page = client.get(f"{PATH}comment-page-1/")
    assert said(page) == [1, 0]
    assert page.text.index("Answer one.") < page.text.index("Answer two.")
    assert numbers(page.text) == [4, 1, 2, 3]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_a_full_page_does_not_begin_another(client, post, count):
    set_site(comments_per_page=2)
    roots(post, count)
    pages = -(-count // 2)
    assert client.get(f"{PATH}comment-page-{pages}/").status_code == 200
    assert client.get(f"{PATH}comment-page-{pages + 1}/").status_code == 404
    assert ("thread-pager" in client.get(PATH).text) == (pages > 1)


def test_answers_stay_with_what_they_answer_and_fill_no_page(client, post):
    set_site(comments_per_page=2)
    first, *_ = roots(post, 3)
    for _ in range(4):
        make_comment(post, "An answer.", parent=first)

    def shown(path):
        return client.get(path).text.partition("<body>")[2].count("An answer.")

    assert (shown(f"{PATH}comment-page-1/"), shown(PATH)) == (4, 0)


def test_the_pager_leads_through_all_pages(client, post):
    set_site(comments_per_page=2)
    roots(post, 5)
    last = client.get(PATH).text
    assert last.count("Page 3 of 3") == 2  # above and below
    assert f'href="{PATH}comment-page-2/#responses">Older responses' in last
    assert "Newer responses" not in last
    middle = client.get(f"{PATH}comment-page-2/").text
    assert f'href="{PATH}comment-page-1/#responses">Older responses' in middle
    assert f'href="{PATH}#responses">Newer responses' in middle


def test_each_page_has_one_canonical_address(client, post):
    set_site(comments_per_page=2)
    roots(post, 5)

    def canonical(path):
        return re.search(r'rel="canonical" href="[^/]*//[^/]*([^"]*)"', path)[1]

    assert canonical(client.get(PATH).text) == PATH
    assert canonical(client.get(f"{PATH}comment-page-3/").text) == PATH
    own = f"{PATH}comment-page-2/"
    assert canonical(client.get(own).text) == own


def test_a_page_of_the_blog_has_pages_of_responses_too(client):
    set_site(comments_per_page=2)
    page = make_page("About", comments_open=True)
    roots(page, 3)
    assert said(client.get("/about/comment-page-1/")) == [0, 1]
    assert said(client.get("/about/")) == [2]
    assert client.get("/about/comment-page-3/").status_code == 404
    below = make_page("Comment page 2", parent=page)
    assert below.slug == "comment-page-2-2"


def test_without_pages_all_stand_on_one_up_to_the_ceiling(client, post, monkeypatch):
    set_site(paginate_comments=False, comments_per_page=2)
    roots(post, 5)
    assert said(client.get(PATH)) == [0, 1, 2, 3, 4]
    monkeypatch.setattr(thread_pages, "MOST_ON_ONE", 4)
    assert said(client.get(PATH)) == [4]
    assert said(client.get(f"{PATH}comment-page-1/")) == [0, 1, 2, 3]


def test_a_moved_post_takes_its_pages_of_responses_along(client, post):
    set_site(comments_per_page=2)
    roots(post, 3)
    Redirect.leave("/2006/11/29/talk/", PATH)
    response = client.get("/2006/11/29/talk/comment-page-1/")
    assert response["Location"] == f"{PATH}comment-page-1/"


def test_a_long_tree_is_cut_and_read_on(client, post, monkeypatch):
    monkeypatch.setattr(thread_pages, "MOST_OF_ONE", 3)
    (root,) = roots(post, 1)
    answers = [make_comment(post, f"Said {n}.", parent=root) for n in range(1, 9)]
    page = client.get(PATH)
    assert said(page) == [0, 1, 2, 3]
    way = re.search(r'href="([^"]*)#responses">5 more answers', page.text)[1]
    page = client.get(way.replace("&amp;", "&"))
    assert said(page) == [4, 5, 6]
    assert numbers(page.text) == [5, 6, 7]
    assert "noindex" in page.text
    assert f"/comments/{root.pk}/" in page.text
    address = client.get(f"/comments/{answers[7].pk}/")["Location"]
    assert said(client.get(address)) == [7, 8]
    removed = [answers[0], answers[4]]
    decide(removed, Comment.State.TRASH, "test")
    assert said(client.get(PATH)) == [0, 2, 3]
    assert "4 more answers" in client.get(PATH).text


def test_a_page_holds_so_many_answers_shared_fairly():
    fair_cut = thread_pages.fair_cut
    assert fair_cut([], 120) == thread_pages.MOST_OF_ONE
    assert fair_cut([0, 3, 20], 120) == thread_pages.MOST_OF_ONE
    sizes = [5] * 10 + [1000] * 10
    cut = fair_cut(sizes, 120)
    assert sum(min(size, cut) for size in sizes) <= 120
    assert sum(min(size, cut + 1) for size in sizes) > 120
    assert fair_cut([9] * 1000, 120) == 1


@pytest.mark.parametrize("per_page", [1, 10, 50, 100])
def test_a_page_of_a_long_talk_is_no_longer_than_another(client, post, per_page):
    set_site(comments_per_page=per_page)
    _write(post, 600)
    page = client.get(PATH)
    at_most = max(thread_pages.MOST_SHOWN, 2 * per_page)  # one answer each
    assert per_page < len(numbers(page.text)) <= at_most
    # All of them are found, each once.
    ways = re.findall(r'href="([^"]*)#responses">(\d+) more answers?<', page.text)
    found = len(numbers(page.text)) + sum(int(count) for _, count in ways)
    assert found == 3 * per_page
    rest = [numbers(client.get(way.replace("&amp;", "&")).text) for way, _ in ways[:3]]
    assert [len(one) for one in rest] == [int(count) for _, count in ways[:3]]


def test_with_paging_off_no_answer_is_held_back_for_want_of_room(
    client, post, monkeypatch
):
    monkeypatch.setattr(thread_pages, "MOST_SHOWN", 4)
    monkeypatch.setattr(thread_pages, "LEAST_ROOM", 0)
    monkeypatch.setattr(thread_pages, "MOST_ON_ONE", 8)
    set_site(paginate_comments=False)
    first, second = roots(post, 2)
    for n in range(2, 8):
        make_comment(post, f"Said {n}.", parent=second if n % 2 else first)
    assert sorted(said(client.get(PATH))) == list(range(8))
    make_comment(post, "Said 8.", parent=first)
    assert "1 more answer<" in client.get(PATH).text
    set_site(paginate_comments=True)
    assert len(said(client.get(PATH))) == 4


def test_a_permalink_shows_nobody_what_is_not_public(client, post, alice):
    (comment,) = roots(post, 1)
    assert client.get(comment.get_absolute_url())["Location"] == (
        f"{PATH}#comment-{comment.pk}"
    )
    decide([comment], Comment.State.PENDING, "test")
    assert client.get(comment.get_absolute_url()).status_code == 404
    client.force_login(alice)
    address = client.get(comment.get_absolute_url())["Location"]
    assert address == f"/admin/comments/comment/{comment.pk}/change/"
    client.logout()
    decide([comment], Comment.State.APPROVED, "test")
    post.status = "private"
    post.save()
    assert client.get(comment.get_absolute_url()).status_code == 404


def test_a_permalink_below_a_locked_post_leads_to_its_door(client, post):
    (comment,) = roots(post, 1)
    post.password = "open"
    post.save()
    assert client.get(comment.get_absolute_url())["Location"] == PATH
    assert "Said 0" not in client.get(f"{PATH}comment-page-1/").text


def test_the_form_and_the_held_comment_bring_their_page(client, post, monkeypatch):
    set_site(comments_per_page=2, first_comment_page=OLDEST)
    monkeypatch.setattr(thread_pages, "MOST_OF_ONE", 2)
    *_, root = roots(post, 5)
    page = client.get(f"{PATH}?replytocom={root.pk}")
    assert said(page) == [4]
    assert f'name="parent" value="{root.pk}"' in page.text
    answers = [make_comment(post, f"Said {n}.", parent=root) for n in range(5, 9)]
    page = client.get(f"{PATH}?replytocom={answers[3].pk}")
    assert said(page) == [7, 8]
    assert f'name="parent" value="{answers[3].pk}"' in page.text

    held = make_comment(post, "Said 9.", state="pending", parent=answers[3])
    assert said(client.get(address_for_writer(held))) == [9]
    held = make_comment(post, "Said 10.", state="pending")
    assert said(client.get(address_for_writer(held))) == [4, 5, 6, 10]
    assert said(client.get(f"{PATH}comment-page-3/")) == [4, 5, 6]
    old = make_comment(
        post, "Said 11.", state="pending", created_at=at("2006-11-30 13:00")
    )
    assert said(client.get(address_for_writer(old))) == [11, 0, 1]


def test_the_form_that_comes_back_brings_its_page(client, post):
    set_site(comments_per_page=2)
    first, *_ = roots(post, 5)
    response = client.post(
        f"/comments/reply/{post.pk}/",
        {"body": "", "author_name": "Ann", "parent": first.pk},
        headers={"sec-fetch-site": "same-origin"},
    )
    assert response.status_code == 400
    assert "Said 0." in response.text
    assert f'name="parent" value="{first.pk}"' in response.text


def test_who_comments_is_led_to_the_page_it_stands_on(client, post):
    set_site(comments_per_page=2, hold_first=False)
    first, *_ = roots(post, 5)
    response = client.post(
        f"/comments/reply/{post.pk}/",
        {
            "body": "Said 5.",
            "author_name": "Ann",
            "author_email": "ann@example.org",
            "parent": first.pk,
        },
        headers={"sec-fetch-site": "same-origin"},
    )
    comment = Comment.objects.latest("pk")
    assert response["Location"].endswith(f"#comment-{comment.pk}")
    assert said(client.get(response["Location"])) == [0, 5, 1]


def test_the_pages_of_a_draft_have_addresses_too(client, alice):
    set_site(comments_per_page=2)
    draft = make_post(status="draft", published_at=None)
    first, *_ = roots(draft, 3)
    client.force_login(alice)
    address = client.get(first.get_absolute_url())["Location"]
    assert address == f"/?p={draft.pk}&cpage=1#comment-{first.pk}"
    assert said(client.get(address)) == [0, 1]
    assert said(client.get(f"/?p={draft.pk}&cpage=7")) == [2]


@pytest.mark.parametrize("count", [0, 3, 60, 600])
def test_a_long_conversation_asks_no_more_than_thirteen_queries(
    client, count, django_assert_max_num_queries
):
    author = make_user("dmitri", role="Author")
    post = make_post("Talks", published_at=at("2006-11-30 12:00"), author=author)
    _write(post, count)
    for path in (PATH, f"{PATH}comment-page-1/"):
        # One more than a short one: how many pages there are.
        with django_assert_max_num_queries(13):
            assert client.get(path).status_code == 200


def _write(post, count):
    """So many comments in trees of three, written at once."""
    tree_ids = new_tree_ids(-(-count // 3))
    parent = None
    for number in range(count):
        place = number % 3
        size = min(3, count - number + place)
        comment = Comment(
            post=post,
            body_html="<p>x</p>",
            state="approved",
            tree_id=tree_ids[number // 3],
            level=place,
            lft=place + 1,
            rght=2 * size - place,
            parent=parent if place else None,
        )
        Comment.objects.bulk_create([comment])
        parent = comment
    recount([post.pk])
    assert list(Comment.objects.faults()) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's plans are stable")
def test_the_roots_of_a_post_are_not_looked_for_in_the_whole_blog(post):
    roots(post, 3)
    for n in range(40):
        roots(make_post(f"Another {n}"), 2)
    table_statistics.refresh()
    pings = shown.lone_pings(post)[:101]
    likes = shown.lone_likes(post).order_by()
    page = shown.talk_roots(post)[:50]
    for rows, index in (
        (pings, "comment_roots"),
        (likes, "comment_(?:likes|count)"),
        (page, "comment_roots"),
    ):
        assert re.search(rf"INDEX {index} \(post_id=\?", rows.explain())


@pytest.mark.parametrize("end", ["", "/"])
def test_a_hidden_one_numbered_like_a_year_leads_to_no_year(client, end):
    post = make_post(published_at=at("2006-12-01 12:00"))
    make_comment(post, pk=2006, state=Comment.State.PENDING)
    assert client.get("/2006/").status_code == 200
    assert client.get(f"/comments/2006{end}", follow=True).status_code == 404
