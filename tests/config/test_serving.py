"""The server as shipped: setup, then granian, on a data folder of its own."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.blogs import manage
from tests.ports import free_ports
from tests.served import PATIENCE_SECONDS, get, serving, start

pytestmark = [pytest.mark.slow, pytest.mark.own_blog]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def first_setup(folder):
    return manage(folder, "setup")


@pytest.fixture(scope="module")
def server(folder, first_setup):
    with serving(folder) as (_, port):
        yield port


def test_the_first_setup_loads_the_documents_and_prints_a_login(first_setup):
    assert first_setup.returncode == 0, first_setup.stderr
    assert "documents of 2006 are loaded" in first_setup.stdout
    assert re.search(r"name +author\n +password +\S{12}", first_setup.stdout)


def test_the_second_setup_changes_nothing(folder, first_setup):
    again = manage(folder, "setup")
    assert (again.returncode, again.stdout) == (0, "")


def test_it_serves_the_documents(server):
    response, page = get(server, "/")
    assert response.status == 200
    titles = re.findall(r'rel="bookmark"[^>]*>([^<]+)', page.decode())
    assert "No Progress in North Korean Talks" in titles
    assert len(titles) == 6


def test_it_serves_scripts_for_ever_and_compressed(server):
    _, page = get(server, "/")
    script = re.search(r'src="(/static/[^"]+\.js)"', page.decode())[1]
    response, _ = get(server, script, **{"Accept-Encoding": "br"})
    assert response.status == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Content-Encoding"] == "br"


@pytest.mark.parametrize("time", [1, 2, 3])
def test_it_ends_in_silence_and_leaves_one_file(tmp_path, put_empty_blog, time):
    """Now and then a thread of granian’s came too late, and the process was aborted."""
    put_empty_blog(tmp_path)
    database = tmp_path / "quillback.sqlite3"
    asked = ("--workers", "2", "--no-worker")
    with serving(tmp_path, *asked, stderr=subprocess.PIPE) as served:
        process, port = served
        with ThreadPoolExecutor(16) as visitors:
            assert list(visitors.map(lambda _: get(port, "/feed/"), range(100)))
        with closing(sqlite3.connect(database)) as changing:
            changing.execute("UPDATE blog_user SET last_login = NULL")
            changing.commit()
        get(port, "/")
    assert (process.returncode, process.stderr.read()) == (0, b"")
    process.stderr.close()
    assert [path.name for path in tmp_path.glob("*.sqlite3*")] == [database.name]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_it_tells_that_it_is_well(server, path):
    response, body = get(server, path)
    assert (response.status, body) == (200, b"ok\n")


def test_an_error_page_needs_neither_database_nor_words(server):
    response, page = get(server, "/nothing/here/")
    assert response.status == 404
    assert b"There is nothing at this address" in page


def test_its_worker_does_what_is_due(folder, server):
    deadline = time.monotonic() + PATIENCE_SECONDS
    done = []
    while not done and time.monotonic() < deadline:
        time.sleep(0.1)
        with closing(sqlite3.connect(folder / "quillback.sqlite3")) as database:
            done = database.execute("SELECT name FROM blog_chore").fetchall()
    assert ("forget addresses",) in done


def test_a_port_that_is_none_is_refused(folder):
    run = manage(folder, "serve", "--bind", "127.0.0.1:http")
    assert run.returncode == 1
    assert "--bind takes HOST:PORT" in run.stderr


def test_a_port_somebody_listens_at_is_refused(folder, server):
    run = manage(folder, "serve", "--bind", f"127.0.0.1:{server}")
    assert run.returncode == 1
    assert f"Nothing can be served at 127.0.0.1:{server}" in run.stderr
    assert "--bind takes another HOST:PORT" in run.stderr


def test_an_address_of_another_machine_is_refused(folder):
    run = manage(folder, "serve", "--bind", "192.0.2.1:8000")
    assert run.returncode == 1
    assert "Nothing can be served at 192.0.2.1:8000" in run.stderr


def test_an_old_database_is_refused_in_words(tmp_path):
    run = manage(tmp_path, "serve", "--bind", "127.0.0.1:1")
    assert run.returncode == 1
    assert "manage.py setup" in run.stderr


def test_a_database_that_cannot_be_read_is_told_of_in_a_sentence(tmp_path):
    (tmp_path / "quillback.sqlite3").write_bytes(b"no database" * 1000)
    for command in (["setup"], ["serve", "--bind", "127.0.0.1:1"]):
        run = manage(tmp_path, *command)
        assert run.returncode == 1
        assert "The database can't be read: file is not a database" in run.stderr
        assert "Traceback" not in run.stderr


def test_a_data_folder_that_cannot_be_made_is_told_of_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    run = manage(tmp_path / "file" / "data", "setup")
    assert run.returncode == 1
    assert "DATA_DIR" in run.stderr
    assert "Not a directory" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("name", ["--workers", "--threads"])
@pytest.mark.parametrize("count", ["0", "-1", "two"])
def test_nobody_to_answer_is_refused(folder, name, count):
    run = manage(folder, "serve", "--bind", "127.0.0.1:1", f"{name}={count}")
    assert run.returncode == 2
    assert f"{count!r} is no number from 1 on" in run.stderr


def test_static_files_that_cannot_be_collected_are_told_of(tmp_path, put_empty_blog):
    put_empty_blog(tmp_path)
    shutil.rmtree(tmp_path / "static")
    (tmp_path / "static").write_text("A file where the folder should be.")
    [port] = free_ports(1)
    refused = manage(tmp_path, "serve", "--bind", f"127.0.0.1:{port}")
    assert refused.returncode == 1
    assert "before could not be made" in refused.stderr


def test_it_sets_up_first_what_it_serves(tmp_path, put_empty_blog):
    """As `make run` has it: in one program, which is there in half the time."""
    put_empty_blog(tmp_path)
    with closing(sqlite3.connect(tmp_path / "quillback.sqlite3")) as database:
        database.execute("UPDATE blog_user SET is_superuser = 0")
        database.commit()
    told = tmp_path / "told"
    with (
        told.open("w") as stdout,
        serving(tmp_path, "--setup", "--empty", stdout=stdout) as (_, port),
    ):
        assert get(port, "/")[0].status == 200
    assert re.search(r"password +\S{12}[\s\S]+Quillback is at", told.read_text())


def test_ctrl_c_ends_every_process(folder, first_setup):
    process, _ = start(folder, start_new_session=True)
    process.send_signal(signal.SIGINT)
    process.wait(PATIENCE_SECONDS)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_an_empty_blog_is_there_for_the_asking(tmp_path, put_empty_blog):
    assert "documents" not in put_empty_blog(tmp_path)
    with closing(sqlite3.connect(tmp_path / "quillback.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM blog_post").fetchone() == (0,)


def test_a_page_that_is_kept_is_sent_as_it_is_or_not_at_all(server):
    made, page = get(server, "/", **{"Accept-Encoding": "br"})
    kept, same_page = get(server, "/", **{"Accept-Encoding": "br"})
    assert same_page == page
    assert kept.getheaders()[:-1] == made.getheaders()[:-1]
    known = {"If-None-Match": kept.getheader("ETag"), "Accept-Encoding": "br"}
    unchanged, nothing = get(server, "/", **known)
    assert (unchanged.status, nothing) == (304, b"")
