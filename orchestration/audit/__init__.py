"""The audit: independent recomputation of every figure and letter from the delivered files.

It states every rule a second time, on purpose: it imports nothing of the pipeline, so that a mistake on one side cannot
hide on the other. What both sides share is input: the definitions in the catalogue, the declarations of sources, and
the files in the vault that validation let in.
"""

from orchestration.audit.catalogue import CannotAudit
from orchestration.audit.comparison import (
    differences,
    differences_in_letters,
    differences_in_suppression,
    differences_of_regions,
)
from orchestration.audit.figures import Recomputed
from orchestration.audit.files import Delivered, Notation
from orchestration.audit.recomputation import Recomputation, recompute
from orchestration.audit.regions import RegionWindow

__all__ = [
    "CannotAudit",
    "Delivered",
    "Notation",
    "Recomputation",
    "Recomputed",
    "RegionWindow",
    "differences",
    "differences_in_letters",
    "differences_in_suppression",
    "differences_of_regions",
    "recompute",
]
