"""A draft of a source's declaration: made of a published file, it holds together and reads the file it was made of."""

from pathlib import Path

import pytest

from orchestration import settings
from orchestration.cli import draft
from orchestration.raw.sources import catalogue

WIDE = [
    "Borough,Minor Category,Note,200906,200907,",
    "Camden,Burglary - Residential,,1,2,",
    "Barnet,BURGLARY - RESIDENTIAL,,3,4,",
    "Heathrow,Robbery,,5,6,x",
    "Brent,Robbery,,5,6,x",
]
RECORDS = ["Crime ID,Month,Longitude,Crime type"]
RECORDS += [f"{'' if place > 70 else place},2009-08,0.{place},{('Theft', 'Drugs')[place % 2]}" for place in range(80)]
TITLED = ["Fires;;;;", "", "Area;2008/09;;2009/10;", ";Apr;May;Apr;All", "Camden;£1.204;2;3;4", "Barnet;..;6;7;8"]
TITLED += ["Grand total;9;9;9;9", "", "Source: returns"]
IN_PARTS = [
    "Year\tQuarter\tArea\tKind\tCalls",
    "2008/09\tQ1\tCamden\t\t5",
    "2008/09\tQ2\tCamden\tFire\t6",
    "2008\tQ3\tCamden\tFlood\t6",
]
SURVEY = ["Date,Survey,Measure,Proportion", '31/12/2008,PAS,Good job,"0,5"', '31/03/2009,PAS,Fair,"0,25"']
# what the draft says besides, and the first row that it reads
DRAFTS = {
    "a month a column": (
        WIDE,
        ["month_columns: true", "restates: 2", "# not in areas.csv: Heathrow", 'ignored_columns: ["Note", ""]'],
        "2  2009-06  Camden  burglary_residential  1",
    ),
    "a record a row": (
        RECORDS,
        ["records: true", 'same_record: ["Crime ID"]', "# ignored: Longitude, figures of a record"],
        "2  2009-08  theft  40",
    ),
    "a title, two lines of header, a total, thousands": (
        TITLED,
        [
            *(
                'delimiter: ";"',
                "title_lines: 2",
                "header_lines: 2",
                "first: 2009-04",
                'ignored_words: ["Grand total"]',
            ),
            *('thousands: "."', 'signs: "£"', 'markers: {"..": "not available"}', 'ignored_columns: ["2009/10 All"]'),
        ],
        "5  2008-04  Camden  1.204",
    ),
    "the month in two columns": (
        IN_PARTS,
        ['delimiter: "\\t"', 'month_from: ["Year", "Quarter"]', "cadence: quarterly", "empty: not_stated"],
        "2  2008-06  Camden  not_stated  5",
    ),
    "decimal commas": (
        SURVEY,
        ["dates: d/m/yyyy", "decimal_comma: true", "cadence: quarterly", "# ignored: Survey, it is always 'PAS'"],
        "2  2008-12  good_job  0.5",
    ),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "SOURCES", tmp_path / "sources")
    settings.SOURCES.mkdir()
    return tmp_path


@pytest.mark.parametrize(("content", "said", "first"), DRAFTS.values(), ids=DRAFTS)
def test_a_draft_says_what_stands_in_a_file_and_reads_it(folder: Path, content: list[str], said: list[str], first: str):
    (folder / "New File.csv").write_text("\n".join([*content, ""]), encoding="utf-8")
    path, rows = draft.write(folder / "New File.csv", "")
    text = path.read_text(encoding="utf-8")
    assert path.name == "new_file.yml"
    assert [each for each in said if each not in text] == []
    assert first in rows.splitlines()


def test_names_may_be_areas_where_no_area_is_declared_yet(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(catalogue, "places", lambda kind: ())
    (folder / "file.csv").write_text("\n".join(WIDE), encoding="utf-8")
    path, _ = draft.write(folder / "file.csv", "")
    assert "borough:  # areas? then fill areas.csv first" in path.read_text(encoding="utf-8")


def test_a_draft_replaces_no_declaration_and_is_made_of_csv_only(folder: Path):
    (folder / "file.csv").write_text("\n".join(SURVEY), encoding="utf-8")
    draft.write(folder / "file.csv", "survey")
    with pytest.raises(draft.NoDraft, match=r"survey\.yml is there already"):
        draft.write(folder / "file.csv", "survey")
    with pytest.raises(draft.NoDraft, match=r"book\.xlsx is no CSV"):
        draft.write(folder / "book.xlsx", "other")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "has no header"),
        (b"one,two\n", "has no header"),
        (None, "There is no file"),
    ],
)
def test_what_no_draft_can_be_made_of_is_one_sentence(tmp_path, content, says):
    file = tmp_path / "published.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(draft.NoDraft, match=says):
        draft.write(file, "no_such_source")
