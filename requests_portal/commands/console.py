"""What every command shares: a refusal is one sentence on stderr and exit code 2, and JSON is one object."""

import json
import os
import sys
import textwrap
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any, NoReturn

import click

from legal_rules.errors import RuleBookError
from requests_portal.errors import Refused

GOOD, BAD, UNUSABLE = 0, 1, 2
LONGEST_SENTENCE = 1000
# A supervisor starts us again: what is missing may come by itself.
AGAIN = os.EX_TEMPFAIL
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
settings_file = click.option(
    "--settings", type=click.Path(path_type=Path), default=Path("settings.toml"), show_default=True
)


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a refusal into one sentence on stderr and exit code 2."""
    return _guarded(command, passing=UNUSABLE)


def as_a_service(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same, and exit code 75 where a disk, a mount or a service is not there: it may be later."""
    return _guarded(command, passing=AGAIN)


def _guarded(command: Callable[..., Any], *, passing: int) -> Callable[..., Any]:
    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Refused as refusal:
            stop(refusal.sentence, passing if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE else UNUSABLE)
        except RuleBookError as refusal:
            stop(str(refusal))
        except BrokenPipeError:
            raise
        except OSError as error:
            stop(f"{error.strerror or 'The file cannot be used'}: {Path(str(error.filename or '')).name}.", passing)

    return guarded


def stop(sentence: str, code: int = UNUSABLE) -> NoReturn:
    """Say one sentence on stderr and end as unusable input does; what would steer a terminal is shown as "?"."""
    click.echo(textwrap.shorten(harmless(" ".join(sentence.split())), LONGEST_SENTENCE, placeholder=" …"), err=True)
    sys.exit(code)


def harmless(text: str) -> str:
    """The text with "?" for what would steer a terminal."""
    return "".join(each if each.isprintable() else "?" for each in text)


def tell(value: object) -> None:
    """Print one JSON object."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def first_bytes(path: Path, size: int) -> bytes:
    """The first bytes of a file: enough to use all of a right one, and to see that another is too large."""
    with path.open("rb") as file:
        return file.read(size)
