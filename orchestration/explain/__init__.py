"""`make explain`: the whole story of a line of a card, or what changed on a card, read from its release only."""

from orchestration.explain.queries import TABLES
from orchestration.explain.story import Unknown, of_card, of_line, of_lines

__all__ = ["TABLES", "Unknown", "of_card", "of_line", "of_lines"]
