"""`import_blog SOURCE`: moves a blog in from elsewhere."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from types import ModuleType

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from blog import markup, table_statistics, trees
from blog.models import User
from blog.transfer import captures, fixture, wxr
from blog.transfer.load import Loader
from blog.transfer.records import BlogRecord, PostRecord, Report, SourceRefused
from blog.transfer.terms import Terms
from comments import transfer
from comments.models import Comment

# A reader has `recognises(source)` and `read(source)`. The first that recognises
# a source reads it; captures take what is left, any text being one.
READERS: dict[str, ModuleType] = {"wxr": wxr, "captures": captures}
# Stored at once: what is killed between two batches goes on with the next.
BATCH_POSTS = 50


class Command(BaseCommand):
    help = (
        "Moves a blog in. Nothing is doubled when a source is imported again, "
        "and what was edited here since is left as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help="A file or a folder.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Report, but write nothing."
        )
        parser.add_argument(
            "--fixture",
            type=Path,
            metavar="FILE",
            help="Write a fixture for loaddata instead of importing.",
        )
        parser.add_argument(
            "--format", choices=READERS, help="What SOURCE is, if it is not obvious."
        )
        parser.add_argument(
            "--author", metavar="LOGIN", help="Who wrote what names no author."
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="Write the report as JSON, too."
        )

    def handle(self, *args: str, **options) -> None:
        blog = _read(options["source"], options["format"])
        posts = _signed(blog.posts, options["author"])
        if options["fixture"] and not options["dry_run"]:
            self._write_fixture(blog, list(posts), options["fixture"])
            return
        report = _load(blog, posts, is_dry_run=options["dry_run"])
        self.stdout.writelines(f"{line}\n" for line in _sentences(blog, report))
        if options["report"]:
            _write(options["report"], _as_json(blog, report))
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")

    def _write_fixture(
        self, blog: BlogRecord, posts: list[PostRecord], path: Path
    ) -> None:
        rows = [*fixture.rows(blog, posts), *transfer.fixture_rows(posts)]
        _write(path, fixture.as_json(rows))
        self.stdout.writelines(f"{line}\n" for line in _doubts(posts))
        self.stdout.writelines(f"{line}\n" for line in blog.warnings)
        self.stdout.write(f"{len(rows)} rows written to {path}; nothing was imported.")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error


def _read(source: Path, name: str | None) -> BlogRecord:
    recognising = (reader for reader in READERS.values() if reader.recognises(source))
    reader = READERS[name] if name else next(recognising, captures)
    try:
        return reader.read(source)
    except SourceRefused as refused:
        raise CommandError(f"Nothing was imported.\n{refused}") from refused


def _signed(posts: Iterable[PostRecord], login: str | None) -> Iterator[PostRecord]:
    """With `login` as who wrote what names nobody. Raises CommandError."""
    if login and not User.objects.filter(username=login).exists():
        raise CommandError(f"Nobody here has the login “{login}”.")
    for post in posts:
        post.author = post.author or login or ""
        yield post


def _load(blog: BlogRecord, posts: Iterator[PostRecord], *, is_dry_run: bool) -> Report:
    report = Report()
    terms = Terms(blog, report)
    # With rate and time left, where somebody looks on.
    shown = iter(tqdm(posts, total=blog.post_count, unit=" posts", disable=None))
    if is_dry_run:
        with transaction.atomic():
            _store(terms, shown, report)
            transaction.set_rollback(True)
    else:
        _store(terms, shown, report)
        table_statistics.refresh()
    return report


def _store(terms: Terms, posts: Iterator[PostRecord], report: Report) -> None:
    with transaction.atomic():
        terms.make_all()
    loader = Loader(terms, report)
    while batch := list(islice(posts, BATCH_POSTS)):
        with transaction.atomic():
            # Before any post, as everybody who writes to both locks them.
            trees.lock(Comment)
            stored = loader.load(batch)
            transfer.load_responses(batch, stored, report, terms.user)
        report.doubts += _doubts(batch)
    loader.settle()


def _sentences(blog: BlogRecord, report: Report) -> Iterator[str]:
    """The report for whoever moves a blog: what came in, what is doubtful."""
    yield _counted("post", report.posts)
    for kind in sorted(report.responses):
        yield _counted(kind, report.responses[kind])
    if report.made:
        made = ", ".join(
            f"{count} {_plural(noun, count)}"
            for noun, count in sorted(report.made.items())
        )
        yield f"Made for them: {made}"
    if blog.media:
        noun = _plural("file", len(blog.media))
        yield f"{len(blog.media)} {noun} not fetched: what shows them asks the old blog"
    yield from report.doubts
    yield from map(str, [*blog.warnings, *report.warnings])


def _as_json(blog: BlogRecord, report: Report) -> str:
    notes = [*blog.warnings, *report.warnings]
    told = {
        "posts": report.posts,
        "responses": report.responses,
        "made": report.made,
        "files_not_fetched": [media.url for media in blog.media],
        "estimated": report.doubts,
        "notes": [asdict(note) for note in notes],
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _plural(noun: str, count: int) -> str:
    if count == 1:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def _counted(noun: str, fates: dict) -> str:
    counts = ", ".join(f"{count} {fate}" for fate, count in sorted(fates.items()))
    return f"{noun.capitalize()}s: {counts or 'none'}"


def _doubts(posts: Iterable[PostRecord]) -> Iterator[str]:
    for post in posts:
        if post.date_is_estimated and post.published_at:
            local = timezone.localtime(post.published_at)
            day = f"{local.day} {local:%B %Y, %H:%M}"
            yield f"{post.origin}: “{_headline(post)}” had no date: estimated {day}"
        guessed = sum(response.date_is_estimated for response in post.responses)
        if guessed:
            noun = "response" if guessed == 1 else "responses"
            yield (
                f"{post.origin}: {guessed} {noun} to “{_headline(post)}” had no date: "
                "estimated, in their order"
            )


def _headline(post: PostRecord) -> str:
    return post.title or markup.first_words(post.body, 8, "…")
