"""A first month of a year, or of a source, that has not come: no value, no letter, a reason, and nothing is wrong."""

import re
from datetime import date

import polars as pl
import pytest

from orchestration import audit, months
from tests.conftest import Built, copy_of_the_project
from tests.rebuilt import Rebuilt, rebuilt

CARDS = tuple(map(months.parse, ("2008-04", "2009-04", "2009-05")))
APRIL = date(2009, 4, 1)
GONE = {
    "crime of April": "extract = 'recorded_crime' and delivery_month = '2009-04-01'",
    "crime before May, which starts then": "extract = 'recorded_crime' and delivery_month < '2009-05-01'",
    "youth violence of the first April": "extract = 'youth_violence' and delivery_month = '2008-04-01'",
    "assets of the first April": "extract = 'asset_recovery' and delivery_month = '2008-04-01'",
    "forecasts of April, of the year that begins": "extract = 'financial_forecasts' and delivery_month = '2009-04-01'",
    "systems from January on, a quarter": "extract = 'ict_availability' and delivery_month > '2008-12-01'",
    "the first month of the sample": "delivery_month = '2007-02-01'",
    "everything of March to May": "delivery_month between '2009-03-01' and '2009-05-01'",
    "everything of every second month": "month(delivery_month) % 2 = 0",
    "everything": "true",
}


@pytest.fixture(scope="module")
def copy(sample: Built):
    with rebuilt(sample) as copy:
        yield copy


@pytest.fixture(scope="module", params=GONE.values(), ids=GONE)
def made(copy: Rebuilt, request: pytest.FixtureRequest) -> dict[str, pl.DataFrame]:
    """The cards without some deliveries; the audit comes to the same figures."""
    with copy.without(request.param):
        made = copy.scored(CARDS)
        assert audit.differences(copy.recomputed(CARDS), made["figures"].to_dicts()) == []
    return made


def test_whatever_has_not_come_the_cards_are_scored_and_every_figure_has_a_value_or_a_reason(made):
    assert made["figures"].filter(pl.col("value").is_null() == pl.col("missing_reason").is_null()).is_empty()
    for row in made["scorecard"].iter_rows(named=True):
        judged = row["status"] is not None
        assert judged != row["status_reason"].startswith("not judged: "), row
        assert not judged or row["value"] is not None, row
    texts = [
        text
        for frame in made.values()
        for name in frame.columns
        if frame[name].dtype == pl.String
        for text in frame[name].drop_nulls().unique()
    ]
    assert [text for text in texts if re.search(r"\b(None|nan|NaT|inf)\b", text)] == []


def test_the_figure_before_is_judged_by_its_own_window(made, copy: Rebuilt):
    judged_from = copy.connection.sql("select report_month, line, judged_from from aggregates.indicators_as_of").pl()
    for row in made["changes"].join(judged_from, on=["report_month", "line"]).iter_rows(named=True):
        key = f"{row['report_month']:%Y-%m} {row['line']}"
        if row["value_before"] is None or (row["judged_from"] and row["data_to_before"] < row["judged_from"]):
            assert (row["status_before"], row["status_restated"]) == (None, None), key
        assert row["value"] is not None or row["status"] is None, key


def test_a_year_to_date_without_its_april_has_no_letter_and_says_that_no_month_is_complete(copy: Rebuilt):
    with copy.without(GONE["crime of April"]):
        made = copy.scored([APRIL])
    card = {row["line"]: row for row in made["scorecard"].iter_rows(named=True)}
    changes = {row["line"]: row for row in made["changes"].iter_rows(named=True)}
    reason = "no month of 2009/10 is complete yet"
    for line in ("3a", "3c"):
        assert (card[line]["status"], card[line]["latest"]) == (None, "not available")
        assert card[line]["status_reason"] == f"not judged: {reason}"
        assert card[line]["summary"].startswith(f"There is no figure ({reason}).")
        # March's figure is known, of a year whose card had another target
        assert changes[line]["value_before"] is not None
        assert (changes[line]["status_before"], changes[line]["missing_reason"]) == (None, reason)
    # a rolling year ends a month earlier, which this card's target does not ask about
    ends = "the figure ends in Mar-09, before the target applies from Apr-09"
    assert card["4a"]["status_reason"] == f"not judged: {ends}"
    assert card["4a"]["value"] is not None


@pytest.mark.slow
def test_without_april_a_run_publishes_and_every_edition_says_what_is_missing(tmp_path):
    built = copy_of_the_project(tmp_path / "copy")
    (built.raw / "recorded_crime" / "2009-04.csv").unlink()
    built.scorecard("2009-03", "2009-04")
    reason = "no month of 2009/10 is complete yet"
    assert built.card("2009-04")["3a"]["status_reason"] == f"not judged: {reason}"
    folder = built.warehouse / "current" / "cards" / "2009-04"
    assert all((folder / name).stat().st_size for name in ("scorecard.pdf", "scorecard.xlsx", "scorecard.json"))
    assert reason in (folder / "3a.html").read_text(encoding="utf-8")
    told = built.command("explain", "--month", "2009-04")
    assert (told.returncode, told.stderr) == (0, "")
    assert f"3a   -   Most serious violence rate\n  {reason}" in told.stdout
    # no line reads as one that only now got a letter: in March there was another target
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert 'class="turned"' not in page
    assert "→" not in told.stdout
