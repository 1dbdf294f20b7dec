"""Earlier months in a delivery beside what is known of them: what waits for a person, and what passes with a note."""

import random
from itertools import pairwise

import pytest

from orchestration import months
from orchestration.raw.comparison.implausible_restatements import RESTATED
from orchestration.raw.sources.extracts import BY_NAME, EXTRACTS
from orchestration.raw.sources.kinds import NUMBERS
from tests.deliveries import lines, verdict
from tests.histories import History, Row, notes, sentences

DATED = [
    each.name
    for each in EXTRACTS
    if each.dated and each.restates >= 12 and each.name not in ("ict_availability", "population", "commentary")
]
OLDER = {"recorded_crime": "2008-06", "road_casualties": "2008-12", "financial_forecasts": "2009-03"}


def several(history: History) -> list[list[Row]]:
    return list(history.known(12).values())


def every(rows: list[list[Row]]) -> list[Row]:
    return [row for its in rows for row in its]


def judged(history: History, earlier: list[Row]) -> tuple[str, list[str]]:
    """The status of the delivery with these rows of earlier months before its own, and what is wrong with it."""
    found, _ = history.verdict(earlier + history.new())
    return found.status, sentences(found)


@pytest.mark.parametrize("name", DATED)
def test_earlier_months_that_say_what_is_known_pass_without_a_word(name):
    history = History(name)
    found, _ = history.verdict(every(several(history)) + history.new())
    assert (found.status, notes(found)) == ("valid", [])


@pytest.mark.parametrize("name", DATED)
@pytest.mark.parametrize("share", [0.02, 0.05])
def test_late_reports_here_and_there_pass_and_are_noted(name, share):
    """Of each hundred that are counted two or five are counted otherwise now."""
    history, some = History(name), random.Random(name)

    def late(row: Row) -> Row:
        changed = {}
        for column in history.figures:
            if isinstance(row[column], int):
                more = sum(some.choice((1, 1, -1)) for _ in range(row[column]) if some.random() < share)
                changed[column] = max(0, row[column] + more)
            elif some.random() < 4 * share:
                changed[column] = round(row[column] * 105 / 100, 2)
        for part, whole in history.extract.at_most:
            changed[part] = min(changed.get(part, row[part]), changed.get(whole, row[whole]))
        return row | changed

    found, _ = history.verdict([late(row) for row in every(several(history))] + history.new())
    assert sentences(found) == []
    (note,) = notes(found)
    assert f"{name}/{months.key(history.month)}.csv: restates " in note
    assert " -> " in note


@pytest.mark.parametrize("name", DATED)
@pytest.mark.parametrize("factor, says", [(0, "are 0"), (2, "are 2 times what is known"), (1000, "are 1,000 times")])
def test_earlier_months_that_are_gone_or_moved_by_one_factor_wait_in_one_sentence(name, factor, says):
    history = History(name)
    status, told = judged(history, history.times(every(several(history)), factor))
    assert (status, len(told)) == ("quarantined", 1)
    assert says in told[0]
    assert f"of {len(several(history))} earlier months" in told[0]
    assert "is known" in told[0]
    assert told[0].endswith("send the right figures, or confirm these")


@pytest.mark.parametrize("name", DATED)
@pytest.mark.parametrize("factor", [0.5, 1.3, 0.001, 10])
def test_earlier_months_moved_by_any_factor_wait(name, factor):
    history = History(name, OLDER.get(name))
    status, told = judged(history, history.times(every(several(history)), factor))
    assert (status, len(told)) == ("quarantined", 1)
    assert "earlier month" in told[0]


@pytest.mark.parametrize("name", DATED)
@pytest.mark.parametrize("factor", [0, 2])
def test_one_earlier_month_among_others_that_are_right_waits_and_is_named(name, factor):
    history = History(name)
    earlier = several(history)
    earlier[-4] = history.times(earlier[-4], factor)
    status, told = judged(history, every(earlier))
    assert (status, len(told)) == ("quarantined", 1)
    assert f" of {months.key(earlier[-4][0]['month'])} " in told[0]


@pytest.mark.parametrize("name", DATED)
def test_a_column_that_is_gone_alone_waits_and_is_named(name):
    history = History(name)
    column = history.figures[-1]
    status, told = judged(history, history.times(every(several(history)), 0, column))
    assert (status, len(told)) == ("quarantined", 1)
    assert f": {column} of " in told[0]


@pytest.mark.parametrize("name", DATED)
def test_earlier_months_that_are_shifted_by_one_wait(name):
    history = History(name)
    earlier = list(history.known().values())[-13:]
    shifted = [row | {"month": after[0]["month"]} for before, after in pairwise(earlier) for row in before]
    status, told = judged(history, shifted)
    assert (status, len(told)) == ("quarantined", 1)
    assert "are those known of the month before" in told[0]


@pytest.mark.parametrize("name", ["recorded_crime", "weapon_enabled_crime", "asset_recovery", "user_satisfaction"])
def test_two_earlier_months_that_are_exchanged_wait(name):
    history = History(name)
    one, *others, two, last = several(history)
    exchanged = [row | {"month": two[0]["month"]} for row in one] + [row | {"month": one[0]["month"]} for row in two]
    status, told = judged(history, every(others) + exchanged + last)
    assert status == "quarantined"
    assert "are those known of other months" in told[0]


@pytest.mark.parametrize(
    "name, column, other",
    [
        ("recorded_crime", "sanction_detections", "offences"),
        ("domestic_violence", "arrests", "offences"),
        ("user_satisfaction", "satisfied", "respondents"),
        ("officer_recruitment", "minority_ethnic_recruits", "recruits"),
    ],
)
def test_earlier_months_of_a_column_that_are_another_columns_wait(name, column, other):
    history = History(name)
    status, told = judged(history, [row | {column: row[other]} for row in every(several(history))])
    assert status == "quarantined"
    assert f"{column} of 12 earlier months" in told[0].replace("10 earlier", "12 earlier")
    assert f"are those known as {other}" in told[0]


@pytest.mark.parametrize("name", ["recorded_crime", "weapon_enabled_crime", "road_casualties", "youth_violence"])
def test_the_history_of_one_place_that_is_gone_waits_and_the_place_is_named(name):
    history = History(name)
    earlier = every(several(history))
    status, told = judged(
        history, [history.times([row], 0)[0] if row["borough"] == "Camden" else row for row in earlier]
    )
    assert (status, len(told)) == ("quarantined", 1)
    assert " of Camden in earlier months are 0: Camden has 0 in all, " in told[0]


@pytest.mark.parametrize(
    "name, word", [("weapon_enabled_crime", "knife"), ("asset_recovery", "restraint"), ("road_casualties", "killed")]
)
def test_the_history_of_one_word_that_is_gone_waits_and_the_word_is_named(name, word):
    history = History(name)
    earlier = every(several(history))
    status, told = judged(history, [history.times([row], 0)[0] if word in row.values() else row for row in earlier])
    assert (status, len(told)) == ("quarantined", 1)
    assert f" of {word} in earlier months are 0" in told[0]


def test_what_was_restated_often_and_never_far_is_believed_to_move_a_little_only():
    """Burglary and the others were restated for 27 months in April, none of them by more than 1.1%."""
    history = History("recorded_crime")
    some = random.Random(1)
    earlier = every(several(history))
    moved = [row | {"offences": row["offences"] + (some.random() < 0.8) * row["offences"] // 9} for row in earlier]
    status, told = judged(history, moved)
    assert status == "quarantined"
    assert "moved further than restatements do (by 1.1% at most so far)" in told[0]


def test_figures_of_months_long_past_that_are_others_altogether_wait():
    history = History("weapon_enabled_crime")
    earlier = every(several(history))
    figures = [row["offences"] for row in earlier]
    random.Random(1).shuffle(figures)
    mixed = [row | {"offences": figure} for row, figure in zip(earlier, figures, strict=True)]
    assert judged(history, mixed)[0] == "quarantined"


def test_small_counts_may_become_nothing_and_a_series_may_have_zeros():
    name = "weapon_enabled_crime"
    history = History(name)
    earlier = every(several(history))
    small = [row | {"offences": 0} if row["offences"] == 2 and row["borough"] == "Camden" else row for row in earlier]
    assert judged(history, small) == ("valid", [])
    networks = History("criminal_networks")
    status, told = judged(
        networks,
        [row | {"networks_disrupted": max(0, row["networks_disrupted"] - 2)} for row in every(several(networks))[-1:]],
    )
    assert (status, told) == ("valid", [])


def test_twelve_earlier_months_restated_as_zero_wait_with_both_figures():
    """As a source system sent them that was asked for the newest month only."""
    drugs = ("cocaine", "crack", "heroin", "ecstasy", "other_class_a")
    history = History("class_a_trafficking")
    zeros = [{"month": each, "drug": drug, "sanction_detections": 0} for each in history.known(12) for drug in drugs]
    newest = zip(drugs, (69, 78, 66, 5, 4), strict=True)
    august = [{"month": history.month, "drug": drug, "sanction_detections": count} for drug, count in newest]
    found, warnings = history.verdict(zeros + august)
    assert (found.status, warnings) == ("quarantined", [])
    known = sum(row["sanction_detections"] for row in history.known(12)[months.parse("2008-08")])
    assert sentences(found) == [
        "class_a_trafficking/2009-08.csv: sanction_detections of 12 earlier months (2008-08 to 2009-07) are 0: "
        f"2008-08 has 0 in all, {known} is known (-100%); 2008-09 has 0 in all, 213 is known (-100%); "
        "2008-10 has 0 in all, 212 is known (-100%) ... and 9 more: send the right figures, or confirm these"
    ]


def peers(history: History, factor: float, measure: str = "") -> list[Row]:
    return [row if measure not in row["measure"] else history.times([row], factor)[0] for row in history.rows()]


@pytest.mark.parametrize("until", ["2009-08", "2009-05", "2008-09"])
@pytest.mark.parametrize("measure", ["satisfaction_gap", "satisfaction_overall", "knife_crime_rate"])
@pytest.mark.parametrize("factor", [0, 0.01, 1.3, 100])
def test_a_period_of_the_peers_that_is_known_already_waits_where_it_moves_together(until, measure, factor):
    history = History("peer_forces", until)
    assert history.verdict(history.rows())[0].status == "valid"
    found, _ = history.verdict(peers(history, factor, measure))
    assert found.status == "quarantined"
    assert len(sentences(found)) == 1
    assert measure in sentences(found)[0]


def test_every_kind_of_figure_says_how_far_a_restatement_is_believed_to_move_it():
    assert set(RESTATED) == set(NUMBERS)


def test_new_months_before_the_newest_are_compared_as_the_newest_is():
    """A survey delivers a quarter: nothing is known of any of its three months."""
    history = History("user_satisfaction")
    rows = history.new()
    first = min(row["month"] for row in rows)
    found, _ = history.verdict([history.times([row], 0.05)[0] if row["month"] == first else row for row in rows])
    assert found.status == "quarantined"
    (said,) = sentences(found)
    assert f"respondents in {months.key(first)} are " in said


def test_a_file_of_one_borough_gets_no_word_about_units():
    history = History("weapon_enabled_crime")
    found, warnings = history.verdict([row for row in history.rows() if row["borough"] == "Camden"])
    assert found.status == "quarantined"
    assert found.problems["code"].to_list() == ["keys_missing"]
    assert warnings == []


@pytest.mark.parametrize("name", ["recorded_crime", "weapon_enabled_crime", "domestic_violence", "population"])
def test_a_file_whose_every_figure_is_far_too_small_gets_one_sentence(name):
    history = History(name)
    found, warnings = history.verdict(history.times(history.rows(), 0.1))
    assert (found.status, warnings) == ("quarantined", [])
    assert len(sentences(found)) == 1


def test_a_file_whose_months_are_all_in_another_unit_gets_one_sentence():
    history = History("asset_recovery")
    rows = history.times(every(several(history)) + history.new(), 0.001, "value_gbp")
    found, warnings = history.verdict(rows)
    (said,) = sentences(found)
    assert (found.status, warnings) == ("quarantined", [])
    assert "is it in thousands or millions? Correct it and 12 earlier months, which moved as well" in said


def test_validation_alone_knows_nothing_of_earlier_months():
    """What is known is compared once deliveries are landed, so that a file can be checked by itself."""
    extract = BY_NAME["class_a_trafficking"]
    assert verdict(lines(extract.name, "2009-07", "2009-08"), name=extract.name).status == "valid"
