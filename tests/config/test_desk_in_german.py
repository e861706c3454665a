"""The desk speaks the language of who sits at it, its scripts too."""

import pytest
from django.urls import reverse

from blog.models import User
from tests.builders import make_comment, make_post


@pytest.fixture
def german(client, alice):
    """alice's browser; the blog itself stays English."""
    User.objects.filter(pk=alice.pk).update(language="de")
    client.force_login(alice)
    return client


@pytest.fixture
def post(alice):
    return make_post(title="Talks", author=alice)


def page(client, name, *args, **query):
    return client.get(reverse(f"admin:{name}", args=args), query).content.decode()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("index", ["Der Schreibtisch", "Was wartet", "Sprache und Mails"]),
        ("blog_post_changelist", ["Beiträge", "In Titeln, Texten und Schlagwörtern"]),
        ("blog_post_add", ["Beitrag schreiben", "Entwurf speichern", "Sichtbarkeit"]),
        ("blog_media_changelist", ["Mediathek", "Dateien hinzufügen"]),
        ("comments_comment_changelist", ["Zurückgehalten", "Was entschieden wurde"]),
        ("comments_decision_changelist", ["Noch wurde nichts entschieden"]),
        ("own_mails", ["Ihre Sprache und Ihre Mails", "Mails über Durchsichten"]),
    ],
)
def test_its_pages_are_german(german, name, words):
    html = page(german, name, **({"state": "all"} if "comment_change" in name else {}))
    assert '<html lang="de" dir="ltr"' in html
    for said in words:
        assert said in html


def test_what_was_done_is_told_in_german(german, post):
    other = make_post(title="Others", author=post.author)
    answer = german.post(
        reverse("admin:blog_post_changelist"),
        {"action": "move_to_trash", "_selected_action": [post.pk, other.pk]},
        follow=True,
    )
    html = answer.content.decode()
    assert "2 Beiträge wurden in den Papierkorb gelegt" in html
    assert "Rückgängig</button>" in html


def test_one_and_many_are_told_apart(german, post):
    pks = [make_comment(post, state="pending").pk for _ in range(3)]
    url = reverse("admin:comments_comment_changelist")
    for chosen, said in (
        (pks[:2], "2 Kommentare sind als Spam gekennzeichnet."),
        (pks[2:], "ist als Spam gekennzeichnet."),
    ):
        sent = {"action": "mark_as_spam", "_selected_action": chosen}
        assert said in german.post(url, sent, follow=True).content.decode()


def test_refusals_are_german(german, post):
    answer = german.post(reverse("admin:blog_category_add_in_place"), {"name": " "})
    assert answer.json() == {"sentence": "Eine Kategorie braucht einen Namen."}


def test_the_history_is_read_in_german_and_kept_in_english(german, post):
    change = reverse("admin:blog_post_change", args=[post.pk])
    form = german.get(change).context["adminform"].form
    sent = {
        name: value
        for name, value in form.initial.items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }
    german.post(change, sent | {"title": "Other talks", "_draft": "x"})
    assert "Zum Entwurf gemacht" in page(german, "blog_post_history", post.pk)
    User.objects.filter(pk=post.author_id).update(language="en")
    assert "Made a draft" in page(german, "blog_post_history", post.pk)


def test_readers_read_the_blogs_language_all_the_same(german, post):
    html = german.get(post.get_absolute_url()).content.decode()
    assert '<html lang="en"' in html
    assert "Beitrag" not in html


def test_the_scripts_have_their_words_from_the_catalogue(german, alice):
    url = reverse("admin:jsi18n")
    words = german.get(url).content.decode()
    # Ours, Django's, the editor's.
    for sentence in ("Bilder w\\u00e4hlen", "Heute", "HTML bearbeiten"):
        assert sentence in words
    User.objects.filter(pk=alice.pk).update(language="en")
    assert "Bilder" not in german.get(url).content.decode()


@pytest.mark.parametrize(
    "name", ["blog_post_add", "blog_media_changelist", "blog_category_changelist"]
)
def test_the_words_are_there_before_any_script_speaks(german, name):
    """Modules run once the page is read, this one at its place in the head."""
    html = page(german, name)
    words = html.index(f'src="{reverse("admin:jsi18n")}"')
    assert words < html.index("</head>")


def test_the_pages_that_ask_before_they_delete_have_them_too(german, post):
    post.status = "trash"
    post.save()
    html = page(german, "blog_post_delete", post.pk)
    words = html.index(f'src="{reverse("admin:jsi18n")}"')
    assert words < html.index('type="module"')
