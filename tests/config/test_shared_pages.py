"""What one process has made another one sends: the same page, or none."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from config import shared_pages
from config.kept_pages import Page
from config.making_pages import Made
from config.shared_pages import SharedPages

SIZE = 1_000_000
KEY = ("/", "", "blog.example")
ENCODINGS = ("br", "zstd", "gzip", "")

# A lock is a process's: it waits at a byte of the file until it is told to end.
HOLDS = """
import fcntl, sys
fcntl.lockf(int(sys.argv[1]), fcntl.LOCK_EX, 1, int(sys.argv[2]))
print("held", flush=True)
input()
"""


@pytest.fixture
def shared(monkeypatch):
    monkeypatch.setattr(shared_pages._Server, "pages", None)
    shared_pages.open_for_all(SIZE)
    shared = shared_pages.of_server()
    yield shared
    os.close(shared.file)


def page(text="Talks " * 100, status="200 OK", kind="text/html"):
    return Page(status, [("Content-Type", kind), ("X-Own", "ü")], text.encode())


def made(**told):
    return Made(**{"page": page(), "is_kept": True} | told)


def never():
    raise AssertionError("It is there already.")


def text_of(page):
    return page.ready("").body.decode()


@given(
    st.text(),
    st.sampled_from(["text/html", "image/png", "application/json"]),
    st.sampled_from(["200 OK", "301 Moved Permanently"]),
    st.none() | st.just(timezone.now() + timedelta(days=1)),
)
def test_another_process_sends_the_same(text, kind, status, until):
    own = page(text, status, kind)
    own.made_in = 0.25
    told = shared_pages._read(shared_pages._written(own, until))
    assert (told.is_kept, told.until) == (True, until)
    there = told.page
    assert (there.status, there.code) == (own.status, own.code)
    assert (there.etag, there.size, there.made_in) == (own.etag, own.size, 0.25)
    assert [there.ready(name) for name in ENCODINGS] == [
        own.ready(name) for name in ENCODINGS
    ]
    assert there.unchanged_headers() == own.unchanged_headers()


def test_a_page_is_made_once_in_a_generation(shared):
    shared.find_or_make("one", KEY, made)
    found = shared.find_or_make("one", KEY, never)
    assert text_of(found.page) == text_of(page())
    for generation, key in [("two", KEY), ("one", (*KEY, "")), ("one", KEY[:2])]:
        with pytest.raises(AssertionError):
            shared.find_or_make(generation, key, never)


@pytest.mark.parametrize(
    "told",
    [
        {"is_kept": False},
        {"page": page(status="404 Not Found")},
        {"page": None},
        {"until": timezone.now() - timedelta(seconds=1)},
        {"page": page("A" * SIZE, kind="image/png")},
    ],
)
def test_what_is_for_one_or_for_a_moment_is_made_each_time(shared, told):
    shared.find_or_make("one", KEY, lambda: made(**told))
    with pytest.raises(AssertionError):
        shared.find_or_make("one", KEY, never)


def test_what_is_torn_is_made_anew(shared):
    place = shared._name("one", KEY).place
    shared.find_or_make("one", KEY, made)
    [length] = shared_pages._HEAD.unpack(
        os.pread(shared.file, shared_pages._HEAD.size, place)
    )[2:]
    for offset in range(shared_pages._HEAD.size + length):
        [byte] = os.pread(shared.file, 1, place + offset)
        os.pwrite(shared.file, bytes([byte ^ 1]), place + offset)
        with pytest.raises(AssertionError):
            shared.find_or_make("one", KEY, never)
        os.pwrite(shared.file, bytes([byte]), place + offset)
    shared.find_or_make("one", KEY, never)


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 1), st.integers(0, SIZE // 10))
    )
)
def test_pages_that_lie_over_each_other_are_never_mixed_up(steps):
    shared_pages.open_for_all(SIZE // 4)
    shared = shared_pages.of_server()
    texts = {}
    for number, generation, size in steps:
        name = (str(generation), (f"/{number}/",))
        text = f"{name} {os.urandom(size // 2).hex()}"
        found = shared.find_or_make(
            *name, lambda text=text: made(page=page(text, kind="image/png"))
        )
        assert text_of(found.page) in (texts.get(name), text)
        texts[name] = text_of(found.page)
    assert os.fstat(shared.file).st_size == SIZE // 4
    os.close(shared.file)
    shared_pages._Server.pages = None


@pytest.fixture
def other(shared):
    """Another process, which is making the page and does not come to an end."""
    name = shared._name("one", KEY)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(shared.file), str(name.lock)],
        pass_fds=[shared.file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_who_takes_too_long_is_not_waited_for(shared, other, monkeypatch):
    monkeypatch.setattr(shared_pages, "PATIENCE_SECONDS", 0.05)
    assert text_of(shared.find_or_make("one", KEY, made).page) == text_of(page())
    # Nobody waits for it at another page.
    monkeypatch.setattr(shared_pages, "PATIENCE_SECONDS", 3600)
    shared.find_or_make("two", KEY, made)
    shared.find_or_make("one", ("/feed/",), made)


def test_who_died_is_not_waited_for(shared, other, monkeypatch):
    monkeypatch.setattr(shared_pages, "PATIENCE_SECONDS", 3600)
    other.kill()
    shared.find_or_make("one", KEY, made)


def test_who_waited_gets_what_the_other_made(shared, other, monkeypatch):
    monkeypatch.setattr(shared_pages, "PATIENCE_SECONDS", 3600)

    def finish(_):
        shared._keep(shared._name("one", KEY), page("Theirs"), None)
        other.communicate("\n")

    monkeypatch.setattr(shared_pages.time, "sleep", finish)
    assert text_of(shared.find_or_make("one", KEY, never).page) == "Theirs"


def test_where_no_memory_is_left_the_page_is_sent_all_the_same(shared, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", refuse)
    assert shared.find_or_make("one", KEY, made).page is not None


def test_what_breaks_while_it_is_made_holds_up_nobody(shared):
    with pytest.raises(AssertionError):
        shared.find_or_make("one", KEY, never)
    assert shared.find_or_make("one", KEY, made).page is not None


@pytest.mark.parametrize("size", [0, 60_000])
def test_without_a_cache_nothing_is_shared(monkeypatch, size):
    monkeypatch.setattr(shared_pages._Server, "pages", None)
    shared_pages.open_for_all(size)
    assert shared_pages.of_server() is None


@pytest.fixture
def no_memory(monkeypatch):
    """As where a program may not ask the system for such files."""
    monkeypatch.setattr(shared_pages._Server, "pages", None)

    def refuse(*_):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(os, "memfd_create", refuse, raising=False)
    return refuse


def test_where_the_system_has_no_such_memory_a_file_does(no_memory):
    shared_pages.open_for_all(SIZE)
    shared = shared_pages.of_server()
    shared.find_or_make("one", KEY, made)
    shared.find_or_make("one", KEY, never)
    os.close(shared.file)


def test_where_there_is_no_file_either_each_makes_its_own(
    no_memory, monkeypatch, caplog
):
    monkeypatch.setattr(shared_pages.tempfile, "TemporaryFile", no_memory)
    shared_pages.open_for_all(SIZE)
    assert shared_pages.of_server() is None
    assert "Each process makes all pages by itself" in caplog.text


def test_it_is_no_file_of_a_name_and_takes_no_room_for_nothing(shared):
    status = os.fstat(shared.file)
    assert (status.st_size, status.st_blocks, status.st_nlink) == (SIZE, 0, 0)
    assert isinstance(shared, SharedPages)
