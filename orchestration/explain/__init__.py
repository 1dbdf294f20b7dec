"""`make explain`: the whole story of a line of a card, or what changed on a card, read from its release only."""

from orchestration.explain.story import NoCard, Unknown, card_month, of_card, of_line, of_lines

__all__ = ["NoCard", "Unknown", "card_month", "of_card", "of_line", "of_lines"]
