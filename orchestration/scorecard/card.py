"""Figures and catalogue in, the card out: rows of the scorecard and every number on it as printed. Pure rules."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import polars as pl

from orchestration.scorecard import comments, contracts, display, plain_words, status
from orchestration.scorecard.optional_rules import Evidence

NO_BREAKS = pl.DataFrame(schema={"measure": pl.String, "from_month": pl.Date, "reason": pl.String})


class UnknownFigures(Exception):
    """Sentences name figures that the catalogue does not know; the message lists each of them."""


def printed_figures(values: pl.DataFrame) -> pl.DataFrame:
    """Every figure with the column `printed`, as the page prints it. One row per report month, line and name."""
    printed = [
        display.printed(row["value"], row["unit"], row["sign"], row["decimals"], row["out_of"])
        for row in values.iter_rows(named=True)
    ]
    return values.with_columns(pl.Series("printed", printed, dtype=pl.String)).sort("report_month", "line", "name")


def scorecard(
    figures: pl.DataFrame,
    indicators: pl.DataFrame,
    cards: pl.DataFrame,
    sentences: pl.DataFrame,
    report_months: list[tuple[date, str]],
    *,
    remarks: Mapping[tuple[date, str], dict] = MappingProxyType({}),
    evidence: Mapping[tuple[date, str], Evidence] = MappingProxyType({}),
    confirmed: Mapping[tuple[date, str, str | None], str] = MappingProxyType({}),
    breaks: pl.DataFrame = NO_BREAKS,
) -> pl.DataFrame:
    """The card of each report month: one row per report month and line, in the columns of the mart.

    `indicators` has the rows that apply to each month, none for a year without a card. `report_months` pairs each
    month with its financial year. `remarks` holds, by
    report month and line, which of its deliveries a person accepted (`accepted`) and for which a replacement waits
    (`replacement_waiting`); `evidence`, which optional rules are on and what they look at; `confirmed`, by report
    month, line and comment, why its words hold; `breaks` is the catalogue's table of that name.
    Raises UnknownFigures where a sentence, a target cell or a latest cell names a figure its line does not have.
    """
    by_line: dict[tuple[date, str], dict[str, dict]] = {}
    for figure in figures.iter_rows(named=True):
        by_line.setdefault((figure["report_month"], figure["line"]), {})[figure["name"]] = figure
    written = {(row["delivery_month"], row["line"]): row for row in sentences.iter_rows(named=True)}
    card_of = {row["financial_year"]: row for row in cards.iter_rows(named=True)}

    rows: list[dict] = []
    unknown: list[str] = []
    for report_month, financial_year in report_months:
        for indicator in indicators.filter(report_month=report_month).sort("position").iter_rows(named=True):
            key = (report_month, indicator["line"])
            of_line = by_line.get(key, {})
            latest = of_line.get("latest")
            judgement = status.judge(indicator, latest, evidence.get(key, status.NO_EVIDENCE))
            row = {"report_month": report_month} | _judged(indicator, of_line, judgement, breaks)
            row |= _texts(indicator, of_line, written.get(key), unknown)
            row |= _without_missing_numbers(row, of_line, written.get(key))
            if latest is None or row["value"] is None:
                row["latest"] = display.NOT_AVAILABLE if latest else None
            else:
                window = (latest["data_from"], latest["data_to"], report_month)
                row["period"] = display.period(card_of[financial_year], indicator["basis"], *window)
            row |= {name: remarks.get(key, {}).get(name) for name in ("accepted", "replacement_waiting")}
            rows.append(row | {"confirmed": confirmed.get((*key, row["comment"]))})
    unknown += _sentences_without_a_line(sentences, indicators, dict(report_months))
    if unknown:
        raise UnknownFigures("\n".join(unknown))
    return pl.DataFrame(rows, schema=contracts.types("scorecard", *contracts.OF_A_RELEASE))


OF_CATALOGUE = ["financial_year", "position", "line", "section", "title", "codes", "measure", "basis", "unit", "target"]
OF_LATEST = ("data_from", "data_to", "value", "months_present", "months_expected", "provisional")


def _judged(indicator: dict, figures: dict[str, dict], judgement: status.Judgement, breaks: pl.DataFrame) -> dict:
    """The columns of a row that come from the catalogue, its figures and its judgement."""
    latest, year_before = figures.get("latest"), figures.get("year_before")
    of_line = breaks.filter(pl.col("measure").is_in([indicator["measure"], indicator["compare_measure"]]))
    broken = status.not_comparable(indicator, latest, year_before, of_line.select("from_month", "reason").iter_rows())
    travel = status.NOT_COMPARABLE if broken else status.direction_of_travel(indicator, latest, year_before)
    return {name: indicator[name] for name in OF_CATALOGUE} | {
        **{name: latest[name] if latest else None for name in OF_LATEST},
        "period": None,
        "status": judgement.letter,
        "status_reason": judgement.reason,
        "previous_value": year_before["value"] if year_before else None,
        "direction_of_travel": travel,
        "summary": plain_words.sentences(indicator, latest, year_before, judgement, travel, not_comparable=broken),
    }


def _texts(indicator: dict, figures: dict[str, dict], sentence: dict | None, unknown: list[str]) -> dict:
    """The texts of a row, filled with figures; a message for each figure that is not known is added to `unknown`."""
    of_catalogue = f"indicators.csv, line {indicator['line']} of {indicator['financial_year']}"
    texts = {
        "latest": (indicator["latest_text"], of_catalogue),
        "target_text": (indicator["target_text"], of_catalogue),
        "comment": (sentence["sentence"], f"{sentence['file']} line {sentence['file_line']}")
        if sentence
        else (None, ""),
    }
    printed = {name: figure["printed"] for name, figure in figures.items()}
    filled = dict.fromkeys(texts)
    for name, (text, place) in texts.items():
        if text is not None:
            problems = comments.problems(text, figures, f"{indicator['line']} in {indicator['financial_year']}")
            unknown += [f"{place}: {problem}" for problem in problems]
            filled[name] = None if problems else comments.fill(text, printed)
    return filled


def _without_missing_numbers(row: dict, figures: dict[str, dict], sentence: dict | None) -> dict:
    """A comment of which a number is missing is not printed: the line in plain words is, and says so."""
    if row["comment"] is None or sentence is None:
        return {}
    named = dict.fromkeys(comments.placeholders(sentence["sentence"]))
    missing = [name for name in named if figures[name]["value"] is None]
    if not missing:
        return {}
    what = "a figure that it names has" if len(missing) == 1 else "figures that it names have"
    left_out = f"A comment is left out, as {what} no value: {display.listed(missing)}."
    return {"comment": None, "summary": f"{row['summary']} {left_out}"}


def _sentences_without_a_line(
    sentences: pl.DataFrame, indicators: pl.DataFrame, financial_years: dict[date, str]
) -> list[str]:
    """A message for each delivered sentence whose line is not on its month's card."""
    lines = set(indicators.select("report_month", "line").iter_rows())
    return [
        f"{row['file']} line {row['file_line']}: '{row['line']}' is not a line of the card of "
        f"{financial_years[row['delivery_month']]}"
        for row in sentences.iter_rows(named=True)
        if row["delivery_month"] in financial_years and (row["delivery_month"], row["line"]) not in lines
    ]
