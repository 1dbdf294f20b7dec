"""What each code of a finding means, how far it reaches, and what its sender can do: the text of docs/messages.md."""

from typing import Literal, NamedTuple

# The file (nothing in it counts as rows), the delivery (its rows are sound, but it is not whole), the row; or what can
# be read and is only hard to believe, a row or the whole delivery: a person may vouch for it. A warning keeps nothing
# out, and no more does a note: it records what was left out or read differently because it says nothing, and asks
# nothing of anybody.
Scope = Literal["file", "delivery", "row", "doubt", "whole_doubt", "warning", "note"]


class Code(NamedTuple):
    """A code stays the same whatever its sentence says. `remedy` is for whoever sent the file; empty for a note."""

    scope: Scope
    meaning: str
    remedy: str = ""


CODES: dict[str, Code] = {
    # where it lies and what it is called
    "unknown_folder": Code(
        "file",
        "A folder has the name of no extract, so nothing in it is read.",
        "Give it the name of the extract; begin the name with `_` if it holds no deliveries.",
    ),
    "misnamed": Code(
        "file",
        "The file's name does not say for which month it is a delivery.",
        "Rename it to year and month, for example `2009-08.csv`.",
    ),
    "two_files": Code(
        "file",
        "Two files are deliveries for the same month, and nobody can tell which is meant.",
        "Keep one of them.",
    ),
    "beyond_calendar": Code(
        "file",
        "The file is named after a month that the catalogue's calendar does not have.",
        "Name it after the month it was delivered for; for a new year, have calendar.csv extended.",
    ),
    "not_a_file": Code(
        "file",
        "What lies there is a link, a folder or a device, or a file with a second name under which it can change.",
        "Put a copy of the file itself there.",
    ),
    "unreadable": Code(
        "file",
        "The file cannot be opened: by this user, or by any program that reads its format.",
        "Give the pipeline's user the right to read it; else export it again.",
    ),
    "too_large": Code(
        "file",
        "The file is larger than a delivery of this extract may be, packed or unpacked.",
        "Deliver fewer months at a time, and a workbook's values in a new workbook.",
    ),
    "digest": Code(
        "file",
        "The file is not the one whose SHA-256 its sender gave beside it.",
        "Send file and `.sha256` again, both of the same version.",
    ),
    # what its bytes are
    "empty_file": Code("file", "The file has nothing in it.", "Send it again."),
    "other_format": Code(
        "file",
        "The file is not of the format that its name says: a web page, a PDF, an old workbook, ...",
        "Export it in the format that the sentence names.",
    ),
    "encoding": Code(
        "file",
        "A CSV is not written in UTF-8, so some letters would be read as others.",
        "Save it as “CSV UTF-8”.",
    ),
    "control_character": Code(
        "file",
        "A line has a character in it that no text has, such as a tab or a NUL.",
        "Take it out where it comes from, then export again.",
    ),
    "line_ends": Code(
        "file", "Carriage returns stand where no line ends.", "Save the file with ordinary line ends (LF or CRLF)."
    ),
    "delimiter": Code(
        "file",
        "The columns are separated by another sign than a comma: tabs, semicolons, bars.",
        "Save the file with commas between the columns.",
    ),
    "header": Code(
        "file",
        "The first line does not name the columns of this extract.",
        "Send the columns that the sentence lists, in any order.",
    ),
    "no_rows": Code("file", "There is a header and nothing below it.", "Send the file with its rows."),
    "stored_type": Code(
        "file",
        "A column of a Parquet file has a type that cannot hold its values exactly.",
        "Store counts as integers, amounts as decimals or text, months as dates.",
    ),
    "document_type": Code(
        "file",
        "A workbook declares a document type, which no spreadsheet program writes.",
        "Paste its values into a new workbook.",
    ),
    "foreign_part": Code(
        "file",
        "A workbook carries what can run or reach elsewhere: macros, links to other files, embedded objects.",
        "Paste its values into a new workbook.",
    ),
    "sheets": Code("file", "A workbook has not exactly one visible sheet.", "Deliver one sheet, and show it."),
    "failed_check": Code(
        "file",
        "Checking the file failed in a way that nobody foresaw: this is a mistake of the pipeline.",
        "Report it to the pipeline's owner with the file; sending it again does not help.",
    ),
    "far_cell": Code(
        "file",
        "A cell far from the others makes the sheet larger than can be read.",
        "Delete the rows and columns beside the data, or paste the values into a new workbook.",
    ),
    # what is missing from the whole
    "keys_missing": Code(
        "delivery",
        "A month does not have a row for every borough, offence group and so on.",
        "Send the month whole, with a row for each combination, even where the count is 0.",
    ),
    "months_missing": Code("delivery", "A quarter is not there whole.", "Send all its months in one file."),
    "not_reached": Code(
        "delivery",
        "The newest month in the file is older than a delivery for this month must hold.",
        "Send the newest export; check that this is not an earlier file under a new name.",
    ),
    # what is wrong with a row
    "line_width": Code(
        "row",
        "A line has more or fewer cells than the header.",
        "Put a cell that has a comma in it in quotation marks; fill in the cells that are missing.",
    ),
    "quotation": Code(
        "row",
        "A quotation mark stands where none may stand.",
        "Put the whole cell in quotation marks and write those inside it twice.",
    ),
    "beside_columns": Code(
        "row", "Cells are filled to the right of the last column.", "Move what stands there out of the sheet."
    ),
    "formula": Code("row", "A cell of a workbook is a formula.", "Paste its value in its place."),
    "spreadsheet_error": Code(
        "row", "A cell holds an error or a formula of a spreadsheet, such as #REF!.", "Put the value in its place."
    ),
    "empty_cell": Code(
        "row", "A cell is empty that must be filled.", "Write the number, 0 where there was nothing to count."
    ),
    "badly_written": Code(
        "row",
        "A number, month or text is not written as its column is.",
        "Write it as the sentence says: months as 2009-08, numbers without signs, blanks or thousands separators.",
    ),
    "confusable": Code(
        "row",
        "A letter is not what it seems: a Cyrillic e for a Latin one, a no-break space for a space.",
        "Type the word again.",
    ),
    "unknown_word": Code(
        "row",
        "A name is in no list: of boroughs, offence groups, lines of the card and so on.",
        "Use the name that the sentence suggests; a new name has to be added to the catalogue first.",
    ),
    "stray_brace": Code(
        "row",
        "A comment has a brace that belongs to no {figure}.",
        "Complete the figure's name, or take the brace out.",
    ),
    "after_delivery": Code(
        "row",
        "A row counts a month after the one the file was delivered for.",
        "Take the row out, or name the file after the month it was delivered for.",
    ),
    "unknown_month": Code(
        "row", "A row counts a month that the calendar does not have.", "Correct the month, or take the row out."
    ),
    "too_old": Code(
        "row",
        "A row counts a month further back than a delivery of this extract may restate.",
        "Take the row out; if the figure changed, tell the pipeline's owner.",
    ),
    "part_above_whole": Code(
        "row", "A part is more than its whole: more detections than offences.", "Correct one of the two."
    ),
    "above_100_percent": Code("row", "A percentage is above 100.", "Correct it."),
    "key_twice": Code("row", "Two rows are of the same month, borough and so on.", "Keep the one that is right."),
    "undeclared": Code(
        "row",
        "A sign stands in place of a figure, or a figure is written in a way that this source has not declared.",
        "Send plain figures, or have the sign declared for the column as the sentence says.",
    ),
    "day_in_month": Code(
        "row",
        "A date names a day in the middle of a month, where a month is meant.",
        "Send months as 2009-08; a spreadsheet may have changed them.",
    ),
    "ambiguous_month": Code(
        "row",
        "A date could be of two months: day first, or month first.",
        "Send months as 2009-08; a spreadsheet may have changed them.",
    ),
    "repeated": Code(
        "row",
        "The same is wrong with this row as with an earlier one of the column, which the sentence is about.",
        "Do what the sentence about the first row says.",
    ),
    # what is hard to believe
    "hard_coded_number": Code(
        "doubt",
        "A comment has a figure typed into it, which would not change with the data.",
        "Put the figure's name in braces in its place, for example {latest}; or confirm that it is none of the line's.",
    ),
    "cut_off": Code(
        "whole_doubt",
        "The last line is not ended, and may have been cut off on its way.",
        "Send the file again; send its SHA-256 beside it, or confirm that it is whole.",
    ),
    "above_most": Code(
        "doubt",
        "A figure is larger than is believed of this source.",
        "Correct it if it is in other units; confirm it if it is right.",
    ),
    "below_least": Code(
        "doubt",
        "A figure is smaller than is believed of this source.",
        "Correct it if it is in other units; confirm it if it is right.",
    ),
    "implausible": Code(
        "whole_doubt",
        "The figures are too far from those of the delivery before, or the very same again.",
        "Correct them if they are in other units or of another month; confirm them if they are right.",
    ),
    "vanished": Code(
        "whole_doubt",
        "What the delivery before had is not in this one.",
        "Send it too; confirm that it ended if it did.",
    ),
    "drift": Code(
        "warning",
        "A figure changed more than such figures do from one delivery to the next.",
        "Nothing, if it is right.",
    ),
    # what is only recorded
    "empty_rows": Code("note", "Rows without any content were left out."),
    "footnote": Code("note", "Text below the table was left out."),
    "empty_columns": Code("note", "Columns without any content, which no contract has, were left out."),
    "separator_line": Code("note", "A first line that only names the separator was left out."),
    "no_final_line_end": Code("note", "The last line has no line end, and is whole all the same."),
    "restated": Code("note", "Earlier months have other figures than before, as such deliveries usually do."),
    "known_already": Code("note", "Months older than may be restated say what is known, and were left out."),
    "before_calendar": Code("note", "Months before the first that anything is computed from were left out."),
    "other_name": Code("note", "A place is written in another way than in the catalogue, and read as the catalogue's."),
    "month_written": Code(
        "note", "Months are written in another way than as 2009-08, and mean one month without doubt."
    ),
    "formula_tail": Code("note", "The tail of digits that a computed number has was rounded off."),
}
