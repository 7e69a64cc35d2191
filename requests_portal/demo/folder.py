"""The demonstration's folder: marked as its own, held by one demonstration at a time, cleared or kept at each start."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from requests_portal.errors import Conflict

MARK, KEPT_MARK = ".demonstration", ".kept-demonstration"
COMPLETE = ".complete"
WORDS = {
    MARK: "Made by `desk demo`, which throws away everything in this folder whenever it starts.\n",
    KEPT_MARK: "Made by `desk demo --store seaweedfs`, which goes on with what is in this folder.\n",
}
OTHER_KIND = {
    MARK: "{} is a demonstration that is kept. Start it with --store seaweedfs, or name another folder with --data.",
    KEPT_MARK: "{} is a demonstration that is not kept. Name another folder with --data.",
}


@dataclass(frozen=True)
class KeptFolder:
    """A folder that a demonstration goes on with, once all that is invented is in it."""

    path: Path

    @property
    def is_complete(self) -> bool:
        """Whether a first start has come to its end."""
        return (self.path / COMPLETE).is_file()

    def complete(self) -> None:
        """Let every later start go on with what is here."""
        (self.path / COMPLETE).touch()


@contextmanager
def cleared(folder: Path) -> Iterator[Path]:
    """The folder, empty and ours until the block ends; raises Conflict for one that is in use or is not ours."""
    with _taken(folder, MARK):
        _clear(folder, MARK)
        yield folder


@contextmanager
def kept(folder: Path) -> Iterator[KeptFolder]:
    """The folder as it was left, ours until the block ends; empty where its first start came to no end."""
    with _taken(folder, KEPT_MARK):
        found = KeptFolder(folder)
        if not found.is_complete:
            _clear(folder, KEPT_MARK)
        yield found


def is_ours(folder: Path, mark: str = MARK) -> bool:
    """Whether the demonstration may have the folder: it is new, empty, or an earlier demonstration's of this kind."""
    if not folder.exists():
        return True
    return folder.is_dir() and ((folder / mark).is_file() or not any(folder.iterdir()))


@contextmanager
def _taken(folder: Path, kind: str) -> Iterator[None]:
    (other,) = WORDS.keys() - {kind}
    if (folder / other).is_file():
        raise Conflict(OTHER_KIND[kind].format(folder.name))
    if not is_ours(folder, kind):
        raise Conflict(f"{folder.name} holds files that are not a demonstration's. Name another folder with --data.")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / kind).open("w", encoding="utf-8") as mark:
        try:
            # Let go by the system however the holder ends.
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise Conflict(
                f"A demonstration is running in {folder.name}. End it, or name another folder with --data."
            ) from taken
        mark.write(WORDS[kind])
        mark.flush()
        yield


def _clear(folder: Path, mark: str) -> None:
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif each.name != mark:
            each.unlink()
