"""Notices: one line an event that is worth a person's time, in the release and handed to whom it concerns."""

import os
import shlex
import stat
import sys
import time
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from pandera.errors import SchemaErrors

from orchestration import settings
from orchestration.raw.landing import raw_schema
from orchestration.raw.sources.declarations import due
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.release import Release, noticing, notifying
from orchestration.scorecard import contracts, notices
from tests.conftest import Built, copied

JULY, AUGUST = date(2009, 7, 1), date(2009, 8, 1)
CARD = ("report_month", "financial_year", "position", "line", "title", "measure", "status", "status_reason")
LISTED = {
    name: pl.Date if kind == "DATE" else pl.String
    for name, kind, _ in raw_schema.DELIVERIES
    if kind in ("DATE", "VARCHAR")
}
REPUBLISHED = dict.fromkeys(contracts.types("republished"), pl.String) | {"report_month": pl.Date}


@pytest.fixture(autouse=True)
def place_for_what_is_not_handed_over(tmp_path_factory, monkeypatch) -> None:
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path_factory.mktemp("warehouse")))


def line(month: date, letter: str | None, **different) -> dict:
    row = {"report_month": month, "financial_year": "2009/10", "position": 1, "line": "4a", "title": "Burglary"}
    return row | {"status": letter, "status_reason": "as it is"} | different


def all_delivered(until: date = AUGUST, **different) -> list[dict]:
    """Every delivery that is due until then, but for the status of some: `recorded_crime_2009_07="quarantined"`."""
    return [
        {"extract": extract.name, "delivery_month": month, "file": f"{extract.name}/{month:%Y-%m}.csv"}
        | _status(different.get(f"{extract.name}_{month:%Y_%m}", "loaded"))
        for extract in EXTRACTS
        for month in MONTHS
        if month <= until and due(extract, month)
    ]


def _status(status: str) -> dict:
    return {"status": status, "reason": None if status in ("loaded", "no delivery") else "something is wrong"}


MONTHS = [date(year, month, 1) for year in (2007, 2008, 2009) for month in range(1, 13)]


# a definition as the catalogue has it
DEFINED = {
    **{"measure": "burglary", "from_month": None, "owner": "Lead for burglary"},
    **{"reviewed": date(2008, 8, 1), "review_due": AUGUST},
}
OF_DEFINITIONS = {name: pl.Date if isinstance(cell, date) else pl.String for name, cell in DEFINED.items()}


def told(
    report_months=(AUGUST,), *, card=(), changes=(), republished=(), deliveries=None, known=(), definitions=()
) -> list[str]:
    types = contracts.types("scorecard")
    made = notices.notices(
        report_months,
        card=pl.DataFrame(list(card), schema={name: types[name] for name in CARD}),
        changes=pl.DataFrame(list(changes), schema=contracts.types("changes")),
        republished=pl.DataFrame(list(republished), schema=REPUBLISHED),
        deliveries=pl.DataFrame(all_delivered() if deliveries is None else deliveries, schema=LISTED),
        known=pl.DataFrame(
            list(known), schema={"report_month": pl.Date, "extract": pl.String, "month": pl.Date}, orient="row"
        ),
        definitions=pl.DataFrame(list(definitions), schema=OF_DEFINITIONS | {"from_month": pl.Date}),
    )
    contracts.ALL["notices"].validate(made, lazy=True)
    return notices.lines(made.to_dicts())


def test_when_nothing_happened_there_is_nothing_to_tell():
    assert told(card=[line(JULY, "G"), line(AUGUST, "G")]) == []


@pytest.mark.parametrize(
    ("before", "now", "says"),
    [
        ("G", "A", "amber, green last month"),
        ("A", "R", "red, amber last month"),
        ("R", None, "without a letter, red last month"),
        (None, "G", "green, without a letter last month"),
    ],
)
def test_a_letter_that_changed_is_one_notice_with_its_reason(before, now, says):
    assert told(card=[line(JULY, before), line(AUGUST, now)]) == [f"Aug-09  4a  Burglary: {says}: as it is"]


def test_a_definition_is_to_be_reviewed_until_a_later_row_says_that_it_was():
    later = DEFINED | {"from_month": AUGUST, "reviewed": AUGUST, "review_due": date(2010, 8, 1)}
    card = [line(JULY, "G", measure="burglary"), line(AUGUST, "G", measure="burglary")]
    assert told([JULY, AUGUST], card=card, definitions=[DEFINED]) == [
        "Aug-09  4a  Burglary: the review of its definition was due by August 2009, the last was in August 2008: "
        "Lead for burglary is to review it and edit definitions.csv"
    ]
    assert told(card=card, definitions=[later, DEFINED]) == []


def test_a_figure_that_is_too_old_is_a_notice_on_every_card():
    old = {"status_reason": "not judged: too old: ends Mar-09, 5 months before the card"}
    assert told(card=[line(JULY, None, **old), line(AUGUST, None, **old)]) == [
        "Aug-09  4a  Burglary: not judged: too old: ends Mar-09, 5 months before the card"
    ]


def test_another_year_s_line_of_the_same_name_is_no_letter_that_changed():
    april = date(2009, 4, 1)
    card = [line(date(2009, 3, 1), "G", financial_year="2008/09"), line(april, "R")]
    assert told([april], card=card, deliveries=all_delivered(april)) == []


def test_a_line_that_was_not_on_last_month_s_card_is_no_letter_that_changed():
    assert told(card=[line(date(2009, 6, 1), "G"), line(AUGUST, "R")]) == []


def restated(before: str, now: str, **different) -> dict:
    row = dict.fromkeys(contracts.types("changes")) | {"report_month": AUGUST, "line": "4a", "printed": now}
    row |= {"data_from_before": date(2008, 8, 1), "data_to_before": JULY, "value_before": 0.1, "value_restated": 0.2}
    return row | {"printed_before": before, "printed_restated": now} | different


CARDS = (line(JULY, "G"), line(AUGUST, "G"))


def test_a_figure_that_was_restated_beyond_its_printed_digit_is_told_and_one_within_it_is_not():
    assert told(card=CARDS, changes=[restated("-5.1%", "-5.1%")]) == []
    assert told(card=CARDS, changes=[restated("-5.1%", "-4.9%")]) == [
        "Aug-09  4a  Burglary: restated since last month's card: -5.1% for Aug-08 to Jul-09 would now print as -4.9%"
    ]


def test_a_restatement_that_would_have_changed_the_letter_says_so():
    (said,) = told(card=CARDS, changes=[restated("5", "4", status_before="G", status_restated="A")])
    assert said.endswith("5 for Aug-08 to Jul-09 would now print as 4, and be amber, not green")


def test_what_was_not_published_cannot_be_restated():
    assert told(card=[line(AUGUST, "G")], changes=[restated("-5.1%", "-4.9%")]) == []
    assert told(card=CARDS, changes=[restated("not available", "-4.9%", value_before=None)]) == []


def again(printed: str, was: str | None, now: str | None, **different) -> dict:
    row = {"release": "2009-08-r2", "report_month": AUGUST, "line": "4a", "card_column": printed, "text_before": was}
    return row | {"text": now} | different


def test_a_card_that_is_printed_again_is_one_notice_a_line_and_release():
    cells = [again("latest", "-5.1%", "-4.9%"), again("status", "G", None), again("comment", "x", "y")]
    cells += [again("latest", "-4.9%", "-4.8%", release="2009-08-r3"), again("summary", "x", "y", line="4b")]
    assert told(card=[line(AUGUST, "G")], republished=cells) == [
        "Aug-09  4a  Burglary: printed again in 2009-08-r2: -4.9%, was -5.1%; without a letter, was green; "
        "another comment",
        "Aug-09  4a  Burglary: printed again in 2009-08-r3: -4.8%, was -4.9%",
    ]


def test_a_delivery_that_is_due_and_not_there_is_overdue_from_its_month_on_until_it_comes():
    without = [row for row in all_delivered() if (row["extract"], row["delivery_month"]) < ("youth_violence", JULY)]
    assert told(deliveries=without) == [
        "Aug-09  youth_violence  overdue: no delivery for Jul-09 and Aug-09, though one is due every month; "
        "the last that counts is of Jun-09; have it sent"
    ]
    (july,) = told([JULY], deliveries=without)
    assert "no delivery for Jul-09, though" in july
    assert told([date(2009, 6, 1)], deliveries=without) == []


def test_a_quarterly_source_is_overdue_when_its_quarter_has_ended_and_not_before():
    without = [row for row in all_delivered() if row["extract"] != "ict_availability"]
    assert told([date(2009, 5, 1)], deliveries=without) == []
    assert told([AUGUST], deliveries=without) == [
        "Aug-09  ict_availability  overdue: no delivery for Jun-09, though one is due every quarter; none ever came; "
        "have it sent"
    ]


def test_many_overdue_deliveries_are_one_notice_that_counts_them():
    without = [row for row in all_delivered() if row["extract"] != "youth_violence"]
    assert "no delivery for Feb-07 to Aug-09 (31 deliveries)" in told(deliveries=without)[0]


def test_a_delivery_that_never_came_is_overdue_until_a_later_one_has_brought_its_month():
    gone = all_delivered(youth_violence_2009_07="no delivery")
    (said,) = told(deliveries=gone)
    assert "no delivery for Jul-09, though one is due every month; the last that counts is of Aug-09" in said
    assert told(deliveries=gone, known=[(AUGUST, "youth_violence", JULY)]) == []
    # it was not known in July
    assert len(told([JULY], deliveries=gone, known=[(AUGUST, "youth_violence", JULY)])) == 1


def test_what_still_was_being_written_is_overdue():
    assert "no delivery for Aug-09" in told(deliveries=all_delivered(youth_violence_2009_08="incomplete"))[0]


def test_a_quarantined_or_rejected_delivery_waits_for_a_person_and_says_for_what():
    assert told(deliveries=all_delivered(youth_violence_2009_07="quarantined", recorded_crime_2009_08="rejected")) == [
        "Aug-09  youth_violence  quarantined: the delivery for Jul-09: something is wrong; have a corrected file sent, "
        'or vouch for it: make accept FILE=youth_violence/2009-07.csv REASON="..."',
        "Aug-09  recorded_crime  rejected: the delivery for Aug-09: something is wrong; have a corrected file sent",
    ]
    assert told([date(2009, 6, 1)], deliveries=all_delivered(youth_violence_2009_07="quarantined")) == []


def with_more(extract: str, month: date, **more) -> list[dict]:
    """Every delivery, with more to say of one."""
    return [
        row | (more if (row["extract"], row["delivery_month"]) == (extract, month) else {}) for row in all_delivered()
    ]


@pytest.mark.parametrize(
    ("status", "what_to_do"),
    [
        ("rejected", "have a corrected file sent"),
        (
            "quarantined",
            'have a corrected file sent, or vouch for it: make accept FILE=commentary/2009-08.csv REASON="..."',
        ),
        ("incomplete", "run again once it is complete"),
    ],
)
def test_a_replacement_that_waits_is_named_with_what_stays_and_what_to_do(status, what_to_do):
    waits = {"waiting_file": "commentary/2009-08.csv", "waiting_status": status, "waiting_reason": "a digit in line 4"}
    rows = with_more("commentary", AUGUST, **waits)
    assert told(deliveries=rows) == [
        f"Aug-09  commentary  a replacement for Aug-09 waits: {status}: a digit in line 4; the delivery published "
        f"before stays effective; {what_to_do}"
    ]
    assert told([JULY], deliveries=rows) == []


@pytest.mark.parametrize("extract", ["recorded_crime", "youth_violence", "commentary"])
def test_a_delivery_that_was_changed_and_not_used_or_is_gone_is_named_and_not_called_overdue(extract):
    changed = f"{extract}/2009-07.csv was changed since it was loaded and is not used by this run: run FROM=2009-07"
    assert told(deliveries=with_more(extract, JULY, not_used=changed)) == [f"Aug-09  {extract}  {changed}"]
    gone = f"{extract}/2009-07.csv was loaded and is gone from raw/: its rows no longer count"
    rows = with_more(extract, JULY, status="no delivery", file=None, reason=gone)
    assert told(deliveries=rows) == [f"Aug-09  {extract}  {gone}"]


def test_a_notice_is_one_line_whatever_stands_in_a_file():
    rows = all_delivered(youth_violence_2009_08="rejected")
    rows = [row | {"reason": "a cell says 'a\nb\x1b[31m'"} for row in rows]
    assert told(deliveries=rows)[0].startswith(
        "Aug-09  youth_violence  rejected: the delivery for Aug-09: a cell says "
    )
    assert "\n" not in told(deliveries=rows)[0]
    assert "\x1b" not in told(deliveries=rows)[0]


def test_notices_come_by_month_then_kind_then_the_order_of_the_card():
    months = [AUGUST, JULY]
    card = [line(date(2009, 6, 1), "G"), line(JULY, "A"), line(AUGUST, "R")]
    card += [line(row["report_month"], row["status"], line="10", position=0) for row in card]
    said = told(months, card=card, deliveries=all_delivered(recorded_crime_2009_07="quarantined"))
    assert [text.split("  ")[:2] for text in said] == [
        *(["Jul-09", it] for it in ("10", "4a", "recorded_crime")),
        *(["Aug-09", it] for it in ("10", "4a", "recorded_crime")),
    ]


# in the release


def test_the_sample_s_notices_are_what_happened(sample: Built):
    rows = sample.query("from notices where report_month >= '2009-07-01'").to_dicts()
    assert [text[:60] for text in notices.lines(rows)] == [
        "Jul-09  4b  The number of criminal networks disrupted: red, ",
        "Jul-09  road_casualties  overdue: no delivery for Jul-09, th",
        "Aug-09  4b  The number of criminal networks disrupted: amber",
        "Aug-09  4c  The value of the assets recovered (cash forfeitu",
        "Aug-09  road_casualties  overdue: no delivery for Jul-09 and",
    ]
    # a quarter of it came with the delivery of October: it was overdue for one month
    late = sample.query("select report_month from notices where extract = 'user_satisfaction'")
    assert late["report_month"].to_list() == [date(2008, 9, 1)]


def test_the_text_beside_the_database_holds_the_newest_month_s(sample: Built):
    text = (sample.warehouse / "current" / "notices.txt").read_text(encoding="utf-8")
    newest = sample.query("from notices where report_month = (select max(report_month) from notices)")
    assert text.splitlines() == notices.lines(newest.to_dicts())
    assert newest.height == 3


def test_every_letter_that_changed_within_a_year_is_a_notice_and_no_other(sample: Built):
    changed = sample.query(
        "select report_month, line from (from scorecard select *, lag(status) over same as before, "
        "count(*) over same as month window same as (partition by financial_year, line order by report_month)) "
        "where month > 1 and status is distinct from before order by all"
    )
    told = sample.query("select report_month, line from notices where kind = 'letter' order by all")
    assert changed.equals(told)
    assert changed.height == 23


def test_rows_that_break_the_contract_are_refused(sample: Built):
    rows = sample.query("from notices")
    contracts.ALL["notices"].validate(rows, lazy=True)
    for broken in (
        pl.concat([rows, rows.head(1)]),
        rows.with_columns(extract=pl.lit("recorded_crime")),
        rows.with_columns(kind=pl.lit("gossip")),
    ):
        with pytest.raises(SchemaErrors):
            contracts.ALL["notices"].validate(broken, lazy=True)


# handing over


@pytest.fixture
def notify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A function that makes a command of a Python program, which finds the file `told` in its argument."""

    def command(program: str) -> Path:
        told = tmp_path / "told it"
        monkeypatch.setenv("SCORECARD_NOTIFY", shlex.join([sys.executable, "-c", program, str(told)]))
        return told

    return command


WRITE = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read())"


def test_the_lines_are_handed_over_on_the_standard_input(notify):
    told = notify(WRITE)
    assert notifying.hand_over(["one £", "two"]) is None
    assert told.read_text(encoding="utf-8") == "one £\ntwo\n"


def test_nothing_is_called_without_a_notice(notify):
    told = notify(WRITE)
    assert notifying.hand_over([]) is None
    assert not told.exists()


def test_digest_and_reminder_are_handed_over_with_the_first_release_of_a_month_only(notify, tmp_path):
    told = notify(WRITE)
    releases = [Release(name, tmp_path / name, "", {}) for name in ("2009-11-r2", "2009-12-r1", "2009-12-r2")]
    for release in releases:
        release.folder.mkdir()
        duckdb.connect(str(release.database)).close()
        (release.folder / "cards" / "2009-08").mkdir(parents=True)
        (release.folder / "cards" / "2009-08" / "digest.txt").write_text(f"{release.name} in short\n")
    for before, now in zip([None, *releases[:-1]], releases, strict=True):
        noticing.notify(now, before, [AUGUST], [f"reminded with {now.name}"])
    assert told.read_text(encoding="utf-8").splitlines() == [
        *("2009-11-r2 in short", "", "reminded with 2009-11-r2"),
        *("2009-12-r1 in short", "", "reminded with 2009-12-r1"),
    ]


@pytest.mark.parametrize("setting", [None, "", "  "])
def test_nothing_is_called_without_a_command(monkeypatch, setting):
    monkeypatch.delenv("SCORECARD_NOTIFY", raising=False)
    if setting is not None:
        monkeypatch.setenv("SCORECARD_NOTIFY", setting)
    assert notifying.hand_over(["one"]) is None


def test_no_shell_reads_the_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCORECARD_NOTIFY", "tee told ; touch 'some mischief'")
    notifying.hand_over(["$(touch mischief)"])
    assert (tmp_path / "told").read_text() == "$(touch mischief)\n"
    # each word is a file that `tee` writes, and nothing else is run
    assert sorted(path.name for path in tmp_path.iterdir()) == [";", "some mischief", "told", "touch"]
    assert (tmp_path / "some mischief").read_text() == "$(touch mischief)\n"


FAILURES = {
    "no such command": ("/no/such/command", "cannot be run: No such file or directory."),
    "a quotation left open": ("mail 'x", "is no command: no closing quotation."),
    "it fails": ("false", "ended with exit code 1."),
    "it complains": (
        shlex.join(["sh", "-c", r"echo first >&2; printf 'no \033[31mroute' >&2; exit 3"]),
        'ended with exit code 3 and the message "no [31mroute".',
    ),
    "it is killed": (shlex.join(["sh", "-c", "kill -9 $$"]), "ended with exit code -9."),
}


@pytest.mark.parametrize(("command", "says"), FAILURES.values(), ids=FAILURES)
def test_a_command_that_fails_is_one_sentence(monkeypatch, command, says):
    monkeypatch.setenv("SCORECARD_NOTIFY", command)
    said = notifying.hand_over(["one"])
    assert said.startswith("The release is published, but its notices were not handed over: SCORECARD_NOTIFY (")
    assert said.endswith(f"{says} It is kept and handed over first the next time.")
    assert "\n" not in said


def test_what_was_not_handed_over_is_handed_over_first_once_the_command_works(tmp_path, monkeypatch):
    told = tmp_path / "told"
    monkeypatch.setenv("SCORECARD_NOTIFY", "false")
    notifying.hand_over(["one"])
    notifying.hand_over(["two"])
    monkeypatch.setenv("SCORECARD_NOTIFY", f"tee -a {told}")
    assert notifying.hand_over(["three"]) is None
    assert notifying.hand_over(["four"]) is None
    assert told.read_text() == "one\ntwo\nthree\nfour\n"


def test_what_cannot_be_kept_is_one_sentence(monkeypatch):
    monkeypatch.setenv("SCORECARD_NOTIFY", "false")
    settings.unsent().mkdir()
    assert notifying.hand_over(["one"]).endswith("notices_unsent.txt cannot be written: Is a directory.")


def test_a_sensor_hands_over_again_after_an_hour(tmp_path, monkeypatch):
    told = tmp_path / "told"
    monkeypatch.setenv("SCORECARD_NOTIFY", "false")
    notifying.hand_over(["one"])
    hour_ago = time.time() - 3600
    os.utime(settings.unsent(), (hour_ago, hour_ago))
    assert "still is not" in notifying.hand_over_again()
    monkeypatch.setenv("SCORECARD_NOTIFY", f"tee -a {told}")
    assert notifying.hand_over_again() is None  # tried a moment ago
    assert not told.exists()
    os.utime(settings.unsent(), (hour_ago, hour_ago))
    assert notifying.hand_over_again() is None
    assert told.read_text() == "one\n"


def test_a_command_that_reads_nothing_has_not_failed(monkeypatch):
    monkeypatch.setenv("SCORECARD_NOTIFY", "true")
    assert notifying.hand_over(["a long line " * 100] * 1000) is None


def test_a_command_that_does_not_end_is_ended_with_all_that_it_started(notify, monkeypatch):
    told = notify(
        "import os, sys, time; child = os.fork(); child and open(sys.argv[1], 'w').write(str(child)); time.sleep(600)"
    )
    monkeypatch.setattr(notifying, "PATIENCE", 5)
    began = time.monotonic()
    assert "was still running after 5 s and was ended." in notifying.hand_over(["one"])
    assert time.monotonic() - began < 14
    child = Path(f"/proc/{told.read_text()}/stat")
    while child.exists() and child.read_text().split()[2] != "Z":
        assert time.monotonic() - began < 14


# in a run


def script(built: Built, name: str, text: str) -> str:
    path = built.project / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.slow
def test_a_run_tells_what_is_new_in_its_release_once_and_when_all_is_published(sample: Built, tmp_path):
    copy = copied(sample, tmp_path)
    told = copy.project / "told"
    # the command looks at the release that readers have by then, and at the ledger
    writes = script(copy, "tell", f"basename $(readlink {copy.warehouse}/current) >> {told}; cat >> {told}")

    def run(month: str = "2009-08", command: str = writes):
        return copy.command("scorecard", "--from", month, "--to", month, SCORECARD_NOTIFY=command)

    assert run().returncode == 0  # nothing is new
    assert not told.exists()

    (copy.raw / "youth_violence" / "2009-08.csv").unlink()
    done = run(command="/no/such/command")  # a figure goes back to July
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("SCORECARD_NOTIFY (/no/such/command) cannot be run: No such file or directory.") == 1
    assert copy.query("select release from release").item() == "2009-08-r2"
    assert copy.command("verify").returncode == 0

    (copy.raw / "weapon_enabled_crime" / "2009-08.csv").write_text("not what was asked for\n")
    assert run().returncode == 0
    release, *lines = told.read_text(encoding="utf-8").splitlines()
    assert release == "2009-08-r3"
    # what the command did not take of the release before comes first, and nothing comes twice
    assert "gone" in lines[0] or "overdue" in lines[0]
    assert len(set(lines)) == len(lines)
    waits = "Aug-09  weapon_enabled_crime  a replacement for Aug-09 waits: rejected: weapon_enabled_crime/2009-08.csv "
    assert [text for text in lines if text.startswith(waits)]
    text = (copy.warehouse / "current" / "notices.txt").read_text(encoding="utf-8")
    assert "youth_violence  youth_violence/2009-08.csv was loaded and is gone from raw/" in text

    before = told.read_bytes()
    assert run().returncode == 0  # the same once more: nothing is published, nobody is told
    assert told.read_bytes() == before
    assert "SCORECARD_NOTIFY" not in os.environ
