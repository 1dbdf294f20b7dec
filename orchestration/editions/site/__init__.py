"""The web edition: static pages that open from the disk, without a server, and without anything from elsewhere.

cards/2009-08/index.html    the card; 4a.html and so on beside it, a page for each of its lines; areas/ for its areas
newest/                     addresses that stay, of the newest card and the newest page of each line
revisions.html              what was corrected and revised since it was published
status.html                 what waited for whoever makes the cards, and the sources with their deliveries
definitions.html            what each measure is; glossary.html, methodology.html and accessibility.html beside it
index.html                  all cards of the release; site/ holds the style, the script and the list of months
"""

import json
from pathlib import Path

import jinja2

from orchestration import organisation
from orchestration.editions.content import Card
from orchestration.editions.reading import Reading
from orchestration.editions.site import (
    abbreviations,
    area_pages,
    card_page,
    definitions_page,
    downloads_page,
    front_page,
    line_page,
    revisions_page,
    status_page,
)
from orchestration.explain import words
from orchestration.scorecard import status

HERE = Path(__file__).parent
# Nothing but the files beside a page, nothing inline: a text that looks like a script stays a text. A blob is what the
# page itself made, when a chart is saved as a PNG.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' blob:; base-uri 'none'; form-action 'none'"
)
STATIC = ("glossary.html", "methodology.html", "accessibility.html")  # of the release's glossary and of texts

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_templates.filters |= {"cell": words.cell, "expanded": abbreviations.expanded}
_templates.globals |= {"policy": POLICY, "colours": status.COLOURS, "organisation": organisation.declared()}


def write(card: Card, folder: Path) -> None:
    """Write the page of a card and those of its lines and areas into the card's folder."""
    _page("card.html", card_page.content(card), folder / "index.html", card, root="../../")
    _page("downloads.html", downloads_page.content(card), folder / "downloads.html", card, root="../../")
    for page in line_page.contents(card):
        _page("line.html", page, folder / page["file"], card, root="../../")
    if (overview := area_pages.overview(card)) is not None:
        of_areas = folder / area_pages.FOLDER
        of_areas.mkdir()
        _page("areas.html", overview, of_areas / "index.html", card, root="../../../")
        for page in area_pages.contents(card):
            _page("area.html", page, of_areas / page["file"], card, root="../../../")


def write_front(reading: Reading, release: Path) -> None:
    """Write what all cards of a release share: the list of them, the style, the script."""
    front = front_page.content(reading)
    _page("front.html", front, release / "index.html", reading)
    _page("revisions.html", revisions_page.content(reading), release / "revisions.html", reading)
    _page("status.html", status_page.content(reading), release / "status.html", reading)
    files = {line["line"]: line["file"] for card in front["cards"][:1] for line in card["lines"]}
    _page("definitions.html", definitions_page.content(reading, files.get), release / "definitions.html", reading)
    for name in STATIC:
        _page(name, {}, release / name, reading)
    place = release / "site"
    place.mkdir()
    for asset in sorted((HERE / "assets").iterdir()):
        (place / asset.name).write_bytes(asset.read_bytes())
    _newest(front["cards"], release / "newest", reading)
    (place / "months.js").write_text(_months(front["cards"]), encoding="utf-8")


def _months(cards: list[dict]) -> str:
    """The cards for the script, newest first, and which pages each has: the same ones, mostly, listed once."""
    pages = list(dict.fromkeys(tuple(card["pages"]) for card in cards))
    listed = [
        {"name": it["name"], "label": it["label"], "year": it["year"], "pages": pages.index(tuple(it["pages"]))}
        for it in cards
    ]
    return f"window.months = {json.dumps(listed)};\nwindow.pages = {json.dumps(pages)};\n"


def _newest(cards: list[dict], folder: Path, reading: Reading) -> None:
    """Addresses that stay: `newest/index.html` leads to the newest card, `newest/4a.html` to its page of line 4a."""
    folder.mkdir()
    for card in cards[:1]:
        for file in card["pages"]:
            place = folder / file
            place.parent.mkdir(exist_ok=True)
            root = "../" * (1 + file.count("/"))
            _page("newest.html", {"target": f"cards/{card['name']}/{file}", "card": card}, place, reading, root=root)


def _page(template: str, content: dict, path: Path, publication: Card | Reading, root: str = "") -> None:
    """A page of a publication: a card, or a whole release; `root` leads from it to the folder of the release."""
    rendered = _templates.get_template(template).render(content, publication=publication, root=root)
    path.write_text(rendered, encoding="utf-8")
