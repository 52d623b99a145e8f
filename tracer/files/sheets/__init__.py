"""Answer sheets: read from CSV, YAML, JSON, text, Markdown, LaTeX or an article; written empty.

`read_sheet` and `read_article` give a `Sheet` of statements over keys, which the checking
room judges; `open_sheet` also tells which problem a sheet names; `sheet_template` writes
one to be filled in.
"""

from tracer.files.sheets.opening import SheetFile, open_sheet
from tracer.files.sheets.sheet import read_article, read_sheet
from tracer.files.sheets.template import sheet_template

__all__ = ["SheetFile", "open_sheet", "read_article", "read_sheet", "sheet_template"]
