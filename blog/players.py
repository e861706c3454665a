"""Which addresses are films and sounds, and where their players are: the one table.

Nothing of Django is needed here: the settings name the hosts of this table, and no
others, as those a page may open a frame of.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

_ID = r"(?P<id>[\w-]{1,64})"
_END = r"/?(?:[?&#].*)?"


@dataclass(frozen=True)
class Player:
    """What plays an address. `page` is where one would look at it without a frame."""

    site: str
    frame: str
    page: str
    shape: str  # wide, tall or sound

    @property
    def host(self) -> str:
        return urlsplit(self.frame).hostname or ""


@dataclass(frozen=True)
class _Kind:
    """Addresses of one form. The templates are filled with what `pattern` names."""

    site: str
    pattern: re.Pattern[str]
    frame: str
    page: str
    shape: str = "wide"


def _kind(site: str, pattern: str, frame: str, page: str, shape: str = "wide") -> _Kind:
    whole = re.compile(rf"https?://(?:www\.|m\.)?{pattern}", re.IGNORECASE)
    return _Kind(site, whole, f"https://{frame}", f"https://{page}", shape)


_TUBE = "www.youtube-nocookie.com/embed/{id}?autoplay=1"
_TUBE_HOST = r"(?:music\.)?youtube(?:-nocookie)?\.com"
_KINDS = [
    _kind(
        "YouTube",
        rf"{_TUBE_HOST}/playlist\?(?:[^#]*&)?list={_ID}(?:[&#].*)?",
        "www.youtube-nocookie.com/embed/videoseries?list={id}&autoplay=1",
        "www.youtube.com/playlist?list={id}",
    ),
    _kind(
        "YouTube",
        rf"{_TUBE_HOST}/embed/videoseries\?(?:[^#]*&)?list={_ID}(?:[&#].*)?",
        "www.youtube-nocookie.com/embed/videoseries?list={id}&autoplay=1",
        "www.youtube.com/playlist?list={id}",
    ),
    _kind(
        "YouTube",
        rf"{_TUBE_HOST}/watch/?\?(?:[^#]*&)?v={_ID}(?:[&#].*)?",
        _TUBE,
        "www.youtube.com/watch?v={id}",
    ),
    _kind(
        "YouTube",
        rf"(?:youtu\.be|{_TUBE_HOST}/(?:embed|live|v|e))/{_ID}{_END}",
        _TUBE,
        "www.youtube.com/watch?v={id}",
    ),
    _kind(
        "YouTube",
        rf"{_TUBE_HOST}/shorts/{_ID}{_END}",
        _TUBE,
        "www.youtube.com/shorts/{id}",
        "tall",
    ),
    _kind(
        "Vimeo",
        r"(?:player\.)?vimeo\.com/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/)?"
        rf"(?P<id>\d+)(?:/(?P<key>[0-9a-f]+))?{_END}",
        "player.vimeo.com/video/{id}?dnt=1&autoplay=1",
        "vimeo.com/{id}",
    ),
    _kind(
        "Dailymotion",
        rf"(?:dailymotion\.com/(?:embed/)?video|dai\.ly)/(?P<id>[a-zA-Z0-9]+)[\w-]*{_END}",
        "geo.dailymotion.com/player.html?video={id}",
        "www.dailymotion.com/video/{id}",
    ),
    _kind(
        "SoundCloud",
        rf"soundcloud\.com/(?P<id>[\w-]+/(?:sets/)?[\w-]+(?:/s-\w+)?){_END}",
        "w.soundcloud.com/player/?url=https%3A//soundcloud.com/{quoted}&auto_play=true",
        "soundcloud.com/{id}",
        "sound",
    ),
    _kind(
        "Spotify",
        r"open\.spotify\.com/(?:intl-\w+/)?(?:embed/)?(?P<id>(?:track|album|playlist"
        rf"|artist|show|episode)/\w+){_END}",
        "open.spotify.com/embed/{id}",
        "open.spotify.com/{id}",
        "sound",
    ),
    _kind(
        "TED",
        rf"(?:embed\.)?ted\.com/talks/(?:lang/\w+/)?{_ID}{_END}",
        "embed.ted.com/talks/{id}",
        "www.ted.com/talks/{id}",
    ),
]
# The only hosts a page may open a frame of.
FRAME_HOSTS = sorted({f"https://{urlsplit(kind.frame).hostname}" for kind in _KINDS})

# Who describes its pages at an address that is known. Others say it in the page.
_ENDPOINTS = {
    "youtube.com": "https://www.youtube.com/oembed?format=json&url=",
    "youtu.be": "https://www.youtube.com/oembed?format=json&url=",
    "vimeo.com": "https://vimeo.com/api/oembed.json?url=",
    "dailymotion.com": "https://www.dailymotion.com/services/oembed?format=json&url=",
    "dai.ly": "https://www.dailymotion.com/services/oembed?format=json&url=",
    "soundcloud.com": "https://soundcloud.com/oembed?format=json&url=",
    "open.spotify.com": "https://open.spotify.com/oembed?url=",
    "ted.com": "https://www.ted.com/services/v1/oembed.json?url=",
    "flickr.com": "https://www.flickr.com/services/oembed/?format=json&url=",
    "flic.kr": "https://www.flickr.com/services/oembed/?format=json&url=",
}
_START = re.compile(r"[?&#](?:t|start)=(\d{1,6})s?(?![\w])")


def player_of(address: str) -> Player | None:
    """What plays this address, if it is of a form the table knows."""
    for kind in _KINDS:
        if match := kind.pattern.fullmatch(address[:2000]):
            return _filled(kind, match, address)
    return None


def page_of_frame(address: str) -> str:
    """Of the address of a player's frame the page it plays, or ""."""
    if address.startswith("//"):
        address = f"https:{address}"
    try:
        parts = urlsplit(address)
        wanted = {"w.soundcloud.com": "url", "geo.dailymotion.com": "video"}
        name = wanted.get(parts.hostname or "", "")
        inner = parse_qs(parts.query).get(name, [""])[0]
    except ValueError:
        return ""
    if name == "video":
        inner = f"https://www.dailymotion.com/video/{inner}"
    player = player_of(inner if name else address)
    return player.page if player else ""


def endpoint_for(address: str) -> str:
    """Where to ask for a description of this address, or ""."""
    host = (urlsplit(address).hostname or "").removeprefix("www.").removeprefix("m.")
    endpoint = _ENDPOINTS.get(host, "")
    return endpoint + quote(address, safe="") if endpoint else ""


def _filled(kind: _Kind, match: re.Match[str], address: str) -> Player:
    name = match["id"]
    frame = kind.frame.format(id=name, quoted=quote(name))
    page = kind.page.format(id=name)
    if kind.site == "YouTube" and (start := _START.search(address)):
        frame += f"&start={start[1]}"
        page += f"{'&' if '?' in page else '?'}t={start[1]}"
    if kind.site == "Vimeo" and (key := _vimeo_key(match, address)):
        frame += f"&h={key}"
        page += f"/{key}"
    return Player(kind.site, frame, page, kind.shape)


def _vimeo_key(match: re.Match[str], address: str) -> str:
    """Of a film that is not listed: in its path, or in the query of its frame."""
    in_query = re.search(r"[?&]h=([0-9a-f]+)", address)
    return match["key"] or (in_query[1] if in_query else "")
