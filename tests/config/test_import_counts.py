"""What the report counts is what stands in the export, counted in another way."""

import json
import re
from collections import Counter
from io import StringIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from blog.models import Category, Media, Post, Tag
from comments.models import Comment

pytestmark = pytest.mark.django_db

EXPORTS = Path(settings.BASE_DIR).parent / "shared" / "wordpress-exports"
OURS = Path(settings.BASE_DIR) / "fixtures" / "wordpress" / "harbour-log.xml"
SAMPLES = sorted(EXPORTS.glob("*.xml"))
needs_exports = pytest.mark.skipif(
    not SAMPLES, reason="the sample exports are not on this machine"
)
STATUSES = {"publish": "published", "future": "published"}
STATES = {"1": "approved", "0": "pending"}


def values(name: str, text: str) -> list[str]:
    """What stands in each element called `name`, whatever its prefix."""
    found = re.findall(
        rf"<(?:\w+:)?{name}(?:\s[^>]*)?>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</(?:\w+:)?{name}>",
        text,
        re.DOTALL,
    )
    return [value.strip() for value in found]


def value(name: str, text: str) -> str:
    return (values(name, text) or [""])[0]


class Counted:
    """An export cut by its tags, and nothing more known of it."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8", errors="replace")
        # Bodies may say anything.
        text = re.sub(
            r"<content:encoded>.*?</content:encoded>", "", text, flags=re.DOTALL
        )
        text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
        head, *items = re.split(r"<item>", text)
        self.posts: Counter[tuple[str, str]] = Counter()
        self.responses: Counter[tuple[str, str]] = Counter()
        self.files = self.others = 0
        self.categories = {unquote(slug) for slug in values("category_nicename", head)}
        self.tags = {unquote(slug) for slug in values("tag_slug", head)}
        for item in items:
            self._add(item)

    def _add(self, item: str) -> None:
        kind = value("post_type", item) or "post"
        if kind not in ("post", "page"):
            self.files += kind == "attachment"
            self.others += kind != "attachment"
            return
        status = value("status", item) or "publish"
        self.posts[kind, STATUSES.get(status, status)] += 1
        for said in re.split(r"<wp:comment>", item)[1:]:
            state = value("comment_approved", said)
            name = value("comment_type", said) or "comment"
            self.responses[name, STATES.get(state, state)] += 1
        for domain, slug in re.findall(
            r'<category domain="(\w+)" nicename="([^"]*)"', item
        ):
            known = {"category": self.categories, "post_tag": self.tags}.get(domain)
            if known is not None:
                known.add(unquote(slug))


def nested(counted: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (kind, state), count in counted.items():
        found.setdefault(kind, {})[state] = count
    return found


def report_of(source: Path, folder: Path) -> dict:
    path = folder / "report.json"
    call_command("import_blog", str(source), report=path, stdout=StringIO())
    return json.loads(path.read_text())


def assert_counts(told: dict, counted: Counted) -> None:
    source = told["source"]
    assert source["posts"] == nested(counted.posts)
    assert source["responses"] == nested(counted.responses)
    assert source["files"] == counted.files
    assert source["categories"] == len(counted.categories)
    assert source["tags"] == len(counted.tags)
    # And all of it came in.
    assert told["posts"] == {"new": counted.posts.total()}
    assert Post.objects.count() == counted.posts.total()
    assert Comment.objects.count() == counted.responses.total()
    left_out = re.findall(
        r"(\d+) items? of the kind", " ".join(n["sentence"] for n in told["notes"])
    )
    assert sum(map(int, left_out)) == counted.others


@needs_exports
@pytest.mark.parametrize(
    "path",
    [path for path in SAMPLES if path.stem != "malformed"],
    ids=lambda path: path.stem,
)
def test_of_every_sample_all_comes_in(path, tmp_path):
    assert_counts(report_of(path, tmp_path), Counted(path))
    assert [*Comment.objects.faults(), *Category.objects.faults()] == []


@needs_exports
def test_the_one_that_is_torn_is_refused_with_its_line():
    with pytest.raises(CommandError, match=r"malformed\.xml:\d+: "):
        call_command("import_blog", str(EXPORTS / "malformed.xml"), stdout=StringIO())
    assert not Post.objects.exists()


def test_of_our_own_sample_too(tmp_path):
    counted = Counted(OURS)
    # One item is too broken to be read: it is set aside, and named.
    counted.posts["post", "published"] -= 1
    told = report_of(OURS, tmp_path)
    assert_counts(told, counted)
    assert told["source"]["deepest_thread"] == 2
    assert sum("set aside" in note["sentence"] for note in told["notes"]) == 1
    assert (Category.objects.count(), Tag.objects.count()) == (3, 1)
    assert Media.objects.count() <= counted.files


def test_the_report_says_it_in_one_line():
    out = StringIO()
    call_command("import_blog", str(OURS), stdout=out)
    assert (
        "In the source: 2 posts (1 draft, 1 published), 2 pages (2 published), "
        "3 comments (2 approved, 1 spam), 1 pingback (1 approved), 3 categories, "
        "1 tag, 1 file, 2 writers, threads 2 deep"
    ) in out.getvalue()
