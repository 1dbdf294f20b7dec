"""Validation of one delivery by itself: rules over its text, then over its typed rows."""
