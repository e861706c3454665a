"""Addresses nobody means well with: an answer, never a stack trace."""

import pytest

from tests.builders import make_category, make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
NINES = "9" * 5000
LONG = "x" * 5000


@pytest.fixture
def post():
    author = make_user("dmitri", role="Author")
    post = make_post(
        "Here", author=author, categories=[make_category("News")], tags=["a"]
    )
    make_comment(post)
    return post


@pytest.mark.parametrize(
    "path",
    [
        "/%00/",
        "/a%00b/",
        "/tag/a%00/",
        "/author/a%00/",
        "/category/a%00b/",
        "/media/a%00",
        "/2006/11/30/a%00b/",
        "/?p=%00",
        "/?held=%00",
        f"/?p={NINES}",
        f"/page/{NINES[:4000]}/",
        f"/{LONG}/",
        f"/tag/{LONG}/",
        "/%ff%fe/",
        "/tag/%ff/",
        "/0000/",
        "/9999/",
        "/9999/12/",
        "/0000/00/00/x/",
        "/9999/99/99/x/",
        "/media/../config/settings.py",
        "/media/%2e%2e/%2e%2e/etc/passwd",
        "/media//etc/passwd",
        "/media/",
        "/.env",
        "/%F0%9F%98%80/",
        "/comments/reply/0/",
        f"/comments/reply/{NINES[:4000]}/",
        "/unlock/1/",
    ],
)
def test_an_odd_address_gets_an_answer(client, post, path):
    assert client.get(path).status_code in (301, 302, 400, 404, 405)


@pytest.mark.parametrize("name", ["replytocom", "held", "unknown"])
@pytest.mark.parametrize(
    "value", ["%00", NINES, LONG, "-1", "1:x", "%ff", "", "\u0663"]
)
def test_an_odd_query_changes_nothing(client, post, name, value):
    response = client.get(f"{post.get_absolute_url()}?{name}={value}")
    assert response.status_code in (200, 400)


@pytest.mark.parametrize("value", ["\0", NINES, LONG, "-1", "0", "x"])
def test_an_odd_form_gets_its_page_back(client, post, value):
    form = dict.fromkeys(("body", "author_name", "author_email", "parent"), value)
    response = client.post(
        f"/comments/reply/{post.pk}/", form, headers={"user-agent": value}
    )
    assert response.status_code == 400
