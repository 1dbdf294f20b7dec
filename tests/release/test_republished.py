"""A published card that comes out differently: what the next release lists, and what stays as it was."""

import pytest

from orchestration import release
from orchestration.scorecard import mart
from tests.release.releases import AUGUST, JULY, SEPTEMBER, change, contents, hold, page, read, small_mart


def test_a_card_that_changed_is_a_second_release_that_lists_every_cell_as_do_those_after_it(both):
    before = {name: contents(name) for name in ("2009-07-r1", "2009-08-r1")}
    change(
        "update scorecard.scorecard set latest = '-4.9%', status = 'A' "
        "where report_month = '2009-08-01' and line = '4a'"
    )
    made = release.publish([AUGUST])
    assert (made.name, made.summary) == ("2009-08-r2", "2009-08-r2: printed differently from before: Aug-09 (2 cells)")
    listed = [
        ("2009-08-r2", AUGUST, "4a", "latest", "-5.1%", "-4.9%"),
        ("2009-08-r2", AUGUST, "4a", "status", "G", "A"),
    ]
    assert read("select * exclude (kind) from republished order by card_column") == listed
    assert read("select report_month, line, release from scorecard order by all") == [
        (JULY, "4a", "2009-07-r1"),
        (JULY, "4b", "2009-07-r1"),
        (AUGUST, "4a", "2009-08-r2"),
        (AUGUST, "4b", "2009-08-r1"),
    ]

    hold(SEPTEMBER)
    assert release.publish([SEPTEMBER]).summary == "2009-09-r1: 1 new card"
    assert read("select * exclude (kind) from republished order by card_column") == listed
    assert {name: contents(name) for name in before} == before  # no release is changed by a later one


def test_every_cell_that_the_page_shows_is_listed_where_it_changed(august):
    shown = ("section", "title", "codes", "target_text", "status", "latest", "period", "comment")
    behind = ("status_reason", "provisional")
    changed = dict.fromkeys(shown + behind, "'another'") | {"status": "'R'", "provisional": "true"}
    cells = ", ".join(f"{column} = {value}" for column, value in changed.items())
    change(f"update scorecard.scorecard set {cells} where line = '4a'")
    made = release.publish([AUGUST])
    assert read("select distinct release, report_month, line from republished") == [("2009-08-r2", AUGUST, "4a")]
    assert {row[0] for row in read("select card_column from republished")} == set(changed)
    assert made.summary == "2009-08-r2: printed differently from before: Aug-09 (10 cells)"


def test_a_line_that_a_published_card_gains_or_loses_is_listed_and_a_card_that_is_no_longer_made(both):
    change("delete from scorecard.scorecard where report_month = '2009-07-01'")
    hold(AUGUST, lines=("4a", "4c"))
    made = release.publish([JULY, AUGUST])
    assert "Jul-09" in made.summary and "Aug-09" in made.summary
    listed = read("select distinct report_month, line, text_before is null, text is null from republished order by all")
    assert listed == [
        (JULY, "4a", False, True),
        (JULY, "4b", False, True),
        (AUGUST, "4b", False, True),
        (AUGUST, "4c", True, False),
    ]


def test_a_value_that_changed_behind_the_same_print_is_published_without_a_list(august):
    change("update scorecard.scorecard set value = value + 1e-9 where line = '4a'")
    made = release.publish([AUGUST])
    assert made.summary == "2009-08-r2: the cards are as before, the tables behind them changed"
    assert read("select line, release from scorecard order by line") == [("4a", "2009-08-r2"), ("4b", "2009-08-r1")]
    assert read("from republished") == []


def test_a_change_in_a_table_behind_the_cards_is_published(small_warehouse, monkeypatch):
    """One by report month, one that may be suppressed, one of the catalogue, and the list of deliveries."""
    behind = {"figures": "unit", "monthly_measures": "area", "indicators": "title", "deliveries": "sha256"}
    small_mart(monkeypatch, *behind)
    hold(AUGUST)
    release.publish([AUGUST])
    for number, (table, column) in enumerate(behind.items(), start=2):
        change(f"update {mart.TABLES[table].relation} set {column} = 'another'")
        made = release.publish([AUGUST])
        assert made.summary == f"2009-08-r{number}: the cards are as before, the tables behind them changed"
    assert read("select distinct release from scorecard") == [("2009-08-r1",)]
    assert read("from republished") == []


@pytest.mark.parametrize(
    ("month", "written_for"),
    [(JULY, ["2009-07-r2", "2009-07-r2"]), (AUGUST, ["2009-07-r1", "2009-08-r2"])],
    ids=["July", "August"],
)
def test_the_later_cards_of_the_year_show_a_letter_and_are_written_again_with_it(both, month, written_for):
    change(f"update scorecard.scorecard set status = 'R' where report_month = date '{month}'")
    release.publish([month])
    assert [release for (release,) in read("select release from editions order by report_month")] == written_for


def test_a_card_of_which_anything_changed_has_its_files_written_again(both):
    """A printed cell of one card, and rows behind the other."""
    change(
        "update scorecard.scorecard set comment = 'A word' where month(report_month) = 7",
        "delete from aggregates.rolling_year where month(report_month) = 8",
    )
    release.publish([JULY, AUGUST])
    assert read("select distinct release from editions") == [("2009-08-r2",)]
    for month, first_written in (("2009-07", "2009-07-r1"), ("2009-08", "2009-08-r1")):
        assert "2009-08-r2" in page(month).read_text()
        assert first_written in page(month, first_written).read_text()
