"""The proposed catalogue: edited tables from a folder, every other one as the project has it."""

import shutil
from pathlib import Path

from orchestration import catalogue, settings
from orchestration.catalogue.cells import unknown


class CannotPropose(ValueError):
    """The folder holds no tables of a catalogue; the message gives the reason."""


def write(folder: str, into: Path) -> None:
    """Write the proposed catalogue and check it. Raises CannotPropose, CatalogueError."""
    edited = _tables(Path(folder).expanduser()) if folder else []
    shutil.copytree(settings.CATALOGUE, into)
    for path in edited:
        shutil.copy2(path, into / path.name)
    catalogue.check(into)


def _tables(folder: Path) -> list[Path]:
    """The edited tables in the folder."""
    if not folder.is_dir():
        raise CannotPropose(f"There is no folder {folder}: name that of the edited tables with CATALOGUE=<folder>.")
    found = sorted(folder.glob("*.csv"))
    if not found:
        names = ", ".join(f"{table}.csv" for table in catalogue.TABLES)
        raise CannotPropose(f"{folder} holds no table of the catalogue: put at least one of {names} there.")
    for path in found:
        if path.stem not in catalogue.TABLES:
            raise CannotPropose(f"{path}: {unknown(path.stem, list(catalogue.TABLES), 'a table of the catalogue')}")
    return found
