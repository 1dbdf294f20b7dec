import pytest

from orchestration.raw.findings.spreadsheet_text import neutralised

FORMULAS = [
    "=1+1",
    "+1",
    "-2+3",
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


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_is_text(text):
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Camden", "2009-08", "12", "1-2", "a=b", "", None, "'quoted", "é", "(5)"])
def test_what_it_would_not_run_is_as_it_was(text):
    assert neutralised(text) == text
