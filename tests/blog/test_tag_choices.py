"""Tags are offered while one is typed."""

import pytest

from blog.admin.tag_names import fold, matching
from blog.models import Tag
from tests.builders import make_post, make_user

NAMES = "/admin/blog/tag/names/"


def tags(*names):
    for name in names:
        Tag.objects.create(name=name)


def names(typed):
    return [name for name, _ in matching(typed)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("chi", ["China", "China trade", "Old china"]),
        ("CHINA", ["China", "China trade", "Old china"]),
        ("trade", ["China trade"]),
        ("hin", ["China", "China trade", "Old china"]),
        ("ecole", ["École"]),
        ("École", ["École"]),
        ("strasse", ["Straße"]),
        ("中", ["中国"]),
        ("nothing", []),
    ],
)
def test_case_accents_and_place_do_not_hide_a_tag(db, typed, found):
    tags("Old china", "China trade", "China", "École", "Straße", "中国", "Bread")
    assert names(typed) == found


def test_the_most_used_come_first(db):
    make_post(tags=["chess"])
    make_post(tags=["china", "chess"])
    tags("chalk")
    assert matching("ch") == [("chess", 2), ("china", 1), ("chalk", 0)]
    assert matching("")[0] == ("chess", 2)


def test_one_beyond_the_first_500_is_found(db):
    Tag.objects.bulk_create(Tag(name=f"a{n}", slug=f"a{n}") for n in range(600))
    tags("zebra")
    assert names("zeb") == ["zebra"]
    assert len(names("a")) == 30


def test_the_door_gives_names_and_uses(client, db):
    make_post(tags=["north korea", "talks, six-party"])
    client.force_login(make_user("carol", role="Contributor"))
    answer = client.get(NAMES, {"q": "TALKS"})
    assert answer.json() == {"tags": [{"name": "talks, six-party", "count": 1}]}


def test_readers_are_not_told(client, bob):
    client.force_login(bob)
    assert client.get(NAMES).status_code == 302


def test_it_asks_two_queries_however_many_there_are(db, django_assert_num_queries):
    for count in (3, 700):
        Tag.objects.bulk_create(
            Tag(name=f"tag {count} {n}", slug=f"tag-{count}-{n}") for n in range(count)
        )
        with django_assert_num_queries(2):
            matching("tag")


def test_folding_keeps_what_is_no_accent():
    assert fold("  C++ \n Ünïcode ") == "c++ unicode"
