"""Which generation there is where things go wrong, and what is kept of each."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from blog import generation_triggers, generations
from blog.models import Post, SiteSettings
from tests.builders import make_post

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_database_that_cannot_be_opened_is_no_reason_to_fall(monkeypatch):
    lost = generations.of_database()
    monkeypatch.setitem(connection.settings_dict, "NAME", "/nowhere/at all")
    assert lost.current() is None
    monkeypatch.undo()
    assert lost.current() is not None
    lost.close()


def test_who_waits_while_the_database_is_lost_is_told_nothing_old():
    """On PostgreSQL threads share one question."""

    class Lost(generations.PostgresGenerations):
        def _ask(self):
            raise DatabaseError

    class Door:
        """What is known while the next one is let in."""

        left = []

        def __enter__(self):
            lost._generation = "old"

        def __exit__(self, *_):
            self.left.append(lost._generation)

    lost = Lost("default")
    lost._lock = Door()
    assert lost.current() is None
    assert Door.left == [None]


def test_all_processes_call_a_generation_by_one_name(time_machine):
    """Also when a scheduled post appears, by itself: then it is another one."""
    time_machine.move_to("2026-11-20 12:00Z", tick=False)
    here, there = generations.of_database(), generations.of_database()

    def names():
        numbers = here.current(), there.current()
        both = here.name_of(numbers[0]), there.name_of(numbers[1])
        assert both[0] == both[1] is not None
        assert here.name_of(numbers[0] - 1) is None
        return both[0]

    seen = {names()}
    make_post("Later", published_at=timezone.now() + timedelta(hours=1))
    seen.add(names())
    assert names() in seen
    time_machine.move_to("2026-11-20 13:00Z", tick=False)
    seen.add(names())
    assert len(seen) == 3
    here.close()
    there.close()


def test_what_is_the_same_on_all_pages_is_made_of_nothing_older():
    """The settings change while somebody's page is made that has read them already."""
    site = SiteSettings(title="Number 0")
    site.save()
    page = Template('{% load kept %}{% kept "test" %}{{ site.title }}{% endkept %}')

    def made(request):
        return page.render(
            Context({"site": SiteSettings.of(request), "request": request})
        )

    def wait_and_make():
        request = RequestFactory().get("/")
        SiteSettings.of(request)
        title("Number 1")
        return made(request), made(RequestFactory().get("/"))

    def title(words):
        SiteSettings.objects.update(title=words)

    assert wait_and_make() == ("Number 0", "Number 1")


def test_what_is_made_in_a_transaction_is_on_no_other_page():
    SiteSettings(title="Number 0").save()
    page = Template('{% load kept %}{% kept "test" %}{{ title }}{% endkept %}')
    request = RequestFactory().get("/")
    SiteSettings.of(request)
    with transaction.atomic():
        not_yet = page.render(Context({"request": request, "title": "Not yet"}))
    committed = page.render(Context({"request": request, "title": "Committed"}))
    assert (not_yet, committed) == ("Not yet", "Committed")


def test_a_database_of_another_server_takes_no_numbers_of_this_one():
    """Loaded on a server that counts its transactions from the beginning."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's generations have a number at random")
    make_post("Talks")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {generation_triggers.TABLE} "
            "SELECT pg_current_xact_id()::text::bigint + n "
            "FROM generate_series(1, 1000) AS n"
        )
    here = generations.of_database()
    before = here.current()
    Post.objects.update(title="Treaty")
    assert here.current() != before
    here.close()


class Told:
    """A database that is told something while somebody is being answered."""

    def __init__(self):
        self.now, self.meanwhile = "old", None

    def current(self):
        said, meanwhile, self.meanwhile = self.now, self.meanwhile, None
        if meanwhile:
            meanwhile()
        return said


@pytest.mark.django_db
def test_who_was_told_of_the_one_before_turns_nothing_back():
    """Else all that is kept of the new one is thrown away, and made twice."""
    told = Told()
    turning = generations.Turning(told)
    before = turning.current()
    found = []

    def change():
        told.now = "new"
        found.append(turning.current())

    told.meanwhile = change
    late = turning.current()
    assert [late] == found
    assert turning.current() == late > before


def test_a_migration_makes_a_generation():
    """It may change what no trigger tells of: SQLite's are gone where a table was remade."""
    here = generations.of_database()
    before = here.current()
    call_command("migrate", verbosity=0)
    assert here.current() != before
    here.close()
