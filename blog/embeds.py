"""Finding out what the addresses are that posts embed, after the request.

A row says when it is to be asked for. What is found is kept here, the picture too:
nobody who reads a post asks anybody else before pressing a button.
"""

import hashlib
import io
import logging
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from PIL import Image

from blog import embed_details, images
from blog.embed_details import Details, NoDetails, NotNow
from blog.fetch import FetchError, UnsafeURL, fetch
from blog.images import UploadRefused
from blog.models import Embed, EmbedUse, Post, SiteSettings
from blog.models.embed import MAX_ABOUT_LENGTH, MAX_TITLE_LENGTH
from blog.rerendering import render_anew
from blog.tasks import look_at_embed

logger = logging.getLogger("quillback.embeds")

State = Embed.State
# A minute, ten minutes, an hour, six hours, a day: then it stays a link.
BACK_OFF_SECONDS = (60, 600, 3600, 21_600, 86_400)
MAX_SWEPT = 100
# What somebody looked at while writing, and no post embeds.
UNUSED_DAYS = 7
SECONDS = 10.0
# Whoever may write has other servers asked by it: no faster than one pastes addresses.
MAX_NEW_A_MINUTE = 30
MAX_PICTURE_BYTES = 6 * 2**20
MAX_PICTURE_PIXELS = (1280, 1280)


class TooMany(Exception):
    """So many new addresses at once are asked for when a post that embeds them is stored."""


def wanted(*posts: Post) -> None:
    """Have asked for what posts embed and nobody was asked for yet.

    In the transaction that stored them. No query where they embed nothing.
    """
    embedding = [post for post in posts if 'class="embed-card"' in post.body_html]
    if not embedding:
        return
    new = Embed.objects.filter(uses__post__in=embedding, state=State.WAITING, tries=0)
    for pk in new.distinct().values_list("pk", flat=True):
        look_at_embed.enqueue(pk)


def post_changed(*paths: str) -> None:
    """Look anew at posts of ours at these addresses, where others embed them."""
    urls = [settings.SITE_URL + path for path in paths if path]
    pks = list(Embed.objects.filter(url__in=urls).values_list("pk", flat=True))
    Embed.objects.filter(pk__in=pks).update(next_try_at=timezone.now(), tries=0)
    for pk in pks:
        look_at_embed.enqueue(pk)


def sweep() -> int:
    """Enqueue what is due and has no task, and forget what no post embeds."""
    now = timezone.now()
    due = Embed.objects.filter(next_try_at__lte=now).order_by("next_try_at")
    pks = list(due.values_list("pk", flat=True)[:MAX_SWEPT])
    for pk in pks:
        look_at_embed.enqueue(pk)
    used = EmbedUse.objects.filter(embed=OuterRef("pk"))
    old = Embed.objects.filter(created_at__lt=now - timedelta(days=UNUSED_DAYS))
    for embed in old.filter(~Exists(used))[:MAX_SWEPT]:
        picture = embed.picture
        embed.delete()
        _delete_file(picture)
    return len(pks)


def look_at(pk: int, seconds: float = SECONDS) -> None:
    """Ask for what is due, keep what was said, and show it wherever it is embedded.

    May be called any number of times, and may die anywhere: the row is due until it
    is known, or was asked for often enough.
    """
    now = timezone.now()
    embed = Embed.objects.filter(pk=pk, next_try_at__lte=now).first()
    if embed is None:
        return
    # Counted before, and due later: what ends its worker comes to an end itself.
    due_at, embed.tries = embed.next_try_at, embed.tries + 1
    embed.next_try_at = _next_try(embed.tries)
    row = Embed.objects.filter(pk=pk)
    if not row.filter(next_try_at=due_at).update(
        tries=embed.tries, next_try_at=embed.next_try_at
    ):
        return  # another worker was faster
    try:
        details = _details(embed, seconds)
    except (NoDetails, UnsafeURL) as error:
        logger.info("Nothing is known of %s: %s", embed.url, error)
        _keep(embed, Details(), b"", State.LEFT)
        return
    except (FetchError, NotNow) as error:
        logger.info("%s could not be asked for: %s", embed.url, error)
        if embed.next_try_at is None and embed.state != State.KNOWN:
            row.update(state=State.LEFT)
        return
    _keep(embed, details, _picture(embed, details, seconds), State.KNOWN)


def known(url: str, seconds: float) -> Embed:
    """The row of an address, in its one spelling; asked for now if it never was.

    Raises TooMany for one that has no row, where lately too many came in.
    """
    embed = Embed.objects.filter(url=url).first()
    if embed is None:
        _check_count()
        embed, _ = Embed.objects.get_or_create(url=url)
    if embed.state == State.WAITING and not embed.tries:
        look_at(embed.pk, seconds)
        embed.refresh_from_db()
    return embed


def _check_count() -> None:
    newest = Embed.objects.order_by("-pk").values_list("created_at", flat=True)
    lately = timezone.now() - timedelta(minutes=1)
    if any(at > lately for at in newest[MAX_NEW_A_MINUTE - 1 : MAX_NEW_A_MINUTE]):
        raise TooMany


def _next_try(tries: int):
    if tries > len(BACK_OFF_SECONDS):
        return None
    return timezone.now() + timedelta(seconds=BACK_OFF_SECONDS[tries - 1])


def _details(embed: Embed, seconds: float) -> Details:
    if not embed.url.startswith(f"{settings.SITE_URL}/"):
        return embed_details.ask(embed.url, seconds)
    post = _own_post(embed.url)
    if post is None:
        raise NoDetails("Nothing of this blog is public there.")
    is_open = not post.password
    return Details(
        title=embed_details.words(post.headline, MAX_TITLE_LENGTH),
        author=post.author.public_name if post.author else "",
        site=embed_details.words(SiteSettings.current().title, MAX_TITLE_LENGTH),
        about=embed_details.words(post.summary, MAX_ABOUT_LENGTH) if is_open else "",
    )


def _own_post(url: str) -> Post | None:
    path = url.removeprefix(settings.SITE_URL).partition("?")[0]
    posts = Post.objects.published().select_related("author", "featured_image")
    return posts.filter(public_path=path).first()


def _picture(embed: Embed, details: Details, seconds: float) -> bytes:
    """What a page gives as its picture, as it came; nothing where it gives none."""
    if embed.url.startswith(f"{settings.SITE_URL}/"):
        post = _own_post(embed.url)
        media = post.featured_image if post and not post.password else None
        if media is None or not media.is_image:
            return b""
        try:
            with media.file.storage.open(media.name) as file:
                return bytes(file.read(MAX_PICTURE_BYTES))
        except FileNotFoundError:
            return b""
    if not details.picture:
        return b""
    asked_by = "fetching the picture of a page a post embeds"
    try:
        answer = fetch(
            details.picture,
            asked_by=asked_by,
            max_bytes=MAX_PICTURE_BYTES,
            seconds=seconds,
        )
    except FetchError as error:
        logger.info("No picture of %s: %s", embed.url, error)
        return b""
    return answer.body if answer.is_ok else b""


def _keep(embed: Embed, details: Details, picture: bytes, state: str) -> None:
    """Store what is known now, and render the posts that embed it."""
    old = embed.picture.name
    embed.picture, size = _stored(embed, picture) if picture else ("", (0, 0))
    embed.picture_width, embed.picture_height = size
    embed.title, embed.author = details.title, details.author
    embed.site, embed.about = details.site, details.about
    embed.state, embed.next_try_at = state, None
    embed.save()
    render_anew(embed.uses.values_list("post_id", flat=True))
    if old and old != embed.picture.name:
        embed.picture.storage.delete(old)


def _stored(embed: Embed, data: bytes) -> tuple[str, tuple[int, int]]:
    """The name of the picture, written anew and no larger than needed, and its size."""
    try:
        upload = images.receive(io.BytesIO(data), "picture")
    except UploadRefused as error:
        logger.info("No picture of %s: %s", embed.url, error)
        return "", (0, 0)
    if upload.width is None:
        return "", (0, 0)
    upload.file.seek(0)
    with Image.open(upload.file) as picture:
        has_holes = picture.mode in ("RGBA", "LA", "P")
        small = picture.convert("RGBA" if has_holes else "RGB")
    small.thumbnail(MAX_PICTURE_PIXELS)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=78, method=4)
    of_url = hashlib.sha256(embed.url.encode()).hexdigest()[:16]
    name = f"embeds/{of_url}-{upload.content_hash[:8]}.webp"
    storage = embed.picture.storage
    storage.delete(name)
    return storage.save(name, ContentFile(out.getvalue())), small.size


def _delete_file(picture) -> None:
    if picture:
        transaction.on_commit(lambda: picture.storage.delete(picture.name))
