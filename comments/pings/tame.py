"""Pages of strangers, made harmless for the parser that reads them.

HTML's own rules let a megabyte of `<div>`, or of attributes, keep a parser busy for
minutes, and a few unclosed `<b>` fill its memory. What comes out here is a shallow,
well-nested page of few kinds of element: what a reader would see, and what a page
says of itself. Linear in its size.
"""

import re
from collections import Counter, defaultdict

MAX_DEPTH = 100
# Pages of people have a tenth of it; what comes after is not read.
MAX_TAGS = 100_000
# What a page keeps of a tag: enough to find links, and who says what.
ATTRIBUTES = frozenset(
    "href src class rel content property name datetime title alt value".split()
)
# Kept by their own names. All else becomes a `div` or a `span`, so that no rule about
# tables, formatting or forms moves anything about.
_KEPT = frozenset(
    "a abbr area article aside audio base blockquote data embed footer header iframe img "
    "ins li link main meta nav object p q section source time track video".split()
)
_EMPTY = frozenset(
    "area base br col embed hr img input link meta source track wbr".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup li main nav ol p "
    "pre section summary table tbody td tfoot th thead tr ul".split()
)
# Nothing in them is seen, or none of it is markup.
_UNREAD = frozenset(
    "iframe math noembed noframes noscript script select style svg template textarea "
    "title xmp".split()
)
# {what begins: (what it ends, what it does not look beyond)}
_ENDS = {
    name: (frozenset(ended.split()), frozenset(limits.split()))
    for name, ended, limits in [
        ("a", "a", "html"),
        ("li", "li", "ul ol menu"),
        ("dt", "dt dd", "dl"),
        ("dd", "dt dd", "dl"),
        ("td", "td th", "table"),
        ("th", "td th", "table"),
        ("tr", "tr", "table"),
    ]
}
_PARAGRAPH = (frozenset(["p"]), frozenset(["td", "th", "table", "object"]))

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)")
_ATTRIBUTE = re.compile(
    r"[\s/]*+(?:(>)|([^\s/>][^\s/>=]*+)"
    r"(?:\s*+=\s*+(?:\"([^\"]*+)(?:\"|\Z)|'([^']*+)(?:'|\Z)|([^\s>\"'][^\s>]*+)?))?)"
)
_COMMENT_END = re.compile("--!?>")


def tame(html: str) -> str:
    """`html` as its readers see it, at most MAX_DEPTH deep. Never raises.

    HTML again, for a parser: no text in it was unescaped.

    Comments, scripts, templates and what stands in for scripts are left out.
    """
    return _Tamer(html.replace("\0", "")).run()


class _Tamer:
    def __init__(self, html: str) -> None:
        self._html = html
        self._out: list[str] = []
        # (its own name, the name it was given)
        self._open: list[tuple[str, str]] = []
        # Where in it those of a name stand, so that nobody has to look for them.
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        # Opened deeper than MAX_DEPTH, and left out.
        self._dropped: Counter[str] = Counter()
        self._has_title = False

    def run(self) -> str:
        html, place = self._html, 0
        for _ in range(MAX_TAGS):
            bracket = html.find("<", place)
            if bracket < 0:
                self._out.append(html[place:].replace(">", "&gt;"))
                break
            self._out.append(html[place:bracket].replace(">", "&gt;"))
            place = self._markup(bracket)
        self._close_down_to(0)
        return "".join(self._out)

    def _markup(self, bracket: int) -> int:
        """Read what begins at this bracket; where it ends."""
        tag = _TAG.match(self._html, bracket)
        if tag is None:
            return self._no_tag(bracket)
        name = tag[2].lower()
        attributes, end = self._attributes(tag.end())
        if tag[1]:
            self._close(name)
        elif name in _UNREAD:
            return self._skip(name, attributes, end)
        elif name == "plaintext":
            return len(self._html)
        else:
            self._begin(name, attributes)
        return end

    def _no_tag(self, bracket: int) -> int:
        html = self._html
        if html.startswith("<!--", bracket):
            if html.startswith((">", "->"), bracket + 4):
                return html.index(">", bracket) + 1
            found = _COMMENT_END.search(html, bracket + 4)
            return found.end() if found else len(html)
        if html.startswith(("<!", "<?", "</"), bracket):
            return html.find(">", bracket) + 1 or len(html)
        self._out.append("&lt;")
        return bracket + 1

    def _attributes(self, place: int) -> tuple[str, int]:
        """Those that are kept, as they are written, and where the tag ends."""
        html = self._html
        kept: dict[str, str] = {}
        while found := _ATTRIBUTE.match(html, place):
            place = found.end()
            if found[1]:
                break
            name = found[2].lower()
            if name in ATTRIBUTES and name not in kept:
                kept[name] = found[3] or found[4] or found[5] or ""
        else:  # the page ends within the tag
            return "", len(html)
        written = [
            f' {name}="{value.replace(chr(34), "&quot;")}"'
            for name, value in kept.items()
        ]
        return "".join(written), place

    def _skip(self, name: str, attributes: str, place: int) -> int:
        """Leave out all up to its end tag; of a title, keep the text."""
        end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
        found = end.search(self._html, place)
        stop = found.start() if found else len(self._html)
        if name == "title" and not self._has_title:
            self._has_title = True
            text = self._html[place:stop].replace("<", "&lt;")
            self._out.append(f"<title>{text}</title>")
        elif name == "iframe" and attributes:
            self._out.append(f"<iframe{attributes}></iframe>")
        return stop

    def _begin(self, name: str, attributes: str) -> None:
        if name in _ENDS:
            self._end(*_ENDS[name])
        if name in _BLOCKS:
            self._end(*_PARAGRAPH)
        if name in _EMPTY:
            if name in _KEPT:
                self._out.append(f"<{name}{attributes}>")
            elif name in ("br", "hr"):
                self._out.append("<br>")
            return
        # A link is read wherever it stands; none holds another.
        if len(self._open) >= MAX_DEPTH and name != "a":
            self._dropped[name] += 1
            return
        given = name
        if name not in _KEPT:
            given = "div" if name in _BLOCKS else "span"
        self._places[name].append(len(self._open))
        self._open.append((name, given))
        self._out.append(f"<{given}{attributes}>")

    def _end(self, ended: frozenset[str], limits: frozenset[str]) -> None:
        """End the nearest of `ended`, unless one of `limits` is nearer."""
        nearest = self._nearest(ended)
        if nearest >= 0 and nearest > self._nearest(limits):
            self._close_down_to(nearest)

    def _nearest(self, names: frozenset[str]) -> int:
        return max((self._places[name] or [-1])[-1] for name in names)

    def _close(self, name: str) -> None:
        if self._dropped[name]:
            self._dropped[name] -= 1
        elif places := self._places.get(name):
            self._close_down_to(places[-1])

    def _close_down_to(self, index: int) -> None:
        while len(self._open) > index:
            self._pop()

    def _pop(self) -> None:
        name, given = self._open.pop()
        self._places[name].pop()
        self._out.append(f"</{given}>")
