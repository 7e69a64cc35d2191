"""What a manifest's cells may say, and the refusal that names the line and the column of one that says otherwise."""

from datetime import UTC, datetime
from pathlib import Path

from requests_portal.errors import Unusable

# Nobody's speaker recorded anything before, and the calendar's own ends cannot be counted from.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class BadManifest(Unusable):
    """The manifest cannot be used; `line` counts from 1, `column` is None when it is about the whole line."""

    code = "bad_manifest"

    def __init__(self, line: int, column: str | None, fault: str) -> None:
        where = f"Line {line}" if column is None else f"Line {line}, column {column}"
        super().__init__(f"{where}: {fault}.")
        self.line, self.column, self.fault = line, column, fault

    def __reduce__(self) -> tuple[type["BadManifest"], tuple[int, str | None, str]]:
        return type(self), (self.line, self.column, self.fault)


def inside(line: int, written: str, folder: Path, *, called: str) -> Path:
    """The file of this name in the folder or below it; links that lead out are not followed."""
    if "\0" in written:
        raise BadManifest(line, "path", "it holds a NUL character")
    try:
        path = (folder / written).resolve()
    except (OSError, RuntimeError) as error:
        raise BadManifest(line, "path", "its symbolic links lead nowhere") from error
    if Path(written).is_absolute() or not path.is_relative_to(folder):
        raise BadManifest(line, "path", f"it leads out of {called}; name files below it")
    try:
        found = path.is_file()
    except OSError:
        found = False
    if not found:
        raise BadManifest(line, "path", "there is no such file")
    return path


def moment(line: int, column: str, written: str) -> datetime:
    """The moment that is written with its offset from UTC."""
    try:
        found = datetime.fromisoformat(written.strip())
    except ValueError as error:
        raise BadManifest(line, column, "it is not a date and time like 2026-01-31T08:15:00+01:00") from error
    if found.tzinfo is None:
        raise BadManifest(line, column, "it has no offset; write it like 2026-01-31T08:15:00+01:00")
    if found < EARLIEST:
        raise BadManifest(line, column, f"it lies before {EARLIEST.year}")
    return found
