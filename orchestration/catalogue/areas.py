"""Rules for areas: areas whose small numbers are suppressed with others', and the other names of a place."""

from collections import Counter
from datetime import date

from orchestration.catalogue.cells import month, unknown
from orchestration.catalogue.tables import Problems, Tables, values
from orchestration.raw.sources.extracts import OTHER_PEERS
from orchestration.raw.sources.names import plain


def _areas(tables: Tables) -> Problems:
    groups = Counter(row["suppressed_with"] for _, row in tables["areas"])
    for line, row in tables["areas"]:
        group = row["suppressed_with"]
        if row["kind"] == "area" and group is None:
            yield (
                "areas",
                line,
                "suppressed_with",
                "it is empty, but the small numbers of every area are suppressed with others",
            )
        elif row["kind"] == "area" and groups[group] == 1:
            problem = f"{row['area']} is alone in '{group}': the whole less the other areas would disclose its numbers"
            yield "areas", line, "suppressed_with", problem
        elif row["kind"] == "whole" and group is not None:
            yield "areas", line, "suppressed_with", f"'{group}' is of areas; leave it empty for the whole"


def _names(tables: Tables) -> Problems:
    """Another name means one place at a time, and is not the name of another."""
    places = [
        place for place in (*values(tables["areas"], "area"), *values(tables["peer_organisations"], "peer")) if place
    ]
    places += OTHER_PEERS
    seen: dict[str, list[tuple[int, date, date]]] = {}
    for line, row in tables["area_names"]:
        name, area = row["name"] or "", row["area"] or ""
        if area and area not in places:
            yield "area_names", line, "area", unknown(area, places, "defined in areas.csv or peer_organisations.csv")
        taken = [place for place in places if plain(place) == plain(name) and place != area]
        if taken:
            yield "area_names", line, "name", f"'{name}' is the name of {taken[0]} itself: it cannot mean {area} too"
        first, last = month(row["from_month"]) or date.min, month(row["to_month"]) or date.max
        if last < first:
            yield "area_names", line, "to_month", f"'{last}' is before the first month, {first}"
        for other, its_first, its_last in seen.setdefault(plain(name), []):
            if first <= its_last and its_first <= last:
                problem = (
                    f"'{name}' stands on line {other} for some of these months already: it means one place at a time"
                )
                yield "area_names", line, "from_month", problem
        seen[plain(name)].append((line, first, last))


RULES = (_areas, _names)
