"""The address a post will have is said while it is written, and it is the one it gets."""

from datetime import date

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog import publishing
from blog.models import Post
from tests.blog.test_admin_posts import ADD, edit, form
from tests.builders import at, make_page, make_post, make_user

ASK = "/admin/blog/post/address/"
ASK_PAGE = "/admin/blog/page/address/"
DAY = "2006-11-30T12:00"
HOME = "https://blog.example"
Status = Post.Status


@pytest.fixture(autouse=True)
def _at_home(settings):
    settings.SITE_URL = HOME


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def ask(client, address=ASK, **typed):
    response = client.post(address, {"date": DAY} | typed)
    assert response.status_code == 200
    return response.json()


def test_it_follows_title_slug_and_date(editor):
    said = ask(editor, title="Six nations talked")
    assert said["address"] == f"{HOME}/2006/11/30/six-nations-talked/"
    assert said["slug"] == "six-nations-talked"
    assert (said["fault"], said["note"]) == ("", "")
    said = ask(editor, title="Six nations", slug="six", date="2007-01-02T00:30")
    assert said["address"] == f"{HOME}/2007/01/02/six/"


def test_without_a_date_it_is_todays(editor, time_machine):
    time_machine.move_to(at("2006-11-30 23:59"))
    said = ask(editor, title="Talks", date="")
    assert said["address"] == f"{HOME}/2006/11/30/talks/"
    assert said["note"] == "If it is published today."


def test_what_has_no_title_is_called_by_its_words(editor):
    said = ask(editor, words=" One two\nthree four five six seven eight nine")
    assert said["slug"] == "one-two-three-four-five-six-seven-eight"
    assert ask(editor)["slug"] == "post"


def test_a_made_slug_gets_a_number_and_a_typed_one_a_sentence(editor):
    make_post("Talks", slug="talks", published_at=at("2006-11-30 09:00"))
    assert ask(editor, title="Talks")["slug"] == "talks-2"
    assert ask(editor, title="Feed")["slug"] == "feed-2"
    said = ask(editor, title="Other", slug="talks")
    assert "“Talks” of that day has this address already." in said["fault"]
    assert ask(editor, slug="talks", date="2006-12-01T12:00")["fault"] == ""


@pytest.mark.parametrize("slug", ["feed", "page", "comment-page-2", "trackback"])
def test_a_reserved_word_is_said_at_once(editor, slug):
    assert "The blog itself uses" in ask(editor, slug=slug)["fault"]


@pytest.mark.parametrize(
    ("slug", "wanted"), [("Two words", "two-words"), ("a/b", "ab")]
)
def test_what_can_not_stand_in_an_address_gets_an_offer(editor, slug, wanted):
    said = ask(editor, slug=slug)
    assert "Enter a valid" in said["fault"]
    assert said["wanted"] == wanted
    assert "address" not in said


def test_a_stored_post_keeps_its_day_and_is_no_neighbour_of_itself(editor):
    post = make_post("Talks", slug="talks", published_at=at("2006-11-30 12:00:42"))
    said = ask(editor, number=post.pk, title="Talks", slug="talks")
    assert said["address"] == f"{HOME}/2006/11/30/talks/"
    assert (said["fault"], said["note"]) == ("", "")


def test_what_was_public_says_that_its_old_address_leads_on(editor):
    post = make_post("Talks", slug="talks", published_at=at("2006-11-30 12:00"))
    said = ask(editor, number=post.pk, title="Talks", slug="six")
    assert said["note"] == "Its old address, /2006/11/30/talks/, will lead here."
    draft = make_post(slug="draft", status="draft")
    assert ask(editor, number=draft.pk, slug="six")["note"] == ""


def test_a_page_stands_below_its_parent(editor):
    about = make_page("About")
    make_page("Team", parent=about)
    said = ask(editor, ASK_PAGE, title="Team", parent=about.pk)
    assert said["address"] == f"{HOME}/about/team-2/"
    said = ask(editor, ASK_PAGE, title="Team", slug="team", parent=about.pk)
    assert "“Team” in this place" in said["fault"]
    assert (
        "The blog itself uses the address /admin/"
        in (ask(editor, ASK_PAGE, slug="admin")["fault"])
    )
    said = ask(editor, ASK_PAGE, slug="admin", parent=about.pk)
    assert said["address"] == f"{HOME}/about/admin/"


def test_nothing_is_stored_by_asking(editor):
    post = make_post("Talks", slug="talks", status="draft", published_at=None)
    ask(editor, number=post.pk, title="Other", slug="other")
    stored = Post.objects.get()
    assert (stored.title, stored.slug, stored.status) == ("Talks", "talks", "draft")


def test_only_who_may_write_it_is_told(client, alice, bob):
    post = make_post(author=alice)
    client.force_login(bob)
    assert client.post(ASK).status_code == 302
    client.force_login(make_user("anton", role="Author"))
    assert client.post(ASK, {"number": post.pk}).status_code == 403
    assert client.post(ASK).status_code == 200
    assert client.get(ASK).status_code == 403


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30])
def test_a_number_nobody_has_is_a_new_post(editor, number):
    assert ask(editor, number=number, title="Talks")["slug"] == "talks"


def test_it_asks_as_many_queries_among_300_as_among_3(
    editor, django_assert_num_queries, django_assert_max_num_queries
):
    post = make_post("Talks", slug="talks", published_at=at("2006-11-30 12:00"))
    ask(editor, title="Talks")
    with django_assert_max_num_queries(8) as queries:
        ask(editor, number=post.pk, title="Talks")
    for _ in range(30):
        make_post("Talks", slug="", published_at=at("2006-11-30 12:00"))
    with django_assert_num_queries(len(queries)):
        ask(editor, number=post.pk, title="Talks")


def test_the_form_knows_whether_the_slug_still_follows_the_title(editor, alice):
    draft = make_post("Talks", status="draft", published_at=None, author=alice)
    assert "data-is-made" in editor.get(edit(draft)).text
    assert "data-is-made" in editor.get(ADD).text
    chosen = make_post("Talks", slug="six", status="draft", author=alice)
    assert "data-is-made" not in editor.get(edit(chosen)).text
    publishing.publish([draft])
    publishing.withdraw([draft])
    assert "data-is-made" not in editor.get(edit(draft)).text


TITLES = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=30
) | st.sampled_from(["Talks", "talks", "Feed", "Page 2", "ﬁ", "北京", "  ", "é — è"])
SLUGS = st.just("") | st.from_regex(r"[-\w]{1,12}", fullmatch=True)
DAYS = st.dates(date(1990, 1, 1), date(2039, 12, 30))
DATES = st.builds("{}T{:%H:%M}".format, DAYS, st.times())


class TheAddressSaidIsTheAddressStored(TestCase):
    @settings(max_examples=40)
    @given(title=TITLES, slug=SLUGS, moment=st.just("") | DATES)
    def test_for_posts(self, title, slug, moment):
        self.check("post", title, slug, moment)

    @settings(max_examples=25)
    @given(title=TITLES, slug=SLUGS)
    def test_for_pages(self, title, slug):
        self.check("page", title, slug, "")

    def check(self, kind, title, slug, moment):
        client = Client()
        client.force_login(make_user("alice", role="Editor"))
        make_post("Talks", slug="talks", published_at=at("2006-11-30 12:00"))
        make_page("Talks")
        there = list(Post.objects.values_list("pk", flat=True))
        typed = {"title": title, "slug": slug, "words": "A text."}
        url = f"/admin/blog/{kind}/address/"
        said = client.post(url, typed | {"date": moment}).json()
        sent = form(title=title, slug=slug, published_at=moment, _publish="x")
        sent |= {"menu_order": 0} if kind == "page" else {}
        response = client.post(f"/admin/blog/{kind}/add/", sent)
        stored = Post.objects.exclude(pk__in=there).first()
        if said["fault"]:
            assert stored is None
            faults = [fault for _, _, fault in response.context["faults"]]
            assert said["fault"] in " ".join(faults)
        else:
            assert stored is not None, response.context["faults"]
            assert said["address"] == HOME + stored.get_absolute_url()
            assert said["slug"] == stored.slug


def test_what_is_stored_is_shown_without_asking(editor, alice):
    post = make_post("T", slug="t", published_at=at("2006-11-30 12:00"), author=alice)
    stored = f'data-stored="{HOME}/2006/11/30/t/"'
    assert stored in editor.get(edit(post)).text
    again = editor.post(edit(post), form(post, slug="feed", _save="Update"))
    assert "data-stored" not in again.text
    assert "data-stored" not in editor.get(ADD).text


def test_whose_title_is_not_theirs_to_read_is_not_named(client, db):
    anton = make_user("anton", role="Author")
    make_post(
        "A secret",
        slug="taken",
        status=Status.DRAFT,
        published_at=at("2006-11-30 09:00"),
    )
    client.force_login(anton)
    assert ask(client, slug="taken")["fault"] == (
        "Another one of that day has this address already. Choose another slug."
    )
    sent = form(None, title="x", slug="taken", published_at=DAY, _draft="1")
    page = client.post(ADD, sent).content.decode()
    assert "Another one of that day" in page
    assert "A secret" not in page
