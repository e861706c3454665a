"""Under which addresses an item of an export could be read."""

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit, urlunsplit

from blog.transfer.wxr_fields import Fields


def of_item(said: Fields, home: str) -> Iterator[str]:
    """Paths with their query: its permalink, its number, and those of former slugs.

    `home` is the old blog's address.
    """
    there = _parts(home) or urlsplit("")
    host, top = there.hostname, there.path.strip("/")
    for name in ("link", "guid"):
        parts = _parts(said.text(name))
        if parts is None or parts.hostname != host:
            continue
        # A page that stood at the top of the blog has no address of its own there:
        # all numbers nobody knows would lead to it.
        if parts.query or parts.path.strip("/") != top:
            yield urlunsplit(("", "", parts.path or "/", parts.query, ""))
    slug = said.text("wp:post_name")
    link = _parts(said.text("link"))
    if link and slug:
        begin, found, rest = link.path.rpartition(f"/{slug}")
        for old in said.metas("wp:postmeta", "_wp_old_slug"):
            if found and old:
                yield f"{begin}/{old}{rest}"
    if number := said.number("wp:post_id"):
        is_page = said.text("wp:post_type") == "page"
        yield f"/?{'page_id' if is_page else 'p'}={number}"


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        parts.hostname  # noqa: B018 - raises where the brackets hold no address
    except ValueError:
        return None
    return parts
