"""Facts as moderators keep them: in a workbook, a zip of CSV tables, or one table as CSV.

``read_upload`` takes what Excel, LibreOffice and Google Sheets export, whole or with every problem
in it; ``zip_of``, ``workbook_of`` and ``template`` give it back in a form they do not change.
"""

from salesbot.spreadsheets.export import template, workbook_of, zip_of
from salesbot.spreadsheets.judge import Notice
from salesbot.spreadsheets.upload import Upload, read_upload

__all__ = ["Notice", "Upload", "read_upload", "template", "workbook_of", "zip_of"]
