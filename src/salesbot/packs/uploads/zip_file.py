"""The files of a zip, read without trusting the sizes and names it claims."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator

from msgspec import Struct

from salesbot.errors import PackRefused
from salesbot.packs.uploads.limits import MOST_RATIO, MOST_UNPACKED, RATIO_COUNTS_FROM, mebibytes, refused

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
CHUNK = 1 << 16
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
ARCHIVES = (".zip", ".xlsx", ".xlsm", ".ods", ".7z", ".rar", ".gz", ".tar", ".bz2", ".xz")


class Member(Struct, frozen=True):
    """One file of a zip: the folders it lies in, its name, and its bytes."""

    folders: tuple[str, ...]
    name: str
    data: bytes


def is_zip(data: bytes) -> bool:
    return data.startswith((ZIP, EMPTY_ZIP))


def is_archive(member: Member) -> bool:
    """Whether a file of a zip is itself a zip or the like."""
    return is_zip(member.data) or member.name.casefold().endswith(ARCHIVES)


def names(place: str, data: bytes) -> list[str]:
    """The names in a zip. Raises ``PackRefused``."""
    with _opened(place, data) as archive:
        return archive.namelist()


def members(place: str, data: bytes, most: int) -> Iterator[Member]:
    """The files of a zip, one after another, ``most`` at most. Raises ``PackRefused``.

    Folders, symbolic links, hidden files and those that macOS adds are skipped. A name is never used as a path.
    """
    with _opened(place, data) as archive:
        wanted = [(info, parts) for info in archive.infolist() if (parts := _parts(info))]
        if len(wanted) > most:
            raise refused(place, "zip_files", most=most, count=len(wanted))
        room = MOST_UNPACKED
        for info, parts in wanted:
            unpacked = _unpacked(place, archive, info, room, len(data))
            room -= len(unpacked)
            yield Member(tuple(parts[:-1]), parts[-1], unpacked)


def _opened(place: str, data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except Exception:  # whatever broken bytes do to the reader, the file is broken
        raise refused(place, "zip_whole") from None


def _parts(info: zipfile.ZipInfo) -> list[str]:
    """Folders and name of a file that is read; empty for one that is skipped."""
    name = info.filename.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    is_hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return [] if name.endswith("/") or is_hidden or stat.S_ISLNK(info.external_attr >> 16) else parts


def _unpacked(place: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int, packed: int) -> bytes:
    if info.flag_bits & ENCRYPTED:
        raise refused(place, "zip_password", found=info.filename)
    if info.compress_type not in READABLE:
        raise refused(place, "zip_method", found=info.filename)
    try:
        return b"".join(_chunks(place, archive, info, room, packed))
    except PackRefused:
        raise
    except Exception:  # as above
        raise refused(place, "zip_damaged", found=info.filename) from None


def _chunks(place: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int, packed: int) -> Iterator[bytes]:
    """The bytes of a file as they are unpacked; the sizes it claims are not trusted."""
    before, size = MOST_UNPACKED - room, 0
    with archive.open(info) as file:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            total = before + size
            if size > room:
                raise refused(place, "zip_unpacked", most=mebibytes(MOST_UNPACKED), found=info.filename)
            if total > max(RATIO_COUNTS_FROM, MOST_RATIO * packed):
                raise refused(place, "zip_ratio", found=info.filename, most=MOST_RATIO)
            yield chunk
