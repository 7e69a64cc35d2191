"""The parts to be silenced as a form: one row each, one for a new part, and what is wrong with any of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from requests_portal.errors import Unusable
from requests_portal.model.silence import Silence
from requests_portal.web.forms import Errors
from requests_portal.work.mark_up import ANOTHER_SPEAKS

NO_SECONDS = "Enter seconds, such as 3.25."
NO_END = "Enter where the part begins and where it ends."


@dataclass(frozen=True, kw_only=True)
class SilenceRow:
    """One part as it was typed."""

    start: str
    end: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SilenceForm:
    """The rows as typed, the row for a new part, and what they mean where nothing is wrong with them."""

    rows: tuple[SilenceRow, ...]
    new: SilenceRow = field(default_factory=lambda: SilenceRow(start="", end="", reason=ANOTHER_SPEAKS))
    silences: tuple[Silence, ...] = ()
    errors: Errors = field(default_factory=dict)


def kept_rows(silences: Sequence[Silence]) -> SilenceForm:
    """The form as it stands before anybody types."""
    return SilenceForm(rows=tuple(_row(each) for each in silences), silences=tuple(silences))


def seconds_words(seconds: float) -> str:
    """Seconds as a field shows them, to the millisecond and no further than needed."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def read(form: MultiDict[str, str], recording: str, *, seconds: float | None) -> SilenceForm:
    """What was typed; `seconds` is the recording's length, None where it cannot be decoded."""
    typed = [form.getlist(name) for name in ("start", "end", "reason")]
    rows = [SilenceRow(start=start, end=end, reason=why) for start, end, why in zip(*typed, strict=False)]
    removed = form.get("remove", type=int)
    rows = [row for at, row in enumerate(rows) if at != removed]
    new = SilenceRow(
        start=form.get("new-start", "").strip(), end=form.get("new-end", "").strip(), reason=form.get("new-reason", "")
    )
    asked = [(f"{at}", row) for at, row in enumerate(rows)]
    # A row for a new part in which nothing is typed is no part; pressing Add with it is a slip that is said.
    if new.start or new.end or form.get("add"):
        asked.append(("new", new))
    silences, errors = [], {}
    for name, row in asked:
        try:
            silences.append(_silence(row, recording, seconds))
        except Unusable as unusable:
            errors[f"start-{name}"] = unusable.sentence
    return replace(
        SilenceForm(rows=tuple(rows), new=new), silences=tuple(silences) if not errors else (), errors=errors
    )


def _row(silence: Silence) -> SilenceRow:
    return SilenceRow(start=seconds_words(silence.start), end=seconds_words(silence.end), reason=silence.reason)


def _silence(row: SilenceRow, recording: str, seconds: float | None) -> Silence:
    if not row.start.strip() or not row.end.strip():
        raise Unusable(NO_END)
    part = Silence(recording=recording, start=_number(row.start), end=_number(row.end), reason=row.reason).checked()
    if seconds is not None and part.start >= seconds:
        raise Unusable(f"This part begins after the recording has ended, at {seconds_words(seconds)} seconds.")
    return part


def _number(typed: str) -> float:
    try:
        # A comma is what half of Europe types.
        found = float(typed.strip().replace(",", "."))
    except ValueError as no_number:
        raise Unusable(NO_SECONDS) from no_number
    if not math.isfinite(found):
        raise Unusable(NO_SECONDS)
    return found
