"""From figures to the card: letters, printed figures, comments, notices, and what explains them. Pure rules."""
