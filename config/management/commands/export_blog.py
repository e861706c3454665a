"""`export_blog DEST`: the whole blog in a form others can read."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from blog.transfer import dump, fixture, fixture_own, markdown_write, wxr_write
from blog.transfer.records import BlogRecord
from comments import incoming, transfer
from config import left_out

FORMATS = ("wxr", "markdown", "fixture")


class Command(BaseCommand):
    help = (
        "Writes the whole blog to one file, or as Markdown to a folder: posts, pages, "
        "threads, people, addresses."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dest", type=Path, help="The file or folder to write.")
        parser.add_argument("--format", choices=FORMATS, default="wxr")

    def handle(self, *args: str, **options) -> None:
        dest: Path = options["dest"]
        with dump.one_view():
            blog = dump.blog(transfer.responses_below, transfer.TALKERS)
            if options["format"] == "markdown":
                lost = _write_folder(blog, dest)
            else:
                lost = []
                _write_file(dest, _pieces(blog, options["format"]))
        noun = "post or page" if blog.post_count == 1 else "posts and pages"
        self.stdout.write(f"{blog.post_count} {noun} written to {dest}.")
        for sentence in [*lost, *left_out.sentences(options["format"])]:
            self.stdout.write(sentence)


def _write_folder(blog: BlogRecord, dest: Path) -> list[str]:
    try:
        return markdown_write.write(blog, dest)
    except markdown_write.NotEmpty as error:
        sentence = "there is something already: name a new folder, or an empty one"
        raise CommandError(f"{dest}: {sentence}") from error
    except OSError as error:
        raise CommandError(f"{dest}: {error.strerror}") from error


def _write_file(dest: Path, pieces: Iterable[str]) -> None:
    """It is there when it is whole."""
    if dest.is_dir():
        raise CommandError(f"{dest}: this is a folder: name a file")
    part = dest.with_name(f"{dest.name}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.writelines(pieces)
        part.replace(dest)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CommandError(f"{dest}: {error.strerror}") from error


def _pieces(blog: BlogRecord, name: str) -> Iterable[str]:
    return wxr_write.written(blog) if name == "wxr" else _fixture(blog)


def _fixture(blog: BlogRecord) -> Iterator[str]:
    posts = list(blog.posts)
    names = fixture_own.file_names()
    rows = fixture.rows(blog, posts, fixture_own.rows(), names)
    others = [*fixture_own.redirects(), *incoming.fixture_rows(posts)]
    yield fixture.as_json([*rows, *others])
