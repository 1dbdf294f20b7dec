"""The two published pages, cell by cell, and every figure on them, at the precision it was printed with."""

import csv
from decimal import Decimal

import pytest

from tests.conftest import GOLDEN, Built

CARDS = ("2009-01", "2009-08")
CELLS = ("position", "line", "section", "title", "codes", "target", "status", "latest", "period", "comment")
UNITS = {"%": 100, "pp": 100, "£m": Decimal("1e-6"), ": 1": 1}


def read(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS, FIGURES = read("rows.csv"), read("figures.csv")


def test_the_golden_files_hold_both_pages():
    assert len(ROWS) == 40
    assert len(FIGURES) == 108


@pytest.mark.parametrize("card", CARDS)
def test_every_printed_cell_is_as_published(sample: Built, card: str):
    published = [{name: row[name] for name in CELLS} for row in ROWS if row["card"] == card]
    printed = [
        {name: "" if row[name] is None else str(row[name]) for name in CELLS}
        for row in sample.query(
            "select *, target_text as target_cell from scorecard where report_month = $1::date order by position",
            f"{card}-01",
        )
        .drop("target")
        .rename({"target_cell": "target"})
        .iter_rows(named=True)
    ]
    assert printed == published


@pytest.mark.parametrize("published", FIGURES, ids=lambda row: f"{row['card']}/{row['line']}/{row['name']}")
def test_every_figure_is_as_published(sample: Built, published: dict[str, str]):
    figure = sample.figures(published["card"])[published["line"], published["name"]]
    if published["unit"] == "true":  # the card says in words that the figure rose
        assert figure["value"] > 0
    elif "/" in published["value"]:
        assert f"{figure['value']:.0f}/{figure['out_of']}" == published["value"]
    else:
        shown = Decimal(repr(figure["value"])) * UNITS.get(published["unit"], 1)
        places = Decimal(1).scaleb(-int(published["decimals"]))
        assert shown.quantize(places, "ROUND_HALF_UP") == Decimal(published["value"])
    windows = {
        "from": "data_from",
        "to": "data_to",
        "compare_from": "against_from",
        "compare_to": "against_to",
    }
    for given, column in windows.items():
        if published[given]:
            assert f"{figure[column]:%Y-%m}" == published[given]
