"""The catalogue that is proposed: edited tables from a folder, every other one as the project has it."""

import shutil
from pathlib import Path

from orchestration import catalogue, settings
from orchestration.catalogue.cells import unknown


class CannotPropose(ValueError):
    """The folder is no catalogue, nor a part of one; the message says why."""


def write(folder: str, into: Path) -> None:
    """Write the proposed catalogue, whole and checked. Raises CannotPropose, CatalogueError."""
    edited = _tables(Path(folder).expanduser()) if folder else []
    shutil.copytree(settings.CATALOGUE, into)
    for path in edited:
        shutil.copy2(path, into / path.name)
    catalogue.check(into)


def _tables(folder: Path) -> list[Path]:
    """The edited tables in the folder."""
    if not folder.is_dir():
        raise CannotPropose(f"There is no folder {folder}: say where the edited tables are with CATALOGUE=<folder>.")
    found = sorted(folder.glob("*.csv"))
    if not found:
        names = ", ".join(f"{table}.csv" for table in catalogue.TABLES)
        raise CannotPropose(f"{folder} holds no table of the catalogue: put at least one of {names} there.")
    for path in found:
        if path.stem not in catalogue.TABLES:
            raise CannotPropose(f"{path}: {unknown(path.stem, list(catalogue.TABLES), 'a table of the catalogue')}")
    return found
