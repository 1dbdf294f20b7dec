"""Rules for areas: whose small numbers are suppressed with others', their regions, and the other names of a place."""

from collections import Counter
from datetime import date

from orchestration import organisation
from orchestration.catalogue.cells import month, unknown
from orchestration.catalogue.tables import Problems, Tables, values
from orchestration.raw.sources.extracts import OTHER_PEERS
from orchestration.raw.sources.names import plain

AREAS = ("area", "unallocated")  # what adds up to the whole


def _whole(tables: Tables) -> Problems:
    """All the others add up to one area."""
    wholes = [line for line, row in tables["areas"] if row["kind"] == "whole"]
    for line in wholes[1:]:
        yield "areas", line, "kind", f"line {wholes[0]} is the whole already: there is one, which the others add up to"
    if not wholes:
        yield "areas", 2, "kind", "no row is the whole, which the others add up to: add one of the kind whole"


def _areas(tables: Tables) -> Problems:
    groups = Counter(row["suppressed_with"] for _, row in tables["areas"])
    for line, row in tables["areas"]:
        group = row["suppressed_with"]
        if row["kind"] in AREAS and group is None:
            yield (
                "areas",
                line,
                "suppressed_with",
                "it is empty, but the small numbers of every area are suppressed with others",
            )
        elif row["kind"] in AREAS and groups[group] == 1:
            problem = f"{row['area']} is alone in '{group}': the whole less the other areas would disclose its numbers"
            yield "areas", line, "suppressed_with", problem
        elif row["kind"] == "whole" and group is not None:
            yield "areas", line, "suppressed_with", f"'{group}' is of areas; leave it empty for the whole"


def _regions(tables: Tables) -> Problems:
    """Where regions are declared every area lies in one, and no area is called as one."""
    declared = organisation.declared()
    areas = {plain(area) for area in values(tables["areas"], "area") if area}
    spelled: dict[str, str] = {}
    for line, row in tables["areas"]:
        region, problem = row["region"], None
        if region is None:
            if declared.region and row["kind"] == "area":
                problem = f"it is empty, but every {declared.area.one} lies in a {declared.region.one}: write which"
        elif declared.region is None:
            problem = (
                f"'{region}' has no name for what it is: write region: {{one: ..., many: ...}} in organisation.yml, "
                "or leave it empty"
            )
        elif row["kind"] == "whole":
            problem = f"'{region}' is of {declared.area.many}; leave it empty for the whole"
        elif plain(region) in areas:
            problem = f"'{region}' is the name of an area as well: its pages could not be told apart; write another"
        elif spelled.setdefault(plain(region), region) != region:
            problem = f"'{region}' is '{spelled[plain(region)]}' above: write one name in one way"
        if problem:
            yield "areas", line, "region", problem


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


RULES = (_whole, _areas, _regions, _names)
