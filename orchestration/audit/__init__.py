"""The audit: every figure of a card recomputed again from the bytes that were delivered, by code that is nobody else's.

What it knows is stated here a second time, on purpose: nothing of this package is imported from the pipeline or by its
models, so that a mistake on one side cannot hide on the other. It reads the definitions, which are rows of the
catalogue, and the files, which validation let in, each with what its source declares of how its figures are written; it
says what differs, and leaves to others what follows from it.
"""

from orchestration.audit.catalogue import CannotAudit
from orchestration.audit.comparison import differences
from orchestration.audit.figures import Recomputed
from orchestration.audit.files import Delivered, Notation
from orchestration.audit.recomputation import recompute

__all__ = ["CannotAudit", "Delivered", "Notation", "Recomputed", "differences", "recompute"]
