"""Rules for series: each that a source declares has a row, and each row is of one that its source makes."""

from orchestration.catalogue.cells import unknown
from orchestration.catalogue.tables import Problems, Tables, values
from orchestration.raw.sources.extracts import EXTRACTS


def _series(tables: Tables) -> Problems:
    made = {extract.name: tuple(extract.series_names()) for extract in EXTRACTS}
    for line, row in tables["series"]:
        if row["series"] and row["series"] not in made.get(row["extract"], (row["series"],)):
            yield (
                "series",
                line,
                "series",
                unknown(row["series"], made[row["extract"]], f"made by {row['extract']}.yml"),
            )
    known, last = values(tables["series"], "series"), max((line for line, _ in tables["series"]), default=1)
    for extract, names in made.items():
        for series in (name for name in names if name not in known):
            yield "series", last + 1, "series", f"a row for '{series}' is missing, which {extract}.yml makes"


RULES = (_series,)
