import pytest

from blog.models import SiteSettings
from tests.builders import make_post

pytestmark = pytest.mark.django_db


def test_a_reader_logs_in_where_only_readers_may_comment(client, bob):
    SiteSettings(registered_only=True).save()
    post = make_post()
    page = client.get(post.get_absolute_url()).text
    login = f"/accounts/login/?next={post.get_absolute_url()}"
    assert login in page
    response = client.post(login, {"username": "bob", "password": "pw"}, follow=True)
    assert response.redirect_chain == [(post.get_absolute_url(), 302)]
    assert "writing as Bob" in response.text


def test_a_wrong_password_is_said(client, bob):
    response = client.post("/accounts/login/", {"username": "bob", "password": "x"})
    assert "correct username and password" in response.text


def test_the_page_is_one_of_the_blogs(client, db):
    SiteSettings.objects.create(title="The Long Table", tagline="For everybody")
    page = client.get("/accounts/login/").text
    assert "The Long Table" in page
    assert "For everybody" in page


def test_nobody_is_sent_to_another_site(client, bob):
    form = {"username": "bob", "password": "pw", "next": "https://evil.example/"}
    assert client.post("/accounts/login/", form)["Location"] == "/"


@pytest.mark.parametrize(
    ("old", "new"),
    [("/wp-admin/", "/admin/"), ("/wp-login.php", "/accounts/login/")],
)
def test_wordpress_doors_lead_to_ours(client, old, new):
    assert client.get(old)["Location"] == new
