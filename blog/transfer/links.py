"""Where the old blog's own pages stand here, for the links in its texts.

A link leads to a path of this blog as soon as what it leads to is here. Posts link
to what comes later in a source, too: that is looked for again when all is in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from urllib.parse import SplitResult, unquote, urlsplit

from django.db import transaction
from django.utils.encoding import escape_uri_path, iri_to_uri

from blog import publishing, wordpress_addresses, wordpress_places
from blog.models import Post
from blog.transfer.records import BlogRecord, PostRecord
from blog.transfer.rewriting import with_addresses
from blog.wordpress_addresses import Kind, Wanted

# How posts that were written here are named: they are none of the old blog's.
OWN_GUIDS = "urn:uuid:"
# Looked up at once: each is known by a few names, and a query takes 30,000 at most.
BATCH_ADDRESSES = 500
_PORTS = {"http": ":80", "https": ":443", "": ""}
_FILES = ("/wp-content/", "/wp-includes/", "/media/")

Place = str | None


class Links:
    """The old blog's addresses, as its texts spell them, and where each leads here."""

    def __init__(self, blog: BlogRecord) -> None:
        home = _parts(blog.url)
        # Where the blog began, by the host it had: on its own or below a folder.
        self._base_on: dict[str, str] = {}
        if home and home.netloc:
            self._base_on = {"": _base(home), _host(home): _base(home)}
        self._places: dict[str, Place] = {}
        # By the guid of each text read last, what it asked for; and by the key of each
        # post that was stored, that whose answer may be another one when all is in.
        self._asked: dict[str, dict[str, Place]] = {}
        self._unsure: dict[int, dict[str, Place]] = {}
        self._sure: set[str] = set()

    def prepare(self, records: Sequence[PostRecord]) -> None:
        """Give their texts the addresses here of what is here: ten queries for all.

        Their own old addresses get the one spelling in which they are looked for.
        """
        addresses: set[str] = set()
        for record in records:
            self._learn_host(record)
            record.addresses = list(dict.fromkeys(map(spelt, record.addresses)))
        for record in records:
            with_addresses(record.body, addresses.add)
        self._sure = set()
        self._places = self._found(addresses)
        self._asked = {}
        for record in records:
            asked = self._asked.setdefault(record.guid, {})
            record.body = with_addresses(record.body, self._asking(asked))

    def new_address(self, address: str) -> Place:
        """The path here of a page of the old blog's; None: unknown, or no page of it.

        Of the texts prepared last without a query.
        """
        if address not in self._places:
            self._places |= self._found([address])
        return self._places.get(address)

    def wait(self, records: Iterable[PostRecord], stored: Mapping[str, Post]) -> None:
        """Remember which stored texts are to be looked at again, those prepared last."""
        for record in records:
            post = stored.get(record.guid)
            # What was edited here is left alone.
            if post is None or post.body != record.body:
                continue
            asked = self._asked.get(record.guid, {})
            unsure = {one: asked[one] for one in asked if one not in self._sure}
            if unsure:
                self._unsure[post.pk] = unsure

    def settle(self) -> int:
        """Lead on the links to what came later; how many texts changed.

        One transaction for each text: who is stopped here goes on here.
        """
        now = self._found({one for asked in self._unsure.values() for one in asked})
        count = 0
        for pk, asked in self._unsure.items():
            changed = {
                place or address: now[address]
                for address, place in asked.items()
                if now[address] and now[address] != place
            }
            count += bool(changed) and _rewrite(pk, changed.get)
        self._unsure = {}
        return count

    def _asking(self, asked: dict[str, Place]) -> Callable[[str], Place]:
        def new(address: str) -> Place:
            if address in self._places:
                asked[address] = self._places[address]
            return self._places.get(address)

        return new

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
        posts = Post.objects.published().filter(public_path__in=keys)
        here = {
            post.public_path: post
            for post in posts.exclude(guid__startswith=OWN_GUIDS).defer(
                "body", "body_html"
            )
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


def _rewrite(pk: int, new: Callable[[str], Place]) -> bool:
    with transaction.atomic():
        post = Post.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        body = with_addresses(post.body, new) if post else ""
        if post is None or post.body == body:
            return False
        post.body = body
        # Its time stays the source's: nobody edited it here.
        publishing.store(post, {"body", *Post.DERIVED})
    return True


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
