"""What Dagster sees, one module a step of the line. Thin: the rules are in the modules above."""
