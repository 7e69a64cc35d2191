"""The demonstration's folder: marked as its own, held by one demonstration at a time, cleared at each start."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from requests_portal.errors import Conflict

MARK = ".demonstration"
WORDS = "Made by `desk demo`, which throws away everything in this folder whenever it starts.\n"


@contextmanager
def cleared(folder: Path) -> Iterator[Path]:
    """The folder, empty and ours until the block ends; raises Conflict for one that is in use or is not ours."""
    if not is_ours(folder):
        raise Conflict(f"{folder.name} holds files that are not a demonstration's. Name another folder with --data.")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / MARK).open("w", encoding="utf-8") as mark:
        try:
            # Let go by the system however the holder ends.
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise Conflict(
                f"A demonstration is running in {folder.name}. End it, or name another folder with --data."
            ) from taken
        mark.write(WORDS)
        mark.flush()
        _clear(folder)
        yield folder


def is_ours(folder: Path) -> bool:
    """Whether the demonstration may have the folder: it is new, empty, or an earlier demonstration's."""
    if not folder.exists():
        return True
    return folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir()))


def _clear(folder: Path) -> None:
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif each.name != MARK:
            each.unlink()
