"""What lies in a zip, read without trusting what it says about itself."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from salesbot.errors import PackRefused
from salesbot.packs.uploads.limits import MOST_RATIO, MOST_UNPACKED, RATIO_COUNTS_FROM, megabytes, refused

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
CHUNK = 1 << 16
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
ARCHIVES = (".zip", ".xlsx", ".xlsm", ".ods", ".7z", ".rar", ".gz", ".tar", ".bz2", ".xz")


@dataclass(frozen=True)
class Member:
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

    Folders, symbolic links, hidden files and what macOS adds are passed over. A name is never used as a path.
    """
    with _opened(place, data) as archive:
        wanted = [(info, parts) for info in archive.infolist() if (parts := _parts(info))]
        if len(wanted) > most:
            raise refused(place, f"{most} files at most in a zip, not {len(wanted):,}")
        room = MOST_UNPACKED
        for info, parts in wanted:
            unpacked = _unpacked(place, archive, info, room, len(data))
            room -= len(unpacked)
            yield Member(tuple(parts[:-1]), parts[-1], unpacked)


def _opened(place: str, data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except Exception:  # whatever broken bytes do to the reader, the file is broken
        raise refused(place, "a whole zip file; it is cut short or damaged: make it again and send it again") from None


def _parts(info: zipfile.ZipInfo) -> list[str]:
    """Folders and name of a file that counts; nothing for one that does not."""
    name = info.filename.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    is_hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return [] if name.endswith("/") or is_hidden or stat.S_ISLNK(info.external_attr >> 16) else parts


def _unpacked(place: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int, packed: int) -> bytes:
    if info.flag_bits & ENCRYPTED:
        raise refused(place, "a zip without a password; make it again without one", found=info.filename)
    if info.compress_type not in READABLE:
        raise refused(place, "a zip of the usual kind (deflate); make it again with your system's own program", found=info.filename)
    try:
        return b"".join(_chunks(place, archive, info, room, packed))
    except PackRefused:
        raise
    except Exception:  # as above
        raise refused(place, "a file that can be unpacked; it is damaged: make the zip again", found=info.filename) from None


def _chunks(place: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int, packed: int) -> Iterator[bytes]:
    """The bytes of a file as they are unpacked; the sizes it claims are not believed."""
    before, size = MOST_UNPACKED - room, 0
    with archive.open(info) as file:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            total = before + size
            if size > room:
                raise refused(place, f"{megabytes(MOST_UNPACKED)} at most once unpacked; send fewer tables at a time", found=info.filename)
            if total > max(RATIO_COUNTS_FROM, MOST_RATIO * packed):
                expected = f"a zip that unpacks to {MOST_RATIO} times its size at most; delete blank rows and columns"
                raise refused(place, expected, found=info.filename)
            yield chunk
