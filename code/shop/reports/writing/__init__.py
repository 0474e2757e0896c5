"""The files of a report: CSV, JSON and XLSX, written at once from one stream of rows.

    report_writer.py   what a report uses: rows in, three whole files with checksums out
    csv_file.py json_file.py xlsx_file.py   one format each; all have write(cells)
    xlsx_table.py xlsx_summary.py   the two sorts of sheets in a workbook
    xlsx_formats.py    how a workbook's cells look
    cells.py           what the formats share: a cell as text, as JSON, as Excel's number
    disk.py            a disk without room, in words

No format keeps a row once it is written, so memory does not grow with the report. Nothing that
differs between two runs goes into a file: same rows and summary, same bytes.
"""

from shop.reports.writing.report_writer import CONTENT_TYPES, ReportWriter, writing

__all__ = ["CONTENT_TYPES", "ReportWriter", "writing"]
