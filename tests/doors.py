"""Each door by which public content is changed: words that a page has right afterwards.

All take a post called Talks with the one tag there is, by an author who may do anything
with it, and a folder.
"""

from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from blog import publishing
from blog.models import Post, Tag
from tests.builders import make_post


def by_a_reply(post, words, folder):
    client = Client()
    client.force_login(post.author)
    client.post(f"/comments/reply/{post.pk}/", {"body": words})


def by_the_desk(post, words, folder):
    client = Client()
    client.force_login(post.author)
    tag = Tag.objects.get()
    address = f"/admin/blog/tag/{tag.pk}/change/"
    answer = client.post(address, {"name": words, "slug": "diplomacy"})
    assert answer["Location"] == "/admin/blog/tag/"


def by_python(post, words, folder):
    post.body = f"<p>{words}</p>"
    publishing.save_post(post)


def by_a_statement(post, words, folder):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE blog_post SET title = %s", [words])


def by_a_queryset(post, words, folder):
    Post.objects.update(title=words)


def by_a_fixture(post, words, folder):
    written = StringIO()
    call_command("dumpdata", "blog.post", use_natural_primary_keys=True, stdout=written)
    fixture = folder / "post.json"
    fixture.write_text(written.getvalue().replace('"Talks"', f'"{words}"'))
    call_command("loaddata", str(fixture), verbosity=0)


def by_an_import(post, words, folder):
    capture = folder / "page.txt"
    day = timezone.localdate() - timedelta(days=1)
    capture.write_text(f"\n{words}\n\n{day:%B %-d, %Y}\n\nText.\n")
    call_command("import_blog", str(capture), stdout=StringIO())


def by_deleting(post, words, folder):
    make_post(words)
    publishing.delete(Post.objects.filter(title="Talks"))


# And which page has the words.
DOORS = [
    (by_a_reply, "post"),
    (by_the_desk, "post"),
    (by_python, "post"),
    (by_a_statement, "home"),
    (by_a_queryset, "home"),
    (by_a_fixture, "home"),
    (by_an_import, "home"),
    (by_deleting, "home"),
]
