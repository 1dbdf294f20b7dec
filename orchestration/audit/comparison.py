"""Comparison of the published with the recomputed figures: a sentence for every difference."""

import math
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from orchestration.audit.figures import Recomputed
from orchestration.audit.letters import NONE, Letters
from orchestration.audit.regions import RegionWindow, Sums

SUPPRESSED = "it rests on a small count"  # in the reason of a figure that has no value for it
RELATIVE = 1e-9  # what two ways of dividing the same sums may differ by
ABSOLUTE = 1e-12  # the same near zero


def differences(recomputed: Mapping[tuple[date, str, str], Recomputed], published: Iterable[Mapping]) -> list[str]:
    """A sentence for each figure that is missing, superfluous, or not as recomputed.

    `published` are rows of the table `figures` of a release, as mappings by column.
    """
    on_the_card = {(row["report_month"], row["line"], row["name"]): row for row in published}
    found = []
    for key in sorted(recomputed.keys() | on_the_card.keys()):
        if key not in on_the_card:
            difference = f"the card lacks it; the deliveries give '{recomputed[key].printed}'"
        elif key not in recomputed:
            difference = f"the card has '{on_the_card[key]['printed']}'; the catalogue has no such figure"
        elif recomputed[key].suppressed and on_the_card[key]["value"] is not None:
            difference = f"the card has '{on_the_card[key]['printed']}'; {SUPPRESSED} and must be suppressed"
        elif SUPPRESSED in (on_the_card[key]["missing_reason"] or "") and recomputed[key].value is not None:
            difference = f"the card suppresses it; the deliveries give '{recomputed[key].printed}', no small count"
        else:
            card, deliveries = _aspects(on_the_card[key]), _aspects(vars(recomputed[key]))
            differ = [what for what in card if not _same(card[what], deliveries[what])]
            if not differ:
                continue
            difference = f"the card has {_listed(card, differ)}; the deliveries give {_listed(deliveries, differ)}"
        report_month, line, name = key
        found.append(f"{report_month:%Y-%m}, line {line}, figure {name}: {difference}")
    return found


def differences_in_letters(
    recomputed: Mapping[tuple[date, str], Letters], published: Iterable[tuple[date, str, str | None]]
) -> list[str]:
    """A sentence for each line with another letter than its figure gets. `published`: report month, line and letter."""
    return [
        f"{report_month:%Y-%m}, line {line}: the card has {_shown(letter)}; "
        f"its figure gets {' or '.join(sorted(map(_shown, right)))}"
        for report_month, line, letter in sorted(published, key=lambda it: it[:2])
        if letter not in (right := recomputed.get((report_month, line), NONE))
    ]


def differences_in_suppression(
    recomputed: Collection[tuple[str, str, date]], published: Iterable[tuple[str, str, date, bool]]
) -> list[str]:
    """A sentence for each month of a measure and area that only one side suppresses.

    `published` are the months that the report months know, each with whether it is suppressed.
    """
    found = []
    for measure, area, month, suppressed in sorted(published):
        if suppressed != ((measure, area, month) in recomputed):
            what = "is suppressed; no small count" if suppressed else "is shown; a small count"
            found.append(f"{measure} of {area} in {month:%Y-%m} {what} stands behind it")
    return found


def differences_of_regions(
    recomputed: Mapping[RegionWindow, Sums], published: Mapping[RegionWindow, Sums]
) -> list[str]:
    """A sentence for each window of a region with other sums than the deliveries give, or shown by one side only."""
    found = []
    for key in sorted(recomputed.keys() | published.keys()):
        card, deliveries = published.get(key), recomputed.get(key)
        if card is None or deliveries is None or not all(map(_same, card, deliveries)):
            of = f"{key.measure} of {key.region} over the {key.basis} to {key.month:%Y-%m}"
            found.append(f"{key.report_month:%Y-%m}, {of}: the card has {card}; the deliveries give {deliveries}")
    return found


def _aspects(figure: Mapping) -> dict[str, object]:
    return {
        "printed": figure["printed"],
        "value": figure["value"],
        "out of": figure["out_of"],
        "window": (figure["data_from"], figure["data_to"]),
        "compared with": (figure["against_from"], figure["against_to"]),
    }


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return one == other


def _listed(figure: dict[str, object], differ: list[str]) -> str:
    return ", ".join(f"{what} {_shown(figure[what])}" for what in differ)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        first, last = (f"{month:%Y-%m}" if month else "no month" for month in value)
        return f"{first} to {last}"
    return "none" if value is None else f"'{value}'" if isinstance(value, str) else str(value)
