"""Rules for units: what a row of units.csv multiplies by and is of, and that every unit that is named is declared."""

from orchestration.catalogue.cells import unknown
from orchestration.catalogue.tables import Problems, Tables, values
from orchestration.scorecard.units import OF_EVERY_CARD, VALUES


def _units(tables: Tables) -> Problems:
    for line, row in tables["units"]:
        if row["unit"] in OF_EVERY_CARD:
            yield "units", line, "unit", f"every card has a unit '{row['unit']}' already; give this one another name"
        for word in (row["of"] or "").split():
            if word not in VALUES:
                yield "units", line, "of", unknown(word, tuple(VALUES), "what a unit can be of")
        for column in ("before", "behind"):
            if '"' in (row[column] or ""):
                yield "units", line, column, f"a workbook cannot show {row[column]}: write it without quotation marks"


def _named(tables: Tables) -> Problems:
    known = (*OF_EVERY_CARD, *filter(None, values(tables["units"], "unit")))
    for table in ("indicators", "figures"):
        for line, row in tables[table]:
            if row["unit"] is not None and row["unit"] not in known:
                yield table, line, "unit", unknown(row["unit"], known, "a unit the code knows, or one of units.csv")


RULES = (_units, _named)
