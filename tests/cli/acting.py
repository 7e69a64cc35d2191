"""Manifests of synthesised recordings, and what a walkthrough over them left."""

import csv
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import soundfile

HEADER = ("path", "account", "customer_name", "device", "recorded_at", "transcript", "speaker", "human_reviewed")
JUNIPER, MARLOW, TEODORA = "A-88310-4", "A-51862-3", "Konto Ω 7"
# The addresses that this process connected to while the first walkthrough ran.
REACHED: list[str] = []
BUNDLES = ("legal-demand.pdf", "access-request.pdf")


def voice(path: Path, *, rate: int = 8000, channels: int = 1, pitch: int = 220, **form) -> Path:
    """A third of a second of a tone, in the form that the file's name and these words ask for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    wave = 0.3 * np.sin(2 * np.pi * pitch * np.arange(rate // 3) / rate)
    soundfile.write(path, np.column_stack([wave] * channels), rate, **form)
    return path


def row(path: str, at: str, **told: str) -> dict[str, str]:
    """One line of a manifest; Juniper's, in the kitchen, with nothing optional said, unless told."""
    usual = dict.fromkeys(HEADER, "") | {
        "account": JUNIPER,
        "customer_name": "Juniper Marsh",
        "device": "Kitchen",
        "path": path,
        "recorded_at": at,
    }
    return usual | told


def write(folder: Path, rows: list[dict[str, str]]) -> Path:
    """The manifest of these rows in a folder that has the recordings."""
    manifest = folder / "recordings.csv"
    with manifest.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, HEADER)
        out.writeheader()
        out.writerows(rows)
    return manifest


@dataclass(frozen=True)
class Left:
    """What one walkthrough left, beside the rows it was given."""

    out: Path
    folder: Path
    rows: list[dict[str, str]]

    @cached_property
    def summary(self) -> dict:
        return json.loads((self.out / "summary.json").read_text(encoding="utf-8"))

    @cached_property
    def demand(self) -> dict:
        return next(case for case in self.summary["cases"] if case["track"] == "legal_demand")

    @cached_property
    def access(self) -> dict:
        return next(case for case in self.summary["cases"] if case["track"] == "data_subject")

    def of(self, account: str) -> list[dict[str, str]]:
        own = [each for each in self.rows if each["account"] == account]
        return sorted(own, key=lambda each: datetime.fromisoformat(each["recorded_at"]))

    def digests_of(self, rows: list[dict[str, str]]) -> list[str]:
        return sorted(hashlib.sha256((self.folder / each["path"]).read_bytes()).hexdigest() for each in rows)

    def files(self, bundle: str) -> dict[str, bytes]:
        with pikepdf.open(self.out / bundle) as pdf:
            return {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}

    def recordings(self, bundle: str) -> list[str]:
        """The digests of the recordings that a bundle holds, less the copies to listen to that were made of them."""
        files = self.files(bundle)
        listed = json.loads(files["manifest.json"])["files"]
        sounds = [files[each["filename"]] for each in listed if each["kind"] == "recording"]
        return sorted(hashlib.sha256(data).hexdigest() for data in sounds)


def text_of(path: Path) -> str:
    """All the words on a PDF's pages, with the lines joined."""
    with pypdfium2.PdfDocument(path) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pdf)
