"""What a delivery may cost, in the run and in the child that parses it: more than any honest one does."""

# At the limits below an honest workbook takes 0.3 GB and 20 s, Parquet 1.6 GB and 5 s (2 busy cores).
MEMORY = 3_000_000_000  # bytes of address space
PROCESSOR_SECONDS = 60  # a slow machine takes some times as long
SECONDS = 120  # by the clock, for a machine that is busy with something else

# Unpacked bytes: a sheet of 450,000 rows of three columns has 60 MB, Parquet of 3,000,000 rows 60 MB.
UNPACKED = 64_000_000
PARQUET_UNPACKED = 500_000_000
# deflate goes up to 1032 to 1; sheets of figures come to 10, one row repeated a million times to 13
RATIO = 100
SMALL = 1_000_000  # unpacked bytes that are harmless, whatever the ratio
MEMBERS = 200  # of an archive: a workbook of one sheet has some ten, and a few more for each note or printer

COLUMNS = 256  # the widest extract has five; a sheet goes to 16,384
GAP = 1_000  # empty rows among the others: each is a sentence of its own
CELL = 32_767  # characters; no spreadsheet holds more in a cell
SHEET_TEXT = 50_000_000  # characters of all cells of a sheet, 2,000,000 at most: one text may stand in each of them
TEXT = 250_000_000  # the same of a Parquet file, in bytes; three columns of 3,000,000 rows have 150 MB

ROWS = 3_000_000  # of a Parquet file; a thousand large cities deliver half a million a month
ROW_GROUPS = 2_000
ROWS_A_BYTE = 1_000  # the sample packs a row into seven bytes
FOOTER = 10_000_000  # bytes; two thousand row groups of five columns have three million
