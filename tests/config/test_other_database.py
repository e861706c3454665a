"""The way to another database that docs/deploy.md describes: all of it arrives."""

import re
from datetime import datetime
from pathlib import Path

import pytest
import reversion
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from reversion.models import Version

from blog import edit_locks
from blog.models import EditLock, Redirect, SiteSettings, User
from comments.models import Like
from comments.posting import recount
from tests.builders import (
    make_category,
    make_comment,
    make_media,
    make_page,
    make_post,
    make_user,
)
from tests.config.tables import every_row

DEPLOY = Path(settings.BASE_DIR) / "docs" / "deploy.md"


def dump_options() -> list[str]:
    """As the page has them, without the name of the file."""
    told = re.search(
        r"manage\.py dumpdata (.+?) -o blog\.json", DEPLOY.read_text(), re.S
    )
    return told[1].replace("\\\n", " ").split()


def make_blog() -> None:
    alice, bob = make_user("alice", role="Editor"), make_user("bob")
    picture = make_media(uploaded_by=alice)
    make_page("Team", parent=make_page("About"))
    # Numbers with holes in them.
    make_post("Gone").delete()
    post = make_post(
        "Boats",
        author=alice,
        featured_image=picture,
        categories=[make_category("Ferries", make_category("News"))],
        tags=["ships"],
    )
    first = make_comment(post, body="One")
    make_comment(post, parent=first, author=bob, body="Two")
    recount([post.pk])
    post.refresh_from_db()
    Like.objects.create(post=post, user=bob)
    Redirect.leave("/an/old/address/", post.get_absolute_url())
    SiteSettings(title="The Quay", logo=picture).save()
    with reversion.create_revision():
        post.save()
    edit_locks.hold(post, alice, "window")


def rows_told() -> dict[str, list[dict]]:
    """All rows, but for when they were touched and the numbers of whole trees.

    JSON holds three digits of a second. What the search knows follows from the rest,
    and Django numbers what it knows of models, and links, in each database by itself.
    """
    following = re.compile(
        "blog_search|comments_treenumber|.+entry$|django_content|auth_"
    )

    def told(name: str, value: object) -> object:
        if name in ("tree_id", "touched_at", "content_type_id", "group_id"):
            return None
        is_moment = isinstance(value, datetime)
        return (
            value.replace(microsecond=value.microsecond // 1000) if is_moment else value
        )

    models = apps.get_models(include_auto_created=True)
    links = {model._meta.db_table for model in models if model._meta.auto_created}
    found = {}
    for table, rows in every_row().items():
        if not following.match(table):
            left_out = {"id"} if table in links else set()
            found[table] = sorted(
                (
                    {name: told(name, row[name]) for name in row.keys() - left_out}
                    for row in rows
                ),
                key=lambda row: sorted(map(repr, row.items())),
            )
    return found


@pytest.mark.django_db(transaction=True)
def test_every_row_keeps_its_number(tmp_path):
    # A group whose number is another one's there.
    Group.objects.all().delete()
    Group.objects.create(name="Guests")
    call_command("migrate", verbosity=0)
    make_blog()
    before, path = rows_told(), tmp_path / "blog.json"
    call_command("dumpdata", *dump_options(), "-o", str(path), verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    ContentType.objects.clear_cache()
    call_command("loaddata", str(path), verbosity=0)
    assert User.objects.get(username="alice").groups.get().name == "Editor"
    assert EditLock.objects.exists()
    assert Version.objects.exists()
    assert Group.objects.filter(name="Guests").count() == 1
    after = rows_told()
    for table, rows in before.items():
        assert after[table] == rows, table
