"""What a release prints beside what the deliveries say: a sentence for every figure that differs."""

import math
from collections.abc import Iterable, Mapping
from datetime import date

from orchestration.audit.figures import Recomputed

NEAR = 1e-9  # relative: what two ways of dividing the same sums may differ by
NOTHING = 1e-12  # what is left where they are taken from each other


def differences(recomputed: Mapping[tuple[date, str, str], Recomputed], published: Iterable[Mapping]) -> list[str]:
    """A sentence for each figure that is missing, too many, or not as recomputed; none where all is well.

    `published` are rows of the table `figures` of a release, as mappings by column.
    """
    on_the_card = {(row["report_month"], row["line"], row["name"]): row for row in published}
    found = []
    for key in sorted(recomputed.keys() | on_the_card.keys()):
        if key not in on_the_card:
            says = f"the card does not have it; the deliveries say '{recomputed[key].printed}'"
        elif key not in recomputed:
            says = f"the card says '{on_the_card[key]['printed']}'; the catalogue has no such figure"
        else:
            card, deliveries = _aspects(on_the_card[key]), _aspects(vars(recomputed[key]))
            differ = [what for what in card if not _same(card[what], deliveries[what])]
            if not differ:
                continue
            says = f"the card says {_said(card, differ)}; the deliveries say {_said(deliveries, differ)}"
        report_month, line, name = key
        found.append(f"{report_month:%Y-%m}, line {line}, figure {name}: {says}")
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
        return math.isclose(one, other, rel_tol=NEAR, abs_tol=NOTHING)
    return one == other


def _said(figure: dict[str, object], differ: list[str]) -> str:
    return ", ".join(f"{what} {_shown(figure[what])}" for what in differ)


def _shown(said: object) -> str:
    if isinstance(said, tuple):
        first, last = (f"{month:%Y-%m}" if month else "no month" for month in said)
        return f"{first} to {last}"
    return "none" if said is None else f"'{said}'" if isinstance(said, str) else str(said)
