"""The newest card of a release and its plots, as Dagster's pages show them: Markdown with the pictures inside."""

import base64

import dagster as dg
import duckdb

from orchestration.editions import content
from orchestration.editions.charts import fitting
from orchestration.editions.reading import Reading
from orchestration.editions.site import pictures, small_trends
from orchestration.release import Release
from orchestration.scorecard import page


def of_the_newest_card(published: Release) -> dict[str, dg.MetadataValue]:
    """The card with small trends, and each line's figure month by month; nothing where there is no card."""
    with duckdb.connect(str(published.database), read_only=True) as connection:
        reading = Reading(connection)
        if not (cards := reading.cards()):
            return {}
        card = reading.card(cards[-1][0])
        trends = {line: _image(f"{line}: {it.words}", it.drawing) for line, it in small_trends.of_lines(card).items()}
        return {
            "card": dg.MetadataValue.md(page.markdown(card.tables["scorecard"], trends)),
            "plots": dg.MetadataValue.md("\n\n".join(_plots(card))),
        }


def _plots(card: content.Card) -> list[str]:
    sections = []
    for row in card.rows:
        picture = pictures.of_the_figure(card, row, card.indicators[row["line"]]) if row["measure"] else None
        if picture:
            sections.append(f"**{row['line']}** {page.cell(row['title'])}\n\n{_image(picture.text, picture.drawing)}")
    return sections


def _image(title: str, svg: str) -> str:
    data = base64.b64encode(fitting.standalone(svg).encode()).decode()
    return f"![{page.cell(title).replace(']', '')}](data:image/svg+xml;base64,{data})"
