"""Reads a folder of Markdown with front matter, after the habits of its generators.

Jekyll, Hugo, Pelican, Eleventy; docs/importing.md tells what becomes of what. The
folder is gone through twice: first the heads alone, so that every address is known
when the texts are read, one by one, while they are asked for.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from blog import html_text
from blog.transfer import (
    front_matter,
    markdown_addresses,
    markdown_fields,
    markdown_folder,
    markdown_own,
    markdown_site,
    markdown_text,
    rewriting,
)
from blog.transfer.markdown_addresses import Places
from blog.transfer.markdown_fields import Text
from blog.transfer.markdown_filing import Filing
from blog.transfer.markdown_folder import Folder, SetAside
from blog.transfer.markdown_threads import Threads
from blog.transfer.records import (
    BlogRecord,
    MediaRecord,
    Note,
    PostRecord,
    SourceRefused,
    fitting_guid,
)
from blog.transfer.template_tags import Tags

GUID_PREFIX = "urn:quillback:markdown:"
# What a library keeps; style sheets and scripts belong to the look of a site.
_FILE_ENDINGS = frozenset(
    """
    .jpg .jpeg .png .gif .webp .avif .svg .bmp .tif .tiff .heic .mp3 .ogg .oga .m4a
    .wav .flac .opus .mp4 .webm .mov .m4v .ogv .pdf .epub .zip .gz .csv .odt .ods .odp
    .doc .docx .xls .xlsx .ppt .pptx .txt .rtf .gpx
    """.split()
)
_LOOKED_AT = 200


def recognises(source: Path) -> bool:
    """Whether a file, or one of a folder's first, is Markdown with a head."""
    if source.is_file():
        return markdown_folder.has_head(source)
    if not source.is_dir():
        return False
    folder = Folder(source)
    if folder.generator == "quillback":
        return True
    texts = (folder.root / path for path in islice(folder.texts, _LOOKED_AT))
    return any(map(markdown_folder.has_head, texts))


def read(source: Path) -> BlogRecord:
    """What the folder says; its posts are read while they are asked for.

    Raises SourceRefused where nothing in it is a text of a blog.
    """
    if not source.exists():
        raise SourceRefused([Note("there is no such file or folder", str(source))])
    folder = Folder(source)
    if folder.generator == "quillback":
        return markdown_own.read(folder)
    return _Reader(source, folder).blog()


class _Reader:
    def __init__(self, source: Path, folder: Folder) -> None:
        self._source = source
        self._folder = folder
        self._site, complaint = markdown_site.read(
            self._folder.root, self._folder.generator
        )
        self._blog = BlogRecord(
            folder=str(self._folder.root.resolve()), warnings=self._folder.warnings
        )
        if complaint:
            self._folder.warn(complaint)
        self._places = Places(self._site)
        self._address_of: dict[PurePosixPath, str] = {}
        self._media_at: dict[str, MediaRecord] = {}
        self._page_at: dict[str, int] = {}
        self._guids: dict[str, PurePosixPath] = {}
        self._threads = Threads(self._folder)
        self._filing = Filing(self._blog, self._site)
        self._unused: Counter[str] = Counter()

    def blog(self) -> BlogRecord:
        blog, site = self._blog, self._site
        blog.title, blog.tagline, blog.url = site.title, site.tagline, site.own_url
        blog.language = site.language
        for path in self._folder.files:
            if path.suffix.lower() in _FILE_ENDINGS:
                self._take_file(path)
        for path in self._folder.texts:
            if text := self._survey(path):
                self._place(text)
        if not self._address_of:
            sentence = "no Markdown file with front matter is in this folder"
            raise SourceRefused([Note(sentence, str(self._source)), *blog.warnings])
        blog.post_count = len(self._address_of)
        blog.posts = self._posts()
        return blog

    def _take_file(self, path: PurePosixPath) -> None:
        url = self._places.add_file(path)
        media = MediaRecord(fitting_guid(url), url, path=str(self._folder.root / path))
        self._media_at[url] = media
        self._blog.media.append(media)

    def _place(self, text: Text) -> None:
        """Note where a text was read, and what its head says of its picture."""
        path, address = text.path, markdown_addresses.of_text(text, self._site)
        self._address_of[path] = address
        self._places.add_text(path, address)
        if text.kind == "page":
            # Below none there is: the source counts nothing.
            self._page_at.setdefault(address, -len(self._page_at) - 1)
        media = self._media_at.get(self._lead_image(text))
        if media:
            media.alt = media.alt or text.lead_image_alt

    def _survey(self, path: PurePosixPath) -> Text | None:
        """What the file says; None for what is no text of the blog, which is told."""
        try:
            text = self._text(path)
        except SetAside as why:
            self._blog.warnings.append(why.note)
            return None
        sentence = _no_post(text)
        if sentence:
            self._folder.warn(sentence, path)
            return None
        return text

    def _text(self, path: PurePosixPath) -> Text:
        """Raises SetAside."""
        content = self._folder.text(path)
        try:
            head, body = front_matter.split(content)
        except front_matter.BrokenHead as broken:
            sentence = f"set aside: {broken.sentence}"
            raise SetAside(Note(sentence, str(path), broken.line)) from broken
        return Text(path, head, body, self._folder.generator, self._site.zone)

    def _posts(self) -> Iterator[PostRecord]:
        for path in self._address_of:
            try:
                text = self._text(path)
                record = self._post(text)
                record.responses = self._threads.below(text, record)
                yield record
            except SetAside as why:
                self._blog.warnings.append(why.note)
            except RecursionError:
                self._folder.warn("set aside: it is nested too deep", path)
        for name, count in sorted(self._unused.items()):
            noun = "text" if count == 1 else "texts"
            self._folder.warn(f"“{name}” in the head of {count} {noun}: not used here")

    def _post(self, text: Text) -> PostRecord:
        self._unused.update(text.head.said.keys() - markdown_fields.USED)
        title, body = self._title_and_body(text)
        return self._dated(
            text,
            guid=self._guid(text),
            title=title,
            body=body,
            slug=text.slug,
            author=self._filing.author(text),
            excerpt=_in_plain_words(text.raw("excerpt", "summary")),
            kind=text.kind,
            number=self._page_at.get(self._address_of[text.path]),
            parent=self._page_above(text),
            status=text.status,
            password=text.words("password"),
            is_sticky=bool(text.flag("sticky", "pinned", "pin")),
            comments_open=text.flag("comments") is not False,
            categories=self._filing.categories(text),
            tags=self._filing.tags(text),
            menu_order=text.number("menu_order", "nav_order", "weight"),
            language=text.language,
            meta_description=text.words("description"),
            lead_image_url=self._lead_image(text),
            addresses=self._addresses(text),
        )

    def _dated(self, text: Text, **said: Any) -> PostRecord:
        """A text that is shown and tells no date was last known to change some day."""
        told, changed = text.told, text.changed
        is_guessed = text.status == "published" and told is None
        on_disk = self._folder.changed_at(text.path) if is_guessed else None
        dates = (told and told.at, changed and changed.at)
        return PostRecord(
            published_at=dates[0] or (on_disk and (dates[1] or on_disk)),
            updated_at=dates[1],
            date_is_estimated=is_guessed,
            time_is_known=bool(told and told.has_time),
            origin=str(text.path),
            line=1,
            **said,
        )

    def _title_and_body(self, text: Text) -> tuple[str, str]:
        source, title = text.body, text.words("title")
        if not title and (found := markdown_text.first_heading(source)):
            title, source = found
        return title or _spoken(text.name), self._body(text, source)

    def _body(self, text: Text, source: str) -> str:
        at = self._address_of[text.path]
        tags = Tags(
            lambda name: self._places.text_called(name, text.path),
            has_liquid=self._folder.generator not in ("hugo", "pelican"),
            values={
                "site.url": self._site.url.removesuffix(self._site.base),
                "site.baseurl": self._site.base,
                "site.title": self._site.title,
                "page.title": text.words("title"),
            },
        )
        mark = text.words("excerpt_separator") or self._site.excerpt_mark
        if mark and mark.startswith("<!--"):
            source = source.replace(mark, "<!--more-->", 1)
        html = tags.put_back(markdown_text.to_html(tags.replaced(source)))
        for name, line in tags.unknown.items():
            sentence = f"“{name}” is not known here: it stays as it is written"
            self._folder.warn(sentence, text.path, text.head.line + line)
        return rewriting.with_addresses(
            html, lambda address: self._places.new_address(address, text.path, at)
        )

    def _lead_image(self, text: Text) -> str:
        address = text.lead_image
        if not address:
            return ""
        at = self._address_of[text.path]
        return self._places.new_address(address, text.path, at) or address

    def _guid(self, text: Text) -> str:
        told = text.words("guid", "uuid", "id")
        guid = fitting_guid(told or f"{GUID_PREFIX}{text.path}")
        if guid in self._guids and self._guids[guid] != text.path:
            first = self._guids[guid]
            sentence = f"set aside: its guid is that of {first}"
            raise SetAside(Note(sentence, str(text.path), 1))
        self._guids[guid] = text.path
        return guid

    def _addresses(self, text: Text) -> list[str]:
        """Where it was read; nobody has read a draft."""
        if text.status == "draft":
            return []
        told = text.listed("aliases", "alias", "redirect_from")
        former = [address for address in told if address.startswith("/")]
        return [self._address_of[text.path], *former]

    def _page_above(self, text: Text) -> int | None:
        """The page whose address begins this one's."""
        above = self._address_of[text.path].removesuffix(".html").rstrip("/")
        above = above.rpartition("/")[0]
        tried = (f"{above}/", f"{above}.html", above)
        if text.kind != "page" or not above:
            return None
        return next((self._page_at[one] for one in tried if one in self._page_at), None)


def _no_post(text: Text) -> str:
    """Why a file is no post or page of a blog; empty where it is one."""
    if not text.head.format and not text.is_dated_by_name:
        return "left out: no front matter begins it"
    is_index = text.path.stem.partition(".")[0] in ("index", "_index")
    if is_index and (text.is_list or not text.body.strip()):
        return "left out: a list of texts, which this blog makes by itself"
    return ""


def _spoken(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _in_plain_words(excerpt: str) -> str:
    """An excerpt is no HTML here."""
    return html_text.text_of(markdown_text.to_html(excerpt)) if excerpt else ""
