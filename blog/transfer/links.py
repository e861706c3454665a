"""Where the old blog's own pages stand here, for the links in its texts.

A link leads to a path of this blog as soon as what it leads to is here. Texts link to
what comes later in a source, too: that is looked for again when all is in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

from django.db import transaction
from django.utils.encoding import escape_uri_path, iri_to_uri

from blog import storing, wordpress_addresses, wordpress_places
from blog.models import Post
from blog.transfer.records import BlogRecord, PostRecord, ResponseRecord
from blog.transfer.rewriting import Named, addresses_in, with_addresses
from blog.wordpress_addresses import Kind, Wanted

# How posts that were written here are named: they are none of the old blog's.
OWN_GUIDS = "urn:uuid:"
# Looked up at once: each is known by a few names, and a query takes 30,000 at most.
BATCH_ADDRESSES = 500
# Posts whose texts are rewritten in one transaction.
BATCH_POSTS = 50
_PORTS = {"http": ":80", "https": ":443", "": ""}
# What says where a post is read, and what below it.
_OF_ADDRESS = (
    "guid",
    "kind",
    "status",
    "slug",
    "path",
    "public_path",
    "published_at",
    "published_on",
    "password",
    "comments_open",
    "comment_count",
)
_FILES = ("/wp-content/", "/wp-includes/", "/media/")

Place = str | None
Asked = dict[str, Place]
Key = TypeVar("Key", int, str)
# By the guid of each response, what of its addresses leads where now. Who is given that
# rewrites their texts, and says how many.
LeadResponsesOn = Callable[[Mapping[str, Mapping[str, str]]], int]


class Links:
    """The old blog's addresses, as its texts spell them, and where each leads here."""

    def __init__(self, blog: BlogRecord) -> None:
        home = _parts(blog.url)
        # Where the blog began, by the host it had: on its own or below a folder.
        self._base_on: dict[str, str] = {}
        if home and home.netloc:
            self._base_on = {"": _base(home), _host(home): _base(home)}
        self._places: dict[str, Place] = {}
        # By the guid of each text read last, what it asked for; and of those that were
        # stored, that whose answer may be another one when all is in: by the key of a
        # post, by the guid of a response.
        self._asked: dict[str, Asked] = {}
        self._unsure: dict[int, Asked] = {}
        self._unsure_responses: dict[str, Asked] = {}
        self._sure: set[str] = set()

    def prepare(self, records: Sequence[PostRecord], named: Named) -> set[str]:
        """Give their texts the addresses here of what is here: ten queries for all.

        Returns the guids of those below which somebody's text became another one.
        Their own old addresses get the one spelling in which they are looked for.
        """
        for record in records:
            self._learn_host(record)
            record.addresses = list(dict.fromkeys(map(spelt, record.addresses)))
        below: dict[str, set[str]] = {}
        for record in records:
            for response in _with_markup(record):
                # Two may have one guid: the first counts, and who knows which that is.
                below.setdefault(response.guid, set()).update(
                    addresses_in(response.text)
                )
        named = {**below, **named}
        self._sure = set()
        self._places = self._found({one for some in named.values() for one in some})
        self._asked = {
            guid: {one: self._places[one] for one in some if one in self._places}
            for guid, some in named.items()
        }
        return {record.guid for record in records if self._led_on(record)}

    def new_address(self, address: str) -> Place:
        """The path here of a page of the old blog's; None: unknown, or no page of it.

        Of the texts prepared last without a query.
        """
        if address not in self._places:
            self._places |= self._found([address])
        return self._places.get(address)

    def wait(self, records: Iterable[PostRecord], stored: Mapping[str, Post]) -> None:
        """Remember which texts are to be looked at again, of those prepared last.

        What was edited here is left alone: of posts it is known now.
        """
        for record in records:
            post = stored.get(record.guid)
            unsure = self._unsure_of(record.guid)
            if unsure and post and post.body == record.body:
                self._unsure[post.pk] = unsure
            for response in _with_markup(record):
                if unsure := self._unsure_of(response.guid):
                    self._unsure_responses[response.guid] = unsure

    def settle(self, lead_responses_on: LeadResponsesOn = lambda changes: 0) -> int:
        """Lead on the links to what came later; how many texts changed.

        So many texts in a transaction: who is stopped here goes on here.
        """
        unsure = [*self._unsure.values(), *self._unsure_responses.values()]
        now = self._found({address for asked in unsure for address in asked})
        count = _lead_posts_on(_changes(self._unsure, now))
        count += lead_responses_on(_changes(self._unsure_responses, now))
        self._unsure, self._unsure_responses = {}, {}
        return count

    def _led_on(self, record: PostRecord) -> bool:
        """Rewrite a post's text, and those below it; whether one of these changed."""
        record.body = self._rewritten(record.guid, record.body)
        has_changed = False
        for response in _with_markup(record):
            text = self._rewritten(response.guid, response.text)
            has_changed |= text != response.text
            response.text = text
        return has_changed

    def _rewritten(self, guid: str, text: str) -> str:
        asked = self._asked[guid]
        return with_addresses(text, asked.get) if any(asked.values()) else text

    def _unsure_of(self, guid: str) -> Asked:
        asked = self._asked.get(guid, {})
        return {one: asked[one] for one in asked if one not in self._sure}

    def _learn_host(self, record: PostRecord) -> None:
        """A guid with the post's own number was made by the blog, perhaps before it
        had the name it has now: blog.wordpress.com."""
        parts = _parts(record.guid)
        number = wordpress_addresses.number_in(parts.query) if parts else ""
        if parts and parts.netloc and number and number == str(record.number or ""):
            self._base_on.setdefault(_host(parts), _base(parts))

    def _found(self, addresses: Iterable[str]) -> dict[str, Place]:
        """Of those that are the old blog's; None where nothing here is known by it."""
        ours = {
            address: parts
            for address in addresses
            if (parts := self._ours(address)) is not None
        }
        found: dict[str, Place] = dict.fromkeys(ours)
        names = iter(ours)
        while some := {name: ours[name] for name in islice(names, BATCH_ADDRESSES)}:
            for address, place in self._by_what_they_were(some).items():
                if place:
                    fragment = ours[address].fragment
                    found[address] = f"{place}#{fragment}" if fragment else place
        return found

    def _ours(self, address: str) -> SplitResult | None:
        parts = _parts(address)
        if parts is None or parts.scheme not in ("", "http", "https"):
            return None
        if not parts.netloc and (parts.scheme or not parts.path.startswith("/")):
            return None
        base = self._base_on.get(_host(parts), None if parts.netloc else "/")
        path = f"{unquote(parts.path)}/"
        is_page = base and path.startswith(base) and "\0" not in path
        return parts if is_page and not _is_file(path) else None

    def _by_what_they_were(self, ours: dict[str, SplitResult]) -> dict[str, Place]:
        found = self._by_their_paths(ours)
        rest = [address for address in ours if address not in found]
        asked = [self._wanted(ours[address]) for address in rest]
        return found | dict(zip(rest, wordpress_places.places(asked), strict=True))

    def _by_their_paths(self, ours: dict[str, SplitResult]) -> dict[str, Place]:
        """What is read at the very path, or was: the old blog's, not what this one had."""
        keys_of = {address: dict(_keys(parts)) for address, parts in ours.items()}
        keys = {key for keys in keys_of.values() for key in keys}
        # Which of them are public is asked here: SQLite would read all that are.
        posts = Post.objects.filter(public_path__in=keys).order_by()
        here = {
            post.public_path: post
            for post in posts.only(*_OF_ADDRESS)
            if post.is_public and not post.guid.startswith(OWN_GUIDS)
        }
        leads_to = wordpress_places.leading(keys)
        found: dict[str, Place] = {}
        for address, below_of in keys_of.items():
            asks = wordpress_addresses.asks_for_something(ours[address].query)
            for key, below in below_of.items():
                # Where the whole blog was once, the query says more.
                if asks and leads_to.get(key) == "/":
                    continue
                if post := here.get(key):
                    found[address] = wordpress_places.below_post(post, below)
                    if not post.is_page:
                        self._sure.add(address)
                elif key in leads_to:
                    new = leads_to[key]
                    found[address] = new + below if new.startswith("/") else None
                else:
                    continue
                break
        return found

    def _wanted(self, parts: SplitResult) -> list[Wanted]:
        base = self._base_on.get(_host(parts), "/")
        path = f"{unquote(parts.path)}/".removeprefix(base)
        asks = wordpress_addresses.asks_for_something(parts.query)
        if not path.strip("/") and not asks:
            return [Wanted(Kind.PLACE, "/")]
        return wordpress_addresses.wanted(f"/{path}", parts.query)


def _with_markup(record: PostRecord) -> Iterator[ResponseRecord]:
    """Those below it whose text may name an address: most have no markup at all."""
    for response in record.responses:
        if "<" in response.text and response.text_format == "html":
            yield response


def _changes(
    unsure: Mapping[Key, Asked], now: Mapping[str, Place]
) -> dict[Key, dict[str, str]]:
    """What of each text leads elsewhere now, as it stands there; without the others."""
    found = {
        key: {
            place or address: new
            for address, place in asked.items()
            if (new := now[address]) and new != place
        }
        for key, asked in unsure.items()
    }
    return {key: changes for key, changes in found.items() if changes}


def _lead_posts_on(changes: Mapping[int, Mapping[str, str]]) -> int:
    count = 0
    keys = iter(sorted(changes))
    while some := list(islice(keys, BATCH_POSTS)):
        with transaction.atomic():
            posts = Post.objects.select_for_update(of=("self",)).defer("body_html")
            rewritten = []
            for post in posts.filter(pk__in=some).order_by("pk"):
                body = with_addresses(post.body, changes[post.pk].get)
                if body != post.body:
                    post.body = body
                    rewritten.append(post)
            # Their times stay the source's: nobody edited them here.
            storing.store_texts(rewritten)
        count += len(rewritten)
    return count


def spelt(address: str) -> str:
    """A path with its query as browsers ask for it: `%c3%bc` and `ü` are `%C3%BC`."""
    path, mark, query = address.partition("?")
    return escape_uri_path(unquote(path)) + mark + (iri_to_uri(query) or "")


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _host(parts: SplitResult) -> str:
    host = parts.netloc.lower().rpartition("@")[2].removeprefix("www.")
    return host.removesuffix(_PORTS.get(parts.scheme, ""))


def _base(parts: SplitResult) -> str:
    """`/`, or `/blog/`"""
    inner = unquote(parts.path).strip("/").removesuffix("index.php").strip("/")
    return f"/{inner}/" if inner else "/"


def _is_file(path: str) -> bool:
    return any(folder in path for folder in _FILES)


def _keys(parts: SplitResult) -> Iterator[tuple[str, str]]:
    """What a redirect or a post may be known by, and what of it is asked for then."""
    path = unquote(parts.path) or "/"
    if parts.query:
        yield spelt(f"{parts.path or '/'}?{parts.query}"), ""
    place = spelt(parts.path).rstrip("/")
    if place:
        yield f"{place}/", ""
        yield place, ""
    names, below = wordpress_addresses.split([one for one in path.split("/") if one])
    if names:
        yield escape_uri_path(f"/{'/'.join(names)}/"), below
