"""`import_blog SOURCE`: moves a blog in from elsewhere."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from blog import markup, table_statistics, trees
from blog.models import User
from blog.transfer import captures, fixture
from blog.transfer.load import load_posts
from blog.transfer.records import BlogRecord, PostRecord, Report, SourceRefused
from comments import transfer
from comments.models import Comment

# A reader has `recognises(source)` and `read(source)`. The first that recognises
# a source reads it; captures take what is left, any text being one.
READERS: dict[str, ModuleType] = {"captures": captures}


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

    def handle(self, *args: str, **options) -> None:
        blog = _read(options["source"], options["format"])
        if options["author"]:
            _sign(blog, options["author"])
        if options["fixture"] and not options["dry_run"]:
            self._write_fixture(blog, options["fixture"])
            return
        report = _load(blog, is_dry_run=options["dry_run"])
        self.stdout.writelines(f"{line}\n" for line in _sentences(blog, report))
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")

    def _write_fixture(self, blog: BlogRecord, path: Path) -> None:
        rows = [*fixture.rows(blog), *transfer.fixture_rows(blog)]
        try:
            path.write_text(fixture.as_json(rows), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        self.stdout.writelines(f"{line}\n" for line in _doubts(blog, blog.warnings))
        self.stdout.write(f"{len(rows)} rows written to {path}; nothing was imported.")


def _read(source: Path, name: str | None) -> BlogRecord:
    recognising = (reader for reader in READERS.values() if reader.recognises(source))
    reader = READERS[name] if name else next(recognising, captures)
    try:
        return reader.read(source)
    except SourceRefused as refused:
        raise CommandError(f"Nothing was imported.\n{refused}") from refused


def _sign(blog: BlogRecord, login: str) -> None:
    if not User.objects.filter(username=login).exists():
        raise CommandError(f"Nobody here has the login “{login}”.")
    for post in blog.posts:
        post.author = post.author or login


def _load(blog: BlogRecord, *, is_dry_run: bool) -> Report:
    report = Report()
    with transaction.atomic():
        # Before any post, as everybody who writes to both locks them.
        trees.lock(Comment)
        posts = load_posts(blog, report)
        transfer.load_responses(blog, posts, report)
        if is_dry_run:
            transaction.set_rollback(True)
    if not is_dry_run:
        table_statistics.refresh()
    return report


def _sentences(blog: BlogRecord, report: Report) -> Iterator[str]:
    """The report for whoever moves a blog: what came in, what is doubtful."""
    yield _counted("post", report.posts)
    for kind in sorted(report.responses):
        yield _counted(kind, report.responses[kind])
    yield from _doubts(blog, report.warnings)


def _counted(noun: str, fates: dict) -> str:
    counts = ", ".join(f"{count} {fate}" for fate, count in sorted(fates.items()))
    return f"{noun.capitalize()}s: {counts or 'none'}"


def _doubts(blog: BlogRecord, warnings: Iterable[object]) -> Iterator[str]:
    estimated = [post for post in blog.posts if post.date_is_estimated]
    for post in estimated:
        local = timezone.localtime(post.published_at)
        day = f"{local.day} {local:%B %Y, %H:%M}"
        yield f"{post.origin}: “{_headline(post)}” had no date: estimated {day}"
    for post in blog.posts:
        guessed = sum(response.date_is_estimated for response in post.responses)
        if guessed:
            noun = "response" if guessed == 1 else "responses"
            yield (
                f"{post.origin}: {guessed} {noun} to “{_headline(post)}” had no date: "
                "estimated, in their order"
            )
    for warning in warnings:
        yield f"{warning}"


def _headline(post: PostRecord) -> str:
    return post.title or markup.first_words(post.body, 8, "…")
