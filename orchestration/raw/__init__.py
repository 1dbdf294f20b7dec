"""From a file in `raw/` to rows in the warehouse: what an extract is, what a delivery must be, and how it gets in."""
