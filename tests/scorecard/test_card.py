from datetime import date

import polars as pl
import pytest

from orchestration.scorecard import card, comments, contracts, status

JANUARY, AUGUST, SEPTEMBER = date(2009, 1, 1), date(2009, 8, 1), date(2009, 9, 1)

INDICATOR = {
    "financial_year": "2009/10",
    "position": 1,
    "line": "4a",
    "section": "Safety",
    "title": "Serious acquisitive crime rate",
    "codes": "APACS PI 5.2",
    "measure": "serious_acquisitive_crime",
    "compare_measure": None,
    "kind": "percentage_change",
    "basis": "rolling_year",
    "direction": "lower_is_better",
    "target": -0.02,
    "target_text": "{target}",
    "amber_tolerance": 0.1,
    "judged_from": date(2009, 4, 1),
    "not_judged": None,
    "unit": "percent",
    "sign": "signed",
    "decimals": 1,
    "latest_text": "{latest}",
}
INDICATORS = {
    "financial_year": pl.String,
    "position": pl.Int32,
    **dict.fromkeys(("line", "section", "title", "codes", "measure", "compare_measure"), pl.String),
    **dict.fromkeys(("kind", "basis", "direction"), pl.String),
    "target": pl.Float64,
    "target_text": pl.String,
    "amber_tolerance": pl.Float64,
    "judged_from": pl.Date,
    **dict.fromkeys(("not_judged", "unit", "sign"), pl.String),
    "decimals": pl.Int32,
    "latest_text": pl.String,
}
NARRATIVE = dict.fromkeys(INDICATORS) | {
    "financial_year": "2009/10",
    "position": 2,
    "line": "5a",
    "section": "Safety",
    "title": "Counter Terrorism measure",
    "not_judged": "in development",
}
FIGURE = {
    "report_month": AUGUST,
    "financial_year": "2009/10",
    "line": "4a",
    "name": "latest",
    "statistic": "percentage_change",
    "measure": "serious_acquisitive_crime",
    "basis": "rolling_year",
    "data_from": date(2008, 9, 1),
    "data_to": AUGUST,
    "value": -0.0511,
    "unit": "percent",
    "sign": "signed",
    "decimals": 1,
    "months_present": 12,
    "months_expected": 12,
    "provisional": False,
}
TARGET = FIGURE | {"name": "target", "statistic": "target", "value": -0.02, "sign": None, "decimals": None}
YEAR_BEFORE = FIGURE | {"name": "year_before", "value": 0.013}
ROBBERY = FIGURE | {"name": "robbery_change", "measure": "robbery", "value": -0.0444, "sign": "up_or_down"}
SENTENCE = {
    "delivery_month": AUGUST,
    "line": "4a",
    "sentence": "Robbery is {robbery_change}.",
    "file": "commentary/2009-08.csv",
    "file_line": 7,
}
CARDS = pl.DataFrame(
    [
        {
            "financial_year": "2009/10",
            "title": "2009/10 Critical Performance Areas",
            "rolling_year_period": "12 months to {to}",
            "year_to_date_period": "{from_name} - {to_name} {to_year}",
            "quarter_period": "Q{quarter} {financial_year}",
        }
    ]
)


def without_a_value(figure, reason="Sep-08 to Aug-09 holds 11 of 12 months"):
    return figure | {"value": None, "missing_reason": reason, "months_present": 11}


def figures(*rows):
    blank = dict.fromkeys(contracts.types("figures", "printed"))
    schema = contracts.types("figures", "printed")
    return card.printed_figures(pl.DataFrame([blank | row for row in rows], schema=schema))


def scorecard(
    of=(FIGURE, TARGET, YEAR_BEFORE, ROBBERY),
    lines=(INDICATOR, NARRATIVE),
    sentences=(),
    report_months=((AUGUST, "2009/10"),),
    **others,
):
    schema = {
        "delivery_month": pl.Date,
        "line": pl.String,
        "sentence": pl.String,
        "file": pl.String,
        "file_line": pl.Int64,
    }
    catalogued = pl.DataFrame(lines, schema=INDICATORS)
    cards = pl.DataFrame(list(report_months), schema=["report_month", "financial_year"], orient="row")
    return card.scorecard(
        figures(*of),
        cards.join(catalogued, on="financial_year") if report_months else catalogued,
        CARDS,
        pl.DataFrame(sentences, schema=schema),
        list(report_months),
        **others,
    )


def row(**given):
    return scorecard(**given).row(0, named=True)


def test_a_line_is_judged_by_the_evidence_of_its_own_report_month():
    missed = FIGURE | {"value": 0.01}
    evidence = {(AUGUST, "4a"): status.Evidence(("significance",), (-0.03, 0.05))}
    assert row(of=(missed, TARGET))["status"] == "A"
    assert "margin of error" not in row(of=(missed, TARGET))["status_reason"]
    assert "margin of error" in row(of=(missed, TARGET), evidence=evidence)["status_reason"]
    september = {(SEPTEMBER, "4a"): evidence[AUGUST, "4a"]}
    assert row(of=(missed, TARGET), evidence=september) == row(of=(missed, TARGET))


def unknown(**given):
    with pytest.raises(card.UnknownFigures) as raised:
        scorecard(**given)
    return str(raised.value).splitlines()


def test_every_figure_gets_the_form_it_prints_in():
    shown = figures(
        FIGURE,
        TARGET,
        ROBBERY,
        FIGURE | {"name": "rank_msf", "value": 4.0, "unit": "ordinal", "sign": None, "decimals": 0, "out_of": 4},
        without_a_value(FIGURE | {"name": "burglary_change"}),
    )
    assert dict(shown.select("name", "printed").iter_rows()) == {
        "latest": "-5.1%",
        "target": "-2%",
        "robbery_change": "down 4.4%",
        "rank_msf": "4th/4",
        "burglary_change": "not available",
    }


def test_the_figures_are_as_the_mart_s_contract_says():
    made = figures(FIGURE, TARGET, YEAR_BEFORE, ROBBERY)
    assert made.columns == list(contracts.ALL["figures"].columns)
    contracts.ALL["figures"].validate(made)


def test_the_figures_come_in_the_order_of_month_line_and_name():
    made = figures(FIGURE | {"line": "4b"}, TARGET, FIGURE, FIGURE | {"report_month": date(2009, 7, 1), "line": "9"})
    keys = [("9", "latest"), ("4a", "latest"), ("4a", "target"), ("4b", "latest")]
    assert made.select("line", "name").rows() == keys
    assert figures().schema == contracts.types("figures")


def test_a_line_of_the_card_holds_what_is_printed_and_what_it_stands_on():
    assert row(sentences=[SENTENCE]) == {
        "report_month": AUGUST,
        "financial_year": "2009/10",
        "position": 1,
        "line": "4a",
        "section": "Safety",
        "title": "Serious acquisitive crime rate",
        "codes": "APACS PI 5.2",
        "measure": "serious_acquisitive_crime",
        "basis": "rolling_year",
        "data_from": date(2008, 9, 1),
        "data_to": AUGUST,
        "period": None,
        "value": -0.0511,
        "unit": "percent",
        "latest": "-5.1%",
        "target": -0.02,
        "target_text": "-2%",
        "status": "G",
        "status_reason": "-5.1% meets the target of -2%, 3.2% better",
        "previous_value": 0.013,
        "direction_of_travel": "improving",
        "months_present": 12,
        "months_expected": 12,
        "provisional": False,
        "accepted": None,
        "replacement_waiting": None,
        "comment": "Robbery is down 4.4%.",
        "confirmed": None,
        "summary": "Down 5.1% in the 12 months to August 2009, compared with the year before; a year earlier it "
        "was up 1.3%. It meets the target of a fall of at least 2%.",
    }


def test_a_narrative_row_has_no_figure_and_says_why_it_has_no_letter():
    made = scorecard().row(1, named=True)
    empty = [name for name, value in made.items() if value is None]
    assert made["status_reason"] == "not judged: in development"
    assert set(made) - set(empty) == {
        *("report_month", "financial_year", "position", "line", "section", "title", "status_reason"),
        "summary",
    }


def test_a_narrative_row_may_have_a_comment():
    made = scorecard(sentences=[SENTENCE | {"line": "5a", "sentence": "in development"}])
    assert made["comment"].to_list() == [None, "in development"]


def test_the_columns_are_those_of_the_mart_s_contract_in_its_order_with_its_types():
    made = scorecard(sentences=[SENTENCE])
    assert made.schema == contracts.types("scorecard", *contracts.OF_A_RELEASE)
    published = made.with_columns(rule_change=pl.lit(None, pl.String), release=pl.lit("2009-08-r1"))
    contracts.ALL["scorecard"].validate(published)


def test_the_lines_come_in_the_order_of_the_card_whatever_order_the_catalogue_has():
    lines = [
        INDICATOR | {"position": 2, "line": "1b"},
        INDICATOR | {"position": 10, "line": "10"},
        INDICATOR | {"position": 1, "line": "9"},
    ]
    of = [FIGURE | {"line": line} for line in ("1b", "9", "10")]
    of += [TARGET | {"line": line} for line in ("1b", "9", "10")]
    assert scorecard(of=of, lines=lines)["line"].to_list() == ["9", "1b", "10"]


def test_each_report_month_has_its_own_figures_and_its_own_comment():
    september = {"report_month": SEPTEMBER, "data_to": SEPTEMBER}
    made = scorecard(
        of=(FIGURE, TARGET, FIGURE | september | {"value": 0.2}, TARGET | september),
        lines=[INDICATOR],
        sentences=[
            SENTENCE | {"sentence": "Now {latest}."},
            SENTENCE | {"sentence": "Then {latest}.", "delivery_month": SEPTEMBER},
        ],
        report_months=[(AUGUST, "2009/10"), (SEPTEMBER, "2009/10")],
    )
    assert made.select("report_month", "latest", "status", "comment").rows() == [
        (AUGUST, "-5.1%", "G", "Now -5.1%."),
        (SEPTEMBER, "+20.0%", "R", "Then +20.0%."),
    ]


def test_a_month_in_a_year_without_a_card_gives_no_rows():
    made = scorecard(report_months=[(JANUARY, "2008/09"), (AUGUST, "2009/10")])
    assert made["report_month"].unique().to_list() == [AUGUST]
    nothing = scorecard(report_months=[(JANUARY, "2008/09")])
    assert nothing.is_empty()
    assert nothing.schema == contracts.types("scorecard", *contracts.OF_A_RELEASE)


def test_a_window_that_ends_before_the_report_month_is_printed():
    lagging = {"data_from": date(2008, 7, 1), "data_to": date(2009, 6, 1)}
    assert row(of=(FIGURE | lagging, TARGET))["period"] == "12 months to Jun-09"


def test_a_line_whose_figure_is_missing_prints_not_available_and_why():
    made = row(of=(without_a_value(FIGURE | {"data_to": date(2009, 6, 1)}), TARGET, YEAR_BEFORE))
    assert (made["latest"], made["value"], made["status"], made["period"]) == ("not available", None, None, None)
    assert made["status_reason"] == "not judged: Sep-08 to Aug-09 holds 11 of 12 months"
    assert (made["months_present"], made["months_expected"]) == (11, 12)
    assert made["direction_of_travel"] is None
    assert made["target_text"] == "-2%"


RATIO = FIGURE | {
    "name": "share_ratio",
    "statistic": "ratio_of_shares",
    "value": 0.58,
    "unit": "number",
    "sign": None,
}
HALF = TARGET | {"name": "reduction", "value": 0.5, "decimals": 1}
BASELINE = {"target": None, "target_text": "Baseline year", "not_judged": "baseline year"}


@pytest.mark.parametrize(
    ("of", "different", "cells"),
    [
        ((without_a_value(FIGURE), TARGET), {"latest_text": "{latest} forecast for yr"}, {"latest": "not available"}),
        ((FIGURE, TARGET, RATIO), {"latest_text": "{latest} ({share_ratio} : 1)"}, {"latest": "-5.1% (0.6 : 1)"}),
        ((FIGURE, TARGET, HALF), {"target_text": "< {target} ie {reduction}"}, {"target_text": "< -2% ie 50.0%"}),
        ((FIGURE,), BASELINE, {"target_text": "Baseline year", "target": None, "status": None, "latest": "-5.1%"}),
        ((FIGURE | {"provisional": True}, TARGET), {}, {"provisional": True}),
    ],
)
def test_a_cell_is_filled_with_figures(of, different, cells):
    made = row(of=of, lines=[INDICATOR | different])
    assert {name: made[name] for name in cells} == cells


def test_a_comment_of_which_a_number_is_missing_is_left_out_and_the_plain_words_say_so():
    made = row(of=(FIGURE, TARGET, without_a_value(ROBBERY)), sentences=[SENTENCE])
    assert made["comment"] is None
    assert made["summary"].startswith("Down 5.1% in the 12 months to August 2009")
    assert made["summary"].endswith(" A comment is left out, as a figure that it names has no value: robbery_change.")


KNOWN = "is not a figure of line 4a in 2009/10; it has latest, robbery_change, target, year_before"


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        (
            {"sentences": [SENTENCE | {"sentence": "Robbery is {robery_change}."}]},
            [f"commentary/2009-08.csv line 7: {{robery_change}} {KNOWN}"],
        ),
        (
            {"sentences": [SENTENCE | {"line": "5a", "sentence": "{latest}"}]},
            ["commentary/2009-08.csv line 7: {latest} is not a figure of line 5a in 2009/10; it has none"],
        ),
        (
            {"sentences": [SENTENCE | {"line": "4z", "sentence": "Nothing to fill."}]},
            ["commentary/2009-08.csv line 7: '4z' is not a line of the card of 2009/10"],
        ),
        (
            {
                "of": (without_a_value(FIGURE), TARGET, YEAR_BEFORE, ROBBERY),
                "lines": [INDICATOR | {"latest_text": "{lastest}", "target_text": "{tarket}"}],
                "sentences": [SENTENCE | {"sentence": "{one} and {two}"}, SENTENCE | {"line": "4z", "file_line": 8}],
            },
            [
                f"indicators.csv, line 4a of 2009/10: {{lastest}} {KNOWN}",
                f"indicators.csv, line 4a of 2009/10: {{tarket}} {KNOWN}",
                f"commentary/2009-08.csv line 7: {{one}} {KNOWN}",
                f"commentary/2009-08.csv line 7: {{two}} {KNOWN}",
                "commentary/2009-08.csv line 8: '4z' is not a line of the card of 2009/10",
            ],
        ),
    ],
)
def test_every_unknown_figure_and_line_is_named_with_its_place(given, messages):
    assert unknown(**given) == messages


def test_a_sentence_of_a_month_that_is_not_run_is_left_alone():
    assert scorecard(sentences=[SENTENCE | {"delivery_month": JANUARY, "sentence": "{unknown}"}])["comment"][0] is None


@pytest.mark.parametrize(
    "sentence", ["Robbery is {robbery_change.", "Robbery is robbery_change}.", "Robbery is {{latest}"]
)
def test_a_brace_without_its_other_half_is_named_instead_of_printed(sentence):
    (found,) = unknown(sentences=[SENTENCE | {"sentence": sentence}])
    assert found.startswith("commentary/2009-08.csv line 7: ")


def test_a_sentence_names_its_figures_in_order():
    assert comments.placeholders("{b} and {a}, {b} again [77.4%] (no more)") == ["b", "a", "b"]
    assert comments.placeholders("nothing to fill") == []


def test_a_filled_number_is_not_looked_at_again():
    assert comments.fill("{a}{b}", {"a": "{b}", "b": r"\1"}) == r"{b}\1"


@pytest.mark.parametrize("column", ["accepted", "replacement_waiting"])
def test_a_remark_on_a_delivery_stands_on_its_row_and_on_no_other(column):
    made = scorecard(remarks={(AUGUST, "4a"): {column: "recorded_crime 2009-08: checked by telephone"}})
    assert made.select("line", column).rows() == [
        ("4a", "recorded_crime 2009-08: checked by telephone"),
        ("5a", None),
    ]
    assert made.filter(pl.col("accepted").is_not_null() & pl.col("replacement_waiting").is_not_null()).is_empty()


def test_why_a_comment_was_confirmed_stands_beside_exactly_that_comment():
    confirmed = {(AUGUST, "4a", "Robbery is down 4.4%."): "still down"}
    assert row(sentences=[SENTENCE], confirmed=confirmed)["confirmed"] == "still down"
    other = SENTENCE | {"sentence": "Robbery was {robbery_change}."}
    assert row(sentences=[other], confirmed=confirmed)["confirmed"] is None
    assert row(confirmed=confirmed)["confirmed"] is None
