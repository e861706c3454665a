"""The people and things of the tests, made in one place."""

import io
from datetime import datetime, timedelta
from itertools import count

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from blog import uploading
from blog.models import Category, Media, Page, Post, User
from comments.models import Comment, IncomingPing, OutgoingPing
from comments.posting import recount

_numbers = count(1)


def make_user(name: str, role: str | None = None, **fields) -> User:
    """A user called `name`, in the group `role` if one is given; password "pw"."""
    user = User(
        username=name, display_name=name.title(), email=f"{name}@example.org", **fields
    )
    user.is_staff = role not in (None, "Subscriber")
    user.slug = f"{name}-writes"
    user.set_password("pw")
    user.save()
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_post(title: str | None = None, **fields) -> Post:
    """A post that was published a while ago, unless `fields` say otherwise."""
    number = next(_numbers)
    values = {
        "title": f"Post {number}" if title is None else title,
        "body": f"<p>The text of post {number}.</p>",
        "status": Post.Status.PUBLISHED,
        "published_at": timezone.now() - timedelta(days=1, seconds=-number),
    }
    categories = fields.pop("categories", [])
    tags = fields.pop("tags", [])
    post = Post.objects.create(**(values | fields))
    post.categories.set(categories)
    post.tags.add(*tags)
    return post


def picture_bytes(
    image_format: str = "JPEG", size: tuple[int, int] = (40, 20), color=(200, 90, 40)
) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, image_format)
    return out.getvalue()


def make_media(
    size: tuple[int, int] = (900, 600), image_format: str = "JPEG", **fields
) -> Media:
    """A picture as somebody uploaded it; no two are the same."""
    number = next(_numbers)
    color = (number % 256, number // 256, 90)
    data = picture_bytes(image_format, size, color)
    file = ContentFile(data, name=f"picture-{number}.bin")
    media = uploading.add(uploading.examine(file), fields.pop("uploaded_by", None))
    for name, value in fields.items():
        setattr(media, name, value)
    media.save(update_fields=fields)
    return media


def make_page(title: str, **fields) -> Page:
    values = {"body": f"<p>About {title}.</p>", "status": Post.Status.PUBLISHED}
    return Page.objects.create(title=title, **(values | fields))


def make_category(name: str, parent: Category | None = None, **fields) -> Category:
    return Category.objects.create(name=name, parent=parent, **fields)


def make_comment(
    post: Post, body: str | None = None, parent: Comment | None = None, **fields
) -> Comment:
    """An approved comment by a stranger, below `parent` if one is given."""
    number = next(_numbers)
    values = {
        "body": f"Comment {number}." if body is None else body,
        "author_name": f"Reader {number}",
        "author_email": f"reader{number}@example.org",
        "state": Comment.State.APPROVED,
        "created_at": timezone.now() - timedelta(hours=1),
    }
    comment = Comment.objects.create(post=post, parent=parent, **(values | fields))
    recount([post.pk])
    return comment


def at(text: str) -> datetime:
    """`2006-11-30 12:00` in the blog's own time zone."""
    return timezone.make_aware(datetime.fromisoformat(text))


def make_sent_ping(post: Post | None, **fields) -> OutgoingPing:
    """A page `post` links to, of which nobody was told yet."""
    number = next(_numbers)
    values = {
        "target_url": f"https://blog{number}.example/post/",
        "source_url": f"https://example.org/post-{number}/",
    }
    return OutgoingPing.objects.create(post=post, **(values | fields))


def make_received_ping(post: Post, **fields) -> IncomingPing:
    """A webmention that waits to be verified."""
    number = next(_numbers)
    values = {
        "kind": IncomingPing.Kind.WEBMENTION,
        "source_url": f"https://blog{number}.example/post/",
        "source_host": f"blog{number}.example",
        "target_url": "https://example.org/post/",
    }
    return IncomingPing.objects.create(post=post, **(values | fields))
