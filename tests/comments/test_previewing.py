import pytest
from django.utils import timezone

from comments import owning
from comments.models import Comment
from comments.submission import MAX_BODY_BYTES, MAX_PREVIEW_BYTES
from tests.builders import make_comment, make_post


@pytest.fixture
def preview(client):
    def send(**data):
        return client.post(
            "/comments/preview/", data, headers={"sec-fetch-site": "same-origin"}
        )

    return send


@pytest.mark.django_db
def test_the_preview_is_what_will_be_served(client, preview):
    body = "  *So* it is.\r\n\r\n- one\r\n- <b>two</b>\x07\r\n"
    client.post(
        f"/comments/reply/{make_post().pk}/",
        {"body": body, "author_name": "Ann", "author_email": "ann@example.org"},
    )
    comment = Comment.objects.get()
    assert comment.body_format == Comment.Format.MARKDOWN
    assert preview(body=body).text == comment.body_html
    assert "<em>So</em>" in comment.body_html


def test_a_preview_asks_the_database_nothing_and_is_not_kept(preview):
    # Without the mark, a query is an error.
    response = preview(body="*a*")
    assert response.text == "<p><em>a</em></p>"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_nothing_typed_is_no_error(preview):
    for data in ({}, {"body": ""}, {"body": " \n "}):
        response = preview(**data)
        assert (response.status_code, response.text) == (200, "")


@pytest.mark.parametrize(
    ("most_bytes", "sentence"),
    [
        (MAX_PREVIEW_BYTES, "limit is 16,384. You can post it all the same."),
        (MAX_BODY_BYTES, "limit is 65,525. You could post it in two parts."),
    ],
)
def test_what_is_too_long_gets_a_sentence(preview, most_bytes, sentence):
    assert preview(body="é" * (MAX_PREVIEW_BYTES // 2)).status_code == 200
    response = preview(body="é" * (most_bytes // 2 + 1))
    assert response.status_code == 413
    assert sentence in response.text
    assert response["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.django_db
def test_without_scripts_the_text_comes_back_with_the_sentence(client):
    text = "a" * (MAX_PREVIEW_BYTES + 1)
    response = client.post(
        f"/comments/reply/{make_post().pk}/", {"body": text, "preview": "1"}
    )
    assert response.status_code == 413
    assert "You can post it all the same." in response.text
    assert f"{text}</textarea>" in response.text


@pytest.mark.django_db
def test_an_edit_that_is_too_long_to_be_shown_can_be_saved(client):
    comment = make_comment(make_post(), created_at=timezone.now())
    own = f"/comments/own/{owning.sign(comment)}/"
    text = "a" * (MAX_PREVIEW_BYTES + 1)
    response = client.post(own, {"body": text, "preview": "1"})
    assert response.status_code == 413
    assert f"{text}</textarea>" in response.text
    client.post(own, {"body": text})
    assert Comment.objects.get().body == text


@pytest.mark.django_db  # the page that says so has the blog's name on it
def test_another_site_cannot_ask(client):
    response = client.post(
        "/comments/preview/", {"body": "a"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert response.status_code == 403


def test_it_is_only_posted_to(client):
    assert client.get("/comments/preview/").status_code == 405


def test_it_speaks_the_language_of_the_page_it_is_shown_on(preview):
    quoted = '"So"'
    assert preview(body=quoted, language="de").text == "<p>„So“</p>"
    assert preview(body=quoted, language="xx").text == "<p>“So”</p>"
