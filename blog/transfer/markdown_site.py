"""What a generator's configuration says of the whole blog. No program in it is run."""

import ast
import json
import re
import tomllib
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from blog import xml_text
from blog.transfer import told_dates, yaml_text

MAX_BYTES = 2**20

_NAMES = {
    "jekyll": ("_config.yml", "_config.yaml"),
    "hugo": ("hugo.toml", "hugo.yaml", "hugo.json", "config.toml", "config.yaml"),
    "pelican": ("pelicanconf.py",),
    "eleventy": ("_data/site.json", "src/_data/site.json", "_data/metadata.json"),
}
_JEKYLL_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
}
# Reserved for examples (RFC 2606, 3) and for the machine itself.
_NOBODYS = re.compile(r"(?:.+\.)?example\.(?:com|net|org)|localhost|127\.0\.0\.1")
_PYTHON_LINE = re.compile(r"([A-Z][A-Z_]{2,40})\s*=\s*(\S[^\n]{0,500})$", re.MULTILINE)


@dataclass
class Site:
    """`url` has no slash at its end; `base` is the path in it, "" at the top."""

    title: str = ""
    tagline: str = ""
    url: str = ""
    language: str = ""
    author: str = ""
    excerpt_mark: str = ""
    # Of dates that tell none; None: the blog's own.
    zone: tzinfo | None = None
    # What is told of who writes, by how texts call them: `name`, `email`.
    authors: dict[str, dict[str, str]] = field(default_factory=dict)
    # How an address is made: for posts, for pages, and (Hugo) by section.
    post_pattern: str = ""
    page_pattern: str = ""
    patterns: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return urlsplit(self.url).path

    @property
    def own_url(self) -> str:
        """What tells the site from others; empty where that is nobody's address.

        Generators come with one, which two sites may have left as it was: the files of
        one would be taken for the other's.
        """
        host = urlsplit(self.url).hostname or ""
        return "" if _NOBODYS.fullmatch(host) else self.url


class BrokenConfiguration(Exception):
    """It can't be read; the text says why."""


def read(root: Path, generator: str) -> tuple[Site, str]:
    """What is told, and a sentence where the file is broken."""
    for name in _NAMES.get(generator, ()):
        path = root / name
        if path.is_symlink() or not path.is_file():
            continue
        try:
            site = _site(_said(path), generator)
            site.authors = _authors(root / "_data")
            return site, ""
        except BrokenConfiguration as broken:
            return _site({}, generator), f"{name} was not read: {broken}"
    return _site({}, generator), ""


def _authors(folder: Path) -> dict[str, dict[str, str]]:
    """Jekyll's `_data/authors.yml`, as far as it is one."""
    path = folder / "authors.yml"
    if folder.is_symlink() or path.is_symlink() or not path.is_file():
        return {}
    try:
        said = _said(path)
    except BrokenConfiguration:
        return {}
    return {
        key: {
            name: xml_text.allowed(value)
            for name, value in told.items()
            if isinstance(value, str)
        }
        for key, told in said.items()
        if isinstance(told, dict)
    }


def _said(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8-sig").replace("\r\n", "\n")
        said = _parsed(text, path.suffix)
    except yaml_text.BrokenYAML as error:
        raise BrokenConfiguration(str(error)) from error
    except (OSError, ValueError, RecursionError) as error:
        raise BrokenConfiguration(str(error)[:100]) from error
    if not isinstance(said, dict):
        return {}
    return {str(key).lower(): value for key, value in said.items()}


def _parsed(text: str, ending: str) -> Any:
    if ending in (".yml", ".yaml"):
        return yaml_text.load(text)
    if ending == ".toml":
        return tomllib.loads(text)
    if ending == ".json":
        return json.loads(text)
    return {name: _literal(value) for name, value in _PYTHON_LINE.findall(text)}


def _literal(written: str) -> str:
    """A string of a program's; nothing is run."""
    try:
        value = ast.literal_eval(written.split("  #")[0].strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return ""
    return value if isinstance(value, str) else ""


def _site(said: dict[str, Any], generator: str) -> Site:
    def text(*names: str) -> str:
        found = (said[name] for name in names if isinstance(said.get(name), str))
        return xml_text.allowed(next(found, "")).strip()

    url = (
        text("url", "baseurl")
        if generator == "jekyll"
        else text("baseurl", "siteurl", "url")
    )
    if generator == "jekyll" and text("url"):
        url = text("url").rstrip("/") + "/" + text("baseurl").strip("/")
    site = Site(
        title=text("title", "sitename", "name"),
        tagline=text("tagline", "sitesubtitle", "description", "subtitle"),
        url=_web(url),
        language=text("languagecode", "lang", "language", "locale", "default_lang"),
        author=text("author") or _name_in(said.get("author")),
        excerpt_mark=text("excerpt_separator"),
        zone=told_dates.zone_of(text("timezone")),
    )
    _patterns(site, said, generator, text)
    return site


def _name_in(told: Any) -> str:
    name = told.get("name") if isinstance(told, dict) else None
    return xml_text.allowed(name).strip() if isinstance(name, str) else ""


def _web(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url.rstrip("/") if parts.scheme in ("http", "https") and parts.netloc else ""


def _patterns(site: Site, said: dict[str, Any], generator: str, text: Any) -> None:
    """How addresses are made, as far as the configuration tells."""
    if generator == "jekyll":
        style = text("permalink") or "date"
        site.post_pattern = _JEKYLL_STYLES.get(style, style)
        is_plain = site.post_pattern.endswith("/")
        site.page_pattern = "/:path/" if is_plain else "/:path.html"
    elif generator == "pelican":
        site.post_pattern = "/" + (text("article_url") or "{slug}.html").lstrip("/")
        site.page_pattern = "/" + (text("page_url") or "pages/{slug}.html").lstrip("/")
    elif generator == "hugo":
        site.patterns = _of_sections(said.get("permalinks"))


def _of_sections(told: Any) -> dict[str, str]:
    """Hugo's `[permalinks]`, of old and since its version 0.131."""
    told = told if isinstance(told, dict) else {}
    nested = told.get("page")
    told = nested if isinstance(nested, dict) else told
    return {
        section: pattern
        for section, pattern in told.items()
        if isinstance(pattern, str) and pattern.startswith("/")
    }
