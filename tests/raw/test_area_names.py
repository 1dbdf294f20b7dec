"""A place by another name: read as the catalogue's word, whatever the extract and format, now and for ever."""

import dataclasses
import hashlib
import io
from datetime import date

import duckdb
import polars as pl
import pytest

from orchestration.raw.checks import area_names, validation
from orchestration.raw.files import intake, vault
from orchestration.raw.findings import findings
from orchestration.raw.landing import landing, renamed_areas
from orchestration.raw.sources.columns import Name
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.warehouse import ledger
from tests.conftest import Built, copied
from tests.deliveries import encoded, lines, month, write

OLD, NEW = "Kingston upon Thames", "Royal Borough of Kingston"
ALIAS = Name(NEW, OLD, None, None)
WEAPONS = "weapon_enabled_crime"


def called(extract: Extract, *others: Name, words: dict[str, str] | None = None) -> Extract:
    """The extract in a catalogue with these other names, and places called otherwise than in the sample's."""
    columns = []
    for column in extract.columns:
        if column.place:
            its = tuple((words or {}).get(word, word) for word in column.words)
            column = dataclasses.replace(column, words=its, names=others)  # noqa: PLW2901
        columns.append(column)
    return dataclasses.replace(extract, columns=tuple(columns))


def check(extract: Extract, content, suffix="csv", delivered_for="2009-08"):
    content = encoded(content)
    file = f"{extract.name}/{delivered_for}.{suffix}"
    digest = hashlib.sha256(content).hexdigest()
    (found,) = validation.check(extract, [intake.Delivery(extract, month(delivered_for), file, content, digest)])
    return found


def with_place(written, word="Camden", name=WEAPONS, *held):
    return [text.replace(word, written) for text in lines(name, *(held or ["2009-08"]))]


def places(found, column="borough"):
    return set(found.rows[column].cast(pl.String))


def notes(found):
    return findings.sentences(found.notes)


def sentences(found):
    return findings.sentences(found.problems)


SPELT = {
    "& for and": ("Hammersmith & Fulham", "Hammersmith and Fulham"),
    "& without blanks": ("Hammersmith&Fulham", "Hammersmith and Fulham"),
    "capitals": ("CAMDEN", "Camden"),
    "small letters": ("kingston upon thames", OLD),
    "capitals all over": ("Kingston Upon Thames", OLD),
    "a blank behind": ("Camden ", "Camden"),
    "blanks around": ("  Camden  ", "Camden"),
    "doubled blanks": ("Kingston  upon   Thames", OLD),
    "all of it": (" KENSINGTON  &  CHELSEA", "Kensington and Chelsea"),
}


@pytest.mark.parametrize("written, word", SPELT.values(), ids=SPELT)
def test_case_blanks_and_an_ampersand_need_no_row_and_are_noted_once_a_file(written, word):
    found = check(BY_NAME[WEAPONS], with_place(written, word))
    assert (found.status, places(found)) == ("valid", places(check(BY_NAME[WEAPONS], lines(WEAPONS, "2009-08"))))
    assert notes(found) == [f"{WEAPONS}/2009-08.csv column borough: '{written}' is read as '{word}' (7 rows)"]


def test_many_other_spellings_are_one_note_that_counts_them():
    header, *rows = lines(WEAPONS, "2009-08")
    cells = [text.split(",") for text in rows]
    content = [",".join([month, borough.upper(), *others]) for month, borough, *others in cells]
    found = check(BY_NAME[WEAPONS], [header, *content])
    (note,) = notes(found)
    assert found.status == "valid"
    assert note.endswith("... and 29 more")


def test_one_note_counts_the_rows_of_all_months():
    content = [header := lines(WEAPONS, "2009-08")[0]]
    content += [
        text.replace("Camden", "CAMDEN") for each in ("2009-07", "2009-08") for text in lines(WEAPONS, each)[1:]
    ]
    assert header.startswith("month")
    assert notes(check(BY_NAME[WEAPONS], content)) == [
        f"{WEAPONS}/2009-08.csv column borough: 'CAMDEN' is read as 'Camden' (14 rows)"
    ]


STRANGE = {"a Cyrillic letter": "Саmden", "a hard blank": "Camden\u00a0", "a Kelvin sign": "\u212aingston upon Thames"}


@pytest.mark.parametrize("written", STRANGE.values(), ids=STRANGE)
def test_letters_that_are_not_what_they_seem_are_no_other_case(written):
    found = check(BY_NAME[WEAPONS], with_place(written, OLD if "ingston" in written else "Camden"))
    assert found.status == "quarantined"
    assert "confusable" in set(found.problems["code"])
    assert notes(found) == []


def test_what_could_be_two_places_is_neither():
    extract = called(BY_NAME[WEAPONS], words={"Barnet": "East & West", "Brent": "East and West"})
    content = [text.replace("Barnet", "EAST & WEST") for text in with_place("East and West", "Brent")]
    found = check(extract, content)
    assert "'EAST & WEST' is not a known borough" in sentences(found)[0]


# names that need a row


def test_a_name_that_no_row_knows_is_quarantined_and_says_which_row_to_add():
    found = check(BY_NAME[WEAPONS], with_place(NEW, OLD))
    assert found.status == "quarantined"
    assert sentences(found)[0] == (
        f"{WEAPONS}/2009-08.csv line 135, column borough: '{NEW}' is not a known borough; known are Barking and "
        "Dagenham, Barnet, Bexley, Brent, Bromley, Camden, Croydon, Ealing ...; if it is another name of one, add it "
        "to area_names.csv"
    )
    near = check(BY_NAME[WEAPONS], with_place("Kingston-on-Thames", OLD))
    assert sentences(near)[0].endswith(
        f"did you mean '{OLD}'? Or if it is another name of one, add it to area_names.csv"
    )


def population(place=OLD):
    return [text.replace(OLD, place) for text in lines("population", "2009-04", offences=1000)]


def peers(place):
    header = "measure,from_month,to_month,force,value"
    column = BY_NAME["peer_forces"].column("force")
    rows = [f"knife_crime_rate,2008-09,2009-08,{word},0.{500 + at}" for at, word in enumerate(column.words)]
    return [text.replace("Devon and Cornwall", place) for text in [header, *rows]]


def as_parquet(content):
    table = pl.read_csv(io.BytesIO(encoded(content)))
    file = io.BytesIO()
    table.write_parquet(file)
    return file.getvalue()


RENAMED = {
    "weapons as CSV": (WEAPONS, with_place(NEW, OLD), "csv", "2009-08", ALIAS, 7),
    "crime as CSV": ("recorded_crime", with_place(NEW, OLD, "recorded_crime"), "csv", "2009-08", ALIAS, 8),
    "crime as Parquet": (
        "recorded_crime",
        as_parquet(with_place(NEW, OLD, "recorded_crime")),
        "parquet",
        "2009-08",
        ALIAS,
        8,
    ),
    "population": ("population", population(NEW), "csv", "2009-04", ALIAS, 1),
    "peers": (
        "peer_forces",
        peers("Wessex West"),
        "csv",
        "2009-08",
        Name("Wessex West", "Devon and Cornwall", None, None),
        1,
    ),
}


@pytest.mark.parametrize("renamed_in", RENAMED.values(), ids=RENAMED)
def test_a_place_by_another_name_is_read_as_the_catalogue_s_with_a_row_and_not_without(renamed_in):
    name, content, suffix, delivered_for, alias, rows = renamed_in
    delivery = {"content": content, "suffix": suffix, "delivered_for": delivered_for}
    assert check(BY_NAME[name], **delivery).status == "quarantined"
    found = check(called(BY_NAME[name], alias), **delivery)
    assert (found.status, sentences(found)) == ("valid", [])
    (column,) = area_names.columns(BY_NAME[name])
    assert alias.word in places(found, column.name)
    assert alias.name not in places(found, column.name)
    assert notes(found) == [
        f"{name}/{delivered_for}.{suffix} column {column.name}: '{alias.name}' is read as '{alias.word}' "
        f"({rows} row{'' if rows == 1 else 's'})"
    ]


def test_another_name_may_be_written_in_another_case_too():
    found = check(called(BY_NAME[WEAPONS], ALIAS), with_place("ROYAL BOROUGH OF  KINGSTON", OLD))
    assert (found.status, OLD in places(found)) == ("valid", True)


def test_both_names_of_a_place_in_one_month_are_one_key_twice_and_nothing_is_missing():
    content = [*lines(WEAPONS, "2009-08"), *(text for text in with_place(NEW, OLD) if NEW in text)]
    found = check(called(BY_NAME[WEAPONS], ALIAS), content)
    assert set(found.problems["code"]) == {"key_twice"}
    assert found.problems.height == 14
    assert f"the row for 2009-08, {OLD}, handgun stands on line" in sentences(found)[0]


def test_a_place_that_is_missing_is_missing_by_the_catalogue_s_name():
    content = [text for text in with_place(NEW, "Camden") if OLD not in text]
    found = check(called(BY_NAME[WEAPONS], Name(NEW, "Camden", None, None)), content)
    assert found.problems["code"].to_list() == ["keys_missing"]
    assert f"every row of borough '{OLD}'" in sentences(found)[0]


UNTIL, FROM = (
    Name("The Borough", "Camden", None, date(2009, 6, 1)),
    Name("The Borough", "Barnet", date(2009, 7, 1), None),
)


def test_a_name_with_dates_means_the_place_it_meant_in_the_month_of_the_row():
    before, after = [
        with_place("The Borough", word, WEAPONS, held) for word, held in (("Camden", "2009-06"), ("Barnet", "2009-07"))
    ]
    extract = called(BY_NAME[WEAPONS], UNTIL, FROM)
    found = check(extract, [*before, *after[1:]], delivered_for="2009-07")
    assert (found.status, sentences(found)) == ("valid", [])
    counted = found.rows.filter(pl.col("borough").cast(pl.String).is_in(["Camden", "Barnet"]))
    assert counted.group_by("month", "borough").len()["len"].to_list() == [7, 7, 7, 7]
    assert len(notes(found)) == 1


def test_a_name_outside_its_dates_is_quarantined_with_the_row_that_has_them():
    found = check(called(BY_NAME[WEAPONS], UNTIL), with_place("The Borough"))
    assert sentences(found)[0].endswith("area_names.csv has it as a name of 'Camden' to 2009-06 only")


# what is loaded, when names change


@pytest.fixture(autouse=True)
def rooms(tmp_path, monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "0")


@pytest.fixture
def raw(tmp_path):
    for number, each in enumerate(("2009-06", "2009-07", "2009-08")):
        write(tmp_path / "raw", WEAPONS, each, lines(WEAPONS, each, offences=10 + number))
    return tmp_path / "raw"


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


def lines_of(raw, held):
    return (raw / WEAPONS / f"{held}.csv").read_text(encoding="utf-8").splitlines()


def sync(connection, raw, extract, first="2009-08"):
    landed = landing.sync(connection, extract, month(first), month("2009-08"), raw).landed
    return [(f"{each.month:%Y-%m}", each.status) for each in landed]


def loaded(connection):
    found = connection.execute(
        f"select distinct strftime(delivery_month, '%Y-%m'), borough from raw.{WEAPONS} "
        "where borough similar to '.*Kingston.*' order by all"
    )
    return found.fetchall()


BEFORE = BY_NAME[WEAPONS]
AFTER = called(BY_NAME[WEAPONS], Name(OLD, NEW, None, None), words={OLD: NEW})


def test_when_a_borough_is_renamed_in_the_catalogue_what_was_loaded_has_its_new_name(connection, raw):
    sync(connection, raw, BEFORE, "2009-06")
    before = connection.execute(
        f"select delivery_month, sum(offences) from raw.{WEAPONS} group by 1 order by 1"
    ).fetchall()
    (raw / WEAPONS / "2009-06.csv").unlink()  # what was loaded is read from the vault
    assert sync(connection, raw, AFTER) == [("2009-08", "unchanged")]
    assert loaded(connection) == [("2009-06", NEW), ("2009-07", NEW), ("2009-08", NEW)]
    after = connection.execute(
        f"select delivery_month, sum(offences) from raw.{WEAPONS} group by 1 order by 1"
    ).fetchall()
    assert after == before
    assert connection.execute("select distinct status, rows_loaded from raw.deliveries").fetchall() == [("loaded", 224)]


def test_when_names_are_as_they_were_nothing_is_read_again(connection, raw, monkeypatch):
    sync(connection, raw, BEFORE, "2009-06")
    monkeypatch.setattr(vault, "content", lambda _: 1 / 0)
    assert sync(connection, raw, BEFORE) == [("2009-08", "unchanged")]


def test_a_borough_renamed_without_its_old_name_stops_the_run_with_the_row_to_add(connection, raw):
    sync(connection, raw, BEFORE, "2009-06")
    there = loaded(connection)
    for first in ("2009-08", "2009-06"):
        with pytest.raises(renamed_areas.NamesChanged) as raised:
            sync(connection, raw, called(BEFORE, words={OLD: NEW}), first)
        assert str(raised.value) == (
            f"The catalogue no longer has the borough '{OLD}', which 3 deliveries of {WEAPONS} up to 2009-08 name: "
            f"if it has a new name, add '{OLD}' to area_names.csv as a name of that area, so that they stay readable. "
            "Nothing was changed."
        )
    assert loaded(connection) == there


def two_names(first, second):
    return called(BEFORE, Name("One", first, None, None), Name("Two", second, None, None))


def of_barnet(connection):
    counted = f"select sum(offences) from raw.{WEAPONS} where borough = 'Barnet' and delivery_month = '2009-06-01'"
    return connection.execute(counted).fetchone()[0]


@pytest.fixture
def by_two_names(raw):
    """June's Barnet and Camden by other names, the first with the smaller counts."""
    content = [text.replace("Barnet", "One").replace("Camden", "Two") for text in lines(WEAPONS, "2009-06")]
    write(raw, WEAPONS, "2009-06", content)
    return raw


def test_a_name_that_comes_to_mean_another_place_moves_the_rows_that_were_read_with_it(connection, by_two_names):
    sync(connection, by_two_names, two_names("Barnet", "Camden"), "2009-06")
    before = of_barnet(connection)
    sync(connection, by_two_names, two_names("Camden", "Barnet"))
    assert of_barnet(connection) > before


def test_a_name_taken_out_that_deliveries_which_count_were_read_with_stops_the_run(connection, by_two_names):
    sync(connection, by_two_names, two_names("Barnet", "Camden"), "2009-06")
    before = of_barnet(connection)
    with pytest.raises(renamed_areas.NamesChanged) as raised:
        sync(connection, by_two_names, BEFORE)
    said = str(raised.value)
    assert (
        "a delivery that counts is no longer valid: weapon_enabled_crime/2009-06.csv line 9, column borough: 'One'"
        in said
    )
    assert said.endswith("make scorecard FROM=2009-06. Nothing was changed.")
    assert of_barnet(connection) == before


def test_a_row_that_stayed_out_of_an_accepted_delivery_stays_out_when_its_name_becomes_known(connection, by_two_names):
    with_one = two_names("Barnet", "Camden")
    content = [text.replace("One,knife", "Three,knife") for text in lines_of(by_two_names, "2009-06")]
    write(by_two_names, WEAPONS, "2009-06", content)
    sync(connection, by_two_names, with_one, "2009-06")
    (sha256,) = connection.execute("select sha256 from raw.deliveries where delivery_month = '2009-06-01'").fetchone()
    body = {"extract": WEAPONS, "delivery_month": "2009-06", "sha256": sha256, "reason": "as it is"}
    ledger.append([("acceptance", body)])
    assert ("2009-06", "accepted") in sync(connection, by_two_names, with_one, "2009-06")
    counted = "select rows_loaded, rows_quarantined from raw.deliveries where delivery_month = '2009-06-01'"
    assert connection.execute(counted).fetchall() == [(223, 1)]
    known = called(BEFORE, *with_one.column("borough").names, Name("Three", "Barnet", None, None))
    sync(connection, by_two_names, known)
    assert connection.execute(counted).fetchall() == [(223, 1)]
    in_table = f"select count(*) from raw.{WEAPONS} where delivery_month = '2009-06-01'"
    assert connection.execute(in_table).fetchall() == [(223,)]


def test_a_list_of_deliveries_without_names_is_taken_over_as_it_is(connection, raw):
    sync(connection, raw, BEFORE, "2009-06")
    there = connection.execute("select * exclude (names) from raw.deliveries order by all").fetchall()
    connection.execute("alter table raw.deliveries drop column names")
    assert sync(connection, raw, BEFORE) == [("2009-08", "unchanged")]
    assert connection.execute("select * exclude (names) from raw.deliveries order by all").fetchall() == there
    assert connection.execute("select distinct names from raw.deliveries").fetchall() == [(area_names.version(BEFORE),)]


# the whole way


def to_all(copy: Built, file: str, *changes: tuple[str, str]) -> None:
    path = copy.project / file
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, (file, old)
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_a_renamed_borough_and_force_give_the_same_cards_from_old_and_new_deliveries(
    sample: Built, landed: Built, tmp_path
):
    copy = copied(landed, tmp_path)
    seeds = "dbt_project/organisations/default/catalogue"
    # the source has the new name in August, the others keep the old one
    to_all(copy, "raw/weapon_enabled_crime/2009-08.csv", (OLD, NEW), ("Hammersmith and Fulham", "Hammersmith & Fulham"))
    to_all(copy, "raw/recorded_crime/2009-08.csv", ("Camden", "CAMDEN"))
    to_all(copy, "raw/population/2009-04.csv", (OLD, f"{OLD} "))
    to_all(copy, "raw/peer_forces/2009-08.csv", ("England and Wales", "England & Wales"), ("Merseyside", "Mersey"))

    # the catalogue has it, too: the old name is missing first
    to_all(copy, f"{seeds}/areas.csv", (f"{OLD},", f"{NEW},"))
    stopped = copy.command("scorecard", "--from", "2009-08", "--to", "2009-08")
    said = " ".join(stopped.stderr.split())
    assert stopped.returncode == 1
    assert (
        f"The catalogue no longer has the borough '{OLD}', which 30 deliveries of recorded_crime up to 2009-07" in said
    )
    assert "add 'Kingston upon Thames' to area_names.csv" in said
    assert "Traceback" not in stopped.stderr

    rows = ["name,area,from_month,to_month", f"{OLD},{NEW},,", "Mersey,Merseyside,2008-09-01,"]
    (copy.project / seeds / "area_names.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    done = copy.command("scorecard", "--from", "2009-08", "--to", "2009-08")
    assert done.returncode == 0, done.stderr
    assert "quarantined" not in done.stderr
    before, after = sample.card("2009-08"), copy.card("2009-08")
    for line, row in before.items():
        assert {**row, "release": None} == {**after[line], "release": None}
    in_areas = (
        "select distinct area from monthly_measures where report_month = '2009-08-01' and area ilike '%kingston%'"
    )
    assert copy.query(in_areas)["area"].to_list() == [NEW]
    told = "select extract, notes from deliveries where delivery_month = '2009-08-01' and notes is not null"
    read_as = dict(copy.query(told).rows())
    assert f"'{OLD}' is read as '{NEW}' (8 rows)" in read_as["recorded_crime"]
    assert "'CAMDEN' is read as 'Camden' (8 rows)" in read_as["recorded_crime"]
    assert "'Mersey' is read as 'Merseyside'" in read_as["peer_forces"]
    # the name that the source has, the catalogue has now
    assert read_as["weapon_enabled_crime"].endswith(
        "'Hammersmith & Fulham' is read as 'Hammersmith and Fulham' (7 rows)"
    )
