"""What every command shares: a refusal is one sentence on stderr and exit code 2, and JSON is one object."""

import json
import sys
import textwrap
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click

from legal_rules.errors import RuleBookError
from requests_portal.errors import Refused

GOOD, BAD, UNUSABLE = 0, 1, 2
LONGEST_SENTENCE = 1000
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a refusal into one sentence on stderr and exit code 2."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Refused as refusal:
            stop(refusal.sentence)
        except RuleBookError as refusal:
            stop(str(refusal))
        except BrokenPipeError:
            raise
        except OSError as error:
            stop(f"{error.strerror or 'The file cannot be used'}: {Path(str(error.filename or '')).name}.")

    return guarded


def stop(sentence: str) -> NoReturn:
    """Say one sentence on stderr and end as unusable input does; what would steer a terminal is shown as "?"."""
    click.echo(textwrap.shorten(harmless(" ".join(sentence.split())), LONGEST_SENTENCE, placeholder=" …"), err=True)
    sys.exit(UNUSABLE)


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
