"""Who gets in where: every address of the admin, for every role.

An address that is new and stands in no table here fails a test: whoever adds one says
who may go there.
"""

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import URLPattern, reverse
from django_tasks_db.models import DBTaskResult
from reversion.models import Version

from blog import publishing
from blog.models import (
    MissedAddress,
    OldFile,
    Post,
    Redirect,
    SiteSettings,
    Tag,
    User,
    WorkingCopy,
)
from comments.models import Comment, Notice, Rule
from tests.builders import (
    make_category,
    make_comment,
    make_media,
    make_page,
    make_post,
    make_received_ping,
    make_sent_ping,
    make_user,
)
from tests.config.role_table import ADDRESSES, OPEN_TO_ALL, ROLES

LETTERS = {200: "y", 302: "r", 403: "-", 404: "0", 405: "m", 400: "b", 422: "b"}
LOGIN = "/admin/login/"


def addresses(patterns=None) -> dict[str, URLPattern]:
    """Every named address of the admin, however deep it is included."""
    found: dict[str, URLPattern] = {}
    for pattern in admin.site.get_urls() if patterns is None else patterns:
        if hasattr(pattern, "url_patterns"):
            found |= addresses(pattern.url_patterns)
        elif pattern.name:
            found[pattern.name] = pattern
    return found


@pytest.fixture
def things(db, settings, tmp_path):
    """One of each, none of them belonging to whoever asks; keys by what URLs call them."""
    zoe = make_user("zoe", role="Editor")
    post = make_post("Zoe's", author=zoe)
    publishing.save_post(post, zoe)
    page = make_page("About", author=zoe)
    publishing.save_post(page, zoe)
    comment = make_comment(post, state=Comment.State.PENDING)
    return {
        "blog_post": post.pk,
        "blog_page": page.pk,
        "blog_media": make_media(uploaded_by=zoe).pk,
        "blog_category": make_category("News").pk,
        "blog_tag": Tag.objects.create(name="asia").pk,
        "blog_redirect": Redirect.objects.create(old_path="/a/", new_path="/b/").pk,
        "blog_missedaddress": MissedAddress.objects.create(path="/c/").pk,
        "blog_oldfile": OldFile.objects.create(
            name="2009/04/boat.jpg", url="https://harbour.example/boat.jpg"
        ).pk,
        "blog_sitesettings": SiteSettings.current().pk or 1,
        "blog_user": zoe.pk,
        "auth_user": zoe.pk,
        "auth_group": zoe.groups.get().pk,
        "comments_comment": comment.pk,
        "comments_rule": Rule.objects.create(
            action="block", trait="domain", value="x.example"
        ).pk,
        "comments_notice": Notice.objects.create(
            kind="held", comment=comment, email="zoe@example.org", user=zoe
        ).pk,
        "comments_outgoingping": make_sent_ping(post).pk,
        "comments_incomingping": make_received_ping(post).pk,
        "django_tasks_database_dbtaskresult": DBTaskResult.objects.create(
            backend_name="default", args_kwargs={"args": [], "kwargs": {}}
        ).pk,
        "post_pk": post.pk,
        "key": WorkingCopy.objects.create(post=post, writer=zoe).key,
        "app_label": "blog",
        "content_type_id": ContentType.objects.get_for_model(Post).pk,
        "object_id": post.pk,
    }


def url_of(name: str, pattern: URLPattern, things: dict) -> str:
    given = {}
    for argument in pattern.pattern.regex.groupindex:
        if argument in ("pk", "object_id", "id") and name != "view_on_site":
            model = max((key for key in things if name.startswith(key)), key=len)
            given[argument] = things[model]
        elif argument == "version_pk":
            version = Version.objects.filter(object_id=str(given["pk"])).first()
            given[argument] = version.pk
        else:
            given[argument] = things[argument]
    return reverse(f"admin:{name}", kwargs=given)


def answer(client, method: str, url: str) -> str:
    """A letter for what came back; whatever was done is undone."""
    with transaction.atomic():
        response = getattr(client, method)(url)
        transaction.set_rollback(True)
    if response.status_code == 302 and response["Location"].startswith(LOGIN):
        return "l"
    return LETTERS.get(response.status_code, str(response.status_code))


def test_each_address_stands_in_the_table():
    there, known = set(addresses()), {*ADDRESSES, *OPEN_TO_ALL}
    assert there == known, "say in tests/config/role_table.py who may go there"


@pytest.mark.parametrize("who", [None, "Subscriber"])
def test_readers_get_nowhere(client, things, who):
    if who:
        client.force_login(make_user("asks", role=who))
    for name, pattern in addresses().items():
        if name not in OPEN_TO_ALL:
            url = url_of(name, pattern, things)
            for method in ("get", "post"):
                assert answer(client, method, url) == "l", (name, method)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_where_the_table_says(client, things, role):
    client.force_login(make_user("asks", role=role))
    found = {}
    for name, pattern in addresses().items():
        if name not in OPEN_TO_ALL:
            url = url_of(name, pattern, things)
            found[name] = answer(client, "get", url), answer(client, "post", url)
    place = ROLES.index(role)
    wanted = {
        name: (gets[place], posts[place]) for name, (gets, posts) in ADDRESSES.items()
    }
    assert found == wanted


def test_a_role_that_was_taken_away_is_told_in_a_sentence(client, things):
    anton = make_user("anton", role="Author")
    client.force_login(anton)
    anton.groups.clear()
    User.objects.filter(pk=anton.pk).update(is_staff=False)
    answered = client.post("/admin/blog/post/add/", {"title": "x"}, follow=True)
    assert "not authorized to access this page" in answered.content.decode()
