"""Rules for targets: what their cells say in print is what a figure is judged by."""

import re

from orchestration.catalogue.tables import Problems, Tables

# what may stand before a target in print: the direction it is of, and whether the target has to be passed
COMPARES = {
    **dict.fromkeys((">", "more than", "over", "above"), ("higher_is_better", True)),
    **dict.fromkeys((">=", "≥", "at least"), ("higher_is_better", False)),
    **dict.fromkeys(("<", "less than", "fewer than", "under", "below"), ("lower_is_better", True)),
    **dict.fromkeys(("<=", "≤", "at most", "no more than"), ("lower_is_better", False)),
}
PRINTED = re.compile(rf"({'|'.join(sorted(COMPARES, key=len, reverse=True))})\s*{{target}}", re.IGNORECASE)


def _strictness(tables: Tables) -> Problems:
    for line, row in tables["indicators"]:
        if row["target"] is None:
            if row["strict"]:
                yield "indicators", line, "strict", "'yes' has no effect on a line without a target: leave it empty"
            continue
        said = PRINTED.search(row["target_text"] or "")
        direction, passed = COMPARES[said[1].lower()] if said else (row["direction"], False)
        if said and direction != row["direction"]:
            problem = f"'{said[0]}' is not the target of a line of which {row['direction']}".replace("_", " ")
            yield "indicators", line, "target_text", f"{problem}: turn one of them round"
        elif said and passed and not row["strict"]:
            problem = f"'{said[0]}' says that reaching the target is not enough, but a figure that reaches it is green"
            yield "indicators", line, "target_text", f"{problem}: write yes into strict, or {{target}} here"
        elif row["strict"] and not passed:
            sign = ">" if row["direction"] == "higher_is_better" else "<"
            problem = "a figure that reaches the target is not green, which the cell does not say"
            yield "indicators", line, "target_text", f"{problem}: write {sign} {{target}}, or empty strict"


RULES = (_strictness,)
