"""Which process is at work, and which is no more."""

import os
import signal
import subprocess
import sys

import pytest

from blog import processes


@pytest.fixture
def other():
    """A process that waits to be told its name's end."""
    process = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.communicate()


def name_of(process, life):
    machine, _, _, random = processes.name_here().split(":")
    return f"{machine}:{process.pid}:{life}:{random}"


def test_who_asks_is_here_under_a_new_name_each_time():
    names = {processes.name_here() for _ in range(9)}
    assert len(names) == 9
    assert not any(map(processes.is_gone, names))
    assert max(map(len, names)) <= 60


def test_a_process_that_works_is_not_gone(other):
    life = processes._life_of(other.pid)
    assert not processes.is_gone(name_of(other, life))


@pytest.mark.skipif(sys.platform != "linux", reason="Told by /proc")
def test_one_that_was_killed_is_gone_before_its_parent_heard_of_it(other):
    name = name_of(other, processes._life_of(other.pid))
    other.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    os.kill(other.pid, 0)  # its number is still taken
    assert processes.is_gone(name)
    other.wait()
    assert processes.is_gone(name)


@pytest.mark.skipif(sys.platform != "linux", reason="Told by /proc")
def test_another_one_with_its_number_is_not_it(other):
    assert processes.is_gone(name_of(other, "0123456789ab"))


def test_where_nobody_tells_more_the_number_decides(other, monkeypatch, tmp_path):
    monkeypatch.setattr("blog.processes._PROC", tmp_path)
    name = name_of(other, "")
    assert not processes.is_gone(name)
    assert not processes.is_gone(processes.name_here())
    other.communicate("\n")
    assert processes.is_gone(name)


@pytest.mark.parametrize(
    "name", ["", "elsewhere:1:abc:defg", "a-worker-of-the-library", ":::"]
)
def test_of_other_machines_nobody_here_can_tell(name):
    assert not processes.is_gone(name)


def test_a_name_of_before_is_told_by_its_number(other):
    name = ":".join([processes.name_here().split(":")[0], str(other.pid), "abcdefgh"])
    assert not processes.is_gone(name)
    other.communicate("\n")
    assert processes.is_gone(name)
