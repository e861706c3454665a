"""Smaller sizes and better formats: made in a task, shown where they exist."""

import io
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from blog import publishing, renditions, uploading
from blog.models import Media, Post
from tests.builders import make_media, make_post, picture_bytes

pytestmark = pytest.mark.django_db


def tags(markup, *names):
    """The attributes of these elements, in order."""
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            if tag in names:
                found.append(dict(attributes))

    Reader().feed(markup)
    return found


def sizes_of(media):
    media.refresh_from_db()
    return {(made["mime_type"], made["width"]) for made in media.renditions}


def files(media):
    folder = media.file.name.rpartition("/")[0]
    return set(media.file.storage.listdir(folder)[1])


def showing(media, **fields):
    return make_post(body=f'<p><img src="{media.file.url}" alt="Ships"></p>', **fields)


@pytest.mark.parametrize(
    ("width", "image_format", "expected"),
    [
        (
            1700,
            "JPEG",
            {(kind, width) for kind in ("avif", "webp", "jpeg")
             for width in (400, 800, 1200, 1600)},
        ),
        (
            900,
            "PNG",
            {("avif", 400), ("avif", 800), ("avif", 900), ("webp", 400),
             ("webp", 800), ("webp", 900), ("png", 400), ("png", 800)},
        ),
        (800, "WEBP", {("avif", 400), ("avif", 800), ("webp", 400)}),
        (390, "JPEG", set()),
    ],
)  # fmt: skip
def test_every_width_and_format_and_none_larger(
    run_tasks, width, image_format, expected
):
    media = make_media((width, 60), image_format)
    run_tasks()
    assert sizes_of(media) == {(f"image/{kind}", width) for kind, width in expected}
    for made in media.renditions:
        with media.file.storage.open(made["name"]) as file, Image.open(file) as picture:
            assert picture.width == made["width"]
            assert f"image/{picture.format.lower()}" == made["mime_type"]
        assert made["name"].startswith(media.file.name.rpartition(".")[0])
    assert media.renditions_due_at is None
    assert media.thumbnail_url


def test_what_moves_stays_as_it_is(run_tasks):
    frames = [Image.new("RGB", (500, 80), color) for color in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    file = ContentFile(out.getvalue(), name="x.gif")
    media = uploading.add(uploading.examine(file), None)
    run_tasks()
    assert sizes_of(media) == set()
    assert media.thumbnail_url


def test_a_post_offers_what_there_is_when_it_is_there(run_tasks):
    media = make_media()
    post = showing(media)
    [image] = tags(post.body_html, "img")
    assert image["src"] == media.file.url
    assert (image["width"], image["height"]) == ("900", "600")
    assert "<picture>" not in post.body_html
    updated_at = post.updated_at
    run_tasks()
    post.refresh_from_db()
    assert [source["type"] for source in tags(post.body_html, "source")] == [
        "image/avif",
        "image/webp",
    ]
    media.refresh_from_db()
    storage = media.file.storage
    for shown in tags(post.body_html, "source", "img"):
        for candidate in shown["srcset"].split(", "):
            address, width = candidate.split(" ")
            assert storage.exists(address.removeprefix("/media/"))
            assert int(width[:-1]) <= 900
    assert post.updated_at == updated_at


def test_only_the_first_picture_is_loaded_at_once():
    one, two = make_media(), make_media()
    body = f'<p><img src="{one.file.url}"></p><!--more--><img src="{two.file.url}">'
    post = make_post(body=body)
    assert [i["loading"] for i in tags(post.body_html, "img")] == ["eager", "lazy"]
    assert tags(post.teaser, "img")[0]["loading"] == "lazy"
    post.featured_image = two
    post.save()
    assert [i["loading"] for i in tags(post.body_html, "img")] == ["lazy", "lazy"]


@pytest.mark.parametrize(
    "source",
    [
        '<img src="https://other.example{0}" alt="">',
        '<img src="https://other.example/?at={0}" alt="">',
        '<picture><source srcset="/a.webp"><img src="{0}" alt=""></picture>',
        '<img src="{0}" srcset="{0} 2x" alt="">',
    ],
)
def test_pictures_from_elsewhere_and_whole_elements_stay(run_tasks, source):
    media = make_media()
    run_tasks()
    post = make_post(body=source.format(media.file.url))
    assert media.content_hash[:8] not in post.body_html
    [image] = tags(post.body_html, "img")
    assert (image["loading"], "width" in image) == ("lazy", False)


def test_what_the_author_said_of_it_is_kept(run_tasks, settings):
    media = make_media(alt="From the library")
    run_tasks()
    address = settings.SITE_URL + media.file.url
    body = f'<img class="alignleft" src="{address}" width="300" alt="">'
    [image] = tags(make_post(body=body).body_html, "img")
    assert (image["width"], image["height"], image["alt"]) == ("300", "200", "")
    assert (image["class"], image["sizes"][:22]) == (
        "alignleft",
        "(min-width: 300px) 300",
    )
    [image] = tags(make_post(body=f'<img src="{address}">').body_html, "img")
    assert image["alt"] == "From the library"


@pytest.mark.parametrize(
    ("classes", "sizes"),
    [
        ("picture", "(min-width: 48rem) 40rem"),
        ("picture align-left", "(min-width: 48rem) 18rem"),
        ("picture align-wide", "(min-width: 72rem) 53rem"),
        ("gallery", "(min-width: 48rem) 20rem"),
    ],
)
def test_a_browser_chooses_for_the_room_a_figure_has(run_tasks, classes, sizes):
    media = make_media((1400, 600))
    run_tasks()
    image = f'<img src="{media.file.url}">'
    one = f"<figure><a href='/'>{image}</a><figcaption>c</figcaption></figure>"
    inside = one * 2 if classes == "gallery" else image
    post = make_post(body=f'<figure class="{classes}">{inside}</figure><p>{image}</p>')
    *in_figure, after = [image["sizes"] for image in tags(post.body_html, "img")]
    assert in_figure
    assert all(found.startswith(sizes) for found in in_figure)
    assert after.startswith("(min-width: 48rem) 40rem")


def test_looking_twice_makes_nothing_twice(run_tasks, monkeypatch):
    media = make_media()
    run_tasks()
    before = files(media)
    Media.objects.update(renditions_due_at=timezone.now())
    monkeypatch.setattr(renditions, "opened", None)  # it is not even opened
    renditions.look_at(media.pk)
    assert files(media) == before
    assert Media.objects.get().renditions_due_at is None


def test_a_worker_that_died_is_made_up_for(run_tasks, monkeypatch):
    media = make_media()
    post = showing(media)

    class Killed(BaseException):
        pass

    def die(name):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(renditions, "render_anew", die)
        with pytest.raises(Killed):
            renditions.look_at(media.pk)
    run_tasks()
    post.refresh_from_db()
    assert "<picture>" in post.body_html


def test_a_lost_task_is_found_by_the_chore(run_tasks):
    media = make_media()
    run_tasks()
    long_ago = timezone.now() - timedelta(hours=1)
    Media.objects.update(renditions=[], renditions_due_at=long_ago)
    assert renditions.sweep() == 1
    assert renditions.sweep() == 0
    run_tasks()
    assert len(sizes_of(media)) == 8


def test_a_lost_file_is_not_asked_for_again(run_tasks):
    media = make_media()
    media.file.storage.delete(media.file.name)
    run_tasks()
    media.refresh_from_db()
    assert (media.renditions, media.renditions_due_at) == ([], None)


def test_replacing_keeps_the_address_and_shows_the_new(run_tasks):
    media = make_media()
    post = showing(media)
    run_tasks()
    old, address = files(media), media.file.url
    media.refresh_from_db()
    data = picture_bytes(size=(1300, 100))
    uploading.replace(media, uploading.examine(ContentFile(data, name="other.jpg")))
    run_tasks()
    media.refresh_from_db()
    post.refresh_from_db()
    assert (media.file.url, media.width) == (address, 1300)
    assert old & files(media) == {media.file.name.rpartition("/")[2]}
    assert tags(post.body_html, "img")[0]["width"] == "1300"
    assert media.content_hash[:8] in post.body_html
    with media.file.storage.open(media.file.name) as file:
        assert Image.open(file).width == 1300


def test_only_the_same_kind_takes_its_place():
    media = make_media()
    png = uploading.examine(ContentFile(picture_bytes("PNG"), name="x.png"))
    with pytest.raises(uploading.UploadRefused, match=r"ends in \.jpg"):
        uploading.replace(media, png)


def test_another_focal_point_makes_another_thumbnail_only(run_tasks):
    media = make_media()
    run_tasks()
    before, thumbnail = files(media), Media.objects.get().thumbnail_name
    Media.objects.update(focal_x=0.1)
    renditions.wanted(media)
    run_tasks()
    media.refresh_from_db()
    assert media.thumbnail_name != thumbnail
    assert len(files(media) - before) == len(before - files(media)) == 1


def test_deleting_takes_all_of_it_along(run_tasks, django_capture_on_commit_callbacks):
    media = make_media()
    run_tasks()
    media.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        uploading.delete(media)
    assert files(Media(file=media.file.name)) == set()


def test_lists_and_posts_show_the_featured_picture(client, run_tasks):
    media = make_media(focal_x=0.2, focal_y=0.7, alt="Ships")
    run_tasks()
    media.refresh_from_db()
    post = make_post(featured_image=media)
    [image] = tags(client.get("/").content.decode(), "img")
    assert (image["class"], image["loading"]) == ("focus-x-2 focus-y-7", "lazy")
    html = client.get(post.get_absolute_url()).content.decode()
    assert tags(html, "source")[0]["type"] == "image/avif"
    assert tags(html, "img")[0]["loading"] == "eager"
    locked = make_post("Locked", featured_image=media, password="x")
    publishing.withdraw([post])
    html = client.get("/").content.decode()
    assert locked.title in html
    assert tags(html, "img") == []


def test_what_a_text_names_follows_the_text():
    one, two = make_media(), make_media()
    post = showing(one)
    post.body += f'<a href="{two.file.url}">larger</a>'
    publishing.save_post(post)
    assert Media.objects.unused().count() == 0
    post.body = "<p>No more.</p>"
    publishing.save_post(post)
    assert set(Media.objects.unused()) == {one, two}
    Post.objects.update(featured_image=one)
    assert list(Media.objects.unused()) == [two]
