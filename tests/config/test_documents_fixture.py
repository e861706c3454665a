"""The documents: `loaddata documents` gives the blog of the two captured pages."""

from datetime import date

import pytest
from django.apps import apps
from django.core.management import call_command

from blog import trees
from blog.models import Category, Page, Post, SiteSettings, User
from comments.models import Comment
from comments.threads import read_thread

FILED_IN = [
    "news",
    "politics",
    "current events",
    "north korea",
    "nuclear proliferation",
]


@pytest.fixture(autouse=True)
def _documents(db):
    call_command("loaddata", "documents", verbosity=0)


@pytest.fixture
def answered() -> Post:
    """The post with the conversation below it."""
    return Post.objects.get(slug="no-progress-in-north-korean-talks")


def test_it_has_six_posts_newest_first():
    posts = Post.objects.published().posts().newest_first()
    assert [(post.title, post.published_on) for post in posts] == [
        ("Neither Side Blinks in Beijing", date(2006, 12, 20)),
        ("Negotiations and Resolutions", date(2006, 12, 20)),
        ("Two Envoys Before the Talks", date(2006, 12, 16)),
        ("No Progress in North Korean Talks", date(2006, 11, 30)),
        ("An Offer from Tehran", date(2006, 11, 26)),
        ("One Step Closer to WTO", date(2006, 11, 19)),
    ]


def test_dates_the_captures_lost_are_marked_as_estimated():
    estimated = Post.objects.filter(date_is_estimated=True)
    assert set(estimated.values_list("slug", flat=True)) == {
        "neither-side-blinks-in-beijing",
        "two-envoys-before-the-talks",
        "an-offer-from-tehran",
    }


def test_every_post_is_rendered_by_the_author_filed_and_tagged():
    author = User.objects.get(username="author")
    for post in Post.objects.posts():
        assert post.author == author
        assert post.body_html.startswith("<p>")
        assert post.categories.exists()
        assert 2 <= post.tags.count() <= 4


def test_the_author_is_dmitri_marine_and_cannot_log_in():
    author = User.objects.get(username="author")
    assert author.public_name == "Dmitri Marine"
    assert not author.has_usable_password()
    assert not author.is_staff
    assert not author.is_superuser


def test_categories_nest_soundly():
    categories = Category.objects.in_tree_order()
    assert list(trees.faults(trees.read(categories))) == []
    assert [category.path for category in categories] == [
        "news",
        "news/current-events",
        "news/current-events/iran",
        "news/current-events/iraq",
        "news/current-events/north-korea",
        "news/current-events/russia",
        "news/politics",
        "news/politics/nuclear-proliferation",
        "news/politics/trade",
    ]
    news = categories[0]
    assert Post.objects.published().in_category(news).count() == 6


def test_the_author_answers_patternrec(answered):
    first, answer = read_thread(answered).talk
    assert (first.writer, first.depth) == ("PatternRec", 0)
    assert (answer.writer, answer.depth) == ("Dmitri Marine", 1)
    assert answer.answered.address == f"#{first.anchor}"
    assert answer.is_by_post_author
    assert not first.is_by_post_author
    assert list(trees.faults(trees.read(Comment.objects.all()))) == []


def test_the_pingback_keeps_its_categories(answered):
    (pingback,) = read_thread(answered).elsewhere
    assert pingback.row.kind == Comment.Kind.PINGBACK
    assert pingback.writer == "Dmitri Marine"
    assert pingback.source_categories == FILED_IN
    assert "Filed in " + ", ".join(FILED_IN) in pingback.content


def test_only_what_survived_of_the_four_responses_is_counted(answered):
    assert answered.comment_count == 3
    assert Comment.objects.count() == 3
    others = Post.objects.exclude(pk=answered.pk)
    assert set(others.values_list("comment_count", flat=True)) == {0}


def test_nothing_else_comes_with_it():
    assert Page.objects.get().path == "about"
    assert SiteSettings.objects.get().title == "Between Capitals"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/2006/11/30/no-progress-in-north-korean-talks/",
        "/2006/12/",
        "/category/news/politics/",
        "/tag/six-party-talks/",
        "/author/dmitri-marine/",
        "/about/",
    ],
)
def test_readers_find_it(client, path):
    assert client.get(path).status_code == 200


def test_loading_it_twice_leaves_every_row_as_it_was():
    before = _all_rows()
    call_command("loaddata", "documents", verbosity=0)
    assert _all_rows() == before


def _all_rows() -> dict[str, list[dict]]:
    """Every row of both apps, link tables included."""
    models = [
        model
        for label in ("blog", "comments")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if not model._meta.proxy
    ]
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in models
    }
