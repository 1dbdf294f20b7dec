"""A CSV of the card as spreadsheets open it: none of its texts becomes a formula, and a number stays as it is."""

import csv
import io
import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from orchestration.editions.data_files import delimited
from tests.conftest import Built

# With what a cell begins that the program runs when it opens a CSV. LibreOffice does so only where it is told to.
RUNS = {
    "Excel": re.compile(r"[\s\0]*[=+\-@＝＋－＠]"),
    "LibreOffice": re.compile(r"="),
    "Google Sheets": re.compile(r"\s*[=+]"),
}
NUMBER = re.compile(r"[+-][£$€]?[0-9][0-9,]*(\.[0-9]+)?(%|m|e[+-]?[0-9]+)?", re.IGNORECASE)
HOSTILE = [
    "=1+1",
    '=HYPERLINK("https://example.org/";"more")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "-5.1% =1+1",
    "@SUM(1;1)",
    "\t=1+1",
    "\r\n=1+1",
    "  =1+1",
    "＝1+1",
    '",=1+1',
]
NUMBERS = ["-11.9%", "+0.5%", "-£3.2m", "-1,234", "-4.1"]
SMALL = 300_000  # bytes: the larger tables hold numbers


def written(texts: list[str]) -> bytes:
    return delimited.of(pl.DataFrame({"text": texts})).content


def cells(content: bytes) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(content.decode(), newline="")) for cell in row]


def run_by(cell: str) -> list[str]:
    return [program for program, begins in RUNS.items() if begins.match(cell) and not NUMBER.fullmatch(cell)]


def test_no_hostile_text_is_run_by_excel_libreoffice_or_google() -> None:
    assert all(run_by(text) for text in HOSTILE if not text.startswith('"'))
    assert [cell for cell in cells(written(HOSTILE)) if run_by(cell)] == []


def test_signed_numbers_are_as_the_card_prints_them() -> None:
    assert cells(written(NUMBERS)) == ["text", *NUMBERS]


def test_no_cell_of_a_published_card_is_run(sample: Built) -> None:
    files = (sample.warehouse / "current" / "cards" / "2009-08" / "csv").glob("*.csv")
    small = [file.read_bytes() for file in files if file.stat().st_size < SMALL]
    assert len(small) > 20
    found = {cell for content in small for cell in cells(content)}
    assert {cell for cell in found if run_by(cell)} == set()
    assert "-11.9%" in found


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_libreoffice_told_to_run_formulas_finds_none(tmp_path: Path) -> None:
    """One in a file that is not ours shows that it would."""
    (tmp_path / "ours.csv").write_bytes(written([*HOSTILE, *NUMBERS]))
    (tmp_path / "another.csv").write_text("text\n=1+1\n", encoding="utf-8")
    # commas, double quotes, UTF-8, from the first line on, numbers recognised, formulas run
    options = "44,34,76,1,,0,false,true,false,false,false,-1,true"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            f"--infilter=Text - txt - csv (StarCalc):{options}",
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path)),
            *map(str, tmp_path.glob("*.csv")),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    ours, another = (
        [row[0].data_type for row in openpyxl.load_workbook(tmp_path / f"{name}.xlsx").active.iter_rows(min_row=2)]
        for name in ("ours", "another")
    )
    assert another == ["f"]
    assert "f" not in ours
    assert len(ours) == len(HOSTILE) + len(NUMBERS)
