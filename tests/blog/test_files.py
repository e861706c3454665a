"""Uploaded files: whole, in parts, and not again where they are known."""

import os

import pytest

CONTENT = bytes(range(256)) * 4


@pytest.fixture
def place(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    folder = tmp_path / "2006"
    folder.mkdir()
    path = folder / "talk.mp3"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def ask(client, place, db):
    answered = []

    def ask(path="2006/talk.mp3", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        answered.append(client.get(f"/media/{path}", headers=headers))
        return answered[-1]

    yield ask
    for response in answered:
        response.close()


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_file_is_sent_whole_and_says_that_it_has_parts(ask):
    response = ask()
    assert response.status_code == 200
    assert content(response) == CONTENT
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Type"] == "audio/mpeg"
    assert response["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=10-19", slice(10, 20)),
        ("bytes=1000-", slice(1000, 1024)),
        ("bytes=1000-99999", slice(1000, 1024)),
        ("bytes=-24", slice(1000, 1024)),
        ("bytes=-99999", slice(0, 1024)),
        ("Bytes = 5-6", slice(5, 7)),
    ],
)
def test_a_range_of_it_is_sent_alone(ask, asked, wanted):
    response = ask(Range=asked)
    assert response.status_code == 206
    assert content(response) == CONTENT[wanted]
    assert response["Content-Length"] == str(len(CONTENT[wanted]))
    last = wanted.stop - 1
    assert response["Content-Range"] == f"bytes {wanted.start}-{last}/1024"


@pytest.mark.parametrize(
    "asked",
    ["bytes=-", "bytes=20-10", "bytes=0-1,5-6", "lines=1-2", "bytes=x-", "0-1", ""],
)
def test_what_is_no_single_range_is_answered_with_all(ask, asked):
    response = ask(Range=asked)
    assert response.status_code == 200
    assert content(response) == CONTENT


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=9999-99999", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(ask, asked):
    response = ask(Range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1024"


def test_a_range_behind_the_end_of_nothing_is_refused(ask, place):
    place.write_bytes(b"")
    assert ask(Range="bytes=0-").status_code == 416
    assert content(ask()) == b""


def test_what_is_known_is_not_sent_again(ask):
    first = ask()
    assert ask(If_None_Match=first["ETag"]).status_code == 304
    assert ask(If_None_Match="*").status_code == 304
    again = ask(If_Modified_Since=first["Last-Modified"])
    assert again.status_code == 304
    assert again["ETag"] == first["ETag"]


def test_what_was_replaced_is_sent(ask, place):
    first = ask()
    place.write_bytes(CONTENT[::-1])
    os.utime(place, (2_000_000_000, 2_000_000_000))
    response = ask(If_None_Match=first["ETag"])
    assert response.status_code == 200
    assert content(response) == CONTENT[::-1]


def test_a_part_of_what_was_replaced_is_no_part_of_what_they_have(ask, place):
    first = ask()
    same = {"Range": "bytes=0-9", "If_Range": first["ETag"]}
    assert ask(**same).status_code == 206
    assert ask(Range="bytes=0-9", If_Range=first["Last-Modified"]).status_code == 206
    os.utime(place, (2_000_000_000, 2_000_000_000))
    assert ask(**same).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "",
        "2006",
        "2006/",
        "none.jpg",
        "../secret_key",
        "2006/../../secret_key",
        "x" * 999,
    ],
)
def test_nothing_else_is_shown(ask, place, path):
    (place.parent.parent.parent / "secret_key").write_text("secret")
    assert ask(path).status_code == 404


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "script.js", "data"])
def test_what_might_run_is_offered_as_a_download(ask, place, name):
    (place.parent / name).write_text("<svg/>")
    response = ask(f"2006/{name}")
    assert response["Content-Disposition"] == "attachment"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
