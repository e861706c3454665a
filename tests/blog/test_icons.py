"""Icons of every size from one picture of the library."""

import io
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

from blog import icon_making, uploading
from blog.icon_drawing import SHAPES
from blog.models import Media, SiteSettings
from tests.blog.test_admin_site import SETTINGS, settings_form
from tests.blog.test_head_tags import head_of
from tests.builders import make_media, make_user

pytestmark = pytest.mark.django_db
RED, BLUE, WHITE = (200, 30, 30), (30, 30, 200), (255, 255, 255)


def uploaded(picture, image_format="PNG", **options):
    out = io.BytesIO()
    picture.save(out, image_format, **options)
    file = ContentFile(out.getvalue(), name=f"icon.{image_format.lower()}")
    return uploading.add(uploading.examine(file), None)


def choose(run_tasks, media):
    """What a keeper's choice comes to."""
    site = SiteSettings.current()
    site.icon = media
    site.save()
    icon_making.wanted(site)
    run_tasks()
    site.refresh_from_db()
    return site


def drawn(site, purpose, width=0):
    (made,) = [
        made
        for made in site.icon_files
        if made["purpose"] == purpose and width in (0, made["width"])
    ]
    with default_storage.open(made["name"]) as file:
        return Image.open(io.BytesIO(file.read()))


def there():
    try:
        return set(default_storage.listdir("icons")[1])
    except FileNotFoundError:
        return set()


@pytest.fixture
def keeper(db):
    return make_user("kit", role="Administrator")


def test_every_size_is_made_of_one_picture(client, keeper, run_tasks):
    client.force_login(keeper)
    media = make_media((600, 600))
    client.post(SETTINGS, settings_form(client, icon=media.pk))
    run_tasks()
    site = SiteSettings.objects.get()
    assert {made["name"] for made in site.icon_files} == {f"icons/{n}" for n in there()}
    for shape in SHAPES:
        icon = drawn(site, shape.purpose, shape.width)
        assert icon.size == (shape.width, shape.width)
    ico = drawn(site, "ico")
    assert ico.format == "ICO"
    assert ico.info["sizes"] == {(16, 16), (32, 32), (48, 48)}


def test_a_photo_is_cut_around_its_focal_point(run_tasks):
    picture = Image.new("RGB", (1200, 600), RED)
    picture.paste(BLUE, (600, 0, 1200, 600))
    media = uploaded(picture)
    Media.objects.update(focal_x=0.9)
    site = choose(run_tasks, Media.objects.get(pk=media.pk))
    for corner in ((10, 256), (500, 256)):
        assert drawn(site, "any", 512).getpixel(corner)[:3] == BLUE


@pytest.mark.parametrize(("ink", "is_dark"), [(WHITE, True), ((20, 20, 20), False)])
def test_a_drawing_with_holes_is_kept_whole_on_a_ground_it_shows_on(
    run_tasks, ink, is_dark
):
    picture = Image.new("RGBA", (400, 200))
    picture.paste((*ink, 255), (0, 0, 400, 200))
    picture.paste((0, 0, 0, 0), (150, 50, 250, 150))
    site = choose(run_tasks, uploaded(picture))
    plain = drawn(site, "any", 192)
    assert plain.getpixel((5, 96)) == (*ink, 255)
    assert plain.getpixel((96, 10))[3] == plain.getpixel((96, 96))[3] == 0
    for purpose in ("touch", "maskable"):
        icon = drawn(site, purpose)
        assert icon.mode == "RGB"
        assert (sum(icon.getpixel((3, 3))) < 200) is is_dark


def test_what_a_system_may_cut_off_is_no_part_of_the_picture(run_tasks):
    picture = Image.new("RGB", (500, 500), RED)
    ImageDraw.Draw(picture).rectangle((100, 100, 400, 400), fill=BLUE)
    icon = drawn(choose(run_tasks, uploaded(picture)), "maskable")
    assert icon.getpixel((5, 5)) == icon.getpixel((60, 60)) == RED
    assert icon.getpixel((256, 256)) == BLUE


@pytest.mark.parametrize(
    ("size", "image_format"),
    [((1, 1), "PNG"), ((3, 700), "PNG"), ((700, 2), "JPEG"), ((16, 16), "GIF")],
)
def test_odd_pictures_give_icons_too(run_tasks, size, image_format):
    site = choose(run_tasks, uploaded(Image.new("RGB", size, RED), image_format))
    assert len(site.icon_files) == len(SHAPES) + 1


def test_of_an_animation_the_first_picture_is_taken(run_tasks):
    frames = [Image.new("RGB", (64, 64), color) for color in (RED, BLUE)]
    media = uploaded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    red, _, blue, _ = drawn(choose(run_tasks, media), "any", 192).getpixel((90, 90))
    assert red > blue


def test_another_picture_takes_the_place_of_the_first(run_tasks):
    first = choose(run_tasks, make_media((520, 520)))
    old = there()
    second = choose(run_tasks, make_media((530, 530)))
    assert there() == {
        made["name"].removeprefix("icons/") for made in second.icon_files
    }
    assert not old & there()
    assert first.icon_files != second.icon_files


def test_without_a_picture_there_are_no_files(client, run_tasks):
    choose(run_tasks, make_media((520, 520)))
    site = choose(run_tasks, None)
    assert site.icon_files == []
    assert there() == set()
    assert "/static/blog/icon.svg" in client.get("/").text


def test_a_picture_that_is_replaced_or_deleted_takes_its_icons_along(run_tasks):
    media = make_media((520, 520))
    site = choose(run_tasks, media)
    old = there()
    picture = io.BytesIO()
    Image.new("RGB", (600, 600), BLUE).save(picture, "JPEG")
    media.refresh_from_db()
    upload = uploading.examine(ContentFile(picture.getvalue(), name="b.jpg"))
    uploading.replace(media, upload)
    run_tasks()
    site.refresh_from_db()
    assert there()
    assert not there() & old
    assert drawn(site, "any", 32).getpixel((9, 9))[2] > 150
    uploading.delete(media)
    run_tasks()
    assert there() == set()


def test_another_focal_point_cuts_the_icons_anew(client, alice, run_tasks):
    media = make_media((900, 600))
    choose(run_tasks, media)
    old = there()
    client.force_login(alice)
    client.post(
        f"/admin/blog/media/{media.pk}/change/", {"focal_x": "0", "focal_y": "0.5"}
    )
    run_tasks()
    assert there()
    assert not there() & old


def test_a_worker_killed_anywhere_leaves_nothing_behind(run_tasks, monkeypatch):
    """Each file that is stored may be the last thing a worker does."""
    choose(run_tasks, make_media((520, 520)))
    site = SiteSettings.current()
    site.icon = make_media((530, 530))
    site.save()
    save = type(default_storage._wrapped).save
    calls = []

    def dies(self, name, content):
        calls.append(name)
        if len(calls) == 1 + len(finished):
            save(self, name, ContentFile(b"half"))
            raise KeyboardInterrupt
        return save(self, name, content)

    finished = []
    while True:
        calls.clear()
        with monkeypatch.context() as patched:
            patched.setattr(type(default_storage._wrapped), "save", dies)
            try:
                icon_making.look_at()
            except KeyboardInterrupt:
                finished.append(len(calls))
                continue
        break
    assert len(finished) == len(SHAPES) + 1
    site.refresh_from_db()
    assert there() == {made["name"].removeprefix("icons/") for made in site.icon_files}
    for shape in SHAPES:
        drawn(site, shape.purpose, shape.width).load()


def test_what_lost_its_task_is_found_once(run_tasks):
    media = make_media((520, 520))
    SiteSettings(icon=media).save()
    assert not icon_making.sweep()  # its own turn has not come
    run_tasks()
    assert icon_making.sweep()
    run_tasks()
    assert there()
    assert not icon_making.sweep()


def test_a_damaged_picture_leaves_the_icons_there_were(client, run_tasks):
    first = choose(run_tasks, make_media((520, 520)))
    media = make_media((530, 530))
    default_storage.delete(media.name)
    site = choose(run_tasks, media)
    assert site.icon_files == first.icon_files
    assert client.get("/favicon.ico").status_code == 200
    assert not icon_making.sweep()


@pytest.mark.parametrize(
    ("size", "image_format", "sentence"),
    [
        ((900, 600), "JPEG", "cut around its focal point"),
        ((100, 100), "JPEG", "100 pixels wide or high"),
        ((600, 600), "GIF", "its first picture"),
    ],
)
def test_the_form_says_what_becomes_of_an_odd_picture(
    client, keeper, size, image_format, sentence
):
    client.force_login(keeper)
    media = make_media(size, image_format)
    answer = client.post(SETTINGS, settings_form(client, icon=media.pk), follow=True)
    assert sentence in answer.text
    again = client.post(SETTINGS, settings_form(client), follow=True)
    assert sentence not in again.text


# --- Found by browsers and systems ----------------------------------------------


def test_the_favicon_is_the_file_itself(client, run_tasks):
    built_in = client.get("/favicon.ico")
    assert built_in.headers["Content-Type"] == "image/x-icon"
    assert Image.open(io.BytesIO(built_in.content)).format == "ICO"
    choose(run_tasks, make_media((520, 520)))
    own = client.get("/favicon.ico")
    assert Image.open(io.BytesIO(own.content)).format == "ICO"
    assert own.content != built_in.content
    again = client.get("/favicon.ico", headers={"if-none-match": own.headers["ETag"]})
    assert again.status_code == 304
    (name,) = [name for name in there() if name.endswith(".ico")]
    default_storage.delete(f"icons/{name}")
    assert client.get("/favicon.ico").content == built_in.content


def manifest_of(client):
    answer = client.get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert not answer.cookies
    return json.loads(answer.content)


def test_the_manifest_says_what_to_put_on_a_screen(client, run_tasks):
    SiteSettings(title="The Long Table of Tunis", description="Talks\nand food.").save()
    said = manifest_of(client)
    built_in = {"/static/blog/icons/192.png", "/static/blog/icons/512.png"}
    assert built_in <= {icon["src"] for icon in said.pop("icons")}
    assert said == {
        "name": "The Long Table of Tunis",
        "short_name": "The Long",
        "description": "Talks and food.",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "lang": "en",
        "dir": "ltr",
        "background_color": said["theme_color"],
        "theme_color": said["theme_color"],
    }
    site = choose(run_tasks, make_media((520, 520)))
    named = {(icon["src"], icon["purpose"]) for icon in manifest_of(client)["icons"]}
    assert named == {
        (f"/media/{made['name']}", made["purpose"])
        for made in site.icon_files
        if made["purpose"] in ("any", "maskable")
    }


@pytest.mark.parametrize(
    ("title", "short"),
    [("Quillback", "Quillback"), ("Supercalifragilistic", "Supercalifragilistic")],
)
def test_a_short_name_is_whole_words(client, title, short):
    SiteSettings(title=title).save()
    assert manifest_of(client)["short_name"] == short


def test_every_page_names_them(client, run_tasks):
    choose(run_tasks, make_media((520, 520)))
    page = client.get("/")
    for name in there():
        is_named = f'href="/media/icons/{name}"' in page.text
        assert is_named is name.endswith(("-32.png", "-180.png"))
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page.text
    said = head_of(client, "/").said
    ground = manifest_of(client)["theme_color"]
    assert said["theme-color"][0] == ground
    assert len(set(said["theme-color"])) == 2


def test_the_icons_cost_no_query(client, run_tasks, django_assert_num_queries):
    choose(run_tasks, make_media((520, 520)))
    for address in ("/favicon.ico", "/manifest.webmanifest"):
        with django_assert_num_queries(1):  # the settings
            client.get(address)
