"""Uploads: what Excel, LibreOffice and Google Sheets export, read as facts or reported with every problem."""

from salesbot.packs.uploads.upload import Upload, read_upload

__all__ = ["Upload", "read_upload"]
