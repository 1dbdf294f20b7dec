"""The words of the catalogue that the code knows. A new word needs code that gives it a meaning."""

from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.scorecard.display import SIGNS, UNITS
from orchestration.scorecard.kinds import BASES, KINDS, STATISTICS
from orchestration.scorecard.optional_rules import RULES

_SIGNS = tuple(name for name in SIGNS if name)
WORDS = {
    ("areas", "kind"): ("force", "borough"),
    ("series", "level"): ("force", "borough"),
    ("series", "unit"): ("count", "pounds"),
    ("series", "carry_forward"): ("true", "false"),
    ("series", "extract"): tuple(extract.name for extract in EXTRACTS),
    ("measures", "part"): ("numerator", "denominator"),
    ("indicators", "kind"): tuple(KINDS),
    ("indicators", "basis"): BASES,
    ("indicators", "direction"): ("higher_is_better", "lower_is_better"),
    ("indicators", "unit"): tuple(UNITS),
    ("indicators", "sign"): _SIGNS,
    ("judging_rules", "rule"): tuple(RULES),
    ("figures", "statistic"): STATISTICS,
    ("figures", "basis"): BASES,
    ("figures", "ends"): (
        "latest",
        "quarter_before",
        "year_before",
        "last_march",
        *(f"quarter_{number}" for number in range(1, 5)),
    ),
    ("figures", "against"): ("year_before", "quarter_before", "last_march"),
    ("figures", "unit"): tuple(UNITS),
    ("figures", "sign"): _SIGNS,
}
