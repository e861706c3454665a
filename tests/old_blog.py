"""An old WordPress blog, as it writes itself down, and the files it has."""

from html import escape
from pathlib import Path

HOME = "https://harbour.example"
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Harbour</title><link>{home}</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>{home}</wp:base_blog_url>
<wp:author><wp:author_login>mara</wp:author_login></wp:author>
"""


class OldBlog:
    """Its items are added one by one; `write` gives the export."""

    def __init__(self, home: str = HOME) -> None:
        self.home = home
        self._items: list[str] = []

    def uploads(self, name: str) -> str:
        return f"{self.home}/wp-content/uploads/{name}"

    def post(self, number: int, body: str, *, lead: int | None = None) -> None:
        meta = _meta("_thumbnail_id", str(lead)) if lead else ""
        self._items.append(
            f"""<item><title>Post {number}</title><dc:creator>mara</dc:creator>
            <link>{self.home}/2009/04/03/post-{number}/</link>
            <guid isPermaLink="false">{self.home}/?p={number}</guid>
            <content:encoded><![CDATA[{body}]]></content:encoded>
            <wp:post_id>{number}</wp:post_id><wp:post_name>post-{number}</wp:post_name>
            <wp:post_date>2009-04-03 08:30:00</wp:post_date>
            <wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
            {meta}</item>"""
        )

    def file(
        self,
        number: int,
        name: str,
        *,
        url: str = "",
        alt: str = "",
        caption: str = "",
        parent: int = 0,
    ) -> None:
        url = url or self.uploads(name)
        stem = Path(name).stem
        self._items.append(
            f"""<item><title>{stem.title()}</title><dc:creator>mara</dc:creator>
            <link>{self.home}/2009/04/03/post-{parent}/{stem}/</link>
            <guid isPermaLink="false">{escape(url)}</guid>
            <excerpt:encoded><![CDATA[{caption}]]></excerpt:encoded>
            <wp:post_id>{number}</wp:post_id><wp:post_parent>{parent}</wp:post_parent>
            <wp:post_date>2009-04-02 10:00:00</wp:post_date>
            <wp:status>inherit</wp:status><wp:post_type>attachment</wp:post_type>
            <wp:attachment_url>{escape(url)}</wp:attachment_url>
            {_meta("_wp_attachment_image_alt", alt)}</item>"""
        )

    def write(self, path: Path) -> Path:
        head = _HEAD.format(home=self.home)
        path.write_text(f"{head}{''.join(self._items)}</channel></rss>", "utf-8")
        return path


def _meta(key: str, value: str) -> str:
    return (
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key>"
        f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
