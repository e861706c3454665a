"""The plot of growth.py: for each page a bar for each size of the blog, as SVG."""

from html import escape
from typing import Any

WAYS = ("anew", "after a change")
ROW, BAR, GAP = 38, 9, 2
NUMBER = 36  # the room for one
TOP, LEFT, PANEL, BETWEEN, BOTTOM = 78, 170, 330, 60, 30
# Times that at the smallest size; what is longer ends here, with its number.
MOST = 2.5
LIMIT = 1.5
_STYLE = """
text { fill: #222; font: 12px system-ui, sans-serif }
.small { font-size: 10px } .title { font-weight: 600; font-size: 13px }
.b0 { fill: #b9cbd9 } .b1 { fill: #6f97b7 } .b2 { fill: #2c5777 }
.limit { stroke: #b3401f; stroke-dasharray: 4 3 } .limit-text { fill: #b3401f }
.clock { stroke: #222; stroke-width: 1.5 } .axis { stroke: #999 }
@media (prefers-color-scheme: dark) {
  text { fill: #ddd } .b0 { fill: #3f5567 } .b1 { fill: #6f97b7 } .b2 { fill: #b4d3ea }
  .limit { stroke: #ff9d7a } .limit-text { fill: #ff9d7a }
  .clock { stroke: #fff } .axis { stroke: #777 }
}
"""

# As growth.py has them, by size.
Times = dict[int, dict[str, dict[str, dict[str, float]]]]


def drawn(times: Times) -> str:
    names = list(next(iter(times.values())))
    width = LEFT + 2 * PANEL + BETWEEN + 50
    height = TOP + ROW * len(names) + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" '
        'aria-label="Time of each page by the number of posts">',
        f"<style>{_STYLE}</style>",
        *_legend(list(times)),
    ]
    for row, name in enumerate(names):
        y = TOP + row * ROW + ROW / 2
        parts.append(
            f'<text x="{LEFT - 10}" y="{y}" text-anchor="end">{escape(name)}</text>'
        )
    for place, way in enumerate(WAYS):
        left = LEFT + place * (PANEL + BETWEEN)
        parts += _panel(times, names, way, left, height - BOTTOM)
    return "\n".join([*parts, "</svg>\n"])


def _legend(sizes: list[int]) -> list[str]:
    parts = []
    for place, posts in enumerate(sizes):
        x = LEFT + place * 120
        parts.append(
            f'<rect class="b{place}" x="{x}" y="10" width="12" height="12"/>'
            f'<text x="{x + 18}" y="20">{posts:,} posts</text>'
        )
    x = LEFT + len(sizes) * 120
    parts.append(
        f'<line class="clock" x1="{x}" x2="{x}" y1="9" y2="23"/>'
        f'<text x="{x + 8}" y="20">on the clock; bars: of the processor</text>'
    )
    return parts


def _panel(
    times: Times, names: list[str], way: str, left: int, bottom: int
) -> list[str]:
    limit = left + LIMIT / MOST * PANEL
    parts = [
        f'<text class="title" x="{left}" y="50">made {way}, milliseconds</text>',
        f'<line class="axis" x1="{left}" x2="{left}" y1="{TOP}" y2="{bottom}"/>',
        f'<line class="limit" x1="{limit}" x2="{limit}" y1="{TOP - 4}" y2="{bottom}"/>',
        f'<text class="small limit-text" x="{limit}" y="{TOP - 8}" '
        'text-anchor="middle">half as much again</text>',
    ]
    for row, name in enumerate(names):
        parts += _bars(times, name, way, left, TOP + row * ROW + 4)
    return parts


def _bars(times: Times, name: str, way: str, left: int, top: int) -> list[str]:
    """As long as they are beside that of the smallest blog."""
    told: list[dict[str, Any]] = [of[name][way] for of in times.values()]
    unit, parts = told[0]["work"], []
    for place, time in enumerate(told):
        y = top + place * (BAR + GAP)
        end = left + min(time["work"] / unit, MOST) / MOST * PANEL
        clock = left + min(time["clock"] / unit, MOST) / MOST * PANEL
        beside = max(end, clock) if clock < end + NUMBER else end
        parts.append(
            f'<rect class="b{place}" x="{left}" y="{y}" height="{BAR}" '
            f'width="{end - left:.1f}"/>'
            f'<line class="clock" x1="{clock:.1f}" x2="{clock:.1f}" '
            f'y1="{y}" y2="{y + BAR}"/>'
            f'<text class="small" x="{beside + 5:.1f}" y="{y + 8}">'
            f"{time['work']:.1f}</text>"
        )
    return parts
