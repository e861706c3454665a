"""The library: many files at once, found again, and where each is used."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from blog import images
from blog.models import Media, MediaUse
from tests.blog.test_admin_media import REFUSED
from tests.builders import make_media, make_post, make_user, picture_bytes

LIST = "/admin/blog/media/"
UPLOAD = f"{LIST}upload/"
JSON = {"headers": {"Accept": "application/json"}}


def send(client, *files, **options):
    return client.post(
        UPLOAD, {"file": [SimpleUploadedFile(*file) for file in files]}, **options
    )


def names(client, query=""):
    return {media.name for media in client.get(LIST + query).context["cl"].result_list}


def change(client, media, **fields):
    values = {
        name: getattr(media, name)
        for name in ("title", "alt", "caption", "credit", "focal_x", "focal_y")
    }
    return client.post(f"{LIST}{media.pk}/change/", values | fields)


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def test_many_files_come_in_one_form(editor, alice, run_tasks):
    files = [(f"{n}.jpg", picture_bytes(size=(500, n))) for n in (30, 40, 50)]
    page = send(editor, *files, ("x.svg", b"<svg onload='x()'></svg>"), follow=True)
    html = page.content.decode()
    assert set(Media.objects.values_list("width", "height", "uploaded_by")) == {
        (500, n, alice.pk) for n in (30, 40, 50)
    }
    assert "“x.svg”: SVG drawings are not taken" in html
    assert html.count("It is in the library.") == 3
    run_tasks()
    assert all(media.renditions for media in Media.objects.all())


def test_each_answer_says_in_json_what_became_of_it(editor):
    file = ("a.jpg", picture_bytes())
    response = send(editor, file, **JSON)
    [result] = response.json()["files"]
    media = Media.objects.get()
    assert (response.status_code, result["state"]) == (200, "new")
    assert (result["id"], result["address"]) == (media.pk, media.file.url)
    [again] = send(editor, ("other name.jpg", file[1]), **JSON).json()["files"]
    assert (again["state"], again["id"]) == ("known", media.pk)
    assert Media.objects.count() == 1


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_leaves_nothing(editor, settings, what):
    data, words = REFUSED[what]
    response = send(editor, ("innocent.jpg", data), **JSON)
    assert response.status_code == 422
    assert words in response.json()["files"][0]["words"]
    assert not Media.objects.exists()
    assert not any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))


def test_what_is_too_large_is_refused_unread(editor, monkeypatch):
    monkeypatch.setattr(images, "MAX_UPLOAD_BYTES", 100)
    monkeypatch.setattr(images, "receive", None)
    [result] = send(editor, ("a.jpg", picture_bytes()), **JSON).json()["files"]
    assert result["words"].startswith("The file is larger than")


def test_no_file_is_said_and_reading_is_not_sending(editor):
    assert "Choose a file first." in send(editor, follow=True).content.decode()
    assert editor.get(UPLOAD).status_code == 405


def test_who_may_not_upload_does_not(client, db):
    client.force_login(make_user("carol", role="Contributor"))
    assert send(client, ("a.jpg", picture_bytes()), **JSON).status_code == 403
    assert not Media.objects.exists()


def test_it_is_narrowed(editor, alice):
    anton = make_user("anton", role="Author")
    plain = make_media(alt="Ships", uploaded_by=anton)
    old = make_media(created_at=timezone.now() - timedelta(days=800))
    send(editor, ("paper.pdf", b"%PDF-1.7"))
    paper = Media.objects.get(mime_type="application/pdf")
    make_post(body=f'<a href="{paper.file.url}">paper</a>')
    make_post(featured_image=old)
    for query, expected in {
        "?kind=document": [paper],
        "?kind=picture": [plain, old],
        f"?uploaded_by={anton.pk}": [plain],
        "?uploaded_by=x": [plain, old, paper],
        "?alt=missing": [old],
        "?use=none": [plain],
        f"?month={timezone.localtime(old.created_at):%Y-%m}": [old],
        "?q=ships": [plain],
        "?view=list": [plain, old, paper],
    }.items():
        assert names(editor, query) == {media.name for media in expected}, query


def test_it_counts_what_has_no_words(editor, alice):
    make_media()
    make_media(uploaded_by=alice)
    html = editor.get(LIST).content.decode()
    assert "2 pictures have no alternative text" in html
    make_media(alt="Ships", title="Ships")
    assert editor.get(LIST).context["without_alt"] == 2


def test_an_author_is_asked_only_about_their_own(client, db):
    anton = make_user("anton", role="Author")
    make_media()
    make_media(uploaded_by=anton)
    client.force_login(anton)
    assert client.get(LIST).context["without_alt"] == 1


@pytest.mark.parametrize("view", ["grid", "list"])
def test_queries_do_not_grow_with_the_files(
    editor, django_assert_num_queries, django_assert_max_num_queries, view
):
    def fill(count):
        for _ in range(count):
            media = make_media(size=(4, 4))
            make_post(body=f'<img src="{media.file.url}">', featured_image=media)

    fill(2)
    with django_assert_max_num_queries(12) as first:
        editor.get(f"{LIST}?view={view}")
    fill(6)
    with django_assert_num_queries(len(first)):
        html = editor.get(f"{LIST}?view={view}").content.decode()
    assert html.count("used in 2 places") == 8


def test_the_picker_gives_back_what_is_chosen(editor):
    media = make_media()
    html = editor.get(f"{LIST}?_popup=1").content.decode()
    assert f'data-popup-opener="{media.pk}"' in html


def test_a_file_says_where_it_is_used(client, db):
    media = make_media()
    anton = make_user("anton", role="Author")
    post = make_post("The harbour", body=f'<img src="{media.file.url}">')
    make_post("Not for anton", featured_image=media, status="draft")
    client.force_login(anton)
    html = client.get(f"{LIST}{media.pk}/change/").content.decode()
    assert f'<a href="{post.get_absolute_url()}">The harbour</a>' in html
    assert "Not for anton" not in html
    assert "And in 1 more" in html


def test_deleting_names_the_texts_that_show_it(editor):
    media = make_media()
    make_post("The harbour", body=f'<img src="{media.file.url}">')
    html = editor.get(f"{LIST}{media.pk}/delete/").content.decode()
    assert "1 text shows it" in html
    assert "The harbour" in html


def test_a_file_is_replaced_at_its_address(editor):
    media = make_media(alt="Ships")
    other = SimpleUploadedFile("new.jpg", picture_bytes(size=(70, 30)))
    assert change(editor, media, replacement=other).status_code == 302
    now = Media.objects.get()
    assert (now.name, now.alt, now.width) == (media.name, "Ships", 70)
    assert now.renditions_due_at


def test_what_can_not_take_its_place_says_why(editor):
    media, known = make_media(), picture_bytes()
    send(editor, ("known.jpg", known))
    for data, words in [
        (picture_bytes("PNG"), "ends in .jpg"),
        (REFUSED["half a picture"][0], "damaged"),
        (known, "here already"),
    ]:
        file = SimpleUploadedFile("new.jpg", data)
        response = change(editor, media, replacement=file, alt="Typed")
        html = response.content.decode()
        assert words in html
        assert "Typed" in html
    assert Media.objects.get(pk=media.pk).width == 900


def test_words_that_are_stored_leave_the_renditions_alone(editor, run_tasks):
    media = make_media()
    run_tasks()
    made = Media.objects.get().renditions
    assert made
    change(editor, media, alt="Ships")
    now = Media.objects.get()
    assert (now.alt, now.renditions, now.renditions_due_at) == ("Ships", made, None)
    change(editor, now, focal_x="0.1")
    assert Media.objects.get().renditions_due_at


def test_uses_go_with_their_post(db):
    media = make_media()
    post = make_post(body=f'<img src="{media.file.url}">')
    post.delete()
    assert not MediaUse.objects.exists()
