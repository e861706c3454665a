"""Whoever moves a blog in sees how far it is, and finds everything when it ends."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from blog.models import SearchQueue
from blog.search.query import search
from config import moving_progress
from tests.config.tables import every_row

pytestmark = pytest.mark.django_db

SAMPLE = Path(settings.BASE_DIR) / "fixtures" / "wordpress" / "harbour-log.xml"


def run(*options: object, **more: object) -> None:
    options = ("--media-later", *map(str, options))
    call_command("import_blog", str(SAMPLE), *options, **more)


@pytest.fixture
def always_told(monkeypatch):
    monkeypatch.setattr(moving_progress, "LINE_EVERY_SECONDS", 0.0)


@pytest.mark.usefixtures("always_told")
def test_a_log_has_lines_with_rate_and_time_left(capsys):
    run()
    told = capsys.readouterr().err
    assert "\r" not in told
    assert "1/6 [" in told
    assert "4 responses" in told
    assert "posts: done in" in told


@pytest.mark.usefixtures("always_told")
def test_it_is_quiet_when_told_to(capsys):
    run(verbosity=0)
    assert capsys.readouterr().err == ""


def test_a_short_move_tells_of_no_progress(capsys):
    run()
    assert capsys.readouterr().err == ""


def test_the_report_says_how_long_each_stage_took(tmp_path):
    path = tmp_path / "report.json"
    run("--report", path)
    told = json.loads(path.read_text())["seconds"]
    stages = "terms, files, posts, links, missing files, statistics, search"
    assert list(told) == stages.split(", ")


def test_everything_is_found_when_it_ends():
    run()
    assert not SearchQueue.objects.exists()
    assert [hit.title for hit in search("dawn").hits] == ["The night boat is back"]


def test_trying_it_leaves_the_search_alone():
    before = every_row()
    run("--dry-run")
    assert every_row() == before
