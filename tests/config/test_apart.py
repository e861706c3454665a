"""Very many posts are stored in a process of its own; nobody sees a difference."""

import os
import re
import signal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from blog.models import Post
from blog.transfer import load
from blog.transfer.records import Note, SourceRefused
from config import apart
from tests import many_posts
from tests.many_posts import POSTS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def export(tmp_path):
    return many_posts.export(tmp_path)


@pytest.fixture
def is_large(monkeypatch):
    """What is imported here counts as very much."""
    monkeypatch.setattr(apart, "MIN_POSTS", POSTS)


def run(source, **options) -> str:
    out = StringIO()
    call_command("import_blog", source, media_later=True, stdout=out, **options)
    return out.getvalue()


def test_the_report_is_what_a_dry_run_says(is_large, export, monkeypatch):
    """Which is made here."""
    rehearsed = run(export, dry_run=True).splitlines()
    worked_here: list[bool] = []
    real, here = apart.done, os.getpid()

    def noted(work):
        def told():
            worked_here.append(os.getpid() == here)
            return work(), list(worked_here)

        result, seen = real(told)
        assert seen == [False]
        return result

    monkeypatch.setattr(apart, "done", noted)
    said = run(export).splitlines()
    assert rehearsed[-1] == "Dry run: nothing was written."
    assert without_seconds(said) == without_seconds(rehearsed[:-1])
    assert not worked_here  # what is changed there is changed there alone
    assert Post.objects.count() == POSTS


def without_seconds(report: list[str]) -> list[str]:
    return [line for line in report if not re.search(r"\d(?:\.\d)? s\b", line)]


def test_in_a_transaction_all_is_done_here(is_large, export):
    """Nobody else would see it, nor could it be taken back."""
    with transaction.atomic():
        run(export)
        assert Post.objects.count() == POSTS
        transaction.set_rollback(True)
    assert not Post.objects.exists()


def test_what_is_raised_there_is_raised_here(is_large, export, monkeypatch):
    def refuse(self, posts):
        raise SourceRefused([Note("torn", "export.xml", 7)])

    monkeypatch.setattr(load.Loader, "load", refuse)
    with pytest.raises(SourceRefused, match="torn") as refused:
        run(export)
    assert refused.value.notes == [Note("torn", "export.xml", 7)]
    assert "in refuse" in "".join(refused.value.__notes__)
    assert not Post.objects.exists()


def test_what_cannot_be_sent_is_told_in_words(is_large, export, monkeypatch):
    class Odd(Exception):
        def __reduce__(self):
            raise TypeError("It stays here.")

    def fail(self, posts):
        raise Odd("Never seen before")

    monkeypatch.setattr(load.Loader, "load", fail)
    with pytest.raises(ChildProcessError, match="Never seen before"):
        run(export)


def test_ended_from_outside_it_says_so(is_large, export, monkeypatch):
    def end(self, posts):
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(load.Loader, "load", end)
    with pytest.raises(ChildProcessError, match="ended before it was done"):
        run(export)
    assert not Post.objects.exists()
    monkeypatch.undo()
    run(export)
    assert Post.objects.count() == POSTS
    assert connection.is_usable()
