"""What the rules read besides the facts: the day of receipt, the house policy, the matrix and the dated numbers."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from legal_rules.errors import UnreadableBook

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The house's own choices; each is policy, never law, and a company's file may override any of them."""

    home_state: str
    incident_padding_days: int
    most_accounts: int
    approved_channels: frozenset[str]
    us_answer_days: int


def read_policy(path: Path | None) -> Policy:
    """The shipped policy with the company's file laid over it; raises UnreadableBook for an unknown key or type."""
    raw = _toml(DATA / "house_policy.toml") | ({} if path is None else _toml(path))
    known = {field.name for field in fields(Policy)}
    if raw.keys() != known:
        raise UnreadableBook(f"The house policy has {sorted(raw.keys() ^ known)} too many or too few.")
    for name in ("incident_padding_days", "most_accounts", "us_answer_days"):
        if type(raw[name]) is not int or raw[name] < 0:
            raise UnreadableBook(f"The house policy's {name} must be a whole number of at least 0.")
    return Policy(**(raw | {"approved_channels": frozenset(raw["approved_channels"])}))


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What one kind of process reaches, by class of data, and on whose authority."""

    process: str
    classes: frozenset[str]
    cite: tuple[str, ...]


def read_matrix(path: Path = DATA / "us" / "matrix.toml") -> dict[str, Reach]:
    """Process → what it reaches; raises UnreadableBook when a cell has no citation."""
    matrix: dict[str, Reach] = {}
    for process, cells in _toml(path).items():
        for data_class, cite in cells.items():
            if not cite:
                raise UnreadableBook(f"{path.name}: {process} × {data_class} has no citation.")
        matrix[process] = Reach(
            process=process,
            classes=frozenset(cells),
            cite=tuple(dict.fromkeys(cites for cites in cells.values())),
        )
    return matrix


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Everything but the facts that a phrase may look at, fixed for one assessment."""

    on: date
    policy: Policy
    matrix: Mapping[str, Reach]
    # Dated numbers of days by id (periods.toml), as they stood on the day of receipt; absent when not yet in force.
    days: Mapping[str, int]

    def reaches(self, process: str, classes: frozenset[str]) -> bool:
        """Whether this process reaches all of these classes of data."""
        return classes <= self.matrix[process].classes

    def in_force(self, period: str) -> bool:
        """Whether this dated parameter existed on the day of receipt."""
        return period in self.days


@cache
def _toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        try:
            return tomllib.load(file)
        except tomllib.TOMLDecodeError as broken:
            raise UnreadableBook(f"{path.name}: {broken}") from broken
