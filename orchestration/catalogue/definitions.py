"""Rules for definitions.csv and glossary.csv: texts that fit into sentences, measures that are as they are defined."""

from orchestration.catalogue.cells import month, unknown
from orchestration.catalogue.measure_types import of_measures
from orchestration.catalogue.tables import Problems, Tables, values
from orchestration.raw.sources.extracts import PEER_MEASURES
from orchestration.scorecard.kinds import RATE

PARTS = ("numerator", "denominator")  # which stand in the middle of a sentence


def _definitions(tables: Tables) -> Problems:
    types, known = of_measures(tables), [*values(tables["measures"], "measure"), *PEER_MEASURES]
    for line, row in tables["definitions"]:
        measure, own = row["measure"], types.get(row["measure"] or "")
        if measure and measure not in known:
            yield "definitions", line, "measure", unknown(measure, [*filter(None, known)], "defined in measures.csv")
        for column in PARTS:
            if (row[column] or "").endswith("."):
                yield (
                    "definitions",
                    line,
                    column,
                    "it stands inside a sentence: leave its full stop out",
                )
        if own and own.divided_by and row["denominator"] is None:
            yield "definitions", line, "denominator", f"it is empty, but measures.csv divides {measure}: say by what"
        elif own and not own.divided_by and row["denominator"] is not None:
            yield "definitions", line, "denominator", f"{measure} has no denominator in measures.csv: leave it empty"
        if own and row["unit"] and own.form != RATE:
            yield "definitions", line, "unit", f"{measure} is no rate of two different things: leave it empty"
        reviewed, due = month(row["reviewed"]), month(row["review_due"])
        if reviewed and due and due <= reviewed:
            yield "definitions", line, "review_due", f"'{due}' is not after the review in {reviewed}"


RULES = (_definitions,)
