"""Settings, redirects, people and the first page of the admin."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from blog.models import Post, Redirect, SiteSettings, User
from tests.builders import make_comment, make_post, make_user

SETTINGS = "/admin/blog/sitesettings/1/change/"


@pytest.fixture
def keeper(db):
    return make_user("kit", role="Administrator")


def settings_form(client, **fields):
    form = client.get(SETTINGS).context["adminform"].form
    values = {}
    for name in form.fields:
        value = form[name].value()
        if value is not None and value is not False:
            values[name] = "on" if value is True else value
    return values | fields


def test_settings_are_one_form(client, keeper):
    client.force_login(keeper)
    response = client.get("/admin/blog/sitesettings/", follow=True)
    assert response.redirect_chain[0][0] == SETTINGS
    assert not SiteSettings.objects.exists()
    client.post(SETTINGS, settings_form(client, title="The Long Table"))
    assert SiteSettings.objects.get().title == "The Long Table"


def test_what_is_wrong_in_a_long_form_is_said_at_its_top(client, keeper):
    client.force_login(keeper)
    values = settings_form(client, posts_per_page="0", title="")
    page = client.post(SETTINGS, values).text
    said = page[page.index('class="errornote faults"') :].partition("</ul>")[0]
    assert '<a href="#id_title">Title</a>: This field is required.' in said
    assert '<a href="#id_posts_per_page">Posts per page</a>' in said
    assert "errornote faults" not in client.get(SETTINGS).text


def test_every_setting_is_in_the_form(client, keeper):
    client.force_login(keeper)
    shown = set(client.get(SETTINGS).context["adminform"].form.fields)
    every = {field.name for field in SiteSettings._meta.fields if field.editable}
    every -= {"id"}
    assert shown == every


@pytest.mark.parametrize("role", ["Author", "Editor"])
def test_settings_are_for_administrators(client, db, role):
    client.force_login(make_user("alice", role=role))
    assert client.get(SETTINGS).status_code == 403


def test_a_redirect_needs_a_path_and_an_address(client, alice):
    client.force_login(alice)
    url = "/admin/blog/redirect/add/"
    for old, new in [("old", "/new/"), ("/old/", "javascript:x"), ("/a/", "/a/")]:
        client.post(url, {"old_path": old, "new_path": new})
    assert not Redirect.objects.exists()
    client.post(url, {"old_path": "/?p=12", "new_path": "/2006/11/30/a-post/"})
    assert Redirect.objects.count() == 1


def user_form(user, **fields):
    values = {
        "username": user.username,
        "email": user.email,
        "display_name": user.display_name,
        "slug": user.slug,
        "is_active": "on",
    }
    return values | fields


def edit(user):
    return reverse("admin:blog_user_change", args=[user.pk])


def test_a_role_opens_and_closes_the_admin(client, keeper, bob):
    client.force_login(keeper)
    for name, is_staff in [("Editor", True), ("Subscriber", False)]:
        group = Group.objects.get(name=name)
        client.post(edit(bob), user_form(bob, role=group.pk))
        bob.refresh_from_db()
        assert list(bob.groups.all()) == [group]
        assert bob.is_staff is is_staff


def test_a_new_person_gets_a_role(client, keeper):
    client.force_login(keeper)
    password = "a long and quiet evening"
    client.post(
        "/admin/blog/user/add/",
        {
            "username": "dana",
            "email": "dana@example.org",
            "display_name": "Dana",
            "role": Group.objects.get(name="Author").pk,
            "usable_password": "true",
            "password1": password,
            "password2": password,
        },
    )
    dana = User.objects.get(username="dana")
    assert dana.is_staff
    assert dana.has_perm("blog.publish_post")
    assert dana.check_password(password)


def test_only_a_superuser_makes_or_touches_superusers(client, keeper, bob):
    root = make_user("root", is_superuser=True)
    client.force_login(keeper)
    client.post(edit(bob), user_form(bob, is_superuser="on", is_staff="on"))
    bob.refresh_from_db()
    assert not bob.is_superuser
    assert client.post(edit(root), user_form(root)).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    taken = {"password1": "taken over by kit", "password2": "taken over by kit"}
    assert client.post(password, taken).status_code == 403
    delete = reverse("admin:blog_user_delete", args=[root.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=root.pk).exists()


def test_editors_do_not_manage_people(client, alice, bob):
    client.force_login(alice)
    assert client.get(edit(bob)).status_code == 403


def test_the_desk_says_what_waits(client, alice):
    post = make_post()
    make_comment(post, state="pending")
    make_comment(post, state="pending")
    make_post(status=Post.Status.DRAFT, published_at=None)
    client.force_login(alice)
    lines = [line.words for line in client.get("/admin/").context["waiting"]]
    assert lines == ["comments wait for you", "draft post"]


def test_the_desk_shows_an_author_their_own_drafts_alone(client, alice):
    anton = make_user("anton", role="Author")
    make_post(author=alice, status=Post.Status.DRAFT, published_at=None)
    make_comment(make_post(), state="pending")
    client.force_login(anton)
    assert client.get("/admin/").context["waiting"] == []
