"""What the drift says: of the sample nothing that is not so, of invented deliveries what is surprising."""

from itertools import pairwise, product

import polars as pl
import pytest

from orchestration.raw.comparison import plausibility
from orchestration.raw.comparison.paired_figures import Delivered
from orchestration.raw.findings import findings
from orchestration.raw.sources import catalogue
from orchestration.raw.sources.extracts import BY_NAME, EXTRACTS
from orchestration.raw.sources.kinds import KINDS, WORDS
from tests import histories
from tests.deliveries import month


def test_the_samples_deliveries_surprise_only_where_they_are_surprising():
    said, problems = [], []
    for extract in EXTRACTS:
        for before, now in pairwise(histories.delivered(extract.name)):
            found = plausibility.compare(
                extract,
                *(Delivered(each.delivery.month, each.delivery.file, each.rows) for each in (now, before)),
            )
            said += findings.sentences(found.warnings)
            problems += findings.sentences(found.problems)
    assert problems == []
    # two months of very large confiscation orders, and casualties that came three months late after they came at once
    assert [sentence.split(":")[0] for sentence in said] == [
        "asset_recovery/2008-08.csv",
        "asset_recovery/2009-04.csv",
        "road_casualties/2009-06.csv",
    ]


def delivered(name, held, figure, **changed):
    """A delivery whose figures are `figure(words)`, or what `changed` says of the word."""
    extract = BY_NAME[name]
    rows = []
    for words in product(*(column.words for column in extract.columns if column.kind in WORDS)):
        number = next((changed[word] for word in words if word in changed), figure)
        if number is not None:
            rows.append((2, month(held), *words, *(number(words) if callable(number) else [number])))
    schema = {"file_line": pl.Int64} | {column.name: KINDS[column.kind].type for column in extract.columns}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return Delivered(month(held), f"{name}/{held}.csv", frame)


def compared(now, before):
    extract = BY_NAME[now.file.split("/")[0]]
    found = plausibility.compare(extract, now, before)
    return findings.sentences(found.warnings), findings.sentences(found.problems)


def weapons(held, figure=lambda words: [30 + len(words[0])], **changed):
    return delivered("weapon_enabled_crime", held, figure, **changed)


def test_two_ordinary_months_surprise_nobody():
    assert compared(weapons("2009-08", Camden=50), weapons("2009-07")) == ([], [])


def test_a_word_that_falls_by_half_is_told_with_its_figures():
    warnings, problems = compared(weapons("2009-08", 40, knife=20), weapons("2009-07", 41))
    assert warnings[0] == (
        "weapon_enabled_crime/2009-08.csv: offences of knife in 2009-08 are 640 in all, 2009-07 had 1,312 (-51%)"
    )
    assert problems == []


def test_a_small_count_does_not_cry_wolf():
    assert compared(weapons("2009-08", 0, Camden=1), weapons("2009-07", 0, Barnet=1)) == ([], [])
    networks = [delivered("criminal_networks", held, figure) for held, figure in (("2009-08", 12), ("2009-07", 25))]
    assert compared(*networks) == ([], [])


def test_a_tenfold_count_waits_for_somebodys_word():
    _, problems = compared(weapons("2009-08", 400), weapons("2009-07", 41))
    assert "offences in 2009-08 are 89,600 in all, 2009-07 had 9,184 (+876%): is it in other units?" in problems[-1]
    assert "Correct it, or confirm that it is right" in problems[-1]


def test_a_small_word_may_grow_tenfold_by_chance_but_not_all_of_them_together():
    warnings, problems = compared(weapons("2009-08", 0, Camden=2), weapons("2009-07", 0, Camden=0, Barnet=0))
    assert (warnings, problems) == ([], [])


def test_a_place_whose_figures_moved_is_told():
    warnings, problems = compared(weapons("2009-08", 40, Camden=12), weapons("2009-07", 41))
    assert warnings == [
        "weapon_enabled_crime/2009-08.csv: offences of Camden in 2009-08 are 84 in all, 2009-07 had 287 (-71%)"
    ]
    assert problems == []


def test_last_months_figures_under_a_new_month_wait_for_somebodys_word():
    _, problems = compared(weapons("2009-08", 40), weapons("2009-07", 40))
    assert problems == [
        "weapon_enabled_crime/2009-08.csv: every figure is that of 2009-07 in weapon_enabled_crime/2009-07.csv again: "
        "send the new ones, or confirm these"
    ]


def test_one_count_that_stays_the_same_is_chance():
    networks = [delivered("criminal_networks", held, 25) for held in ("2009-08", "2009-07")]
    assert compared(*networks) == ([], [])


def test_the_last_delivery_under_a_new_name_waits_for_somebodys_word():
    before = weapons("2009-07")
    _, problems = compared(before._replace(month=month("2009-08"), file="weapon_enabled_crime/2009-08.csv"), before)
    assert problems == [
        "weapon_enabled_crime/2009-08.csv: every row is that of weapon_enabled_crime/2009-07.csv again: "
        "send the new ones, or confirm these"
    ]


def peers(held, measures=("satisfaction_overall", "satisfaction_gap"), to="2009-06", value=lambda force: 0.5, lost=()):
    forces = [force for force in BY_NAME["peer_forces"].column("force").words if force not in lost]
    rows = [(2, each, month("2008-07"), month(to), force, value(force)) for each in measures for force in forces]
    schema = {"file_line": pl.Int64}
    schema |= {column.name: KINDS[column.kind].type for column in BY_NAME["peer_forces"].columns}
    frame = pl.DataFrame(rows, schema=schema | {"value": pl.Float64}, orient="row").cast(schema)
    return Delivered(month(held), f"peer_forces/{held}.csv", frame)


def test_a_measure_that_vanished_waits_for_somebodys_word():
    _, problems = compared(peers("2009-08", ["satisfaction_gap"]), peers("2009-07"))
    assert problems == [
        "peer_forces/2009-08.csv: measure 'satisfaction_overall' was in peer_forces/2009-07.csv and is not here: "
        "send it too, or confirm that it ended"
    ]


def test_a_force_that_vanished_is_told():
    warnings, problems = compared(peers("2009-08", lost=["Kent"], to="2009-07", value=lambda _: 0.6), peers("2009-07"))
    assert "satisfaction_gap of 'Kent' was in peer_forces/2009-07.csv and is not here" in warnings[-1]
    assert problems == []


def test_a_measure_in_percent_that_came_as_a_fraction_waits_for_somebodys_word():
    _, problems = compared(peers("2009-08", to="2009-07", value=lambda _: 50), peers("2009-07"))
    assert len(problems) == 1
    assert "value of satisfaction_overall in 2009-07 is 50 on average, 2009-06 had 0.5 (+9900%)" in problems[0]
    assert "are these percentages instead of fractions" in problems[0]


def test_a_measure_of_one_force_that_doubled_is_told():
    now = peers("2009-08", ["satisfaction_overall"], value=lambda force: 1.2 if force == "Kent" else 0.5)
    warnings, _ = compared(now, peers("2009-07", ["satisfaction_overall"]))
    assert warnings == [
        "peer_forces/2009-08.csv: value of satisfaction_overall Kent in 2009-06 is 1.2 on average, "
        "2009-06 had 0.5 (+140%)"
    ]


def test_periods_that_go_back_wait_for_somebodys_word():
    now = peers("2009-08", ["satisfaction_gap"], to="2009-05", value=lambda _: 0.52)
    _, problems = compared(now, peers("2009-07", ["satisfaction_gap"]))
    assert "the newest figures of satisfaction_gap are those to 2009-05, but peer_forces/2009-07.csv had" in problems[0]


def comments(held, *known):
    rows = [(2, line, f"About {held}.") for line in known]
    frame = pl.DataFrame(rows, schema={"file_line": pl.Int64, "line": pl.String, "comment": pl.String}, orient="row")
    return Delivered(month(held), f"commentary/{held}.csv", frame)


def test_a_comment_that_vanished_from_the_same_card_waits_for_somebodys_word():
    first, second, *_ = catalogue.lines("2009/10")
    _, problems = compared(comments("2009-08", second), comments("2009-07", first, second))
    assert problems == [
        f"commentary/2009-08.csv: line '{first}' was in commentary/2009-07.csv and is not here: "
        "send it too, or confirm that it ended"
    ]


def test_the_lines_of_another_card_are_not_missed():
    now, before = (
        comments(held, *catalogue.lines(year)) for held, year in (("2009-04", "2009/10"), ("2009-03", "2008/09"))
    )
    assert compared(now, before) == ([], [])


@pytest.mark.parametrize("extract", EXTRACTS, ids=[extract.name for extract in EXTRACTS])
def test_a_delivery_without_rows_raises_nothing(extract):
    verdict = histories.delivered(extract.name)[-1]
    full = Delivered(verdict.delivery.month, verdict.delivery.file, verdict.rows)
    empty = full._replace(rows=verdict.rows.clear())
    assert plausibility.compare(extract, full, empty).problems.height == 0
    plausibility.compare(extract, empty, full)
    assert plausibility.compare(extract, empty, empty).warnings.height == 0
