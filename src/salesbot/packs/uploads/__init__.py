"""Uploads: what Excel, LibreOffice and Google Sheets export, read as facts or reported with every problem."""
