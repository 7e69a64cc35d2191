"""Says whether a PDF is a bundle or letter of ours, complete and unchanged, in sentences that a judge understands."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from requests_portal.bundle.archived_copy import Beginning, archive_shows, start_of_update
from requests_portal.bundle.certificate_name import certificate_name
from requests_portal.bundle.certification import Certification, certification, dictionary
from requests_portal.bundle.cms import Signed, in_force, leads_to, signed_by
from requests_portal.bundle.enclosed_files import (
    Enclosed,
    Listed,
    digests_of,
    enclosed_files,
    listed_in,
)
from requests_portal.bundle.manifest_files import INDEX
from requests_portal.bundle.strict_file import Doubt, StrictFile, size_of
from requests_portal.bundle.timestamp import timestamp_of
from requests_portal.bundle.verdict import Check, Verdict
from requests_portal.bundle.visible import plainly
from requests_portal.bundle.whole_file import Digests, digests

_SECONDS = 8.0
# Slow disks read this much a second; an honest gigabyte must not run out of time.
_BYTES_A_SECOND = 50e6
_NO_CHANGES = 1
LOG_PROOF = "log-proof.json"
_LARGEST_PROOF = 1 << 20
_UNCHECKED = "Not checked, because an earlier check failed."


# What the audit log's proof inside a file shows: whether it holds (None where that is not known), and a sentence.
LogSays = Callable[[bytes], tuple[bool | None, str]]


def verify(
    path: Path,
    *,
    trust: Sequence[bytes] = (),
    log: LogSays | None = None,
    tick: Callable[[], float] = time.monotonic,
) -> Verdict:
    """Check a file against everything a bundle or letter of ours promises; `trust` holds pinned certificates in PEM.

    `log` reads the audit log's proof that a bundle holds; without it that is not checked.

    Never raises for what a file holds. Takes at most 10 seconds and a second for each 50 MB, and about 80 MB of memory,
    at most 500 MB whatever a hostile file holds. The order of the checks is that of their sentences; after one that
    others rest on, those are not made.
    """
    pinned = [x509.load_pem_x509_certificate(pem) for pem in trust]
    inquiry = _Inquiry(pinned=pinned, log=log)
    try:
        size = size_of(path)
        still_time = _timer(tick, size)
        start = start_of_update(path, size)
        # What was delivered is checked alone, as if the file ended there; then what an archive appended to it.
        delivered = size if start is None else start
        with Beginning(path, delivered) as file, Beginning(path, delivered) as stream:
            inquiry.examine(file, stream, delivered, still_time)
        if start is not None:
            inquiry.examine_update(path, start, size)
    except (Doubt, OSError) as error:
        inquiry.fail("form", str(error) if isinstance(error, Doubt) else "The file can't be read.")
    return inquiry.verdict()


def _timer(tick: Callable[[], float], size: int) -> Callable[[], None]:
    end = tick() + _SECONDS + size / _BYTES_A_SECOND

    def still_time() -> None:
        if tick() > end:
            raise Doubt("Checking this file takes too long; a bundle of ours never does.")

    return still_time


_STEPS = (
    "form",
    "one_signature",
    "no_changes_permitted",
    "whole_file",
    "unchanged",
    "certificate",
    "trusted",
    "timestamp",
)
_FILE_STEPS = ("attachments", "manifest", "digests")


@dataclass
class _Inquiry:
    """The checks as they go; each returns its good sentence or raises Doubt."""

    pinned: list[x509.Certificate]
    log: LogSays | None = None
    checks: dict[str, Check] = field(default_factory=dict)
    listed: Listed | None = None
    claims: Certification | None = None
    signed: Signed | None = None
    digests: Digests | None = None

    def examine(self, file: FileIO, stream: FileIO, size: int, still_time: Callable[[], None]) -> None:
        """Make all checks; stops after the first one that others rest on. `stream` is the same file, read in order."""
        self.stream = stream
        self.file = self._tried("form", lambda: StrictFile(file, size, still_time))
        if self.file is None:
            return
        self.still_time = still_time
        self.catalog = self._tried("form", lambda: _catalog(self.file))
        if self.catalog is None:
            return
        for step in (*_STEPS[1:], *_FILE_STEPS, *(("log",) if self.log else ())):
            if not self._made(step):
                break

    def examine_update(self, path: Path, start: int, size: int) -> None:
        """Check what follows the delivered document from `start` to `size`."""
        self.update = (path, start, size)
        self._made("archive")

    def _archive(self) -> str | None:
        path, start, size = self.update
        if self.signed is None:
            self._unknown("archive", _UNCHECKED)
            return None
        proof = archive_shows(path, start, size, signed=self.signed, pinned=self.pinned, still_time=self.still_time)
        if proof[0] is None:
            self._unknown("archive", proof[1])
            return None
        return proof[1]

    def _tried(self, step: str, act: Callable[[], Any]) -> Any:
        """Run one act; whatever a hostile file makes it raise is a failed check."""
        try:
            return act()
        except Doubt as doubt:
            self.fail(step, str(doubt))
        except Exception:  # noqa: BLE001 — hostile bytes may break any parser; the answer stays a verdict
            self.fail(step, "The file is damaged or was made to mislead: a part of it can't be read.")
        return None

    def fail(self, step: str, sentence: str) -> None:
        """Note a failed check."""
        self.checks[step] = Check(id=step, passed=False, sentence=sentence)

    def _made(self, step: str) -> bool:
        sentence = self._tried(step, getattr(self, f"_{step}"))
        if step not in self.checks and sentence is not None:
            self.checks[step] = Check(id=step, passed=True, sentence=sentence)
        return self.checks[step].passed is not False

    def _unknown(self, step: str, sentence: str) -> None:
        self.checks[step] = Check(id=step, passed=None, sentence=sentence)

    def _one_signature(self) -> str:
        self.claims = certification(self.file, self.catalog)
        return "The file holds exactly one signature, and that signature certifies the document."

    def _no_changes_permitted(self) -> str:
        if self._claims.permission != _NO_CHANGES:
            raise Doubt("The certification permits later changes; ours never do.")
        return "The certification permits no change whatever."

    def _whole_file(self) -> str:
        (start, end), size = self._claims.hole, self.file.size
        if self._claims.byte_range != (0, start, end, size - end):
            raise Doubt("The signature does not cover the whole file.")
        return "The signature covers every byte of the file but its own."

    def _unchanged(self) -> str:
        # Hashing lets other threads run: one reads the whole file while another reads the embedded files.
        with ThreadPoolExecutor(1) as aside:
            self.enclosed = aside.submit(enclosed_files, self.file, self.catalog)
            self.held = aside.submit(self._digests_of_enclosed)
            self.digests = digests(self.stream, self.file, self._claims.hole, self.still_time)
        self.signed = signed_by(self._claims.cms, self.digests.signed)
        return "Not one byte was changed after the file was signed, and nothing was added to it."

    def _digests_of_enclosed(self) -> dict[str, str]:
        return digests_of(self.file, self.enclosed.result().values(), self.still_time)

    def _certificate(self) -> str:
        at = self._claims.signed_at
        if at is None:
            raise Doubt("The signature does not say when it was made.")
        if not in_force(self._signed, at):
            raise Doubt("The signing certificate was not valid at the time the signature claims.")
        return f"The certificate of {self._signer} was valid when the file was signed."

    def _trusted(self) -> str | None:
        if not self.pinned:
            print_ = self._signed.certificate.fingerprint(hashes.SHA256()).hex()
            self._unknown("trusted", f"No certificate was given to compare with; this one's SHA-256 is {print_}.")
            return None
        if not leads_to(self._signed, self.pinned, at=self._signing_time):
            raise Doubt(f"The signature was made with a certificate of {self._signer} that you do not trust.")
        return "The signing certificate is the one you trust, or was issued under it."

    def _timestamp(self) -> str | None:
        shown, sentence = timestamp_of(self._signed, self.pinned, signed_at=self._signing_time)
        if shown is None:
            self._unknown("timestamp", sentence)
            return None
        return sentence

    def _attachments(self) -> str | None:
        self.files: dict[str, Enclosed] = self.enclosed.result()
        if not self.files:
            for step in _FILE_STEPS:
                self._unknown(step, "This is a letter: it holds no files.")
            return None
        return f"Both lists of the {len(self.files):,} embedded files agree."

    def _manifest(self) -> str | None:
        if not self.files:
            return None
        self.listed = listed_in(self.file, self.files)
        return f"{_what(self.listed.head)}The manifest lists exactly the files that are embedded."

    def _digests(self) -> str | None:
        if self.listed is None:
            return None
        held = self.held.result()
        for name, listed in self.listed.files.items():
            each = self.files[name]
            if (each.size, held[name]) != listed:
                raise Doubt(f"The embedded file {each.name} is not the one that the manifest describes.")
        return "Every embedded file has the size and SHA-256 digest that the manifest gives."

    def _log(self) -> str | None:
        each = self.files.get(LOG_PROOF)
        if each is None or self.log is None:
            self._unknown("log", "The file holds no proof of the audit log.")
            return None
        if each.size > _LARGEST_PROOF:
            raise Doubt("The audit log's proof inside is larger than any of ours.")
        held, sentence = self.log(self.file.read(each.start, each.size))
        if held is None:
            self._unknown("log", sentence)
            return None
        if not held:
            raise Doubt(sentence)
        return sentence

    @property
    def _claims(self) -> Certification:
        if self.claims is None:
            raise Doubt(_UNCHECKED)
        return self.claims

    @property
    def _signed(self) -> Signed:
        if self.signed is None:
            raise Doubt(_UNCHECKED)
        return self.signed

    @property
    def _signer(self) -> str:
        return certificate_name(self._signed.certificate)

    @property
    def _signing_time(self) -> datetime:
        if self._claims.signed_at is None:
            raise Doubt(_UNCHECKED)
        return self._claims.signed_at

    def verdict(self) -> Verdict:
        """Return what was found; good when nothing failed and everything that matters was checked."""
        ran = self.checks.get("form")
        if ran is None:
            self.checks["form"] = Check(id="form", passed=True, sentence="The file is a PDF in the one form we write.")
        order = (*_STEPS, *_FILE_STEPS, *(each for each in ("log", "archive") if each in self.checks))
        made = (self.checks.get(step, Check(id=step, passed=None, sentence=_UNCHECKED)) for step in order)
        # A sentence may name what a stranger has named.
        checks = tuple(replace(each, sentence=plainly(each.sentence)) for each in made)
        signer = None
        with suppress(Doubt):
            signer = plainly(self._signer)
        return Verdict(
            good=self.signed is not None and all(check.passed is not False for check in checks),
            checks=checks,
            signer=signer,
            signed_at=self.claims.signed_at if self.claims else None,
            sha256=self.digests.whole if self.digests else None,
            reference=plainly(self.claims.reason) if self.claims and self.signed else None,
        )


def _what(manifest: Mapping[str, Any]) -> str:
    """Say in a sentence that a document is one of several; nothing of a bundle that is whole."""
    volume, volumes = manifest.get("volume"), manifest.get("volumes")
    if not isinstance(volume, int | None) or not isinstance(volumes, int):
        return ""
    if manifest.get("document") == INDEX:
        return f"This is the index of a production in {volumes} volumes; compare each volume's SHA-256 with it. "
    return f"This is volume {volume} of {volumes}. " if volumes > 1 else ""


def _catalog(file: StrictFile) -> dict[str, Any]:
    if "Encrypt" in file.trailer:
        raise Doubt("The file is encrypted; ours never are.")
    if {"Prev", "XRefStm"} & set(file.trailer):
        raise Doubt("The file has an earlier revision: something was appended or changed after it was written.")
    return dictionary(file, file.trailer.get("Root"), "root")
