"""The files of a report: CSV, JSON and XLSX, written at once from one stream of rows.

    report_writer.py   what a report uses: rows in, three whole files with checksums out
    csv_file.py json_file.py xlsx_file.py   one format each; all have write(rows)
    xlsx_table.py xlsx_summary.py   the two sorts of sheets in a workbook
    xlsx_cells.py      a column's cells as a sheet's XML
    xlsx_formats.py    how a workbook's cells look
    xlsx_packing.py    how much a workbook is compressed
    cells.py           what the formats share: a cell as text, as JSON, as Excel's number
    plain_text.py      and a column of text that needs no care
    disk.py            a disk without room, in words

Rows wait until there are 200; then each format converts them column by column, because one list
comprehension over a column costs a fraction of a call for each cell. No format keeps a row once
it is written, so memory does not grow with the report. Nothing that differs between two runs, nor
how many rows are written at once, shows in a file: same rows and summary, same bytes.
"""

from shop.reports.writing.report_writer import CONTENT_TYPES, ReportWriter, writing

__all__ = ["CONTENT_TYPES", "ReportWriter", "writing"]
