"""The worker: tasks, chores, and what a dead worker leaves behind."""

import os
import socket
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from blog.chores import Duty, do_due
from blog.models import Chore, SiteSettings
from blog.retrying import retried
from comments.models import Comment
from config import chores
from config.worker import MAX_CLAIMS, Worker, reset_abandoned
from tests.builders import make_comment, make_post

done = []


@task()
def note(word):
    done.append(word)


@task()
def fail():
    raise RuntimeError("This task always fails.")


@task()
@retried(ConnectionError, after=(0, 0))
def reach(word):
    done.append(word)
    raise ConnectionError("Nobody answers.")


@pytest.fixture(autouse=True)
def _nothing_done():
    done.clear()


@pytest.fixture
def work(db, monkeypatch):
    """Let a worker look so many times."""
    # On PostgreSQL it would take the test's transaction for a leftover.
    monkeypatch.setattr("config.worker.close_old_connections", lambda: None)

    def run(times=1):
        looks = iter([True] * times)
        worker = Worker(is_wanted=lambda: next(looks, False), poll=0)
        worker.run()

    return run


@pytest.fixture
def no_chores(monkeypatch):
    monkeypatch.setattr("config.worker.CHORES", [])


def running(worker_id, ago=timedelta(seconds=5), claims=1):
    """A task some worker began."""
    note.enqueue("again")
    row = DBTaskResult.objects.latest("enqueued_at")
    row.status = TaskResultStatus.RUNNING
    row.started_at = timezone.now() - ago
    row.worker_ids = [worker_id] * claims
    row.save()
    return row


def dead_process():
    """The number of a process that was."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def here(pid):
    return f"{socket.gethostname()[:30]}:{pid}:abcdefgh"


def test_it_does_what_was_enqueued(work, no_chores):
    note.enqueue("one")
    note.enqueue("two")
    work(3)
    assert done == ["one", "two"]
    assert DBTaskResult.objects.successful().count() == 2


def test_it_leaves_alone_what_is_not_due(work, no_chores):
    later = timezone.now() + timedelta(hours=1)
    note.using(run_after=later).enqueue("later")
    work(2)
    assert done == []


def test_looking_for_work_takes_one_query_and_no_lock(
    db, no_chores, django_assert_num_queries
):
    worker = Worker(is_wanted=lambda: True)
    with django_assert_num_queries(1) as queries:
        assert not worker._do_next()
    assert queries[0]["sql"].startswith("SELECT")


def test_a_task_that_fails_is_logged_once_and_holds_up_nothing(work, no_chores, caplog):
    # `db_worker` in another test may have made it quiet.
    caplog.set_level("ERROR", logger="django_tasks")
    fail.enqueue()
    note.enqueue("next")
    work(3)
    assert done == ["next"]
    assert DBTaskResult.objects.failed().count() == 1
    tracebacks = [record for record in caplog.records if record.exc_info]
    assert len(tracebacks) == 1
    assert "This task always fails." in caplog.text


def test_it_goes_on_after_an_error_that_is_no_tasks_own(work, monkeypatch, caplog):
    monkeypatch.setattr("config.worker.REST_SECONDS", 0)
    answers = iter([RuntimeError("The database is away."), []])

    def look(duties):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("config.worker.do_due", look)
    note.enqueue("after all")
    work(3)
    assert done == ["after all"]
    assert "The database is away." in caplog.text


def test_a_task_whose_process_died_is_done_again(work, no_chores):
    running(here(dead_process()))
    work(2)
    assert done == ["again"]


def test_a_task_whose_process_dies_while_others_work_is_done_again(work, monkeypatch):
    monkeypatch.setattr("config.worker.CHORE_SECONDS", 0)

    def die(duties):
        if not DBTaskResult.objects.exists():
            running(here(dead_process()))

    monkeypatch.setattr("config.worker.do_due", die)
    work(3)
    assert done == ["again"]


def test_a_task_that_somebody_is_doing_is_left_to_them(db):
    running(here(os.getpid()))
    running("elsewhere:1:abcdefgh")
    running("a-worker-of-the-library")
    assert reset_abandoned() == 0


def test_a_task_begun_long_ago_is_taken_up_again(db):
    running("a-worker-of-the-library", ago=timedelta(hours=2))
    assert reset_abandoned() == 1
    assert DBTaskResult.objects.ready().count() == 1


def test_a_task_that_kills_its_workers_is_given_up(db):
    running(here(dead_process()), claims=MAX_CLAIMS)
    reset_abandoned()
    assert DBTaskResult.objects.failed().count() == 1


def test_a_task_is_tried_again_as_often_as_it_says(run_tasks):
    reach.enqueue("knock")
    for _ in range(5):
        run_tasks()
    assert done == ["knock"] * 3
    assert DBTaskResult.objects.failed().count() == 1
    assert DBTaskResult.objects.successful().count() == 2


def test_it_ends_soon_when_it_is_not_wanted_any_more(no_chores, transactional_db):
    wanted = threading.Event()
    wanted.set()
    worker = Worker(is_wanted=wanted.is_set)

    def work_and_leave():
        worker.run()
        connections.close_all()

    thread = threading.Thread(target=work_and_leave)
    thread.start()
    wanted.clear()
    thread.join(60)
    assert not thread.is_alive()


def test_a_chore_is_done_once_when_it_is_due(db, time_machine):
    time_machine.move_to("2026-11-20 12:00Z")
    duty = Duty("sweep", timedelta(hours=1), lambda: done.append("swept"))
    assert do_due([duty]) == ["sweep"]
    assert do_due([duty]) == []
    time_machine.move_to("2026-11-20 13:00:01Z")
    assert do_due([duty]) == ["sweep"]
    assert done == ["swept", "swept"]


def test_looking_for_chores_takes_one_query(db, django_assert_num_queries):
    duty = Duty("sweep", timedelta(hours=1), lambda: None)
    do_due([duty])
    with django_assert_num_queries(1):
        do_due([duty])


def test_a_chore_another_process_took_is_left_to_it(db, monkeypatch):
    duty = Duty("sweep", timedelta(hours=1), lambda: done.append("swept"))
    looked = Chore.objects.filter
    Chore.objects.create(name="sweep", due_at=timezone.now() - timedelta(minutes=1))

    def filter_late(**wanted):
        if "due_at__lte" in wanted:  # between look and claim
            looked(name="sweep").update(due_at=timezone.now() + timedelta(hours=1))
        return looked(**wanted)

    monkeypatch.setattr(Chore.objects, "filter", filter_late)
    assert do_due([duty]) == []
    assert done == []


def test_a_chore_that_fails_is_tried_again_and_holds_up_no_other(
    db, caplog, time_machine
):
    time_machine.move_to("2026-11-20 12:00Z")

    def break_down():
        raise RuntimeError("The broom is broken.")

    duties = [
        Duty("sweep", timedelta(days=1), break_down),
        Duty("dust", timedelta(days=1), lambda: done.append("dusted")),
    ]
    assert do_due(duties) == ["dust"]
    assert "The broom is broken." in caplog.text
    time_machine.move_to("2026-11-20 12:20Z")
    duties[0] = Duty("sweep", timedelta(days=1), lambda: done.append("swept"))
    assert do_due(duties) == ["sweep"]


def test_addresses_are_forgotten_after_as_many_days_as_the_settings_say(
    db, monkeypatch
):
    monkeypatch.setattr("comments.models.comment_queryset.MAX_FORGOTTEN", 2)
    SiteSettings(ip_retention_days=10).save()
    post = make_post()
    address = {"ip_address": "192.0.2.1", "user_agent": "Mozilla"}
    for days in (11, 12, 13, 14, 15, 9):
        made = timezone.now() - timedelta(days=days)
        make_comment(post, created_at=made, **address)
    chores.forget_addresses()
    kept = Comment.objects.exclude(ip_address=None)
    assert [comment.user_agent for comment in kept] == ["Mozilla"]
    assert timezone.now() - kept.get().created_at < timedelta(days=10)
    assert Comment.objects.filter(ip_address=None, user_agent="").count() == 5


def test_done_tasks_are_forgotten_after_a_while(run_tasks):
    note.enqueue("old")
    note.enqueue("new")
    run_tasks()
    old = DBTaskResult.objects.earliest("enqueued_at")
    old.finished_at = timezone.now() - timedelta(days=3)
    old.save()
    chores.prune_tasks()
    assert DBTaskResult.objects.count() == 1


def test_chores_can_be_done_without_a_worker(db, capsys):
    call_command("chores")
    assert "forget addresses" in capsys.readouterr().out
    call_command("chores")
    assert capsys.readouterr().out == "Nothing is due.\n"
