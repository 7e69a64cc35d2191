"""The texts the lawyers own: one plain file for each letter and language."""

from functools import lru_cache
from pathlib import Path

from requests_portal.errors import NotFound, Untranslated

FALLBACK = "en"


class FolderLetters:
    """Fulfils the Letters port from `<folder>/<language>/<name>.txt`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def text(self, name: str, language: str) -> str:
        """The letter's text, with its {fields} still open; raises Untranslated where only English has it."""
        path = self.folder / language / f"{name}.txt"
        if path.is_file():
            return _read(path)
        if language != FALLBACK:
            raise Untranslated(f"There is no letter named {name} in {language}.")
        raise NotFound(f"There is no letter named {name}. Add {FALLBACK}/{name}.txt to the letters' folder.")


@lru_cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
