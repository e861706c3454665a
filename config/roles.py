"""The five roles, as groups. Each includes what the one before it may.

They carry WordPress's names, so that people who move know what they are.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

_OWN_POSTS = ["blog.add_post", "blog.change_post", "blog.delete_post", "blog.view_post"]
# Of files, too, their own alone: see blog/admin/media.py.
_MEDIA = [f"blog.{action}_media" for action in ("add", "change", "delete", "view")]
_EVERYTHING_WRITTEN = [
    f"blog.{action}_{model}"
    for model in ("page", "category", "tag", "redirect")
    for action in ("add", "change", "delete", "view")
]
_CONVERSATION = [
    "comments.view_comment",
    "comments.change_comment",
    "comments.moderate_comment",
]

# What each role may beyond the one before it.
ROLES: dict[str, list[str]] = {
    "Subscriber": [],
    "Contributor": [*_OWN_POSTS, "blog.view_category", "blog.view_tag"],
    "Author": ["blog.publish_post", *_MEDIA],
    "Editor": ["blog.change_others_post", *_EVERYTHING_WRITTEN, *_CONVERSATION],
    "Administrator": [
        "blog.change_sitesettings",
        "blog.view_sitesettings",
        *(f"blog.{action}_user" for action in ("add", "change", "delete", "view")),
    ],
}


def create_missing_roles(**kwargs: object) -> None:
    """Make the groups that are not there. One a keeper has changed stays changed."""
    granted: list[str] = []
    # All or none: a group that is there is taken to have what its keeper wants.
    with transaction.atomic():
        for name, added in ROLES.items():
            granted = [*granted, *added]
            group, is_new = Group.objects.get_or_create(name=name)
            if is_new:
                group.permissions.set(_permissions(granted))


def _permissions(names: list[str]) -> list[int]:
    """Keys of the permissions called `app.codename`; one that does not exist is an error."""
    known = {
        f"{app}.{codename}": pk
        for app, codename, pk in Permission.objects.values_list(
            "content_type__app_label", "codename", "pk"
        )
    }
    return [known[name] for name in names]
