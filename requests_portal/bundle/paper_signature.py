"""The signatures of a paper that somebody sent us, asked of a process that may take ten seconds and one gibibyte."""

import json
import subprocess
import sys
from pathlib import Path

from requests_portal.errors import Unusable
from requests_portal.model.officer_check import PaperSignature

SECONDS = 10.0


class Unreadable(Unusable):
    """The paper's signatures cannot be read: it is no PDF, or one that breaks its readers."""

    code = "unreadable"


def signatures_of(path: Path, *, seconds: float = SECONDS) -> tuple[PaperSignature, ...]:
    """Every signature of a paper; none for one without. Raises Unreadable, whatever the file does to its reader."""
    command = [sys.executable, "-I", "-m", "requests_portal.bundle.paper_signature_reader", str(path)]
    try:
        done = subprocess.run(  # noqa: S603 — our own module, by our own interpreter; the paper is only ever a path
            command, stdin=subprocess.DEVNULL, capture_output=True, env={}, timeout=seconds, check=True
        )
        return tuple(PaperSignature(**each) for each in json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError, TypeError) as broken:
        raise Unreadable("Its signatures cannot be read. Look at it by eye alone.") from broken
