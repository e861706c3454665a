"""The list of what did not come along when a blog moved in, and what is done about it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog import old_names
from blog.models import Media, OldFile, OldFileUse, Post
from blog.transfer import fetching
from tests.builders import make_post, make_user, picture_bytes

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/oldfile/"
HOME = "https://harbour.example"
State = OldFile.State


def make_row(name: str, state: str = State.MISSING, **fields) -> OldFile:
    values = {
        "home": "harbour.example",
        "family": old_names.family(name),
        "url": f"{HOME}/wp-content/uploads/{name}",
        "reason": "The old blog does not have it any more.",
    }
    return OldFile.objects.create(name=name, state=state, **(values | fields))


def waiting(row: OldFile) -> Post:
    post = make_post(body=f'<p><img alt="" src="{row.url}"></p>')
    OldFileUse.objects.create(file=row, post=post)
    return post


@pytest.fixture
def desk(client, alice):
    client.force_login(alice)
    return client


def act(desk, action: str, *rows: OldFile):
    keys = [row.pk for row in rows]
    data = {"action": action, "_selected_action": keys}
    return desk.post(LIST, data, follow=True).text


def send(desk, row: OldFile, data: bytes):
    file = SimpleUploadedFile("whatever.png", data)
    return desk.post(f"{LIST}{row.pk}/change/", {"file": file}, follow=True)


def test_it_lists_what_is_not_here_with_the_reason(desk):
    make_row("2009/04/boat.jpg")
    make_row("2009/04/pier.jpg", State.WAITING)
    make_row("2009/04/mole.jpg", State.LEFT)
    page = desk.get(LIST).text
    assert "boat.jpg" in page
    assert "pier.jpg" in page
    assert "mole.jpg" not in page
    assert "does not have it any more" in page
    assert "mole.jpg" in desk.get(f"{LIST}?state=left").text


def test_the_first_page_counts_them_and_leads_there(desk):
    make_row("2009/04/boat.jpg")
    make_row("2009/04/pier.jpg", State.WAITING)
    page = desk.get("/admin/").text
    assert "file of the old blog is missing" in page
    assert "file of the old blog is still to come" in page
    assert f"{LIST}?state=missing" in page


def test_where_nothing_was_imported_nothing_is_counted(desk):
    page = desk.get("/admin/").text
    assert "old blog is" not in page
    assert "old blog are" not in page


def test_an_author_does_not_see_it(client):
    make_row("2009/04/boat.jpg")
    client.force_login(make_user("ruth", role="Author"))
    assert "old blog" not in client.get("/admin/").text
    assert client.get(LIST).status_code == 403


def test_what_is_fetched_again_is_due_at_once(desk, web):
    path = "/wp-content/uploads/2009/04/boat.jpg"
    row = make_row("2009/04/boat.jpg", tries=6, home="127.0.0.1", url=web.url(path))
    post = waiting(row)
    web.answers[path] = picture_bytes()
    assert "1 file will be fetched again" in act(desk, "fetch_again", row)
    fetching.sweep()
    post.refresh_from_db()
    assert "/media/2009/04/boat.jpg" in post.body


def test_what_was_given_up_stays_where_it_lies(desk):
    row = make_row("2009/04/boat.jpg", State.WAITING)
    assert "1 file stays where it lies" in act(desk, "give_up", row)
    assert fetching.sweep() == 0
    assert OldFile.objects.get().state == State.LEFT


def test_who_has_the_file_puts_it_into_the_texts(desk, alice):
    row = make_row("2009/04/boat.jpg")
    post = waiting(row)
    page = send(desk, row, picture_bytes()).text
    assert "is here, and in the texts" in page
    media = Media.objects.get()
    assert (media.name, media.uploaded_by) == ("2009/04/boat.jpg", alice)
    post.refresh_from_db()
    assert 'src="/media/2009/04/boat.jpg"' in post.body
    assert OldFile.objects.get().state == State.HERE


@pytest.mark.parametrize("data", [b"<svg/>", b"nothing", b""])
def test_what_may_not_be_uploaded_is_refused_there_too(desk, data):
    row = make_row("2009/04/boat.jpg")
    assert send(desk, row, data).status_code == 200
    assert not Media.objects.exists()
    assert OldFile.objects.get().state == State.MISSING


def test_the_page_of_a_file_names_the_texts_that_wait(desk):
    row = make_row("2009/04/boat.jpg")
    post = waiting(row)
    page = desk.get(f"{LIST}{row.pk}/change/").text
    assert f"/admin/blog/post/{post.pk}/change/" in page
    assert post.title in page


def test_one_that_is_here_leads_to_the_library(desk):
    row = make_row("2009/04/boat.jpg")
    send(desk, row, picture_bytes())
    page = desk.get(f"{LIST}{row.pk}/change/").text
    assert f"/admin/blog/media/{Media.objects.get().pk}/change/" in page
    assert 'type="file"' not in page


def test_a_long_list_asks_no_more_often(desk):
    make_row("2009/04/boat.jpg")
    with CaptureQueriesContext(
        connection,
    ) as few:
        desk.get(LIST)
    for number in range(30):
        waiting(make_row(f"2009/04/{number}.jpg"))
    with CaptureQueriesContext(connection) as many:
        desk.get(LIST)
    assert len(many) == len(few)
