"""docs/reference/: the rules of the models by example, a page a model, from dbt's unit tests: rows in, rows out.

`python -m tests.reference` writes it again.
"""

import csv
import io
from collections.abc import Iterator

import yaml

from orchestration import settings
from tests.conftest import PROJECT

FOLDER = PROJECT / "docs" / "reference"
LAYERS = ("measures", "aggregates")
INDEX = """# Reference by example

What each rule does, as rows in and rows out. These are dbt's unit tests: each runs before a change lands, so that a
page cannot say what the pipeline does not do. A table holds the columns that matter for the rule; the others have no
effect on it. `make reference` writes these pages again.
"""


def pages() -> dict[str, str]:
    """Every page by its file name."""
    made, listed = {}, [INDEX]
    for layer in LAYERS:
        listed.append(f"\n## {layer}\n\n")
        for path in sorted((settings.DBT_PROJECT / "models" / layer).rglob("*.yml")):
            declared = yaml.safe_load(path.read_text(encoding="utf-8"))
            if tests := declared.get("unit_tests"):
                made[f"{path.stem}.md"] = "".join(_page(declared["models"][0], tests))
                listed.append(f"- [{path.stem}]({path.stem}.md): {len(tests)} rule{'s' if len(tests) > 1 else ''}\n")
    return {"README.md": "".join(listed)} | made


def _page(model: dict, tests: list[dict]) -> Iterator[str]:
    yield f"# {model['name']}\n\n{model['description'].strip()}\n"
    for test in tests:
        yield f"\n## {_sentence(test['name'])}\n\n"
        if "description" in test:
            yield f"{test['description'].strip()}\n\n"
        for given in test["given"]:
            if rows := _rows(given):
                yield f"{_source(given['input'])}:\n\n{_table(rows)}\n"
        expected = _rows(test["expect"])
        yield f"**gives**\n\n{_table(expected)}" if expected else "**gives** no row.\n"


def _sentence(name: str) -> str:
    text = name.replace("_", " ")
    return text[0].upper() + text[1:]


def _source(text: str) -> str:
    """The table that `ref('areas')` or `source('run', 'report_months')` names."""
    return f"`{text.rsplit(chr(39), 2)[-2]}`" if "'" in text else f"`{text}`"


def _rows(fixture: dict) -> list[dict]:
    rows = fixture.get("rows") or []
    return list(csv.DictReader(io.StringIO(rows))) if isinstance(rows, str) else rows


def _table(rows: list[dict]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [columns, ["---"] * len(columns), *([_cell(row.get(name)) for name in columns] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|").strip()


def main() -> None:
    """Write every page, and remove those of models that are gone."""
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
