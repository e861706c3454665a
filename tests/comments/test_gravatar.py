"""Writers' own pictures: fetched by the server, kept here, shown from here."""

import hashlib
import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from blog.models import SiteSettings
from comments import avatars, gravatar
from comments.models import Comment, Photo
from comments.posting import post_comment
from comments.submission import Submission
from config.chores import look_after_photos
from tests.builders import make_comment, make_post
from tests.web import answer

EMAIL = "ann@example.org"
KEY = avatars.key_of(EMAIL, "")


def png(width=200, height=300) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, format="PNG")
    return out.getvalue()


@pytest.fixture
def gravatar_is_on(db):
    SiteSettings(use_gravatar=True, hold_first=False).save()


@pytest.fixture
def there(web, monkeypatch):
    """What Gravatar has: `there[email] = bytes`."""
    monkeypatch.setattr(gravatar, "URL", web.url("/avatar"))

    class There:
        def __setitem__(self, email, picture):
            digest = hashlib.sha256(email.encode()).hexdigest()
            web.answers[f"/avatar/{digest}"] = picture

    return There()


def say(email=EMAIL, body="Hello.") -> Comment:
    return post_comment(
        make_post(), Submission(body=body, author_name="Ann", author_email=email)
    )


def shown(client):
    return client.get(avatars.url_of(KEY, may_be_photo=True))


def test_nothing_is_asked_where_it_is_off(db, web, there, run_tasks):
    say()
    run_tasks()
    look_after_photos()
    assert web.knocks == []
    assert not Photo.objects.exists()


def test_a_picture_is_fetched_redrawn_and_kept(
    client, gravatar_is_on, web, there, run_tasks
):
    there[EMAIL] = png()
    say()
    assert web.knocks == []  # nobody waited for it
    run_tasks()
    response = shown(client)
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "immutable" not in response["Cache-Control"]
    assert Image.open(io.BytesIO(response.content)).size == (80, 80)
    assert EMAIL not in web.knocks[0].path


def test_it_is_asked_once_for_each_writer(
    gravatar_is_on, web, there, run_tasks, time_machine
):
    say()
    run_tasks()
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    say(body="Hello again.")
    run_tasks()
    assert len(web.knocks) == 1


def test_who_has_none_keeps_the_drawing(client, gravatar_is_on, there, run_tasks):
    say()
    run_tasks()
    assert not Photo.objects.get().is_there
    assert shown(client).content.decode() == avatars.identicon(KEY)


@pytest.mark.parametrize(
    "picture",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a",
        b"",
        png()[:200],
        png(3000, 3000),
    ],
)
def test_what_is_no_proper_picture_is_none(gravatar_is_on, there, run_tasks, picture):
    there[EMAIL] = picture
    say()
    run_tasks()
    assert not Photo.objects.get().is_there
    assert not default_storage.exists(f"avatars/{KEY}.webp")


def test_when_gravatar_is_down_it_is_asked_again_tomorrow(
    gravatar_is_on, web, there, run_tasks, time_machine
):
    there[EMAIL] = lambda handler: answer(handler, 503)
    say()
    run_tasks()
    look_after_photos()
    run_tasks()
    assert len(web.knocks) == 1
    time_machine.move_to(timezone.now() + timedelta(days=1, minutes=1))
    there[EMAIL] = png()
    look_after_photos()
    run_tasks()
    assert Photo.objects.get().is_there


def test_after_a_week_the_picture_is_fetched_anew(
    client, gravatar_is_on, web, there, run_tasks, time_machine
):
    there[EMAIL] = png()
    say()
    run_tasks()
    time_machine.move_to(timezone.now() + timedelta(days=7, minutes=1))
    there[EMAIL] = lambda handler: answer(handler, 404)
    look_after_photos()
    run_tasks()
    assert shown(client)["Content-Type"] == "image/svg+xml"
    assert not default_storage.exists(f"avatars/{KEY}.webp")


def test_turned_on_later_it_learns_of_those_who_wrote_before(
    gravatar_is_on, there, run_tasks
):
    post = make_post()
    for _ in range(2):
        make_comment(post, author_email=EMAIL)
    make_comment(post, author_email="")
    make_comment(post, author_email="spam@example.org", state=Comment.State.SPAM)
    look_after_photos()
    run_tasks()
    assert [photo.key for photo in Photo.objects.all()] == [KEY]


def test_turned_off_every_picture_goes(gravatar_is_on, there, run_tasks):
    there[EMAIL] = png()
    say()
    run_tasks()
    SiteSettings(use_gravatar=False).save()
    look_after_photos()
    assert not Photo.objects.exists()
    assert not default_storage.exists(f"avatars/{KEY}.webp")


def test_a_lost_file_is_no_error(client, gravatar_is_on):
    Photo.objects.create(key=KEY, is_there=True)
    assert shown(client).content.decode() == avatars.identicon(KEY)
