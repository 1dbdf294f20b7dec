"""From a marker in a file to the card: what its source does not say has no value, and the reason stands there."""

import duckdb
import openpyxl
import pytest

from tests.conftest import Built, copied
from tests.deliveries import with_cells

pytestmark = pytest.mark.slow

AUGUST = "2009-08"
# what the sources of the copy declare more than those of the sample, by extract and column
DECLARED = {
    ("class_a_trafficking", "sanction_detections"): ['markers: {"*": suppressed}'],
    ("recorded_crime", "offences"): ['markers: {"..": not available}', 'thousands: ","'],
    ("weapon_enabled_crime", "offences"): ["negative: true", "least: -20"],
    ("officer_recruitment", "minority_ethnic_recruits"): ['markers: {"<5": suppressed}'],
    ("peer_forces", "value"): ['markers: {"*": suppressed}'],
}


def edited(built: Built, name: str, column: str, where: str, cell: str) -> None:
    """Put a cell into the first row of August's delivery that begins so; its months are written another way."""
    path = built.raw / name / f"{AUGUST}.csv"
    content = path.read_text(encoding="utf-8").splitlines()
    place = next(number for number, text in enumerate(content) if text.startswith(where))
    rows = with_cells([content[0], content[place]], column, cell)
    content[place] = rows[1]
    path.write_text("\n".join(content) + "\n", encoding="utf-8")


def deliver(built: Built) -> None:
    for (extract, column), fields in DECLARED.items():
        path = built.organisation / "sources" / f"{extract}.yml"
        head = f"\n  {column}:\n"
        more = "".join(f"    {field}\n" for field in fields)
        path.write_text(path.read_text(encoding="utf-8").replace(head, head + more), encoding="utf-8")
    edited(built, "class_a_trafficking", "sanction_detections", "2009-08,ecstasy", "*")
    edited(built, "recorded_crime", "offences", "2009-08,Barnet,residential_burglary", "..")
    edited(built, "weapon_enabled_crime", "offences", "2009-08,Barnet,knife", "-3")
    edited(built, "peer_forces", "value", "satisfaction_overall,2008-07,2009-06,Kent", "*")
    weapons = built.raw / "weapon_enabled_crime" / f"{AUGUST}.csv"
    weapons.write_text(weapons.read_text(encoding="utf-8").replace("2009-08,", "01/08/2009,"), encoding="utf-8")
    book = openpyxl.load_workbook(built.raw / "officer_recruitment" / f"{AUGUST}.xlsx")
    sheet = book.active
    sheet.cell(sheet.max_row, [cell.value for cell in sheet[1]].index("minority_ethnic_recruits") + 1).value = "<5"
    book.save(built.raw / "officer_recruitment" / f"{AUGUST}.xlsx")


@pytest.fixture(scope="module")
def published(landed: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """August published with what the sources do not say; the audit had no objection, or it were not."""
    built = copied(landed, tmp_path_factory.mktemp("not_said"))
    deliver(built)
    built.scorecard(AUGUST, AUGUST)
    return built


def reasons(built: Built, *series: str) -> set[str]:
    """Why figures of August that count one of the series up to August have no value."""
    listed = ", ".join(f"'{each}'" for each in series)
    rows = built.query(
        f"""
        select missing_reason
        from figures
        where
            report_month = '2009-08-01'
            and data_to = '2009-08-01'
            and statistic not in ('rank', 'peer_value')
            and (
                measure in (select measure from measures where series in ({listed}))
                or compare_measure in (select measure from measures where series in ({listed}))
            )
        """
    )
    assert rows.height
    return set(rows["missing_reason"])


def test_every_figure_over_what_its_source_does_not_say_has_no_value_and_that_reason(published: Built):
    assert reasons(published, "ecstasy_trafficking_detections") == {"suppressed by its source in Aug-09"}
    assert reasons(published, "residential_burglary_offences") == {"not available from its source in Aug-09: Barnet"}
    assert reasons(published, "minority_ethnic_recruits") == {"suppressed by its source in Aug-09"}


def test_every_other_figure_is_as_it_was_published(published: Built, sample: Built):
    untouched = ("1b", "2", "3a", "6a", "9a")
    ours, theirs = published.card(AUGUST), sample.card(AUGUST)
    for line in set(untouched) & theirs.keys():
        assert ours[line]["latest"] == theirs[line]["latest"]


def test_the_card_and_the_explanation_of_a_line_say_why(published: Built):
    row = published.card(AUGUST)["4d"]
    assert (row["latest"], row["status"]) == ("not available", None)
    assert row["status_reason"] == "not judged: suppressed by its source in Aug-09"
    assert "There is no figure (suppressed by its source in Aug-09)" in row["summary"]
    told = published.command("explain", "--month", AUGUST, "--line", "4d")
    assert "No interval: it has no value: suppressed by its source in Aug-09." in told.stdout


def warehouse_of(built: Built, sql: str) -> list[tuple]:
    with duckdb.connect(str(built.warehouse / "performance.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_count_below_zero_is_taken_off_the_force_where_its_source_declares_it(published: Built):
    knives = "select area, numerator from measures.monthly_measures where measure = 'knife_crime' "
    knives += "and report_month = '2009-08-01' and month = '2009-08-01'"
    by_area = dict(warehouse_of(published, knives))
    assert by_area["Barnet"] == -3
    assert by_area.pop("Metropolitan Police") == sum(by_area.values())


def test_a_force_whose_value_is_suppressed_is_not_ranked_and_the_others_are(published: Built, sample: Built):
    ranked = "select max(out_of) from figures where report_month = '2009-08-01' and measure = 'satisfaction_overall'"
    assert published.query(ranked).item() == sample.query(ranked).item() - 1
    kent = "select distinct rank, value, missing_reason from peers where report_month = '2009-08-01' "
    kent += "and measure = 'satisfaction_overall' and peer = 'Kent'"
    assert published.query(kent).rows() == [(None, None, "it published no value for the period")]


def test_the_list_of_deliveries_says_how_months_were_read(published: Built):
    listed = "select status, notes from raw.deliveries where delivery_month = '2009-08-01' and extract = "
    ((status, notes),) = warehouse_of(published, f"{listed}'weapon_enabled_crime'")
    assert status == "loaded"
    assert notes.endswith("column month: '01/08/2009' is read as 2009-08, day first, and the others likewise")
