"""Which deliveries lie in the raw folder, and what lies there that is none."""

import difflib
from datetime import date
from pathlib import Path

import polars as pl

from orchestration import months
from orchestration.deliveries.extracts import BY_NAME, Extract
from orchestration.deliveries.refusals import problem


def ignored(path: Path) -> bool:
    """Whether a name says that the thing is no delivery, or not yet: hidden, set aside, open, being written."""
    return path.name.startswith((".", "_", "~$")) or path.suffix == ".part"


def deliveries(extract: Extract, raw: Path) -> tuple[dict[date, Path], list[pl.DataFrame]]:
    """The files of an extract by the month they were delivered for, and what is wrong with the other names."""
    found: dict[date, list[Path]] = {}
    problems = []
    folder = raw / extract.name
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if ignored(path):
            continue
        if rule := _misnamed(extract, path):
            problems.append(problem(rule, file=f"{extract.name}/{path.name}"))
        else:
            found.setdefault(months.parse(path.stem), []).append(path)
    for paths in found.values():
        if len(paths) > 1:
            names = " and ".join(path.name for path in paths)
            problems.append(
                problem(f"{names} are deliveries for the same month: keep one", file=f"{extract.name}/{paths[0].name}")
            )
    return {month: paths[0] for month, paths in found.items() if len(paths) == 1}, problems


def _misnamed(extract: Extract, path: Path) -> str | None:
    allowed = " or ".join(f"<YYYY-MM>.{suffix}" for suffix in extract.formats)
    if not path.is_file():
        return f"this is a folder: deliveries are files called {allowed}"
    if path.suffix[1:] not in extract.formats:
        return f"deliveries of {extract.name} are called {allowed}"
    try:
        months.parse(path.stem)
    except ValueError:
        return f"deliveries of {extract.name} are called {allowed}, after the month they were delivered for"
    return None


def strangers(raw: Path) -> list[pl.DataFrame]:
    """The folders that belong to no extract: what was delivered there would be lost without a word."""
    if not raw.is_dir():
        return [problem("the folder of deliveries does not exist", file=raw.name)]
    problems = []
    for path in sorted(raw.iterdir()):
        if path.is_dir() and not ignored(path) and path.name not in BY_NAME:
            near = difflib.get_close_matches(path.name, BY_NAME, n=1)
            hint = f"did you mean {near[0]}?" if near else "start its name with _ if it holds no deliveries"
            problems.append(problem(f"no extract has this name: {hint}", file=f"{path.name}/"))
    return problems
