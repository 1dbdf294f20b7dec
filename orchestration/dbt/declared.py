"""What the declared sources are to dbt: the tables of `raw` that it reads, their series, how old figures may be."""

from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from orchestration.warehouse import files

TABLE = "One row per delivery and row of its file. "
MONTHS_BETWEEN = {"monthly": 1, "quarterly": 3, "yearly": 12}


def write(sources: Path, folder: Path) -> None:
    """Write it all from the declarations, which hold together, where they are not there as they should be."""
    declared = {path.stem: yaml.load(path.read_bytes(), yaml.CBaseLoader) for path in sorted(sources.glob("*.yml"))}
    tables = [{"name": name, "description": TABLE + its["title"]} for name, its in declared.items()]
    calls = "\nunion all\n".join(call for name, its in declared.items() for call in _calls(name, its))
    limits = "\nunion all\n".join(
        f"select '{name}' as extract, {int(its.get('may_lag', 0)) + MONTHS_BETWEEN[its['cadence']]} as age_limit"
        for name, its in declared.items()
    )
    made = {
        "models/staging/raw.yml": yaml.safe_dump({"sources": [{"name": "raw", "schema": "raw", "tables": tables}]}),
        "macros/declared_series.sql": f"{{% macro declared_series() -%}}\n{calls}\n{{%- endmacro %}}\n",
        "macros/declared_age_limits.sql": f"{{% macro declared_age_limits() -%}}\n{limits}\n{{%- endmacro %}}\n",
    }
    for name, text in made.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write(path, text.encode())


def _calls(extract: str, declared: dict[str, Any]) -> Iterator[str]:
    """A call of the macro series_of for each series that a source declares."""
    columns = declared["columns"]
    area = next((name for name, its in columns.items() if its["kind"] == "area"), "")
    changing = [f"{name} = '{its['provisional']}'" for name, its in columns.items() if "provisional" in its]
    for pattern, counted in declared.get("series", {}).items():
        named = {name for _, name, *_ in Formatter().parse(pattern)}
        arguments = {
            "area": area,
            "provisional": " or ".join(changing),
            "added_up": {*declared["key"]} - named - {"month", area} != set(),
        }
        texts = ", ".join(f"{name}={value!r}".replace("True", "true") for name, value in arguments.items() if value)
        yield f"{{{{ series_of({extract!r}, {pattern!r}, {counted!r}, {texts}) }}}}"
