"""What an export can't carry, counted: whoever leaves knows what to look after."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q
from reversion.models import Version

from blog.models import Media, OldFile, Post, Redirect, User, WorkingCopy
from blog.transfer import dump
from comments import transfer
from comments.models import Decision, Like, Rule, Subscription

# Of each format, what it says of files besides.
FILES = {
    "wxr": "their addresses are in it, and WordPress fetches them from there",
    "fixture": "copy the folder {folder} to where it is loaded",
}


def sentences(name: str) -> Iterator[str]:
    """For the format called `name`. Some twelve queries."""
    is_fixture = name == "fixture"
    counted = _in_no_format() | ({} if is_fixture else _only_in_fixtures())
    named = [
        f"{count} {one if count == 1 else many}"
        for (one, many), count in counted.items()
        if count
    ]
    if not is_fixture:
        named.append("the settings but title, tagline and language")
    if named:
        yield f"Left out: {', '.join(named)}."
    if name in FILES and (count := Media.objects.count()):
        noun = "file left where it lies" if count == 1 else "files left where they lie"
        how = FILES[name].format(folder=settings.MEDIA_ROOT)
        yield f"{count} {noun}: {how}."
    if name == "markdown":
        yield "Of files, whom to thank for them and where their middle is stay here."


def _in_no_format() -> dict[tuple[str, str], int]:
    wrote = Q(posts__isnull=False) | transfer.TALKERS
    silent = User.objects.exclude(pk__in=User.objects.filter(wrote).values("pk"))
    with_password = User.objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    with_role = User.objects.filter(Q(groups__isnull=False) | Q(is_superuser=True))
    return {
        ("revision", "revisions"): Version.objects.get_for_model(Post).count(),
        ("change that is not saved", "changes that are not saved"): (
            WorkingCopy.objects.count()
        ),
        ("account that wrote nothing", "accounts that wrote nothing"): silent.count(),
        ("password", "passwords"): with_password.count(),
        ("role", "roles"): with_role.distinct().count(),
        ("old address of a file", "old addresses of files"): OldFile.objects.count(),
        ("like", "likes"): Like.objects.count(),
        ("subscription", "subscriptions"): Subscription.objects.count(),
        ("rule of moderation", "rules of moderation"): Rule.objects.count(),
        ("decision of a moderator", "decisions of moderators"): (
            Decision.objects.count()
        ),
    }


def _only_in_fixtures() -> dict[tuple[str, str], int]:
    leading = Post.objects.exclude(public_path="").values("public_path")
    elsewhere = Redirect.objects.exclude(new_path__in=leading)
    return {
        ("redirect to no post and no list", "redirects to no post and no list"): (
            elsewhere.exclude(dump.to_lists()).count()
        ),
    }
