"""A WordPress export as large as asked for, with the oddities of real ones.

Threads several deep, some replies before what they answer, pings, spam, categories in
a tree, tags, pages below pages that come later, links among the posts and pictures.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from benchmarks.search_texts import Language

HOME = "https://harbour.example"
SENTENCES = 20_000
AUTHORS = 12
CATEGORIES = 40
TAGS = 600
# Every so many items is a page, every so many a draft.
PAGE_EVERY, DRAFT_EVERY = 100, 37
WORDS = (300, 1500)
FIRST_DAY = datetime(2006, 1, 1, 9, tzinfo=UTC)
_HEAD = f"""<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.7" created="2024-12-01 10:00" -->
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
\t<title>Harbour log</title>
\t<link>{HOME}</link>
\t<description>What comes in</description>
\t<pubDate>Sun, 01 Dec 2024 10:00:00 +0000</pubDate>
\t<language>en-GB</language>
\t<wp:wxr_version>1.2</wp:wxr_version>
\t<wp:base_site_url>{HOME}</wp:base_site_url>
\t<wp:base_blog_url>{HOME}</wp:base_blog_url>
"""


def write(path: Path, posts: int, comments: int) -> None:
    """The same each time."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(_Export(posts, comments).pieces())


class _Export:
    def __init__(self, posts: int, comments: int) -> None:
        self._language = Language()
        self._dice: random.Random = self._language.dice
        self._sentences = [
            " ".join(self._language.draw(self._dice.randrange(6, 20))).capitalize()
            + self._dice.choice([".", ".", ".", "?", "!", " -- yes.", "..."])
            for _ in range(SENTENCES)
        ]
        self._posts = posts
        self._counts = self._shares(posts, comments)
        self._comment_number = 0

    def _shares(self, posts: int, comments: int) -> list[int]:
        """How many below each: most have a few, some hundreds."""
        weights = [self._dice.lognormvariate(0, 1.2) for _ in range(posts)]
        whole = sum(weights)
        counts = [int(weight / whole * comments) for weight in weights]
        for place in range(comments - sum(counts)):
            counts[place % posts] += 1
        return counts

    def pieces(self) -> Iterator[str]:
        yield _HEAD
        for number in range(1, AUTHORS + 1):
            yield _author(number)
        for number in range(CATEGORIES):
            above = f"subject-{number // 4}" if number >= 4 else ""
            yield _category(number, above)
        for number in range(TAGS):
            yield _tag(number)
        for number in range(1, self._posts + 1):
            yield from self._item(number)
        yield "</channel>\n</rss>\n"

    def _words(self, count: int) -> str:
        """A run of so many words, or some more."""
        found, words = [], 0
        while words < count:
            sentence = self._dice.choice(self._sentences)
            found.append(sentence)
            words += sentence.count(" ") + 1
        return " ".join(found)

    def _body(self, number: int) -> str:
        """Half of them as the old editor left them, half in blocks."""
        is_classic = number % 2
        left = self._dice.randint(*WORDS)
        pieces = []
        while left > 0:
            length = self._dice.randrange(40, 120)
            left -= length
            pieces.append(self._paragraph(number, length))
        pieces.insert(1, f'<img class="size-medium" src="{_picture(number)}" alt="">')
        if number % 3 == 0:
            pieces.insert(2, "<!--more-->")
        if is_classic:
            return "\n\n".join(pieces)
        return "\n\n".join(
            f"<!-- wp:paragraph -->\n<p>{piece}</p>\n<!-- /wp:paragraph -->"
            if piece.startswith(("<a", "<e")) or piece[0] != "<"
            else piece
            for piece in pieces
        )

    def _paragraph(self, number: int, length: int) -> str:
        text = self._words(length)
        kind = self._dice.randrange(8)
        if kind == 0:
            # One in ten was written in later, to what came later.
            is_later = self._dice.random() < 0.1
            among = (number, self._posts) if is_later else (1, number)
            other = self._dice.randint(*among)
            return f'{text} <a href="{_address(other)}">as was said</a>.'
        if kind == 1:
            return f'<em>{text}</em> <a href="https://news.example/{number}">more</a>'
        return text

    def _item(self, number: int) -> Iterator[str]:
        is_page = number % PAGE_EVERY == 0
        is_draft = number % DRAFT_EVERY == 0
        at = _moment(number)
        # Every second page stands below one that comes later.
        is_below = is_page and number % (2 * PAGE_EVERY) == 0
        parent = number + PAGE_EVERY if is_below else 0
        yield "\t<item>\n" + "".join(
            f"\t\t<{name}>{text}</{name.split()[0]}>\n"
            for name, text in [
                ("title", f"<![CDATA[{self._title()}]]>"),
                ("link", _address(number)),
                ("pubDate", format_datetime(at)),
                ("dc:creator", f"<![CDATA[writer{number % AUTHORS + 1}]]>"),
                ('guid isPermaLink="false"', f"{HOME}/?p={number}"),
                ("description", ""),
                ("content:encoded", f"<![CDATA[{self._body(number)}]]>"),
                ("excerpt:encoded", "<![CDATA[]]>"),
                ("wp:post_id", str(number)),
                *_dates("wp:post_date", at),
                *_dates("wp:post_modified", at),
                ("wp:comment_status", "<![CDATA[open]]>"),
                ("wp:ping_status", "<![CDATA[open]]>"),
                ("wp:post_name", f"<![CDATA[{_slug(number)}]]>"),
                ("wp:status", f"<![CDATA[{'draft' if is_draft else 'publish'}]]>"),
                ("wp:post_parent", str(parent if parent <= self._posts else 0)),
                ("wp:menu_order", "0"),
                ("wp:post_type", f"<![CDATA[{'page' if is_page else 'post'}]]>"),
                ("wp:post_password", "<![CDATA[]]>"),
                ("wp:is_sticky", "0"),
            ]
        )
        if not is_page:
            yield from self._terms()
        yield _meta("_edit_last", "1")
        yield from self._comments(number, at)
        yield "\t</item>\n"

    def _title(self) -> str:
        return " ".join(self._language.draw(self._dice.randrange(2, 9))).capitalize()

    def _terms(self) -> Iterator[str]:
        dice = self._dice
        named = [("category", f"subject-{int(CATEGORIES * dice.random() ** 2)}")]
        named += [("post_tag", f"tag-{dice.randrange(TAGS)}") for _ in range(3)]
        for domain, slug in named:
            yield (
                f'\t\t<category domain="{domain}" nicename="{slug}">'
                f"<![CDATA[{slug.capitalize()}]]></category>\n"
            )

    def _comments(self, number: int, at: datetime) -> Iterator[str]:
        first = self._comment_number + 1
        count = self._counts[number - 1]
        self._comment_number += count
        numbers = list(range(first, first + count))
        told = [self._comment(own, first, at) for own in numbers]
        # One in twenty conversations was exported newest first.
        yield from reversed(told) if number % 20 == 0 else told

    def _comment(self, own: int, first: int, at: datetime) -> str:
        dice = self._dice
        moment = at + timedelta(minutes=7 * (own - first) + 1)
        chance = dice.random()
        kind = "pingback" if chance < 0.05 else "comment"
        approved = "spam" if chance > 0.9 else "trash" if chance > 0.89 else "1"
        # Half are replies, most to what was said lately: trees get several deep.
        parent = dice.randrange(max(first, own - 6), own) if own > first else 0
        parent = parent if dice.random() < 0.5 else 0
        text = self._words(max(5, min(400, int(dice.lognormvariate(3.4, 0.8)))))
        if chance > 0.9 or chance < 0.1:
            text += f" https://elsewhere.example/{own}"
        elif chance > 0.8:
            text = text.replace(". ", ".\n\n", 1)
        elif chance > 0.75:
            text = f"<em>{text[:20]}</em>{text[20:]} &amp; so"
        who = dice.randrange(20_000)
        name = (
            f"Reader {who}" if kind == "comment" else f"Page {own} &laquo; Blog {who}"
        )
        return "\t\t<wp:comment>\n" + "".join(
            f"\t\t\t<{name}>{text}</{name}>\n"
            for name, text in [
                ("wp:comment_id", str(own)),
                ("wp:comment_author", f"<![CDATA[{name}]]>"),
                ("wp:comment_author_email", f"<![CDATA[reader{who}@mail.example]]>"),
                ("wp:comment_author_url", f"https://blog{who}.example/{own}"),
                ("wp:comment_author_IP", f"<![CDATA[203.0.113.{who % 255}]]>"),
                *_dates("wp:comment_date", moment),
                ("wp:comment_content", f"<![CDATA[{text}]]>"),
                ("wp:comment_approved", f"<![CDATA[{approved}]]>"),
                ("wp:comment_type", f"<![CDATA[{kind}]]>"),
                ("wp:comment_parent", str(parent)),
                ("wp:comment_user_id", "0"),
            ]
        ) + "\t\t</wp:comment>\n"  # fmt: skip


def _slug(number: int) -> str:
    # One in fifty has the name of another post of that day.
    return f"entry-{number - number % 50 // 49}"


def _moment(number: int) -> datetime:
    """Three on a day."""
    return FIRST_DAY + timedelta(days=number // 3, minutes=number % 3 * 200)


def _address(number: int) -> str:
    if number % PAGE_EVERY == 0:
        return f"{HOME}/{_slug(number)}/"
    return f"{HOME}/{_moment(number):%Y/%m/%d}/{_slug(number)}/"


def _picture(number: int) -> str:
    return f"{HOME}/wp-content/uploads/{_moment(number):%Y/%m}/picture-{number}-300x200.jpg"


def _author(number: int) -> str:
    return (
        f"\t<wp:author><wp:author_id>{number}</wp:author_id>"
        f"<wp:author_login><![CDATA[writer{number}]]></wp:author_login>"
        f"<wp:author_email><![CDATA[writer{number}@harbour.example]]></wp:author_email>"
        f"<wp:author_display_name><![CDATA[Writer {number}]]></wp:author_display_name>"
        "</wp:author>\n"
    )


def _category(number: int, above: str) -> str:
    slug = f"subject-{number}"
    return (
        f"\t<wp:category><wp:term_id>{number + 1}</wp:term_id>"
        f"<wp:category_nicename><![CDATA[{slug}]]></wp:category_nicename>"
        f"<wp:category_parent><![CDATA[{above}]]></wp:category_parent>"
        f"<wp:cat_name><![CDATA[{slug.capitalize()}]]></wp:cat_name></wp:category>\n"
    )


def _tag(number: int) -> str:
    return (
        f"\t<wp:tag><wp:term_id>{1000 + number}</wp:term_id>"
        f"<wp:tag_slug><![CDATA[tag-{number}]]></wp:tag_slug>"
        f"<wp:tag_name><![CDATA[Tag-{number}]]></wp:tag_name></wp:tag>\n"
    )


def _dates(name: str, at: datetime) -> Iterator[tuple[str, str]]:
    for element in (name, f"{name}_gmt"):
        yield element, f"<![CDATA[{at:%Y-%m-%d %H:%M:%S}]]>"


def _meta(key: str, value: str) -> str:
    return (
        f"\t\t<wp:postmeta><wp:meta_key><![CDATA[{key}]]></wp:meta_key>"
        f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>\n"
    )
