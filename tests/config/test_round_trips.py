"""A blog leaves and comes back: as records in each format, and as a whole."""

from copy import deepcopy
from dataclasses import asdict
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings

from blog.models import Category, Page
from blog.transfer import dump, wxr, wxr_write
from blog.transfer.records import BlogRecord
from comments import transfer
from comments.models import Comment
from config import moving
from tests.record_strategies import blogs

some = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
few = hypothesis_settings(some, max_examples=6, phases=[Phase.generate])


@some
@given(blog=blogs())
def test_what_wordpress_format_holds_is_read_as_it_was_written(tmp_path, blog):
    path = tmp_path / "blog.xml"
    path.write_text("".join(wxr_write.written(blog)), newline="\n")
    found = wxr.read(path)
    found.posts = list(found.posts)
    for post in found.posts:
        post.origin, post.line = "", None
        for response in post.responses:
            response.origin = ""
    for media in found.media:
        media.link = ""  # what showed a file is the file, where nothing else is told
    assert asdict(found) == asdict(blog)


# --- A whole blog -----------------------------------------------------------------


def stored() -> dict:
    """The blog that is here as plain data."""
    blog = dump.blog(transfer.responses_below, transfer.TALKERS)
    blog.posts = list(blog.posts)
    assert not [*Comment.objects.faults(), *Category.objects.faults()]
    assert not list(Page.objects.faults())
    return asdict(blog)


def run(command: str, *arguments: object) -> None:
    call_command(command, *map(str, arguments), stdout=StringIO(), stderr=StringIO())


def there_and_back(blog: BlogRecord, path: Path, name: str) -> tuple[dict, dict]:
    """What was here before it left as a file of this format, and after it came back."""
    with transaction.atomic():
        moving.move_in(deepcopy(blog), blog.posts, is_quiet=True)
        before = stored()
        run("export_blog", path, "--format", name)
        transaction.set_rollback(True)
    with transaction.atomic():
        run(*(["loaddata", path] if name == "fixture" else ["import_blog", path]))
        after = stored()
        transaction.set_rollback(True)
    return before, after


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["wxr", "markdown"])
@few
@given(blog=blogs())
def test_a_blog_comes_back_as_it_was(tmp_path_factory, name, blog):
    path = tmp_path_factory.mktemp("blog") / "blog"
    before, after = there_and_back(blog, path, name)
    assert after == before


@pytest.mark.django_db
@few
@given(blog=blogs())
def test_as_a_fixture_it_comes_back_but_for_its_order(tmp_path_factory, blog):
    path = tmp_path_factory.mktemp("blog") / "blog.json"
    before, after = there_and_back(blog, path, "fixture")
    after, before = without_order(after), without_order(before)
    for found, post in zip(after["posts"], before["posts"], strict=True):
        for name, value in post.items():
            assert found[name] == value, name
    assert after == before


def without_order(told: dict) -> dict:
    for post in told["posts"]:
        post["categories"].sort()
        post["tags"].sort()
        # Those of one parent stand in the order they came in.
        post["responses"].sort(key=lambda response: response["guid"])
    told["posts"].sort(key=lambda post: post["guid"])
    told["tags"].sort(key=lambda tag: tag["slug"])
    return told
