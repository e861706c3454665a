"""Sheets of small pictures: each kind of page, at three widths, in one theme."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).parent / "screenshots"
POST = "/2006/11/30/no-progress-in-north-korean-talks/"
PAGES = {
    "home": "/",
    "post": "/2006/12/22/reading-a-table-of-six/",
    "thread": f"{POST}#responses",
    "archives": "/archives/",
    "search": "/search/?q=beijing",
}
FROM_RIGHT = ("home", "thread")
THEMES = ("book", "classic")
SCHEMES: tuple[Any, ...] = ("light", "dark")
WIDTHS = (1280, 768, 360)
HIGH = 900
# Half as large: text can still be read, and the repository stays light.
SCALE = 0.5
GAP = 16
GROUND = (128, 128, 128)
QUALITY = 70
# Those that are not in sight may come later.
PICTURES_CAME = f"""() =>
  [...document.images].every(image => image.complete ||
    image.getBoundingClientRect().top > {HIGH} || image.getBoundingClientRect().bottom < 0)
"""

Shots = dict[tuple[str, str, int], Image.Image]


def take(browser: Browser, base: str, choose: Callable[..., None]) -> None:
    """Every sheet. `choose` sets what the keeper chooses: theme, language."""
    page = browser.new_page()
    homes = []
    for theme in THEMES:
        choose(theme=theme)
        shots = _shots(page, base, PAGES, SCHEMES)
        for scheme in SCHEMES:
            _save(_sheet(shots, PAGES, scheme), f"{theme}-{scheme}")
            homes.append(shots["home", scheme, WIDTHS[0]])
    _save(_grid([homes[:2], homes[2:]]), "themes")


def take_from_right(browser: Browser, base: str, choose: Callable[..., None]) -> None:
    """The same for a blog that is read from right to left."""
    page = browser.new_page()
    for theme in THEMES:
        choose(theme=theme)
        shots = _shots(page, base, FROM_RIGHT, SCHEMES[:1])
        _save(_sheet(shots, FROM_RIGHT, SCHEMES[0]), f"{theme}-rtl")


def _shots(page: Page, base: str, names: Iterable[str], schemes: Any) -> Shots:
    """Each page at each width in each scheme, loaded once."""
    shots = {}
    for name in names:
        page.goto(base + PAGES[name], wait_until="networkidle")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HIGH})
            if "#" in PAGES[name]:
                target = page.locator("#" + PAGES[name].partition("#")[2])
                target.evaluate("element => element.scrollIntoView()")
            page.wait_for_function(PICTURES_CAME)
            for scheme in schemes:
                page.emulate_media(color_scheme=scheme)
                shots[name, scheme, width] = _small(page.screenshot())
    return shots


def _small(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as picture:
        size = (round(picture.width * SCALE), round(picture.height * SCALE))
        return picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def _sheet(shots: Shots, names: Iterable[str], scheme: str) -> Image.Image:
    return _grid([[shots[name, scheme, width] for width in WIDTHS] for name in names])


def _grid(rows: list[list[Image.Image]]) -> Image.Image:
    """Pictures in rows, as wide as the first; all of a column are equally wide."""
    wide = GAP + sum(picture.width + GAP for picture in rows[0])
    high = GAP + sum(row[0].height + GAP for row in rows)
    sheet = Image.new("RGB", (wide, high), GROUND)
    top = GAP
    for row in rows:
        left = GAP
        for picture in row:
            sheet.paste(picture, (left, top))
            left += picture.width + GAP
        top += row[0].height + GAP
    return sheet


def _save(picture: Image.Image, name: str) -> None:
    picture.save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)
