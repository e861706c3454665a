"""A post's conversation, page by page, laid out flat in tree order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import BigIntegerField, QuerySet

from blog.fragments import Fragments
from blog.models import Post, SiteSettings
from blog.prepared import Prepared, Slot
from comments import shown, thread_pages
from comments.addresses import page_address, permalink, with_query
from comments.models import Comment
from comments.responses import TEXTS, Factory, Response, Row, Said
from comments.thread_pages import Before, Page, Place

PINGS_SHOWN = 100


@dataclass(frozen=True)
class Wish:
    """What of a conversation is asked for; nothing: the page that is shown first."""

    page: int | None = None
    # A comment that is to be on the page.
    shown_pk: int | None = None
    # The visitor's own comment, which they may see while it is held.
    own_pk: int | None = None
    # The answers in the tree of this root that come after so many others.
    root_pk: int | None = None
    after: int = 0
    # The pings that come after so many others.
    pings_after: int = 0


@dataclass(frozen=True)
class Thread:
    """A page of the talk, in reading order, and the pings that stand alone."""

    talk: list[Response]
    elsewhere: list[Response]
    # Where this page is found for good, and where it is found now.
    address: str
    canonical_address: str
    number: int
    count: int
    # Further pings that stand alone, and where.
    more_pings: int = 0
    more_pings_address: str = ""
    older_address: str = ""
    newer_address: str = ""
    # Where this is the middle of one long tree: the way back to all of it.
    whole_address: str = ""

    @property
    def ping_count(self) -> int:
        """How many pings stand alone, from the first one shown on."""
        return len(self.elsewhere) + self.more_pings

    def find(self, pk: int | None) -> Response | None:
        if pk is None:
            return None
        return next((response for response in self.talk if response.pk == pk), None)


def read_thread(
    post: Post,
    site: SiteSettings | None = None,
    wish: Wish | None = None,
    kept: Fragments | None = None,
) -> Thread:
    """What is wished for of the conversation below `post`.

    Two queries where all of it fits on one page, else three, however long it is, and one
    where what it counts is not `kept` (`blog.fragments`) yet; one more in the middle of
    a tree; up to ten where a certain comment is to be on the page. A removed comment
    stays as a tombstone while something visible hangs below it. Raises NoSuchPage.
    """
    site, wish = site or SiteSettings.current(), wish or Wish()
    page = _page(post, site, wish, kept or Fragments())
    trees, pings = _read_rows(post, page, wish)
    rows = [row for tree in trees.values() for row in tree]
    address = _address(post, page)
    factory = Factory(post, site, address, rows, _answered_elsewhere(rows), wish.own_pk)
    before = thread_pages.read_before(post, page)
    talk = list(_lay_out(page, before, trees, factory))
    if site.comment_order == SiteSettings.CommentOrder.NEWEST:
        talk.reverse()
    more = _more_pings(post, page, wish, pings)
    first = post.comment_count - len(pings[:PINGS_SHOWN]) - more + 1
    return Thread(
        [response for tree in talk for response in tree],
        [
            factory.make(row, number)
            for number, row in enumerate(pings[:PINGS_SHOWN], start=first)
        ],
        address,
        _canonical(post, site, page),
        page.number,
        page.count,
        **_ways_on(post, site, page),
        more_pings=more,
        more_pings_address=with_query(post, elsewhere=wish.pings_after + PINGS_SHOWN),
    )


def address_of(comment: Comment) -> str:
    """Where an approved comment stands just now. Up to ten queries."""
    post, anchor = comment.post, f"#comment-{comment.pk}"
    if comment.is_like and not shown.is_answered(comment):
        return post.get_absolute_url() + anchor
    if shown.stands_alone(comment):
        before = shown.pings_before(comment) // PINGS_SHOWN * PINGS_SHOWN
        page = with_query(post, elsewhere=before) if before else post.get_absolute_url()
        return page + anchor
    page = thread_pages.read_page_with(
        post, SiteSettings.current(), Place.of(comment), Fragments()
    )
    return _address(post, page) + anchor


def _page(post: Post, site: SiteSettings, wish: Wish, kept: Fragments) -> Page:
    if wish.root_pk and (root := thread_pages.find_root(post, wish.root_pk)):
        return thread_pages.part_of(root, wish.after)
    pk = wish.shown_pk or wish.own_pk
    if pk is not None:
        comment = shown.visible(post, wish.own_pk).filter(pk=pk).first()
        if comment and not shown.stands_alone(comment):
            return thread_pages.read_page_with(post, site, Place.of(comment), kept)
    return thread_pages.read_page(post, site, wish.page, kept=kept)


def _read_rows(
    post: Post, page: Page, wish: Wish
) -> tuple[dict[int, list[Row]], list[Row]]:
    """The rows of each tree of the page, and the pings. One query for both.

    One ping more than is shown, to tell whether there are any.
    """
    trees: dict[int, list[Row]] = {root.tree_id: [] for root in page.roots}
    shows_pings = not (page.is_part or page.lone_count == 0)
    if wish.own_pk or wish.pings_after:
        rows = _rows_of(
            post, list(trees), page.after, page.last, wish, shows_pings=shows_pings
        )
        told = list(rows)
    else:
        told = _prepared_rows(post, list(trees), page, shows_pings=shows_pings)
    alone: list[Row] = []
    for row in sorted((Row(*values) for values in told), key=lambda row: row.lft):
        trees.get(row.tree_id, alone).append(row)
    return trees, sorted(alone, key=lambda row: (row.created_at, row.tree_id))


def _rows_of(
    post: Post | Slot,
    tree_ids: Sequence[int | Slot],
    after: int | Slot,
    last: int | Slot,
    wish: Wish,
    *,
    shows_pings: bool,
) -> QuerySet:
    talk = shown.visible(post, wish.own_pk).filter(
        shown.between(after, last), tree_id__in=tree_ids
    )
    if not shows_pings:
        return _as_rows(talk)
    first = wish.pings_after
    pings = shown.lone_pings(post)[first : first + PINGS_SHOWN + 1]
    apart = Comment.objects.filter(pk__in=pings.values("pk"))
    return _as_rows(talk).union(_as_rows(apart), all=True)


def _as_rows(comments: QuerySet) -> QuerySet:
    return comments.order_by().annotate(**TEXTS).values_list(*Row._fields)


def _prepared_rows(
    post: Post, tree_ids: list[int], page: Page, *, shows_pings: bool
) -> list[tuple]:
    """As most people ask for them. There is a query for each power of two of trees."""
    count = 1 << max(0, len(tree_ids) - 1).bit_length()
    # No tree has the number 0, and to ask for none of them again costs nothing.
    numbers = [*tree_ids, *[0] * (count - len(tree_ids))]
    values = {f"tree{place}": number for place, number in enumerate(numbers)}
    return _rows_by_count(count, PINGS_SHOWN if shows_pings else 0).rows(
        post=post.pk, after=page.after, last=page.last, **values
    )


@cache
def _rows_by_count(count: int, pings: int) -> Prepared:
    """For so many trees, and so many pings at most."""

    def slot(name: str) -> Slot:
        return Slot(name, BigIntegerField())

    trees = [slot(f"tree{place}") for place in range(count)]
    return Prepared(
        lambda: _rows_of(
            slot("post"),
            trees,
            slot("after"),
            slot("last"),
            Wish(),
            shows_pings=pings > 0,
        )
    )


def _answered_elsewhere(rows: list[Row]) -> dict[int, Said]:
    """What these rows answer that is none of them, by key. One query, or none."""
    here = {row.pk for row in rows}
    pks = {row.answered_pk for row in rows} - here - {None}
    if not pks:
        return {}
    found = Comment.objects.filter(pk__in=pks).order_by()
    return {pk: Said(*told) for pk, *told in found.values_list("pk", *Said._fields)}


def _lay_out(
    page: Page, before: Before, trees: dict[int, list[Row]], factory: Factory
) -> Iterator[list[Response]]:
    """The responses tree by tree, numbered; each tree says what it holds back."""
    so_far = before.in_all
    rest = with_query(factory.post, thread="")
    for root in page.roots:
        number = so_far
        tree = []
        for row in trees[root.tree_id]:
            is_counted = row.state == Comment.State.APPROVED
            number += is_counted
            tree.append(factory.make(row, number if is_counted else None))
        more = root.approved - before.in_tree - (number - so_far)
        if more > 0 and tree:
            tree[-1].more_count = more
            tree[-1].more_address = f"{rest}{root.pk}&after={page.last}"
        so_far += root.approved
        yield tree


def _more_pings(post: Post, page: Page, wish: Wish, pings: list[Row]) -> int:
    """How many pings stand alone after those shown. One query if there are more."""
    if len(pings) <= PINGS_SHOWN:
        return 0
    count = page.lone_count
    if count is None:
        count = shown.lone_pings(post).count()
    return count - wish.pings_after - PINGS_SHOWN


def _address(post: Post, page: Page) -> str:
    """Where a page of the talk lasts."""
    if page.is_part:
        return with_query(post, thread=page.roots[0].pk, after=page.after)
    return (
        page_address(post, page.number) if page.count > 1 else post.get_absolute_url()
    )


def _canonical(post: Post, site: SiteSettings, page: Page) -> str:
    """Where a page is found just now: one of them at the post's own address."""
    return _page_now(post, site, page, page.number)


def _page_now(post: Post, site: SiteSettings, page: Page, number: int) -> str:
    shown_first = page.count if thread_pages.shows_newest_first(site) else 1
    if number == shown_first:
        return post.get_absolute_url()
    return page_address(post, number)


def _ways_on(post: Post, site: SiteSettings, page: Page) -> dict[str, str]:
    if page.is_part:
        earlier = page.after - thread_pages.MOST_OF_ONE
        root = page.roots[0].pk
        return {
            "whole_address": permalink(root),
            "older_address": (
                with_query(post, thread=root, after=earlier) if earlier >= 0 else ""
            ),
        }
    ways = {}
    if page.number > 1:
        ways["older_address"] = _page_now(post, site, page, page.number - 1)
    if page.number < page.count:
        ways["newer_address"] = _page_now(post, site, page, page.number + 1)
    return ways
