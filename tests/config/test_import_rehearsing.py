"""Trying an import: nothing is written, and nobody waits for it."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from blog.models import Post
from comments import transfer
from comments.models import Comment
from tests.builders import make_comment, make_post
from tests.config.tables import every_row

SAMPLE = Path(settings.BASE_DIR) / "fixtures" / "wordpress" / "harbour-log.xml"
pytestmark = pytest.mark.django_db(transaction=True)


def run(*options: str) -> str:
    out = StringIO()
    call_command("import_blog", str(SAMPLE), "--media-later", *options, stdout=out)
    return out.getvalue()


def test_it_writes_nothing_and_says_the_same():
    before = every_row()
    tried = run("--dry-run")
    assert every_row() == before
    assert tried == run() + "Dry run: nothing was written.\n"


def test_others_write_meanwhile(monkeypatch):
    post = make_post("Before")
    load = transfer.load_responses

    def write() -> None:
        try:
            make_comment(post, "Meanwhile")
        finally:
            connection.close()

    def load_while_others_write(*arguments):
        load(*arguments)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(write).result()

    monkeypatch.setattr(transfer, "load_responses", load_while_others_write)
    run("--dry-run")
    assert Comment.objects.get().body == "Meanwhile"
    assert Post.objects.get() == post


def test_what_goes_wrong_leaves_no_trace(monkeypatch):
    def fail(*arguments):
        raise CommandError("Enough.")

    monkeypatch.setattr(transfer, "load_responses", fail)
    with pytest.raises(CommandError, match="Enough"):
        run("--dry-run")
    assert not Post.objects.exists()
    folder = Path(str(connection.settings_dict["NAME"])).parent
    assert not list(folder.glob("rehearsal-*"))
