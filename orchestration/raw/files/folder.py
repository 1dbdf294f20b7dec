"""Which deliveries are in the raw folder, and what else is. Names only: nothing here opens a file."""

import difflib
import os
import re
import stat
from collections.abc import Mapping
from datetime import date
from fnmatch import translate
from pathlib import Path

import polars as pl

from orchestration import months
from orchestration.errors import UserError
from orchestration.raw.findings.findings import problem
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.extracts import BY_NAME, EXTRACTS

MANIFEST = ".sha256"
# Ignored, in upper or lower case: hidden files and those set aside; what systems, servers and spreadsheet programs
# leave behind; what is still being written. A `.bak` is not ignored: a person made it, and may mean it to be read.
_IGNORED = (
    *(".*", "_*"),
    *("thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r"),
    *("$recycle.bin", "recycler", "system volume information", "lost+found"),
    *("@eadir", "#recycle", "@recycle", "#snapshot", "network trash folder", "temporary items"),
    *("~$*", "*~", "*.swp", "*.tmp", "*.temp", "~*.tmp"),
    *("*.part", "*.filepart", "*.partial", "*.crdownload", "*.opdownload", "*.download"),
)
IGNORED = re.compile("|".join(map(translate, _IGNORED)))  # in one: sensors look at every name, twice a minute

KINDS = {
    stat.S_ISLNK: "a link: put the file itself here",
    stat.S_ISDIR: "a folder: put the files of the extract right under its own folder",
    stat.S_ISFIFO: "a pipe: put a file here",
    stat.S_ISSOCK: "a socket: put a file here",
    stat.S_ISBLK: "a device: put a file here",
    stat.S_ISCHR: "a device: put a file here",
}


class NoFolder(UserError):
    """There is no folder of deliveries."""


def ignored(name: str) -> bool:
    """Whether a name is that of no delivery, or of none yet."""
    return IGNORED.match(name.lower()) is not None


def manifest(path: Path, others: Mapping[str, Path] | None = None) -> Path:
    """Where the sender's manifest of a file is, whatever the case of its name; where it would be, if there is none.

    Who asks for many files of a folder passes the `others`, its manifests.
    """
    exact = path.with_name(path.name + MANIFEST)
    if os.path.lexists(exact):
        return exact
    return (manifests(path.parent) if others is None else others).get(path.name.lower(), exact)


def manifests(folder: Path) -> dict[str, Path]:
    """The manifests in a folder by the names of their files in lower case."""
    paths = sorted(folder.iterdir(), reverse=True) if folder.is_dir() else []
    return {of.lower(): path for path in paths if (of := _of_manifest(path.name))}


def shown(name: str) -> str:
    """A file's name as it can be printed anywhere: what is no plain character stands as its code."""
    return "".join(sign if sign.isprintable() and sign != "\\" else repr(sign)[1:-1] for sign in name)


def deliveries(extract: Extract, raw: Path) -> tuple[dict[date, Path], list[pl.DataFrame]]:
    """The files of an extract by the month they were delivered for, and what is wrong with the other names."""
    found: dict[date, list[str]] = {}
    problems = []
    folder = raw / extract.name
    for name, mode in _names(folder):
        if rule := _not_a_file(name, mode):
            problems.append(problem("not_a_file", rule, file=f"{extract.name}/{shown(name)}"))
        elif month := month_of(extract, _of_manifest(name) or name):
            if not _of_manifest(name):
                found.setdefault(month, []).append(name)
        else:
            stem = extract.file_name.format(month="<YYYY-MM>")
            allowed = " or ".join(f"{stem}.{suffix}" for suffix in extract.formats)
            rule = f"deliveries of {extract.name} are called {allowed}, after the month they were delivered for"
            problems.append(problem("misnamed", f"{rule}: rename it", file=f"{extract.name}/{shown(name)}"))
    for names in found.values():
        if len(names) > 1:
            rule = f"{' and '.join(names)} are deliveries for the same month: keep one"
            problems.append(problem("two_files", rule, file=f"{extract.name}/{names[0]}"))
    return {month: folder / names[0] for month, names in sorted(found.items()) if len(names) == 1}, problems


def _names(folder: Path) -> list[tuple[str, int]]:
    """The names in an extract's folder that are not set aside, and what kind of thing each is."""
    try:
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            return []
        with os.scandir(folder) as entries:
            modes = {it.name: it.stat(follow_symlinks=False).st_mode for it in entries if not ignored(it.name)}
        return sorted(modes.items())
    except FileNotFoundError:  # no folder yet; or a file that was taken away while we looked
        return []


def _not_a_file(name: str, mode: int) -> str | None:
    for is_one, message in KINDS.items():
        if is_one(mode):
            return f"this is {message}"
    return None


def _of_manifest(name: str) -> str | None:
    """The name of the file that a manifest confirms; None for what is no manifest."""
    return name[: -len(MANIFEST)] if name.lower().endswith(MANIFEST) else None


def month_of(extract: Extract, name: str) -> date | None:
    """The month that a file of this name is delivered for; None where no delivery of the extract is called so."""
    stem = re.escape(extract.file_name).replace(r"\{month\}", "([0-9]{4}-[0-9]{2})").replace(r"\*", ".*")
    named = re.fullmatch(rf"{stem}\.(?:{'|'.join(extract.formats)})", name, re.IGNORECASE)
    try:
        return months.parse(named[1]) if named else None
    except ValueError:
        return None


def unrecognised(raw: Path) -> dict[str, list[pl.DataFrame]]:
    """The folders that belong to no extract, under the extract whose name is nearest: what came there would be lost.

    Raises NoFolder where there is no folder of deliveries at all.
    """
    if not raw.is_dir():
        raise NoFolder(f"There is no folder of deliveries {raw}: make it, or say where it is with SCORECARD_RAW.")
    problems: dict[str, list[pl.DataFrame]] = {}
    with os.scandir(raw) as entries:
        named = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    for name, is_folder in named:
        if ignored(name) or (is_folder and name in BY_NAME) or not (is_folder or name in BY_NAME):
            continue
        near = difflib.get_close_matches(name, BY_NAME, n=1)
        if name in BY_NAME:
            code, rule = "not_a_file", "this is no folder: make a folder of that name and put the deliveries there"
        elif near:
            code, rule = "unknown_folder", f"no extract has this name: did you mean {near[0]}?"
        else:
            code, rule = "unknown_folder", "no extract has this name: start its name with _ if it holds no deliveries"
        of = near[0] if near else EXTRACTS[0].name
        problems.setdefault(of, []).append(problem(code, rule, file=f"{shown(name)}/"))
    return problems
