"""Pictures of the library as the write page asks for them, and the field for one."""

import pytest

from blog.admin import media_choices
from blog.models import Media
from tests.builders import make_media, make_post, make_user

pytestmark = pytest.mark.django_db

CHOICES = "/admin/blog/media/choices/"
ADD = "/admin/blog/post/add/"


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def names(client, **query):
    answer = client.get(CHOICES, query).json()
    return [file["name"] for file in answer["files"]], answer["more"]


def make_rows(count, **fields):
    """Rows without files: nobody looks at those."""
    rows = [
        Media(file=f"2026/11/{number}.jpg", title=f"No {number}", width=4, height=3)
        for number in range(count)
    ]
    for row in rows:
        for name, value in fields.items():
            setattr(row, name, value)
    return Media.objects.bulk_create(rows)


def test_it_offers_pictures_newest_first_with_all_that_is_known(editor):
    make_media(title="Old")
    new = make_media((90, 60), title="New", alt="A ferry", caption="c", credit="d")
    Media.objects.create(file="a.pdf", title="Paper", mime_type="application/pdf")
    assert names(editor) == (["New", "Old"], None)
    assert editor.get(CHOICES).json()["files"][0] == {
        "id": new.pk,
        "name": "New",
        "address": new.file.url,
        "thumbnail": "",
        "whole": new.file.url,
        "title": "New",
        "alt": "A ferry",
        "caption": "c",
        "credit": "d",
        "width": 90,
        "height": 60,
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("ferry", ["Ferry"]),
        ("FERRY harbour", ["Ferry"]),
        ("ferry nowhere", []),
        ("100%", []),
        (" ", ["Ferry"]),
    ],
)
def test_every_word_is_looked_for_in_name_and_words(editor, asked, found):
    make_media(title="Ferry", caption="In the harbour")
    assert names(editor, q=asked) == (found, None)


def test_it_goes_on_page_by_page(editor, monkeypatch):
    monkeypatch.setattr(media_choices, "PAGE_SIZE", 2)
    make_rows(5)
    assert names(editor) == (["No 4", "No 3"], 2)
    assert names(editor, page=2) == (["No 2", "No 1"], 3)
    assert names(editor, page=3) == (["No 0"], None)
    assert names(editor, page=4) == ([], None)
    for odd in ("0", "-1", "x", "9" * 30, "²"):
        assert names(editor, page=odd)[0] in (["No 4", "No 3"], [])


def test_it_asks_as_much_of_the_database_for_one_as_for_many(
    editor, django_assert_num_queries
):
    make_rows(1)
    for more in (0, 100):
        make_rows(more) if more == 0 else Media.objects.all().delete() or make_rows(
            more
        )
        # The session, the person, the blog's language, two for what they may, and the
        # files.
        with django_assert_num_queries(6):
            editor.get(CHOICES, {"q": "no", "page": 1})


def test_who_may_see_the_library_may_choose_from_all_of_it(client):
    make_media(title="Alice's")
    client.force_login(make_user("dora", "Author"))
    assert names(client) == (["Alice's"], None)


@pytest.mark.parametrize(("role", "status"), [("Contributor", 403), (None, 302)])
def test_others_may_not(client, role, status):
    client.force_login(make_user("carol", role))
    assert client.get(CHOICES).status_code == status
    assert client.post(CHOICES).status_code in (status, 405)


def test_the_write_page_says_where_pictures_come_from_to_those_who_may(client, alice):
    client.force_login(alice)
    assert f'data-media-choices="{CHOICES}"' in client.get(ADD).content.decode()
    client.force_login(make_user("carol", "Contributor"))
    page = client.get(ADD).content.decode()
    assert "data-media-choices" not in page
    assert "You may not add pictures yet" in page


FORM = {"title": "T", "body": "", "_draft": "1"}


def test_a_picture_is_chosen_by_its_number(editor):
    media = make_media(alt="A ferry")
    post = make_post()
    address = f"/admin/blog/post/{post.pk}/change/"
    numbers = {"featured_image": media.pk, "social_image": media.pk}
    editor.post(address, FORM | numbers)
    post.refresh_from_db()
    assert (post.featured_image, post.social_image) == (media, media)
    page = editor.get(address).content.decode()
    assert 'alt="A ferry"' in page
    editor.post(address, FORM | {"featured_image": ""})
    post.refresh_from_db()
    assert post.featured_image is None


@pytest.mark.parametrize("number", ["999999", "x", "1e3", "²", "9" * 30])
def test_what_is_no_picture_is_refused_in_a_sentence(editor, number):
    response = editor.post(ADD, FORM | {"featured_image": number})
    assert "There is no picture with this number" in response.content.decode()


def test_a_file_that_is_no_picture_is_not_taken(editor):
    paper = Media.objects.create(file="a.pdf", mime_type="application/pdf")
    response = editor.post(ADD, FORM | {"featured_image": paper.pk})
    assert "There is no picture with this number" in response.content.decode()
