"""A published card whose numbers change, from the file to the release: held, told, confirmed or rewritten."""

import pytest

from tests.conftest import Built, copied, edit

pytestmark = pytest.mark.slow

CRIME = "recorded_crime/{}.csv"
KEPT = "it is still up, and by about as much"


def more_burglaries(copy: Built, month: str, more: int) -> None:
    def change(rows: list[dict]) -> list[dict]:
        first = next(row for row in rows if row["offence_group"] == "residential_burglary" and row["month"] == month)
        first["offences"] = str(int(first["offences"]) + more)
        return rows

    edit(copy.raw / CRIME.format(month), change)


def run(copy: Built):
    return copy.command("scorecard", "--from", "2009-07", "--to", "2009-08")


@pytest.fixture(scope="module")
def restated(sample: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample, in which a borough sends more burglaries for two months whose cards are published."""
    copy = copied(sample, tmp_path_factory.mktemp("restated"))
    more_burglaries(copy, "2009-07", 50)
    more_burglaries(copy, "2009-08", 100)
    return copy


def test_a_card_whose_words_may_be_wrong_is_held_confirmed_rewritten_and_held_again(sample: Built, restated: Built):
    # the run ends, everything that is stale is told at once, and the release is as it was
    told = run(restated)
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    for month in ("2009-07", "2009-08"):
        before = sample.card(month)["4a"]["comment"]
        assert f"{month}, line 4a\n  before: {before}\n  now:    " in told.stderr
        assert f'make confirm MONTH={month} LINE=4a REASON="..."' in told.stderr
    assert told.stderr.endswith("Nothing was published. 2009-08-r1 stays the release to read.\n")
    assert restated.card("2009-08") == sample.card("2009-08")

    # one sentence is confirmed, the other written anew: both are published
    restated.confirm("2009-08", "4a", KEPT)
    edit(
        restated.raw / "commentary" / "2009-07.csv",
        lambda rows: [
            row | {"comment": "Burglary rose by {burglary_change}."} if row["line"] == "4a" else row for row in rows
        ],
    )
    done = run(restated)
    assert done.returncode == 0, done.stderr
    july, august = restated.card("2009-07")["4a"], restated.card("2009-08")["4a"]
    assert (july["confirmed"], august["confirmed"]) == (None, KEPT)
    assert july["comment"].startswith("Burglary rose by ")
    assert f"now:    {august['comment']}\n" in told.stderr
    assert august["comment"] != sample.card("2009-08")["4a"]["comment"]

    # the confirmation was of that text: when the numbers change once more, the card is held once more
    more_burglaries(restated, "2009-08", 1_000)
    again = run(restated)
    assert again.returncode == 1
    assert f"2009-08, line 4a\n  before: {august['comment']}\n" in again.stderr
    assert restated.command("verify").returncode == 0


def test_confirming_what_does_not_wait_gets_one_sentence(sample: Built):
    done = sample.command("confirm", "--month", "2009-08", "--reason", "x")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Nothing of 2009-08 waits to be confirmed: `make scorecard` reports what does.\n"


def test_every_line_of_every_card_says_itself_in_plain_words(sample: Built):
    words = sample.query("select line, status, latest, summary from scorecard")
    assert words["summary"].null_count() == 0
    verdicts = {"G": " It meets ", "A": " It narrowly misses ", "R": " It clearly misses "}
    for row in words.iter_rows(named=True):
        if row["status"]:
            assert verdicts[row["status"]] in row["summary"]
        else:
            assert not any(verdict in row["summary"] for verdict in verdicts.values())
