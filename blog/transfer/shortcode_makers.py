"""What each of WordPress's shortcodes becomes here."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import urlsplit

from blog.transfer import looks, old_players
from blog.transfer.records import MediaRecord

_WEB = re.compile(r"(?:https?:/)?/[^\s\"'<>]+")
_IMAGE = re.compile(r"(?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?", re.IGNORECASE)
_SOUNDS = ("src", "mp3", "ogg", "oga", "m4a", "wav", "flac")
_FILMS = ("src", "mp4", "webm", "m4v", "ogv", "mov", "wmv", "flv")
_PICTURES = ("jpg", "jpeg", "png", "gif", "webp", "avif", "bmp", "svg", "tif", "tiff")


@dataclass(frozen=True)
class Said:
    """What stands in a shortcode: named values, the first that has no name, its inside."""

    named: Mapping[str, str]
    first: str = ""
    inside: str = ""

    def get(self, *names: str) -> str:
        found = (self.named[name] for name in names if self.named.get(name))
        return next(found, "").strip()


@dataclass
class Around:
    """What an export has around a text: files by their numbers, those that belong to it,
    and reusable blocks by their numbers."""

    files: dict[int, MediaRecord] = field(default_factory=dict)
    below: dict[int, list[int]] = field(default_factory=dict)
    reusable: dict[int, str] = field(default_factory=dict)
    number: int = 0  # the post's own


Maker = Callable[[Said, Around], str | None]


def _caption(said: Said, around: Around) -> str | None:
    """A figure. The words stand behind the picture, or in an attribute, as of old."""
    image = _IMAGE.search(said.inside)
    if image is None:
        return None
    before = said.inside[: image.start()].strip()
    words = said.inside[image.end() :].strip() or said.get("caption")
    figure = looks.figure(image[0], words, said.get("align"))
    return f"{before}{figure}" if before else figure


def _gallery(said: Said, around: Around) -> str | None:
    """Pictures that only their numbers name: all that belong to the post, or some."""
    numbers = _numbers(said, around, _PICTURES)
    pictures = "".join(_picture(number, around.files.get(number)) for number in numbers)
    return f'\n\n<figure class="gallery">{pictures}</figure>\n\n' if pictures else None


def _picture(number: int, file: MediaRecord | None) -> str:
    """What no file of the export is known by waits for one that has its number."""
    address = file.url if file else f"?attachment_id={number}"
    alt = f' alt="{escape(file.alt)}"' if file and file.alt else ""
    words = escape(file.caption, quote=False) if file else ""
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    image = f'<img src="{escape(address)}"{alt}>'
    return f'<figure class="picture">{image}{caption}</figure>'


def _playlist(said: Said, around: Around) -> str | None:
    tag = "video" if said.get("type") == "video" else "audio"
    numbers = _numbers(said, around, _FILMS if tag == "video" else _SOUNDS)
    files = [file for number in numbers if (file := around.files.get(number))]
    if not files or len(files) < len(numbers):
        return None
    return "".join(f"\n\n{_track(tag, file)}\n\n" for file in files)


def _track(tag: str, file: MediaRecord) -> str:
    title = escape(file.caption or file.title, quote=False)
    words = f"<figcaption>{title}</figcaption>" if title else ""
    return f'<figure><{tag} controls src="{escape(file.url)}"></{tag}>{words}</figure>'


def _numbers(said: Said, around: Around, endings: Sequence[str]) -> list[int]:
    named = said.get("ids", "include")
    if named:
        return _listed(named)
    (owner,) = _listed(said.get("id"))[:1] or [around.number]
    left_out = set(_listed(said.get("exclude")))
    return [
        number
        for number in around.below.get(owner, ())
        if number not in left_out and _ending(around.files.get(number)) in endings
    ]


def _listed(text: str) -> list[int]:
    return [int(one) for one in re.findall(r"\d{1,18}", text)]


def _ending(file: MediaRecord | None) -> str:
    try:
        path = urlsplit(file.url).path if file else ""
    except ValueError:
        return ""
    return path.rpartition(".")[2].lower()


def _address(said: Said) -> str:
    told = said.get("src", "url", "href"), said.first, unescape(said.inside.strip())
    return next((one for one in told if _WEB.fullmatch(one)), "")


def _embed(said: Said, around: Around) -> str | None:
    address = _address(said)
    return old_players.figure(address) if address else None


def _keyed(page: str, key: str, *names: str) -> Maker:
    """An embed of `page`, into which what stands for a film or a post there goes."""
    wanted = re.compile(key)

    def make(said: Said, around: Around) -> str | None:
        told = said.get("id", *names), said.first, said.inside.strip()
        found = next((one for one in told if wanted.fullmatch(one)), None)
        return old_players.figure(page.format(found)) if found else _embed(said, around)

    return make


def _player(tag: str, names: Sequence[str]) -> Maker:
    def make(said: Said, around: Around) -> str | None:
        source = said.get(*names) or said.first.partition("|")[0] or _address(said)
        if not _WEB.fullmatch(source):
            return None
        if old_players.is_played_elsewhere(source):
            return old_players.figure(source)
        return f'\n\n<{tag} controls src="{escape(source)}"></{tag}>\n\n'

    return make


_TUBE = _keyed("https://www.youtube.com/watch?v={}", r"[\w-]{11}")
_VIDEOPRESS = _keyed("https://videopress.com/v/{}", r"\w{8}")
_POLL = _keyed("https://poll.fm/{}", r"\d+", "poll")
_CLIP = _keyed("https://video.google.com/videoplay?docid={}", r"-?\d+", "data")
MAKERS: dict[str, Maker] = {
    "archiveorg": _keyed("https://archive.org/details/{}", r"[\w.-]+"),
    "audio": _player("audio", _SOUNDS),
    "caption": _caption,
    "crowdsignal": _POLL,
    "dailymotion": _keyed("https://www.dailymotion.com/video/{}", r"\w+", "video"),
    "embed": _embed,
    "facebook": _embed,
    "flickr": _keyed("https://www.flickr.com/photo.gne?id={}", r"\d+", "video"),
    "gallery": _gallery,
    "gist": _keyed("https://gist.github.com/{}", r"[\w/-]+"),
    "googlemaps": _embed,
    "googlevideo": _CLIP,
    "gv": _CLIP,
    "instagram": _embed,
    "playlist": _playlist,
    "polldaddy": _POLL,
    "scribd": _keyed("https://www.scribd.com/doc/{}", r"\d+"),
    "slideshare": _keyed("https://www.slideshare.net/slideshow/embed_code/{}", r"\d+"),
    "soundcloud": _embed,
    "spotify": _embed,
    "ted": _keyed("https://www.ted.com/talks/{}", r"[\w-]+"),
    "tweet": _keyed("https://twitter.com/i/status/{}", r"\d+", "tweet"),
    "twitter": _embed,
    "video": _player("video", _FILMS),
    "videopress": _VIDEOPRESS,
    "vimeo": _keyed("https://vimeo.com/{}", r"\d+", "clip_id"),
    "wp_caption": _caption,
    "wpvideo": _VIDEOPRESS,
    "youtube": _TUBE,
}
# Of these the text up to the end belongs to them.
ENCLOSING = frozenset(
    "audio caption embed gist gv instagram soundcloud tweet video vimeo wp_caption youtube".split()
)
