"""From replaced, changed and removed files to the published card, by the commands that people run."""

import subprocess

import pytest

from tests.conftest import Built, copied, edit

pytestmark = pytest.mark.slow

CRIME, WEAPONS = "recorded_crime/2009-08.csv", "weapon_enabled_crime/2009-07.csv"
COMMENTS, VICTIMS = "commentary/2009-08.csv", "youth_violence/2009-06.csv"
MARKED = ("replacement_waiting", "release")


def more_knives(rows: list[dict]) -> list[dict]:
    """A fifth more, as a file that was corrected in place may say."""
    return [row | {"offences": round(int(row["offences"]) * 1.2)} if row["weapon"] == "knife" else row for row in rows]


@pytest.fixture(scope="module")
def copy(sample: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample with two files replaced by what does not count, one corrected in place, and one taken away."""
    copy = copied(sample, tmp_path_factory.mktemp("replacements"))
    (copy.raw / COMMENTS).write_text("line,comment\n3b,Up by 453.\n", encoding="utf-8")
    (copy.raw / CRIME).write_text("<!doctype html><title>Log in</title>\n")
    edit(copy.raw / WEAPONS, more_knives)
    (copy.raw / VICTIMS).unlink()
    return copy


@pytest.fixture(scope="module")
def told(copy: Built) -> subprocess.CompletedProcess[str]:
    """What a run of the newest month says."""
    return copy.command("scorecard", "--from", "2009-08", "--to", "2009-08")


def test_the_run_goes_on_and_names_all_of_it(told):
    assert told.returncode == 0, told.stderr
    said = " ".join(told.stderr.split())
    assert f"rejected: {CRIME}: the file is a web page" in said
    assert f"quarantined: {COMMENTS} line " in said
    assert said.count("a replacement for 2009-08 waits: until it is valid or accepted, the delivery loaded before") == 2
    assert f"{WEAPONS} was changed since it was loaded and is not used by this run: run FROM=2009-07" in said
    assert f"{VICTIMS} was loaded and is gone from raw/: its rows stay effective" in said
    assert "Traceback" not in told.stderr


def test_the_card_keeps_every_figure_and_comment_and_says_what_may_be_replaced(sample: Built, copy: Built, told):
    want, have = sample.card("2009-08"), copy.card("2009-08")
    for line, row in want.items():
        assert {**row, **dict.fromkeys(MARKED)} == {**have[line], **dict.fromkeys(MARKED)}
    crime = "recorded_crime 2009-08: its replacement is rejected"
    assert have["4a"]["replacement_waiting"].endswith(crime)
    assert have["3b"]["replacement_waiting"] == "commentary 2009-08: its replacement is quarantined"
    commented = {line for line, row in want.items() if row["comment"]}
    assert {line for line, row in have.items() if "commentary" in (row["replacement_waiting"] or "")} == commented
    assert sum(crime in (row["replacement_waiting"] or "") for row in have.values()) == 5


def test_every_edition_says_it(copy: Built, told):
    shown = " ".join(copy.command("show", "--month", "2009-08").stdout.split())
    assert "w = rests on a delivery for which a replacement waits that is not valid:" in shown
    assert "3b: commentary 2009-08: its replacement is quarantined" in shown
    card = copy.warehouse / "current" / "cards" / "2009-08"
    page = (card / "index.html").read_text(encoding="utf-8")
    assert "Replacement waiting: commentary 2009-08: its replacement is quarantined" in page
    assert page.count("Replacement waiting</span>") == len(copy.card("2009-08"))
    explained = copy.command("explain", "--month", "2009-08", "--line", "3b").stdout
    assert "replacement waiting: commentary 2009-08: its replacement is quarantined" in explained
    notices = (copy.warehouse / "current" / "notices.txt").read_text(encoding="utf-8")
    for file in (CRIME, COMMENTS, WEAPONS, VICTIMS):
        assert file in notices


def test_verify_names_what_is_not_used_and_not_what_is_known_to_wait(copy: Built, told):
    done = copy.command("verify")
    assert done.returncode == 1
    failed = done.stdout.split("FAILED")[1]
    assert failed.splitlines()[0].strip() == "raw/ holds what was loaded, or what waits"
    assert WEAPONS in failed and VICTIMS in failed
    assert CRIME not in failed and COMMENTS not in failed


def test_the_run_that_is_asked_for_takes_the_corrected_file_in(sample: Built, copy: Built, told):
    """With the deliveries of August put back, and the one of June: of what was wrong only the correction is left."""
    for file in (CRIME, COMMENTS, VICTIMS):
        (copy.raw / file).write_bytes((sample.raw / file).read_bytes())
    done = copy.publish("2009-07", "2009-08")
    assert "was changed since" not in done.stderr and "waits" not in done.stderr
    want, have = sample.card("2009-08"), copy.card("2009-08")
    assert have["3b"]["value"] > want["3b"]["value"]
    assert [row["replacement_waiting"] for row in have.values()] == [None] * len(have)
    assert have["4a"] | dict.fromkeys(MARKED) == want["4a"] | dict.fromkeys(MARKED)
    assert copy.command("verify").returncode == 0


def test_what_a_published_card_would_lose_stops_the_run_until_a_person_lets_it_go(copy: Built, told):
    before = copy.query("select release from release").item()
    (copy.raw / CRIME).unlink()
    done = copy.command("scorecard", "--from", "2009-08", "--to", "2009-08")
    assert done.returncode == 1
    said = done.stderr
    assert f"{CRIME} was loaded and is gone from raw/: its rows no longer count" in " ".join(said.split())
    assert "due, but not delivered: 2009-08" not in said.replace("road_casualties: due, but not delivered: 2009-08", "")
    assert "These cards were published with what they would no longer have:" in said
    assert "2009-08, line 4a: data to (was Aug-09)" in said
    assert copy.query("select release from release").item() == before

    copy.confirm("2009-08", reason="August is withdrawn")
    copy.scorecard("2009-08", "2009-08")
    assert copy.card("2009-08")["4a"]["period"] == "12 months to Jul-09"
    notices = (copy.warehouse / "current" / "notices.txt").read_text(encoding="utf-8")
    assert f"recorded_crime  {CRIME} was loaded and is gone from raw/" in notices
    assert "recorded_crime  overdue" not in notices
