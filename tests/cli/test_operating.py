"""docs/operating.md names commands, settings and alerts that are there. The service's are run in test_services.py."""

import re
import shutil
import subprocess
import sys

import pytest

from tests.conftest import PROJECT

PAGE = (PROJECT / "docs" / "operating.md").read_text(encoding="utf-8")
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")
CODE = "".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "orchestration").rglob("*.py")))
# a code span or the beginning of an indented line: a target, then what is said of it, to the end of either
MADE = re.compile(r"(?:^ {4}|`|&& )make (?:-C \S+ )?(?P<target>[a-z.][a-z./-]*)(?P<rest>[^`\n]*)", re.MULTILINE)
NO_SETTINGS = {"SCORECARD_CATALOGUE", "JAVA_HOME"}  # of a what-if, of Java


def test_every_make_command_of_the_pages_is_a_target_that_reads_what_the_command_sets():
    pages = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").glob("*.md"))]
    found = {(it["target"], it["rest"]) for page in pages for it in MADE.finditer(page.read_text(encoding="utf-8"))}
    assert len(found) > 30
    for target, rest in sorted(found):
        if target.startswith("."):
            continue  # a file
        recipe = re.search(rf"^{target}:.*(?:\n\t.*)+", MAKEFILE, re.MULTILINE)
        assert recipe, f"make {target}"
        exported = "".join(re.findall(rf"^{target}: export .*", MAKEFILE, re.MULTILINE))
        for name in re.findall(r"\b([A-Z]{2,})=", rest):
            read_as = {"ONLY": "CHOSEN", "ALL": "LOCK", "PACKAGE": "LOCK"}.get(name, name)
            assert re.search(rf"\$\((?:if |or )?{read_as}\b", recipe[0] + exported), f"make {target} {name}="


def test_the_settings_of_the_page_are_those_of_the_code():
    table = PAGE.split("## Settings")[1].split("\n## ")[0]
    described = {name for row in table.splitlines() for name in re.findall(r"`([A-Z_]{6,})`", row.split(" | ")[0])}
    read = set(re.findall(r'os\.environ\.get\("([A-Z_]+)"\)', CODE)) - NO_SETTINGS
    assert described == read


def test_the_alerts_of_the_page_are_sentences_of_the_code():
    table = PAGE.split("| alert | what to do |")[1].split("\n\n")[0]
    alerts = re.findall(r"^\| (.*?) \| ", table, re.MULTILINE)[1:]
    assert len(alerts) > 8
    for alert in alerts:
        parts = [part for span in re.findall(r"`([^`]+)`", alert) for part in re.split(r"…|N\)|2009-09", span)]
        assert any(part.strip(" ():") in CODE for part in parts if len(part) > 8), alert


def test_systemd_takes_the_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze")
    units = []
    for unit in (PROJECT / "docs" / "production").glob("scorecard-*"):
        text = unit.read_text(encoding="utf-8").replace("/opt/scorecard/.venv", sys.prefix)
        units.append(tmp_path / unit.name)
        units[-1].write_text(text.replace("/opt/scorecard", str(PROJECT)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
