"""What is declared, for dbt: the tables of `raw`, their series, how old figures may be, the calendar."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from orchestration import organisation, years
from orchestration.warehouse import files

# of an organisation that has no such source
NO_PEERS = (
    "select cast(null as string) as extract, cast(null as date) as delivery_month, cast(null as string) as measure, "
    "cast(null as date) as from_month, cast(null as date) as to_month, cast(null as string) as peer, "
    "cast(null as double) as value where 1 = 0"
)
NO_COMMENTS = (
    "select cast(null as string) as extract, cast(null as date) as delivery_month, cast(null as string) as line, "
    "cast(null as string) as comment, cast(null as integer) as file_line where 1 = 0"
)
TABLE = "One row per delivery and row of its file. "
MONTHS_BETWEEN = {"monthly": 1, "quarterly": 3, "yearly": 12}
KEPT = 2  # decimals of a figure whose column declares nothing else
TRUE = ("true", "yes", "on", "1", "t", "y")  # in any letter case, as the declarations are checked


def write(sources: Path, folder: Path) -> None:
    """Write it all from the declarations, which hold together, where they are not there as they should be."""
    declared = _read(sources)
    most = _decimals(declared.values())
    tables = [{"name": name, "description": TABLE + its["title"]} for name, its in declared.items()]
    made = {
        "seeds/calendar.csv": _calendar(),
        "models/staging/raw.yml": yaml.safe_dump({"sources": [{"name": "raw", "schema": "raw", "tables": tables}]}),
    }
    macros = {
        "months_of_history": [str(organisation.declared().months_of_history)],
        "declared_series": [call for name, its in declared.items() for call in _calls(name, its, most)],
        "declared_peers": [_peers(name, its) for name, its in declared.items() if _column(its, "peer")] or [NO_PEERS],
        "declared_comments": [_comments(name) for name, its in declared.items() if _column(its, "comment")]
        or [NO_COMMENTS],
        "declared_age_limits": [
            f"select '{name}' as extract, {int(its.get('may_lag', 0)) + MONTHS_BETWEEN[its['cadence']]} as age_limit"
            for name, its in declared.items()
        ],
    }
    for name, queries in macros.items():
        body = "\nunion all\n".join(queries)
        made[f"macros/{name}.sql"] = f"{{% macro {name}() -%}}\n{body}\n{{%- endmacro %}}\n"
    for name, text in made.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write(path, text.encode())


def _calendar() -> str:
    rows = [years.row(month) for month in years.calendar()]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*rows[0]], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _column(declared: dict[str, Any], *kinds: str) -> str:
    """The first column of these kinds; empty where there is none."""
    return next((name for name, its in declared["columns"].items() if its["kind"] in kinds), "")


def _peers(extract: str, declared: dict[str, Any]) -> str:
    """What a source of peers delivers: for a measure and a period the value of each of them."""
    first, last = (name for name, its in declared["columns"].items() if its["kind"] == "month")
    measure, peer = (_column(declared, kind) for kind in ("word", "peer"))
    value = _column(declared, "measure", "percent", "count", "money")
    return (
        f"select '{extract}' as extract, delivery_month, {measure} as measure, {first} as from_month, "
        f"{last} as to_month, {peer} as peer, cast({value} as double) as value "
        f"from {{{{ source('raw', '{extract}') }}}}"
    )


def _comments(extract: str) -> str:
    columns = f"'{extract}' as extract, delivery_month, line, comment, file_line"
    return f"select {columns} from {{{{ source('raw', '{extract}') }}}}"


def decimals(sources: Path) -> int:
    """How many decimals amounts have: the most that a column of the sources declares to keep, and no fewer than 2."""
    return _decimals(_read(sources).values())


def _read(sources: Path) -> dict[str, dict[str, Any]]:
    return {path.stem: yaml.load(path.read_bytes(), yaml.CBaseLoader) for path in sorted(sources.glob("*.yml"))}


def _decimals(declared: Iterable[dict[str, Any]]) -> int:
    return max([KEPT, *(_kept(column) for its in declared for column in its["columns"].values())])


def _kept(column: dict[str, Any]) -> int:
    return int(column.get("decimals", KEPT))


def _calls(extract: str, declared: dict[str, Any], most: int) -> Iterator[str]:
    """A call of the macro series_of for each series that a source declares; amounts have `most` decimals."""
    columns = declared["columns"]
    across = declared.get("reading", {}).get("across_deliveries", "").lower() in TRUE
    area = next((name for name, its in columns.items() if its["kind"] == "area"), "")
    changing = [f"{name} = '{its['provisional']}'" for name, its in columns.items() if "provisional" in its]
    for pattern, counted in declared.get("series", {}).items():
        named = {name for _, name, *_ in Formatter().parse(pattern) if name}
        used = [name for name in columns if name in {*named, *counted.split(" >= ")}]
        arguments = {
            "area": area,
            "provisional": " or ".join(changing),
            "added_up": across or {*declared["key"]} - named - {"month", area} != set(),
            "decimals": most if most > KEPT else None,
            "kept": _kept(columns[counted]) if most > KEPT and counted in columns else None,
            "dated": [name for name in used if {"since", "until"} & columns[name].keys()],
            "words": [name for name in declared["key"] if name != "month"] if across else None,
        }
        texts = ", ".join(f"{name}={value!r}".replace("True", "true") for name, value in arguments.items() if value)
        yield f"{{{{ series_of({extract!r}, {pattern!r}, {counted!r}, {texts}) }}}}"
