"""Findings about a delivery: their codes, their rows, and their sentences."""
