"""Where each text and file of a folder was read, and what an address in a text means."""

import posixpath
import re
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import SplitResult, quote, unquote, urlsplit

from blog.slugs import slug_from
from blog.transfer.markdown_fields import Text
from blog.transfer.markdown_folder import ENDINGS
from blog.transfer.markdown_site import Site

_PLACEHOLDER = re.compile(r":(\w+)")
_BRACED = re.compile(r"\{(\w+)(?::((?:%[A-Za-z-]{1,2}|[^{}%]){1,40}))?\}")
# `{filename}/news/a.md`, `|static|images/b.png`: Pelican's.
_PELICAN = re.compile(r"(?:\{(\w+)\}|\|(\w+)\|)(.*)", re.DOTALL)
# What stands above the files of a site and not in their addresses.
_ABOVE_FILES = ("static", "content", "public", "src", "source")
_DAY_PARTS = {
    "year": "%Y",
    "short_year": "%y",
    "month": "%m",
    "monthname": "%B",
    "day": "%d",
    "y_day": "%j",
    "yearday": "%j",
}
_HAS_TEMPLATE = re.compile(r"\{[{%]")


def of_text(text: Text, site: Site) -> str:
    """From the first slash on: told in its head, or as its generator makes it."""
    told = text.words("permalink", "url")
    if told and not _HAS_TEMPLATE.search(told) and told not in ("true", "false"):
        parts = _split(told)
        if parts and parts.path:
            pattern = "/" + parts.path.lstrip("/")
            return site.base + quote(_filled(pattern, text), safe="/%:@!$&'()*+,;=~")
    return site.base + quote(_made(text, site), safe="/%:@!$&'()*+,;=~")


def _made(text: Text, site: Site) -> str:
    folders = "".join(f"/{part}" for part in text.folders if part != "_posts")
    if text.generator == "jekyll":
        path = f"{folders}/{text.name}".strip("/")
        if text.kind == "post":
            return _filled(site.post_pattern, text)
        return _filled(site.page_pattern.replace(":path", path), text)
    if text.generator == "pelican":
        is_page = text.kind == "page"
        return _braced(site.page_pattern if is_page else site.post_pattern, text)
    if text.generator == "hugo":
        section = text.folders[0] if text.folders else ""
        if section in site.patterns:
            return _filled(site.patterns[section], text)
        return f"{folders}/{text.words('slug') or text.name}/".lower().replace(" ", "-")
    return f"{folders}/{text.name}/"


def _filled(pattern: str, text: Text) -> str:
    """`:year` and their like as Jekyll and Hugo mean them."""
    title = text.words("slug") or text.name
    values = _of_day(text.told.at if text.told else None) | {
        "categories": "/".join(slug_from(name) for name in text.categories),
        "category": slug_from((text.categories or [""])[0]),
        "title": title,
        "slug": slug_from(title),
        "slugorfilename": title,
        "filename": text.name,
        "contentbasename": text.name,
        "basename": text.name,
        "path": text.name,
        "section": text.folders[0] if text.folders else "",
        "sections": "/".join(text.folders),
        "output_ext": ".html",
    }
    filled = _PLACEHOLDER.sub(lambda of: values.get(of[1], of[0]), pattern)
    return "/" + re.sub(r"/{2,}", "/", filled).lstrip("/")


def _of_day(day: datetime | None) -> dict[str, str]:
    """Empty where there is none."""
    told = {name: f"{day:{form}}" if day else "" for name, form in _DAY_PARTS.items()}
    told["monthname"] = told["monthname"].lower()
    return told | {
        "i_month": str(day.month) if day else "",
        "i_day": str(day.day) if day else "",
    }


def _braced(pattern: str, text: Text) -> str:
    """`{slug}` and `{date:%Y}` as Pelican means them."""
    day = text.told.at if text.told else None

    def value(found: re.Match[str]) -> str:
        if found[1] == "date":
            return day.strftime(found[2] or "%Y-%m-%d") if day else ""
        return {
            "slug": text.slug,
            "category": slug_from((text.categories or ["misc"])[0]),
            "author": slug_from((text.authors or [""])[0]),
            "lang": text.language,
        }.get(found[1], found[0])

    return _BRACED.sub(value, pattern)


class Places:
    """The texts and files of one folder, by every way a text may name them."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._text_at: dict[str, str] = {}  # by path, and by path without its ending
        self._text_called: dict[str, str] = {}  # by name alone
        self._url_of: dict[str, str] = {}  # of a file, by its path
        self._file_at: dict[str, str] = {}  # its path, by the path of its address

    def add_text(self, path: PurePosixPath, address: str) -> None:
        stem = path.with_suffix("")
        names = [str(path), str(stem), path.name, stem.name]
        if stem.name in ("index", "_index"):
            names += [str(path.parent), path.parent.name]
        for name in names[:2] + names[4:5]:
            self._text_at.setdefault(name.lower(), address)
        for name in names[2:4] + names[5:]:
            self._text_called.setdefault(name.lower(), address)

    def add_file(self, path: PurePosixPath) -> str:
        """Its address there."""
        parts = path.parts
        if len(parts) > 1 and parts[0] in _ABOVE_FILES:
            parts = parts[1:]
        public = "/" + "/".join(parts)
        url = (self._site.own_url or self._site.base) + quote(public)
        self._url_of[str(path)] = url
        self._file_at.setdefault(public, str(path))
        return url

    def text_called(self, name: str, near: PurePosixPath) -> str | None:
        """The address of what `{% post_url %}`, `{% link %}` or `{{< ref >}}` names."""
        name, mark, anchor = name.strip().strip("\"'").partition("#")
        wanted = name.strip("/").lower()
        if not wanted:
            return None
        beside = posixpath.normpath(f"{near.parent}/{wanted}").lower()
        tried = [beside, wanted, f"content/{wanted}", f"_posts/{wanted}"]
        at = next((self._text_at[one] for one in tried if one in self._text_at), None)
        found = at or self._text_called.get(wanted.rpartition("/")[2])
        return f"{found}{mark}{anchor}" if found else None

    def new_address(self, address: str, near: PurePosixPath, at: str) -> str | None:
        """What `address`, in the text `near` that was read `at`, is called in records.

        A file's own address, a text's, or, of what is neither, the one it had from
        the top of the blog on. None where it may stay.
        """
        pelican = _PELICAN.fullmatch(address)
        bare = pelican[3] if pelican else address
        parts = _split(bare)
        is_whole = bool(parts and (parts.scheme or parts.netloc))
        if parts is None or not parts.path or (is_whole and not self._is_ours(address)):
            return None
        path = unquote(parts.path)
        if file := self._file(path, near, at):
            return self._url_of[file]
        tail = bare[bare.index(parts.path) + len(parts.path) :]
        if pelican or PurePosixPath(path).suffix.lower() in ENDINGS:
            found = self.text_called(path, near)
            return f"{found}{tail}" if found else None
        if is_whole or path.startswith("/"):
            return None
        return _joined(at, parts.path) + tail

    def _is_ours(self, address: str) -> bool:
        url = self._site.url.partition("//")[2]
        return bool(url) and address.partition("//")[2].startswith(f"{url}/")

    def _file(self, path: str, near: PurePosixPath, at: str) -> str:
        """The file's path in the folder, or ""."""
        if path.startswith("/"):
            bare = path.removeprefix(self._site.base) if self._site.base else path
            tried = [f"content{path}", path[1:]]
            public = [path, bare]
        else:
            tried = [posixpath.normpath(f"{near.parent}/{path}"), f"content/{path}"]
            public = [
                posixpath.normpath(posixpath.join(posixpath.dirname(at), path)),
                f"/{path}",
            ]
        found = next((one for one in tried if one in self._url_of), "")
        return found or next(
            (self._file_at[one] for one in public if one in self._file_at), ""
        )


def _joined(at: str, path: str) -> str:
    """A relative path as it reads from an address, from the top on."""
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(at), path))
    return f"{whole}/" if path.endswith("/") and whole != "/" else whole


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None
