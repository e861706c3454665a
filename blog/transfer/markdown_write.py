"""Writes a blog as a folder of Markdown: for people to read, and for `markdown_own`.

Posts and pages with their heads, what was said below each beside it, the files
themselves, and one file with what belongs to the whole blog.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from blog.transfer import (
    markdown_from_html,
    own_folder,
    plain_records,
    thread_files,
    yaml_write,
)
from blog.transfer.markdown_from_html import Written
from blog.transfer.markdown_text import Layout
from blog.transfer.own_folder import MediaPlaces, Names
from blog.transfer.records import BlogRecord, MediaRecord, PostRecord

_NOT_IN_HEADS = frozenset(
    "body responses addresses published_at updated_at origin line".split()
)
_NOT_IN_MEDIA = frozenset(["path"])
_FIRST = ("title", "author", "categories", "tags", "excerpt")
_README = """# {title}

This folder is a whole blog. Everything in it is text or a picture: it can be read with
any program, and needs none of its own.

- `posts/2006/11/30-name.md` is a post, by its day; `pages`, `drafts` and other folders
  hold what their names say. Above the text stands what is known of it (its head, in
  YAML), below that the text in Markdown.
- `30-name.comments.yml` beside it is what was said below it, answers below what they
  answer. It holds mail and network addresses: think before you make them public.
- `media` holds pictures and files.
- `blog.yml` names the blog, who wrote it, what posts are filed in, and the files.

Quillback reads it again: `manage.py import_blog` with the path of this folder.
"""


class NotEmpty(Exception):
    """There is something where the folder is to stand."""


def write(blog: BlogRecord, dest: Path) -> list[str]:
    """Write `blog` to the new or empty folder `dest`; what could not be written.

    It is there when it is whole. Raises NotEmpty, and OSError where the disk does.
    """
    if dest.is_symlink() or (dest.exists() and not _is_empty_folder(dest)):
        raise NotEmpty(str(dest))
    with _made_beside(dest) as root:
        return _Writer(root).write(blog)


def _is_empty_folder(dest: Path) -> bool:
    return dest.is_dir() and not any(dest.iterdir())


@contextmanager
def _made_beside(dest: Path) -> Iterator[Path]:
    """A folder that becomes `dest` when all went well, and nothing otherwise."""
    part = Path(tempfile.mkdtemp(prefix=f".{dest.name}.", dir=dest.absolute().parent))
    try:
        part.chmod(0o777 & ~_umask())
        yield part
        part.replace(dest)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class _Writer:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._names = Names()
        self._file_of: dict[int, PurePosixPath] = {}
        self._lost: list[str] = []

    def write(self, blog: BlogRecord) -> list[str]:
        self._places = MediaPlaces(blog.url)
        media = list(self._media(blog.media))
        title = blog.title or "A blog"
        self._save(PurePosixPath("README.md"), _README.format(title=title))
        self._save(PurePosixPath(own_folder.SITE_NAME), _site(blog, media))
        for post in blog.posts:
            self._post(post)
        return self._lost

    def _save(self, path: PurePosixPath, text: str) -> None:
        whole = self._root / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        whole.write_text(text, encoding="utf-8", newline="\n")

    def _media(self, records: Iterable[MediaRecord]) -> Iterator[dict[str, Any]]:
        for record in records:
            told = plain_records.plain(record, _NOT_IN_MEDIA)
            file = self._copied(record)
            yield ({"file": str(file)} if file else {}) | told

    def _copied(self, record: MediaRecord) -> PurePosixPath | None:
        """Where the file lies now; None where it could not be read."""
        if not (os.path.isfile(record.path) and os.access(record.path, os.R_OK)):
            self._lost.append(
                f"{record.url}: the file is not here, and not in the folder"
            )
            return None
        path = self._names.of_media(record)
        whole = self._root / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(record.path, whole)
        self._places.add(record, path)
        if record.number:
            self._file_of[record.number] = path
        return path

    def _post(self, post: PostRecord) -> None:
        path = self._names.of_post(post)
        body = self._places.beside(post.body, path)
        written = markdown_from_html.written(body)
        is_exact = written.is_exact and self._places.at_home(body, path) == post.body
        head = yaml_write.dumped(self._head(post, path, written, is_exact=is_exact))
        text = f"---\n{head}---\n\n{written.source}\n"
        self._save(path, text)
        if post.responses:
            thread = thread_files.dumped(post.responses)
            self._save(own_folder.thread_of(path), thread)

    def _head(
        self, post: PostRecord, path: PurePosixPath, written: Written, *, is_exact: bool
    ) -> dict[str, Any]:
        said = plain_records.plain(post, _NOT_IN_HEADS)
        dates = {"date": post.published_at, "lastmod": post.updated_at}
        head: dict[str, Any] = {"title": said.pop("title", "")}
        head |= {name: at for name, at in dates.items() if at}
        # For other programs, which know no other state.
        head |= {} if post.status == "published" else {"draft": True}
        head |= {name: said.pop(name) for name in _FIRST if name in said}
        if image := self._file_of.get(post.lead_image or 0):
            head["image"] = os.path.relpath(image, path.parent)
        head |= said | _read_at(post.addresses)
        if not is_exact:
            head["body"] = post.body
        elif layout := _layout(written.layout):
            head["html"] = layout
        return head


def _read_at(addresses: list[str]) -> dict[str, Any]:
    told = {"permalink": addresses[0]} if addresses else {}
    return told | ({"aliases": addresses[1:]} if addresses[1:] else {})


def _layout(layout: Layout) -> dict[str, Any]:
    """What of it is not usual."""
    usual = Layout()
    said = {
        "gaps": list(layout.gaps) if layout.gaps != usual.gaps else None,
        "compact": layout.is_compact or None,
        "begins": layout.begins or None,
        "ends": layout.ends or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _site(blog: BlogRecord, media: list[dict[str, Any]]) -> str:
    none: frozenset[str] = frozenset()
    told: dict[str, Any] = {
        "format": own_folder.FORMAT,
        "title": blog.title,
        "tagline": blog.tagline,
        "url": blog.url,
        "language": blog.language,
        "users": [plain_records.plain(one, none) for one in blog.users],
        "categories": [plain_records.plain(one, none) for one in blog.categories],
        "tags": [plain_records.plain(one, none) for one in blog.tags],
        "media": media,
    }
    return yaml_write.dumped(told)
