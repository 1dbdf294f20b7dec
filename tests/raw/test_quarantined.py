"""A delivery with something wrong in it, from the file to the card: held, told, accepted, replaced."""

import subprocess
from datetime import date

import pytest

from tests.conftest import Built, copied, edit

pytestmark = pytest.mark.slow

CRIME = "recorded_crime/2009-08.csv"


def one_row_unreadable(copy: Built) -> None:
    def change(rows: list[dict]) -> list[dict]:
        for row in rows:
            if (row["borough"], row["offence_group"]) == ("Camden", "serious_sexual_offences"):
                row["offences"] = "12O"
        return rows

    edit(copy.raw / CRIME, change)


@pytest.fixture(scope="module")
def held(landed: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The deliveries up to July, to which August's come: one row of recorded crime is damaged."""
    copy = copied(landed, tmp_path_factory.mktemp("quarantined"))
    one_row_unreadable(copy)
    return copy


@pytest.fixture(scope="module")
def told(held: Built) -> subprocess.CompletedProcess[str]:
    """What the run over the damaged delivery says."""
    return held.command("scorecard", "--from", "2009-08", "--to", "2009-08")


def test_the_run_goes_on_and_says_what_is_wrong_where_and_what_to_do(told):
    assert told.returncode == 0
    said = " ".join(told.stderr.split())
    assert f"quarantined: {CRIME} line " in said
    assert "column offences: '12O' is not a whole number" in said
    assert "2009-08: it reads as incomplete until it is accepted or replaced" in said
    assert "Traceback" not in told.stderr


def test_the_month_reads_as_incomplete_and_no_figure_is_made_of_a_part_of_it(sample: Built, held: Built, told):
    row = held.query("from deliveries where extract = 'recorded_crime' and delivery_month = date '2009-08-01'")
    assert row.select("status", "rows_in", "rows_loaded", "rows_quarantined").row(0) == ("quarantined", 256, 255, 1)
    assert row["reason"].item().startswith(CRIME)
    before, after = sample.card("2009-08")["4a"], held.card("2009-08")["4a"]
    assert before["data_to"] == date(2009, 8, 1)
    # nothing of August is used: what the card says is of July, and says so
    assert (after["data_to"], after["period"]) == (date(2009, 7, 1), "12 months to Jul-09")
    assert after["value"] == sample.card("2009-07")["4a"]["value"]
    assert after["accepted"] is None
    crime = (
        "select count(*) from monthly_measures where report_month = '2009-08-01' and month = '2009-08-01' and measure "
    )
    assert held.query(crime + "= 'robbery'").item() == 0
    assert sample.query(crime + "= 'robbery'").item() == 33


def test_accepting_it_lets_its_sound_rows_count_and_marks_every_row_they_enter(sample: Built, held: Built, told):
    said = held.command("accept", "--file", CRIME, "--reason", "Camden confirms the rest by telephone")
    assert said.returncode == 0, said.stderr
    assert "is accepted: 255 of its 256 rows will count; 1 cannot be read and stay out" in said.stdout
    assert "make scorecard FROM=2009-08" in said.stdout
    held.publish("2009-08", "2009-08")
    card = held.card("2009-08")
    mark = "recorded_crime 2009-08: Camden confirms the rest by telephone"
    assert (card["4a"]["accepted"], card["4a"]["latest"]) == (mark, sample.card("2009-08")["4a"]["latest"])
    # what needs the row that stays out has no value of August; what has nothing to do with the delivery has no mark
    assert held.query(
        "select complete from monthly_measures where report_month = '2009-08-01' and month = '2009-08-01' "
        "and measure = 'serious_sexual_offences_detection_rate' and area = 'Metropolitan Police'"
    )["complete"].to_list() in ([False], [])
    assert card["6c"]["accepted"] is None
    shown = held.command("show", "--month", "2009-08").stdout
    assert "a = rests on a delivery" in shown
    assert mark in " ".join(shown.split())


def test_a_corrected_file_is_judged_anew_and_the_card_is_as_it_should_have_been(sample: Built, held: Built, told):
    (held.raw / CRIME).write_bytes((sample.raw / CRIME).read_bytes())
    held.publish("2009-08", "2009-08")
    want, have = sample.card("2009-08"), held.card("2009-08")
    for line, row in want.items():
        of_its_own = {"release": None, "confirmed": None}
        assert {**row, **of_its_own} == {**have[line], **of_its_own}
    assert held.query("select distinct release from republished order by 1")["release"].to_list()[0] == "2009-08-r2"


MISTAKES = {
    "no delivery": (["--file", "nonsense", "--reason", "x"], "'nonsense' is no delivery: say which with FILE="),
    "no reason": (["--file", CRIME, "--reason", " "], "Give the reason with REASON="),
    "a long reason": (["--file", CRIME, "--reason", "x" * 201], "one line of at most 200 characters"),
    "a valid one": (["--file", CRIME, "--reason", "x"], f"{CRIME} is not quarantined: it is valid and counts already."),
    "never seen": (["--file", "recorded_crime/2010-01.csv", "--reason", "x"], "was never taken"),
}


@pytest.mark.parametrize("arguments, says", MISTAKES.values(), ids=MISTAKES)
def test_what_cannot_be_accepted_gets_one_sentence(sample: Built, arguments, says):
    done = sample.command("accept", *arguments)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)
    assert says in done.stderr
