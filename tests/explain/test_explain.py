"""make explain, as people use it: on a terminal, as JSON, for every line of the published cards."""

import io
import json

import duckdb
import pytest
from rich.console import Console

from orchestration import connect, explain, months
from orchestration.explain import story, terminal
from tests.conftest import PROJECT, Built

CARDS = {"2009-01": 18, "2009-08": 22}


def explained(built: Built, *arguments: str) -> dict:
    done = built.command("explain", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_line_is_told_from_its_letter_to_the_lines_of_its_files(sample: Built):
    done = sample.command("explain", "--month", "2009-08", "--line", "4c")
    assert done.returncode == 0, done.stderr
    told = " ".join(done.stdout.split())
    for says in (
        "£43.8m target: £45m total",
        "Pounds of cash forfeiture orders and of confiscation orders; over the 12 months",
        "Owner: Lead for specialist crime.",
        "Sep-08 to Aug-09: 43,816,522.03",
        "target: £43.8m is 2.7% short of the target of £45m",
        "→ 2. tolerance: within the tolerance of 10%",
        "Aug-08 (£12.0m) dropped",
        "confiscation orders",
        "the source forecasts £40m",
        "asset_recovery/2009-08.csv 4-5",
    ):
        assert says in told
    assert all(len(line) <= 100 for line in done.stdout.splitlines())


def test_a_rate_that_no_month_ever_reached_is_told(sample: Built):
    """2008/09 line 4b: 'around 19% ... (a rate that has not been achieved in any previous month)'."""
    run_rate = explained(sample, "--month", "2009-01", "--line", "4b")["run_rate"]
    assert round(run_rate["required"], 2) == 0.19
    assert (run_rate["months_left"], run_rate["times_reached"]) == (2, 0)


@pytest.mark.parametrize("month", CARDS)
def test_every_line_of_a_card_can_be_explained(sample: Built, month: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(sample.warehouse))
    card = sample.card(month)
    assert len(card) == CARDS[month]
    paper = Console(width=100, file=io.StringIO())
    with connect() as connection:
        for line, row in card.items():
            story = explain.of_line(connection, months.parse(month), line)
            assert story["latest"]["status"] == row["status"]
            assert [step for step in story["judgement_steps"] if step["outcome"] == "decides"] or row["status"] is None
            if row["value"] is not None:
                own = [each for each in story["months"] if each["part"] == "own"]
                if row["basis"] != "financial_year":
                    assert sum(each["numerator"] for each in own) == pytest.approx(story["formula"]["numerator"])
                assert all(source["sha256"] for each in own for source in each["sources"])
            paper.print(terminal.line(story))
    told = " ".join(paper.file.getvalue().split())
    for row in card.values():
        why = row["status_reason"].removeprefix("not judged: ").split(";")[0].split(",")[0]
        assert why in told
    assert "not judged: not judged" not in told


def test_a_card_of_an_earlier_version_says_that_it_explains_nothing(sample: Built, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(sample.warehouse))
    with connect() as connection:
        story = explain.of_line(connection, None, "4c")
    rows = dict.fromkeys(("judgement", "interval", "change", "run_rate", "outturn", "trend"))
    story |= rows | {name: [] for name in ("judgement_steps", "movements", "components", "peers")}
    paper = Console(width=100, file=io.StringIO())
    paper.print(terminal.line(story))
    told = paper.file.getvalue()
    assert "run its month again" in told
    assert "Confidence interval" not in told


def test_a_narrative_line_says_why_it_has_no_letter(sample: Built):
    done = sample.command("explain", "--month", "2009-08", "--line", "5a")
    assert done.returncode == 0
    assert "in development" in done.stdout


def test_without_a_line_it_is_told_what_changed_since_last_month(sample: Built):
    told = sample.command("explain", "--month", "2009-08")
    assert told.returncode == 0, told.stderr
    assert "Card of Aug-09: what changed since last month" in told.stdout
    story = explained(sample, "--month", "2009-08")
    changed = {row["line"]: row for row in story["changed"]}
    assert (changed["4c"]["status_before"], changed["4c"]["status"]) == ("G", "A")
    assert not set(changed) & set(story["unchanged"])
    with_a_measure = {line for line, row in sample.card("2009-08").items() if row["measure"]}
    assert set(changed) | set(story["unchanged"]) == with_a_measure


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--month", "2009-08", "--line", "9z"), "The card of 2009-08 has no line '9z': it has 1a, 1b, "),
        (("--month", "2030-01", "--line", "4a"), "There is no card for 2030-01: cards are published for 2008-04 to"),
        (
            (
                "--month",
                "August",
            ),
            "August",
        ),
    ],
)
def test_what_is_not_there_is_one_sentence(sample: Built, arguments: tuple[str, ...], says: str):
    done = sample.command("explain", *arguments)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_the_newest_card_is_meant_where_no_month_is_given(sample: Built):
    assert explained(sample, "--line", "4a")["card"]["report_month"] == "2009-08-01"


def test_the_walk_in_the_documentation_is_what_the_command_prints(sample: Built):
    text = (PROJECT / "docs" / "explanations.md").read_text(encoding="utf-8")
    walk = text.partition("`make explain MONTH=2009-08 LINE=4c` (shortened):")[2].partition("\nThe two rows of")[0]
    shown = [line.strip() for line in walk.splitlines() if line.strip() not in ("", "...")]
    printed = sample.command("explain", "--month", "2009-08", "--line", "4c", COLUMNS="").stdout.splitlines()
    assert len(shown) > 30
    assert [line for line in shown if line not in {each.strip() for each in printed}] == []


def test_a_release_of_an_earlier_version_is_explained_by_the_next_run():
    connection = duckdb.connect()
    connection.execute(
        "create table scorecard as select date '2009-08-01' as report_month, '4a' as line, 1 as position"
    )
    with pytest.raises(story.NoCard, match="of an earlier version of the project"):
        explain.of_line(connection, None, "4a")
