import pytest

from orchestration.raw.findings.spreadsheet_text import neutralised

FORMULAS = [
    "=1+1",
    "+1+1",
    "-2+3",
    "-A1",
    "-1%-A1",
    "-5.1% =1+1",
    "-5\n=1",
    " -5",
    "- 5",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
]


# as cards print them: numbers for Excel, LibreOffice and Google Sheets
SIGNED = ["-11.9%", "+0.2%", "-5", "+1,234.5", "-£43.8m", "+2.25"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_is_text(text):
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Camden", "2009-08", "12", "1-2", "a=b", "", None, "'quoted", "é", "(5)", *SIGNED])
def test_what_it_would_not_run_is_as_it_was(text):
    assert neutralised(text) == text
