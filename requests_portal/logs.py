"""Structured logs: one JSON object a line on standard error, without personal data, whoever writes it.

What our own code logs is written out: its sentences hold no personal data. Of what a library logs only the constant
words are kept, since the rest may be an address, a statement with its parameters or somebody's name; of an exception
the type and the places.
"""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

OURS = "requests_portal"
# Words of a library up to what it fills in.
CONSTANT = re.compile(r"[A-Za-z ,.!-]*")
DEEPEST = 8
LIBRARIES = ("dbos", "gunicorn.error", "gunicorn.access")


class Lines(logging.Formatter):
    """One record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": _event(record),
            **_fields(record),
        }
        if record.name.split(".")[0] != OURS:
            line["from"] = f"{record.name.split('.')[0]} {record.filename}:{record.lineno}"
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["at"] = places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def note(event: str, **fields: str | float | None) -> None:
    """Log that something happened, with its fields; no field holds personal data."""
    logging.getLogger(OURS).info(event, extra={"fields": fields})


def to_standard_error() -> logging.Handler:
    """Have everything that this process logs, or raises where nobody catches it, written as lines of JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(OURS).setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    for name in LIBRARIES:
        take_over(logging.getLogger(name))
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    return handler


def take_over(logger: logging.Logger) -> None:
    """Send what a library logs the way of everything else."""
    logger.handlers.clear()
    logger.propagate = True


def places(trace: TracebackType | None) -> str:
    """Where an exception came from: files and lines, innermost last."""
    frames = traceback.extract_tb(trace)[-DEEPEST:]
    return " > ".join(f"{Path(each.filename).name}:{each.lineno}" for each in frames)


def _event(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] == OURS:
        return record.getMessage()
    found = CONSTANT.match(str(record.msg))
    return found.group().strip() if found else ""


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(record, "fields", {})
    return found


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt | SystemExit):
        logging.getLogger(OURS).error("uncaught", exc_info=(kind, error or kind(), trace))
