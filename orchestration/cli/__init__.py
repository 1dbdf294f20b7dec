"""The commands behind the Makefile, and one run of the pipeline in this process."""
