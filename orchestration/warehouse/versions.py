"""Which code made what: digests of sources, so that what rests on an edited source is made again, and nothing else.

- `validation_version` decides which verdicts on deliveries still hold;
- `editions_version` decides which published cards keep their files;
- `code_version` decides nothing: ledger, release and manifest record it. Models are built by every run.

The first two follow the imports of a room, and digest Python without docstrings and comments.
"""

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from orchestration import organisation, settings

VALIDATION, EDITIONS = "raw", "editions"
# what the months and lines of a delivery are compared with; its places: see orchestration.raw.checks.area_names.version
CATALOGUE_OF_VALIDATION = ("cards.csv", "indicators.csv")
LIBRARIES = "requirements.lock"  # they write the files of a card
VIEWS = "analyses"  # of a release: a card's files hold their rows
CONTRACTS = "scorecard/contracts.yml"  # which a card's files repeat
# not all of dbt_project: a `dbt build` by hand leaves a folder `target` there
OF_DBT = ("*.yml", *(f"{folder}/**/*.*" for folder in ("models", "macros", "tests", VIEWS)))


@cache
def code_version() -> str:
    """Twelve hexadecimal digits over the names and contents of the code, the models and the catalogue."""
    sources = {*_room(""), *settings.ORGANISATION.rglob("*.*"), *settings.CATALOGUE.glob("*.*")}
    sources |= {path for pattern in OF_DBT for path in settings.DBT_PROJECT.glob(pattern)}
    return _digest((path, path.read_bytes()) for path in sorted(sources) if path.is_file())


@cache
def validation_version() -> str:
    """The same over the code that validates deliveries, the declared sources, and the catalogue that it reads."""
    tables = [settings.CATALOGUE / table for table in CATALOGUE_OF_VALIDATION]
    tables += [settings.ORGANISATION / organisation.FILE, *sorted(settings.SOURCES.glob("*.yml"))]
    return _digest([*_sources(VALIDATION), *((path, path.read_bytes()) for path in tables)])


@cache
def editions_version() -> str:
    """The same over the code, templates and libraries that write the files of a card."""
    others = [
        settings.ORGANISATION / organisation.FILE,
        settings.PROJECT / LIBRARIES,
        settings.PROJECT / "orchestration" / CONTRACTS,
    ]
    others += [*sorted((settings.DBT_PROJECT / VIEWS).glob("*"))]
    return _digest([*_sources(EDITIONS), *((path, path.read_bytes()) for path in others)])


def _room(name: str) -> list[Path]:
    found = (settings.PROJECT / "orchestration" / name).rglob("*.*")
    return [path for path in found if path.suffix != ".pyc" and path.is_file()]


def _sources(room: str) -> list[tuple[Path, bytes]]:
    """Every file of a room and every module that it imports, directly or not, with its content."""
    waiting, found = _room(room), dict[Path, bytes]()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = path.read_bytes()
            if path.suffix == ".py":
                found[path], imported = _module(found[path])
                places = [settings.PROJECT.joinpath(*name.split(".")) for name in imported]
                files = (file for place in places for file in (place / "__init__.py", place.with_suffix(".py")))
                waiting += [file for file in files if file not in found and file.is_file()]
    return sorted(found.items())


@cache
def _module(content: bytes) -> tuple[bytes, frozenset[str]]:
    """A digest of a module without docstrings and comments, and the modules it imports, with their packages.

    By its content: many modules belong to both rooms.
    """
    tree = ast.parse(content)
    dotted: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            dotted |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            dotted |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            del node.body[0]
    of_project = [name.split(".") for name in dotted if name.startswith("orchestration")]
    names = frozenset(".".join(parts[:depth]) for parts in of_project for depth in range(1, len(parts) + 1))
    return hashlib.sha256(ast.dump(tree).encode()).digest(), names


def _digest(sources: Iterable[tuple[Path, bytes]]) -> str:
    digest = hashlib.sha256()
    for path, content in sources:
        digest.update(f"{path.name}\0".encode() + content + b"\0")
    return digest.hexdigest()[:12]
