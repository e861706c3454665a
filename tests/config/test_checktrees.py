"""`checktrees`: what is broken is said, and mended when asked."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from blog.models import Category, Page
from comments.models import Comment
from tests.builders import make_category, make_comment, make_page, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def asia() -> Category:
    return make_category("Asia", parent=make_category("World"))


@pytest.fixture
def reply() -> Comment:
    root = make_comment(make_post())
    make_comment(root.post, parent=root)
    return make_comment(root.post, parent=root)


def check(*options: str) -> str:
    out = StringIO()
    call_command("checktrees", *options, stdout=out)
    return out.getvalue()


def broken() -> str:
    out = StringIO()
    with pytest.raises(CommandError, match="broken") as failure:
        call_command("checktrees", stdout=out)
    assert failure.value.returncode == 1
    return out.getvalue()


def change(row, **columns) -> None:
    """Write columns past every door."""
    type(row)._base_manager.filter(pk=row.pk).update(**columns)


def test_sound_trees_are_counted(asia, reply):
    assert check() == (
        "Categories: 2 nodes in 1 tree, sound.\n"
        "Pages: 0 nodes in 0 trees, sound.\n"
        "Comments: 3 nodes in 1 tree, sound.\n"
    )


@pytest.mark.parametrize(
    "columns", [{"lft": 1}, {"rght": 99}, {"level": 4}, {"tree_id": 999}]
)
def test_a_wrong_number_is_found_and_mended(asia, reply, columns):
    for row in (asia, reply):
        change(row, **columns)
    said = broken()
    assert f"Category {asia.pk} " in said
    assert f"Comment {reply.pk} " in said
    check("--repair")
    assert check().count("sound") == 3


def test_a_wrong_path_is_found_and_mended(asia):
    change(asia, path="asia")
    assert f"Category {asia.pk} has the path “asia”, not “world/asia”" in broken()
    check("--repair")
    asia.refresh_from_db()
    assert asia.path == "world/asia"


def test_pages_that_have_each_others_paths_are_found_and_mended():
    about = make_page("About")
    team, story = (make_page(title, parent=about) for title in ("Team", "Story"))
    change(story, path="elsewhere")
    change(team, path="about/story")
    assert f"Page {team.pk} has the path “about/story”, not “about/team”" in broken()
    check("--repair")
    assert dict(Page.objects.values_list("title", "path")) == {
        "About": "about",
        "Team": "about/team",
        "Story": "about/story",
    }


def test_a_circle_of_pages_is_found_and_cut_even_where_a_name_is_taken():
    about = make_page("About")
    team = make_page("Team", parent=about)
    change(about, parent=team, path="team/about")
    other = make_page("About")
    assert f"Page {about.pk} stands below itself" in broken()
    assert f"Page {about.pk} has no parent any more." in check("--repair")
    paths = Page.objects.order_by("path").values_list("path", flat=True)
    assert list(paths) == ["about", "about-2", "about-2/team"]
    assert Page.objects.get(path="about") == other


def test_a_circle_is_found_and_cut(asia, reply):
    change(asia.parent, parent=asia)
    change(reply, parent=reply)
    said = broken()
    assert f"Category {asia.parent_id} stands below itself" in said
    assert f"Comment {reply.pk} stands below itself" in said
    assert f"Comment {reply.pk} has no parent any more." in check("--repair")
    assert check().count("sound") == 3
    asia.refresh_from_db()
    assert asia.parent_id is not None


def test_a_reply_below_another_post_is_found_and_parted(reply):
    change(reply, post=make_post())
    said = broken()
    assert f"Comment {reply.pk} answers {reply.parent_id}, which stands below" in said
    check("--repair")
    reply.refresh_from_db()
    assert reply.parent is None
    assert "sound" in check()


def test_many_faults_are_shown_in_part():
    post = make_post()
    for _ in range(25):
        change(make_comment(post), level=3)
    said = broken()
    assert "25 nodes in 25 trees, 25 faults." in said
    assert said.count("  Comment ") == 20
    assert "… and 5 more" in said
