"""The export of a whole history: what nobody reads or everybody knows is left out, what differs waits for a person."""

import pytest

from orchestration import months
from tests.deliveries import lines, month, verdict
from tests.histories import History, Row, notes, sentences

HISTORIES = [
    "class_a_trafficking",
    "weapon_enabled_crime",
    "domestic_violence",
    "criminal_networks",
    "asset_recovery",
    "officer_recruitment",
    "user_satisfaction",
    "road_casualties",
]


def whole_history(history: History) -> list[Row]:
    """All that is known, as it is known before the delivery, and then the rows of the delivery itself."""
    newest: dict[object, list[Row]] = {}
    columns = [column.name for column in history.extract.columns]
    for landing in history.landings:
        rows = landing.rows.select(columns)
        for held in rows["month"].unique():
            newest[held] = [row for row in rows.iter_rows(named=True) if row["month"] == held]
    return [row for held in sorted(newest) for row in newest[held]] + history.new()


def older(history: History, rows: list[Row]) -> list[Row]:
    first = months.shift(history.month, -history.extract.oldest)
    return [row for row in rows if row["month"] < first]


@pytest.mark.parametrize("name", HISTORIES)
def test_rows_older_than_may_be_restated_that_say_what_is_known_are_left_out_with_one_note(name):
    history = History(name)
    rows = whole_history(history)
    found, _ = history.verdict(rows)
    too_old = older(history, rows)
    assert found.status == "valid"
    assert (found.left_out, found.rows.height, found.cells.height) == (len(too_old), len(rows) - len(too_old), 0)
    (note,) = notes(found)
    last, reach = (months.key(months.shift(history.month, -history.extract.oldest - back)) for back in (1, 0))
    delivered = months.key(history.month)
    assert note == (
        f"{name}/{delivered}.csv: {len(too_old)} rows of 2007-02 to {last} left out: earlier deliveries have the same, "
        f"and a delivery for {delivered} restates no month before {reach}"
    )


@pytest.mark.parametrize("name", HISTORIES)
def test_one_row_that_differs_waits_with_what_is_known_and_the_others_are_left_out(name):
    history = History(name)
    rows = whole_history(history)
    column = history.figures[-1]
    place = next(number for number, row in enumerate(rows) if row["month"] == month("2007-04") and row[column] > 1)
    rows[place] = rows[place] | {column: rows[place][column] - 1}
    found, _ = history.verdict(rows)
    assert found.status == "quarantined"
    assert (found.problems["code"].to_list(), found.problems["line"].to_list()) == (["too_old"], [place + 2])
    (said,) = sentences(found)
    assert f"{column} {rows[place][column] + 1} is known; send that, or take the row out" in said
    assert found.left_out == len(older(history, rows)) - 1
    assert found.cells["line"].to_list() == [place + 2]


def test_old_rows_of_which_nothing_is_known_wait():
    history = History("class_a_trafficking", known=False)
    rows = [row | {"month": held} for held in (month("2008-07"), month("2009-08")) for row in history.rows()]
    found, _ = history.verdict(rows)
    assert (found.status, found.left_out, found.cells.height) == ("quarantined", 0, 5)
    assert (
        "no earlier delivery has it; take the row out, or send it in the file of a month that may reach it"
        in (sentences(found)[0])
    )


@pytest.mark.parametrize("name", [*HISTORIES, "recorded_crime"])
def test_months_before_the_calendar_are_left_out_with_one_note_whatever_they_say(name):
    history = History(name)
    own = history.rows()
    first = min(row["month"] for row in own)
    before = [
        row | {"month": held} for held in (month("2005-04"), month("2007-01")) for row in own if row["month"] == first
    ]
    before[0] = before[0] | {history.figures[0]: "about 12"}
    found, _ = history.verdict(before + own)
    assert found.status == "valid", sentences(found)
    assert found.left_out == len(before)
    assert notes(found)[0].endswith(
        f"{len(before)} rows of 2005-04 to 2007-01 left out: nothing is computed from months before 2007-02"
    )


def test_a_word_of_a_month_before_the_calendar_need_not_be_known():
    content = lines("weapon_enabled_crime", "2006-12", "2009-08")
    content[1] = content[1].replace("Barking and Dagenham", "Heathrow")
    found = verdict(content)
    assert (found.status, found.left_out, found.rows["file_line"].min()) == ("valid", 224, 226)


def test_periods_of_the_peers_that_end_before_the_calendar_are_left_out():
    history = History("peer_forces")
    rows = history.rows()
    old = [row | {"from_month": month("2006-01"), "to_month": month("2006-12")} for row in rows[:43]]
    found, _ = history.verdict(old + rows)
    assert (found.status, found.left_out, found.rows.height) == ("valid", 43, len(rows))


def test_a_whole_history_in_which_months_that_may_be_restated_are_gone_waits_for_those():
    history = History("weapon_enabled_crime")
    rows = whole_history(history)
    first = months.shift(history.month, -history.extract.oldest)
    gone = [history.times([row], 0)[0] if first <= row["month"] < history.month else row for row in rows]
    found, _ = history.verdict(gone)
    assert (found.status, found.left_out) == ("quarantined", len(older(history, rows)))
    (said,) = sentences(found)
    assert "offences of 12 earlier months (2008-08 to 2009-07) are 0" in said
