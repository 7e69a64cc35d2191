"""The texts of messages: one plain file each, its first line the subject, its words references and links."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from requests_portal.errors import Unusable

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
LONGEST_WORD = 300


class BadText(Unusable):
    """A message's text is missing, or asks for a word that the message does not have."""

    code = "bad_text"


@dataclass(frozen=True, kw_only=True)
class Written:
    """A message in words."""

    subject: str
    body: str


class FolderTexts:
    """The texts in one folder, NAME.txt each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, words: Mapping[str, str]) -> Written:
        """The text filled with these words; raises BadText where it cannot be."""
        if not NAME.fullmatch(name):
            raise BadText("A message names a text that cannot be one.")
        try:
            text = (self._folder / f"{name}.txt").read_text(encoding="utf-8")
            filled = text.format_map({each: _plain(word) for each, word in words.items()})
        except FileNotFoundError as error:
            raise BadText(f"There is no text {name} under templates/mail.") from error
        except (KeyError, IndexError, ValueError) as error:
            raise BadText(f"The text {name} asks for a word that the message does not have.") from error
        subject, _, body = filled.partition("\n")
        return Written(subject=subject.strip(), body=body.strip() + "\n")


def _plain(word: str) -> str:
    """The word on one line, without anything that could begin another header or line."""
    return " ".join("".join(each if each.isprintable() else " " for each in word).split())[:LONGEST_WORD]
