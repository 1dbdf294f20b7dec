"""Figures of another size than is declared, from the first delivery of an extract on."""

import pytest

from orchestration.raw.comparison import magnitudes, verdicts
from orchestration.raw.comparison.restatements import Known
from orchestration.raw.sources.extracts import BY_NAME, EXTRACTS
from orchestration.raw.sources.kinds import NUMBERS
from tests.deliveries import month, verdict
from tests.histories import History, sentences
from tests.hostile import workbook

# of these so few are counted in a month that hardly any would be believable too
FEW = {("criminal_networks", "networks_disrupted"), ("officer_recruitment", "minority_ethnic_recruits")}
COUNTED = [(extract.name, column.name) for extract in EXTRACTS for column in extract.columns if column.typical]
UNTIL = {"asset_recovery": "2009-06", "officer_recruitment": "2009-06"}


def first(name: str, until: str | None = None) -> History:
    return History(name, until, known=False)


def test_every_figure_says_what_is_typical_of_it():
    for extract in EXTRACTS:
        for column in extract.columns:
            figure = column.kind in NUMBERS
            assert bool(column.typical or column.typical_of) is figure, (extract.name, column.name)
    peers = BY_NAME["peer_forces"]
    assert set(peers.column("value").typical_of) == set(peers.column("measure").words)


@pytest.mark.parametrize("name", [extract.name for extract in EXTRACTS if extract.name != "commentary"])
def test_any_delivery_of_the_sample_could_be_the_first(name):
    for each in History(name).deliveries[::5]:
        history = first(name, f"{each.delivery.month:%Y-%m}")
        assert sentences(history.verdict(history.rows())[0]) == []


@pytest.mark.parametrize("name, column", COUNTED)
@pytest.mark.parametrize("factor", [0.001, 0.01, 100, 1000])
def test_a_column_in_another_unit_waits_in_one_sentence_on_the_first_delivery(name, column, factor):
    if factor < 1 and (name, column) in FEW:
        pytest.skip("few are believable")
    history = first(name, UNTIL.get(name))
    # a part goes with its whole
    columns = history.figures if history.extract.at_most else [column]
    rows = history.times(history.rows(), factor, *columns)
    if BY_NAME[name].column(column).kind == "percent" and factor > 1:
        assert history.verdict(rows)[0].status == "quarantined"  # no percentage
        return
    found, _ = history.verdict(rows)
    assert found.status == "quarantined"
    (said,) = sentences(found)
    assert f"{column} is " in said or f"column {column}: " in said


@pytest.mark.parametrize("name, column", COUNTED)
@pytest.mark.parametrize("factor", [2, 0.5])
def test_growth_is_no_other_unit(name, column, factor):
    history = first(name, UNTIL.get(name))
    if BY_NAME[name].column(column).kind != "percent":
        rows = history.times(history.rows(), factor)
        assert sentences(history.verdict(rows)[0]) == []


@pytest.mark.parametrize(
    "name, factor, column, hint",
    [
        ("ict_availability", 0.01, "target_percent", "are these fractions of 1 instead of percentages?"),
        ("asset_recovery", 100, "value_gbp", "is it in pence, or another smallest unit of the currency?"),
        ("asset_recovery", 0.001, "value_gbp", "is it in thousands or millions?"),
        ("financial_forecasts", 0.000001, "value_gbp", "is it in thousands or millions?"),
        ("population", 0.001, "population", "is it in thousands?"),
        ("user_satisfaction", 0.01, "respondents", "is it in thousands?"),
        ("peer_forces", 100, "value", "are these percentages instead of fractions"),
        ("peer_forces", 0.001, "value", "is it per 1 instead of per 1,000"),
    ],
)
def test_the_sentence_says_what_it_may_be(name, factor, column, hint):
    history = first(name)
    columns = [column] if name != "population" else history.figures
    columns = history.figures if name == "user_satisfaction" else columns
    found, _ = history.verdict(history.times(history.rows(), factor, *columns))
    assert found.status == "quarantined"
    assert hint in sentences(found)[0]
    assert sentences(found)[0].endswith("Correct it, or confirm it")


def test_percentages_as_fractions_on_the_first_delivery_wait_in_one_sentence():
    """As a spreadsheet keeps what it shows as percentages."""
    rows = [
        ["month", "system", "availability_percent", "target_percent"],
        ["2009-06", "Command and control", 0.9994, 0.995],
        ["2009-06", "Crime reporting", 0.9971, 0.99],
        ["2009-06", "Criminal intelligence", 0.9946, 0.99],
        ["2009-06", "Custody", 0.9963, 0.99],
        ["2009-06", "Email", 0.9988, 0.995],
        ["2009-06", "Human resources", 0.992, 0.98],
        ["2009-06", "Radio", 0.9997, 0.999],
        ["2009-06", "Stop and search", 0.9885, 0.98],
    ]
    found = verdict(workbook(rows), name="ict_availability", delivered_for="2009-06", suffix="xlsx")
    found, _, _ = verdicts.after_comparison(found, None, Known(found.rows.clear(), {}))
    assert (found.status, found.rows.height, found.doubtful.height) == ("quarantined", 8, 0)
    assert sentences(found) == [
        "ict_availability/2009-06.xlsx: availability_percent is 0.9958 on average, at least 50 is expected; "
        "target_percent is 0.9899 on average, at least 50 is expected: are these fractions of 1 instead of "
        "percentages? Correct it, or confirm it"
    ]


@pytest.mark.parametrize("measure", ["treat_with_respect", "satisfaction_gap", "serious_sexual_offence_detection_rate"])
def test_one_measure_of_the_peers_as_a_percentage_waits_and_is_named(measure):
    history = first("peer_forces")
    rows = [history.times([row], 100)[0] if row["measure"] == measure else row for row in history.rows()]
    found, _ = history.verdict(rows)
    (said,) = sentences(found)
    assert f"value of {measure} is " in said
    assert "are these percentages instead of fractions" in said


def test_one_month_among_others_is_named():
    history = first("road_casualties")
    rows = [history.times([row], 0)[0] if row["month"] == month("2008-07") else row for row in history.rows()]
    (said,) = sentences(history.verdict(rows)[0])
    assert "casualties is 0 on average in 2008-07, at least 0.6 is expected: was nothing counted" in said


def test_a_single_figure_that_is_far_too_large_is_told_with_its_line_and_not_of_the_whole():
    history = first("weapon_enabled_crime")
    rows = history.rows()
    rows[5] = rows[5] | {"offences": 15_000}
    found, _ = history.verdict(rows)
    assert found.problems["code"].to_list() == ["above_most"]
    assert found.problems["line"].to_list() == [7]


def test_a_size_that_a_person_vouched_for_is_known_by_the_next_delivery():
    """A source whose counts are honestly ten times larger is asked about once."""
    history = History("weapon_enabled_crime")
    before = history.landings[-1]
    larger = before.rows.with_columns(offences=before.rows["offences"] * 10)
    history.landings[-1] = type(before)(before.month, "accepted", before.file, "", before.rows_in, rows=larger)
    found, _ = history.verdict(history.times(history.rows(), 10))
    assert (found.status, sentences(found)) == ("valid", [])


def test_a_series_with_zeros_is_believed():
    history = first("criminal_networks")
    assert history.verdict([row | {"networks_disrupted": 0} for row in history.rows()])[0].status == "valid"


def test_every_kind_of_figure_has_a_hint_for_another_scale():
    assert {kind for kind, _ in magnitudes.WRONG_SCALE} == set(NUMBERS)
