"""Reads the folder `markdown_write` writes, to the letter; people may have changed it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from blog.slugs import slug_from
from blog.transfer import (
    front_matter,
    markdown_text,
    own_folder,
    plain_records,
    thread_files,
    yaml_text,
)
from blog.transfer.markdown_folder import Folder, SetAside, decoded
from blog.transfer.markdown_text import Layout
from blog.transfer.own_folder import MediaPlaces
from blog.transfer.records import (
    BlogRecord,
    CategoryRecord,
    MediaRecord,
    Note,
    PostRecord,
    ResponseRecord,
    SourceRefused,
    TagRecord,
    UserRecord,
    fitting_guid,
)

MAX_SITE_BYTES = 200 * 2**20
MAX_THREAD_BYTES = 200 * 2**20
GUID_PREFIX = "urn:quillback:markdown:"
_STATUSES = frozenset(["published", "draft", "pending", "private", "trash"])
_DAY = re.compile(r"\d\d-")
_KINDS = frozenset(["post", "page"])


def read(folder: Folder) -> BlogRecord:
    """What it says; posts are read while they are asked for. Raises SourceRefused."""
    return _Reader(folder).blog()


class _Reader:
    def __init__(self, folder: Folder) -> None:
        self._root = folder.root
        self._folder = folder
        self._blog = BlogRecord(
            folder=str(self._root.resolve()), warnings=self._folder.warnings
        )
        self._known: dict[str, set[str]] = {}
        self._guids: dict[str, str] = {}

    def blog(self) -> BlogRecord:
        said, blog = self._said(), self._blog
        for name in ("title", "tagline", "url", "language"):
            value = said.get(name)
            setattr(blog, name, value if isinstance(value, str) else "")
        blog.users = self._records(UserRecord, said.get("users"), "login")
        blog.categories = self._records(CategoryRecord, said.get("categories"), "slug")
        blog.tags = self._records(TagRecord, said.get("tags"), "slug")
        self._places = MediaPlaces(blog.url)
        self._take_media(said.get("media"))
        self._known = {
            "categories": {one.slug for one in blog.categories},
            "tags": {one.slug for one in blog.tags},
        }
        paths = [path for path in self._folder.texts if str(path) != "README.md"]
        blog.post_count = len(paths)
        blog.posts = self._posts(paths)
        return blog

    def _said(self) -> dict[str, Any]:
        path = self._root / own_folder.SITE_NAME
        try:
            with path.open("rb") as file:
                content = file.read(MAX_SITE_BYTES)
            said = yaml_text.load(decoded(content, PurePosixPath(path.name)))
        except yaml_text.BrokenYAML as broken:
            note = Note(f"it is broken: {broken.sentence}", str(path), broken.line)
            raise SourceRefused([note]) from broken
        except SetAside as why:
            raise SourceRefused([why.note]) from why
        return said if isinstance(said, dict) else {}

    def _records(self, kind: type, told: Any, key: str) -> list[Any]:
        """Those that are told whole, each once; `name` may stand for what is missing."""
        found: dict[str, Any] = {}
        for said in told if isinstance(told, list) else []:
            fields = (
                plain_records.fields_of(kind, said) if isinstance(said, dict) else {}
            )
            if fields.get(key):
                if kind is not UserRecord:
                    fields.setdefault("name", fields[key])
                found.setdefault(fields[key], kind(**fields))
        return list(found.values())

    def _take_media(self, told: Any) -> None:
        for said in told if isinstance(told, list) else []:
            fields = (
                plain_records.fields_of(MediaRecord, said)
                if isinstance(said, dict)
                else {}
            )
            fields.pop("path", None)
            if not fields.get("url"):
                continue
            fields["guid"] = fitting_guid(fields.get("guid") or fields["url"])
            media = MediaRecord(**fields)
            file = str(said.get("file") or "")
            if file and self._folder.holds(PurePosixPath(file)):
                media.path = str(self._root / file)
                self._places.add(media, PurePosixPath(file))
            elif file:
                self._folder.warn("a file that is not there", file)
            self._blog.media.append(media)

    def _posts(self, paths: list[PurePosixPath]) -> Iterator[PostRecord]:
        for path in paths:
            try:
                yield self._post(path)
            except SetAside as why:
                self._blog.warnings.append(why.note)
            except RecursionError:
                self._folder.warn("set aside: it is nested too deep", path)

    def _post(self, path: PurePosixPath) -> PostRecord:
        try:
            head, source = front_matter.split(self._folder.text(path))
        except front_matter.BrokenHead as broken:
            note = Note(f"set aside: {broken.sentence}", str(path), broken.line)
            raise SetAside(note) from broken
        if not head.format:
            raise SetAside(Note("left out: no front matter begins it", str(path)))
        record = _record(head.said, path)
        self._claim(record, path)
        if "body" not in head.said:
            body = markdown_text.body(source.strip("\n"), _layout(head.said))
            record.body = self._places.at_home(body, path)
        self._know(record)
        record.responses = self._thread(path, record.guid)
        return record

    def _claim(self, record: PostRecord, path: PurePosixPath) -> None:
        first = self._guids.setdefault(record.guid, str(path))
        if first != str(path):
            sentence = f"set aside: its guid is that of {first}"
            raise SetAside(Note(sentence, str(path), 1))

    def _know(self, record: PostRecord) -> None:
        """What a post is filed in is in the blog's lists, though they do not tell it."""
        for slug in record.categories:
            if slug not in self._known["categories"]:
                self._known["categories"].add(slug)
                self._blog.categories.append(CategoryRecord(slug, slug))
        for slug in record.tags:
            if slug not in self._known["tags"]:
                self._known["tags"].add(slug)
                self._blog.tags.append(TagRecord(slug, slug))

    def _thread(self, path: PurePosixPath, guid: str) -> list[ResponseRecord]:
        beside = own_folder.thread_of(path)
        if not self._folder.holds(beside):
            return []
        try:
            text = self._folder.text(beside, MAX_THREAD_BYTES)
            return thread_files.read(text, guid, str(beside))
        except yaml_text.BrokenYAML as broken:
            sentence = f"set aside: the YAML is broken: {broken.sentence}"
            self._folder.warn(sentence, beside, broken.line)
        except SetAside as why:
            self._blog.warnings.append(why.note)
        return []


def _record(said: dict[str, Any], path: PurePosixPath) -> PostRecord:
    told = dict(said)
    told["published_at"], told["updated_at"] = said.get("date"), said.get("lastmod")
    aliases = said.get("aliases")
    former = aliases if isinstance(aliases, list) else []
    permalink = said.get("permalink")
    told["addresses"] = [permalink, *former] if isinstance(permalink, str) else former
    fields = plain_records.fields_of(PostRecord, told)
    if fields.get("status") not in _STATUSES:
        # A state that is told and none of ours was hardly meant to be public.
        is_draft = said.get("draft") == "true" or bool(said.get("status"))
        fields["status"] = "draft" if is_draft else "published"
    if fields.get("kind") not in _KINDS:
        fields["kind"] = "page" if path.parts[0] == "pages" else "post"
    if not fields.get("guid"):
        fields["guid"] = f"{GUID_PREFIX}{path}"
        fields.setdefault("slug", slug_from(_DAY.sub("", path.stem)))
    fields["guid"] = fitting_guid(fields["guid"])
    # Nobody knows when it was to be public: who wrote it by hand has to say so.
    if fields["status"] == "published" and not fields.get("published_at"):
        fields["status"] = "draft"
    defaults = {"title": "", "body": "", "published_at": None}
    record = PostRecord(**defaults | fields)
    return replace(record, origin=str(path), line=1)


def _layout(said: dict[str, Any]) -> Layout:
    told = said.get("html")
    if not isinstance(told, dict):
        return Layout()

    def blank(value: Any) -> str:
        return value if isinstance(value, str) and not value.strip() else ""

    gaps = told.get("gaps")
    kept = tuple(map(blank, gaps)) if isinstance(gaps, list) and gaps else ("\n",)
    return Layout(
        gaps=kept,
        is_compact=told.get("compact") == "true",
        begins=blank(told.get("begins")),
        ends=blank(told.get("ends")),
    )
