"""Uploads: told by their bytes, decoded safely, written anew."""

import io
import zlib

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from blog import images
from blog.models import Media
from tests.builders import make_post, make_user

ADD = "/admin/blog/media/add/"
LIST = "/admin/blog/media/"


def picture(image_format="JPEG", size=(40, 20), **options):
    out = io.BytesIO()
    Image.new("RGB", size, (200, 90, 40)).save(out, image_format, **options)
    return out.getvalue()


def exif_with_place():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (39.0, 1.0, 2.0)
    return exif


def bomb(side):
    """A PNG of a few hundred bytes that says it has `side` by `side` pixels."""

    def chunk(kind, data):
        crc = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + crc

    header = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def upload(client, data, name="a picture.jpg", **fields):
    file = SimpleUploadedFile(name, data)
    values = {"title": "", "alt": "", "caption": "", "credit": ""}
    return client.post(ADD, values | {"file": file} | fields)


def bytes_of(media):
    with media.file.open() as file:
        return file.read()


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def test_a_picture_is_stored_upright_without_its_exif(editor, alice):
    data = picture(exif=exif_with_place())
    assert b"A camera" in data
    upload(editor, data)
    media = Media.objects.get()
    assert (media.width, media.height) == (20, 40)
    assert (media.mime_type, media.uploaded_by) == ("image/jpeg", alice)
    stored = bytes_of(media)
    assert media.byte_count == len(stored)
    assert b"A camera" not in stored
    assert not Image.open(io.BytesIO(stored)).getexif()


@pytest.mark.parametrize("image_format", ["PNG", "GIF", "WEBP", "AVIF"])
def test_it_takes_the_formats_of_the_web(image_format):
    taken = images.receive(io.BytesIO(picture(image_format)), "x.bin")
    assert taken.mime_type == f"image/{image_format.lower()}"
    assert (taken.width, taken.height) == (40, 20)
    assert taken.file.name == f"x.{image_format.lower()}"


def test_an_animation_keeps_moving():
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(
        out, "GIF", save_all=True, append_images=frames[1:], comment=b"secret"
    )
    taken = images.receive(io.BytesIO(out.getvalue()), "x.gif")
    data = taken.file.read()
    assert Image.open(io.BytesIO(data)).n_frames == 3
    assert b"secret" not in data


def test_transparency_survives():
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    taken = images.receive(io.BytesIO(out.getvalue()), "x.png")
    assert Image.open(taken.file).getpixel((0, 0))[3] == 0


def test_a_phones_jpeg_with_two_frames_becomes_one():
    two = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    out = io.BytesIO()
    two[0].save(out, "MPO", save_all=True, append_images=two[1:])
    taken = images.receive(io.BytesIO(out.getvalue()), "x.jpg")
    assert taken.mime_type == "image/jpeg"


REFUSED = {
    "an SVG": (b'<?xml version="1.0"?><svg onload="x()"></svg>', "SVG drawings"),
    "a page": (b"<html><script>x()</script></html>", "no file the blog takes"),
    "a program": (b"\x7fELF\x02\x01\x01" + b"\0" * 50, "no file the blog takes"),
    "a bomb": (bomb(30_000), "megapixels"),
    "a small bomb": (bomb(8_000), "megapixels"),
    "half a picture": (picture(size=(400, 400))[:700], "damaged"),
    "nothing": (b"", "empty"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_refuses_in_words(editor, what):
    data, words = REFUSED[what]
    response = upload(editor, data, name="innocent.jpg")
    assert words in response.content.decode()
    assert not Media.objects.exists()


def test_a_picture_that_claims_to_be_a_document_is_a_picture(editor):
    upload(editor, picture("PNG"), name="../../etc/report.pdf")
    media = Media.objects.get()
    assert media.mime_type == "image/png"
    assert media.file.name.endswith("/report.png")


def test_a_document_is_kept_as_it_is(editor):
    upload(editor, b"%PDF-1.7 and so on", name="paper.pdf")
    media = Media.objects.get()
    assert (media.mime_type, media.width) == ("application/pdf", None)
    assert bytes_of(media) == b"%PDF-1.7 and so on"


def test_what_is_too_large_is_refused(editor, monkeypatch):
    monkeypatch.setattr(images, "MAX_UPLOAD_BYTES", 100)
    assert "larger than" in upload(editor, picture()).content.decode()


def test_the_same_file_twice_leads_to_the_first(editor):
    upload(editor, picture(), title="The harbour")
    response = upload(editor, picture(), name="other name.jpg")
    media = Media.objects.get()
    html = response.content.decode()
    assert f'<a href="/admin/blog/media/{media.pk}/change/">The harbour</a>' in html


def test_list_shows_a_thumbnail_and_what_lacks_words(editor, run_tasks):
    upload(editor, picture(size=(300, 200)))
    assert 'class="thumbnail"' not in editor.get(LIST).content.decode()
    run_tasks()
    html = editor.get(LIST).content.decode()
    assert 'class="thumbnail"' in html
    assert "300 × 200" in html
    assert "state-missing" in html


def test_a_lost_file_does_not_break_the_list(editor):
    upload(editor, picture())
    media = Media.objects.get()
    media.file.storage.delete(media.file.name)
    assert editor.get(LIST).status_code == 200


def test_words_can_be_changed_the_file_not_by_its_old_field(editor):
    upload(editor, picture())
    media = Media.objects.get()
    name = media.file.name
    other = SimpleUploadedFile("x.svg", b"<svg></svg>")
    url = f"{LIST}{media.pk}/change/"
    words = {"title": "Harbour", "alt": "Ships", "caption": "", "credit": ""}
    editor.post(url, words | {"focal_x": 0.5, "focal_y": 0.2, "file": other})
    media.refresh_from_db()
    assert (media.title, media.focal_y, media.file.name) == ("Harbour", 0.2, name)


def test_deleting_takes_the_file_along(editor, django_capture_on_commit_callbacks):
    upload(editor, picture())
    media = Media.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(f"{LIST}{media.pk}/delete/", {"post": "yes"})
    assert not media.file.storage.exists(media.file.name)


def test_contributors_do_not_upload(client, db):
    client.force_login(make_user("carol", role="Contributor"))
    assert upload(client, picture()).status_code == 403


def test_deleting_a_picture_in_use_names_the_posts(editor):
    upload(editor, picture())
    media = Media.objects.get()
    url = f"{LIST}{media.pk}/delete/"
    assert "as its picture" not in editor.get(url).content.decode()
    post = make_post("The harbour", featured_image=media)
    html = editor.get(url).content.decode()
    assert "1 post uses it as its picture" in html
    assert f'<a href="{post.get_absolute_url()}">The harbour</a>' in html


def test_an_author_changes_only_what_they_uploaded(client, editor):
    upload(editor, picture(), title="The harbour")
    media = Media.objects.get()
    anton = make_user("anton", role="Author")
    client.force_login(anton)
    url = f"{LIST}{media.pk}/change/"
    words = {"alt": "", "caption": "", "credit": "", "focal_x": 0.5, "focal_y": 0.5}
    assert "The harbour" in client.get(url).content.decode()
    assert client.post(url, words | {"title": "Taken over"}).status_code == 403
    Media.objects.update(uploaded_by=anton)
    client.post(url, words | {"title": "My harbour"})
    assert Media.objects.get().title == "My harbour"


def test_who_may_delete_media_may_not_delete_everybodys(client, editor):
    upload(editor, picture())
    media = Media.objects.get()
    anton = make_user("anton", role="Author")
    anton.user_permissions.add(Permission.objects.get(codename="delete_media"))
    client.force_login(anton)
    assert client.post(f"{LIST}{media.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [media.pk]}
    client.post(LIST, chosen | {"post": "yes"})
    assert Media.objects.exists()
