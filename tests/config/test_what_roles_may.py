"""The table in docs/roles.md, line by line: what it says is what happens."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from blog.models import Media, Post, User
from comments.models import Comment
from tests.blog.test_admin_posts import form
from tests.builders import make_comment, make_media, make_post, make_user

Status = Post.Status
ROLES = ["Subscriber", "Contributor", "Author", "Editor", "Administrator"]


def documented() -> dict[str, list[str]]:
    """What each line of the table says, and the roles it says it of."""
    text = Path(settings.BASE_DIR, "docs", "roles.md").read_text()
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    assert rows[0][1:] == ROLES
    return {
        row[0]: [
            role for role, said in zip(ROLES, row[1:], strict=True) if said == "yes"
        ]
        for row in rows[1:]
    }


class Desk:
    """Somebody at the desk, and somebody else whose things are there."""

    def __init__(self, client, user: User) -> None:
        self.client, self.user = client, user
        client.force_login(user)
        self.other = make_user("zoe", role="Editor")

    def post(self, author: User, status: str = Status.DRAFT) -> Post:
        return make_post("Talks", author=author, status=status)

    def opens(self, name: str, *args: object) -> bool:
        return self.client.get(reverse(f"admin:{name}", args=args)).status_code == 200

    def press(self, post: Post, button: str, **fields: str) -> Post:
        url = reverse("admin:blog_post_change", args=[post.pk])
        self.client.post(
            url, {"author": post.author_id} | form(post, **fields) | {button: "1"}
        )
        post.refresh_from_db()
        return post

    def changes(self, post: Post) -> bool:
        return self.press(post, "_save", title="Changed").title == "Changed"

    def offers(self, post: Post, *names: str) -> bool:
        """Whether the write page has these fields, and takes them."""
        url = reverse("admin:blog_post_change", args=[post.pk])
        page = self.client.get(url).content.decode()
        return all(f'name="{name}"' in page for name in names)

    def changes_file(self, media: Media) -> bool:
        url = reverse("admin:blog_media_change", args=[media.pk])
        self.client.post(url, {"title": "Changed", "focal_x": "0.5", "focal_y": "0.5"})
        media.refresh_from_db()
        url = reverse("admin:blog_media_delete", args=[media.pk])
        self.client.post(url, {"post": "yes"})
        is_gone = not Media.objects.filter(pk=media.pk).exists()
        assert is_gone == (media.title == "Changed")
        return is_gone


def throws_away(desk: Desk) -> bool:
    post = desk.post(desk.user)
    desk.client.post(reverse("admin:blog_post_trash", args=[post.pk]))
    post.refresh_from_db()
    if post.status != Status.TRASH:
        return False
    url = reverse("admin:blog_post_delete", args=[post.pk])
    desk.client.post(url, {"post": "yes"})
    return not Post.objects.filter(pk=post.pk).exists()


def decides_how_it_is_shown(desk: Desk) -> bool:
    post = desk.post(desk.user)
    names = ("is_sticky", "visibility", "password")
    given = {"is_sticky": "on", "visibility": "password", "password": "secret"}
    desk.press(post, "_draft", **given)
    is_taken = post.is_sticky and post.password == "secret"
    assert is_taken == desk.offers(post, *names)
    return is_taken


def says_who_wrote(desk: Desk) -> bool:
    post = desk.post(desk.user)
    return desk.press(post, "_draft", author=str(desk.other.pk)).author == desk.other


def writes_html(desk: Desk) -> bool:
    body = '<div class="box">Boxed</div>'
    return "box" in desk.press(desk.post(desk.user), "_draft", body=body).body


def uploads(desk: Desk) -> bool:
    answer = desk.client.post(reverse("admin:blog_media_upload"))
    return answer.status_code == 302 and "login" not in answer["Location"]


def judges(desk: Desk) -> bool:
    comment = make_comment(desk.post(desk.other), state=Comment.State.PENDING)
    desk.client.post(reverse("admin:comments_comment_approve", args=[comment.pk]))
    comment.refresh_from_db()
    assert comment.is_approved == desk.opens("comments_rule_add")
    return comment.is_approved


def sends_back(desk: Desk) -> bool:
    post = desk.post(desk.other, Status.PENDING)
    return desk.press(post, "_return", review_note="Why?").status == Status.DRAFT


def publishes(desk: Desk, author: User) -> bool:
    post = desk.post(author, Status.PENDING)
    return desk.press(post, "_publish").status == Status.PUBLISHED


CHECKS: dict[str, Callable[[Desk], bool]] = {
    "open the desk": lambda desk: desk.opens("index"),
    "say what readers are told of oneself": lambda desk: desk.opens("own_profile"),
    "write drafts, and change them": lambda desk: desk.changes(desk.post(desk.user)),
    "see the history of what they write": lambda desk: desk.opens(
        "blog_post_history", desk.post(desk.user).pk
    ),
    "move their draft to the trash, and delete it there": throws_away,
    "send what they write for review": lambda desk: (
        desk.press(desk.post(desk.user), "_review").status == Status.PENDING
    ),
    "publish what they write": lambda desk: publishes(desk, desk.user),
    "change what they write once it is out": lambda desk: desk.changes(
        desk.post(desk.user, Status.PUBLISHED)
    ),
    "make it sticky, private or give it a password": decides_how_it_is_shown,
    "open what others have not published": lambda desk: desk.opens(
        "blog_post_change", desk.post(desk.other).pk
    ),
    "change what others write": lambda desk: desk.changes(desk.post(desk.other)),
    "publish what others write": lambda desk: publishes(desk, desk.other),
    "send back what waits for review": sends_back,
    "say who wrote a post": says_who_wrote,
    "write HTML the editor has not": writes_html,
    "upload files": uploads,
    "change and delete the files they uploaded": lambda desk: desk.changes_file(
        make_media(uploaded_by=desk.user)
    ),
    "change and delete the files of others": lambda desk: desk.changes_file(
        make_media(uploaded_by=desk.other)
    ),
    "write pages": lambda desk: desk.opens("blog_page_add"),
    "make categories and tags": lambda desk: (
        desk.opens("blog_category_add") and desk.opens("blog_tag_add")
    ),
    "make redirects": lambda desk: desk.opens("blog_redirect_add"),
    "see at which addresses people found nothing": lambda desk: desk.opens(
        "blog_missedaddress_changelist"
    ),
    "judge comments and pings, and make rules for them": judges,
    "change the settings of the blog": lambda desk: desk.opens(
        "blog_sitesettings_change", 1
    ),
    "see which mails went out": lambda desk: desk.opens("comments_notice_changelist"),
    "give people roles": lambda desk: desk.opens("blog_user_add"),
    "find out and erase what is known about a person": lambda desk: desk.opens(
        "person"
    ),
}


def test_each_line_of_the_table_is_checked():
    assert list(documented()) == list(CHECKS)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_the_table_says_what_happens(client, role):
    desk = Desk(client, make_user("asks", role=role))
    found = {}
    for line, check in CHECKS.items():
        with transaction.atomic():
            found[line] = check(desk)
            transaction.set_rollback(True)
    assert found == {line: role in roles for line, roles in documented().items()}
