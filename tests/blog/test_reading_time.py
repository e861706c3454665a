import pytest

from blog import reading_time
from tests.builders import make_post


@pytest.mark.parametrize(
    ("text", "words", "signs"),
    [
        ("", 0, 0),
        ("One two  three.", 3, 0),
        ("it’s well-set—and read – twice … 42 – !", 6, 0),
        ("हिन्दी में लिखा", 3, 0),
        ("한국어는 띄어 쓴다", 3, 0),
        ("北京の秋。", 0, 4),
        ("In 北京 today", 2, 2),
        ("ภาษาไทย", 0, 7),
    ],
)
def test_words_are_counted_and_signs_where_there_are_none(text, words, signs):
    assert reading_time.of(text) == (words, signs)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 0),
        ("…", 0),
        ("one", 1),
        ("word " * 344, 1),
        ("word " * 345, 2),
        ("word " * 50_000, 217),
        ("字" * 1000, 2),
    ],
)
def test_minutes_are_whole_and_at_least_one(text, minutes):
    assert reading_time.of(text).minutes == minutes


def test_a_post_says_how_long_it_takes(client, db):
    post = make_post(body="<p>word</p>" * 690)
    assert "3 minutes to read" in client.get(post.get_absolute_url()).text
    assert "minutes to read" not in client.get("/").text


def test_what_has_no_words_or_a_password_does_not(client, db):
    for fields in ({"body": "<hr>"}, {"password": "tea"}):
        post = make_post("Title", **fields)
        assert "to read" not in client.get(post.get_absolute_url()).text
