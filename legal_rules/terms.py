"""What the rules read besides the facts: the day of receipt, the house policy, the matrix and the dated numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from legal_rules.errors import UnreadableBook
from legal_rules.vocabulary.words import PROCESSES, SEEKS, STATES


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The house's own choices; each is policy, never law, and a company's file may override any of them."""

    home_state: str
    incident_padding_days: int
    most_accounts: int
    most_categories: int
    most_recordings: int
    approved_channels: frozenset[str]
    us_answer_days: int
    emergency_answer_hours: int
    emergency_follow_up_hours: int
    own_answer_days: int
    listen_hours_a_day: int
    approve_contents: bool
    approve_emergencies: bool
    approve_above: int
    approve_refusals: bool


_WORDS = frozenset({"home_state"})
_CHOICES = frozenset({"approve_contents", "approve_emergencies", "approve_refusals"})
_LISTS = frozenset({"approved_channels"})


def read_policy(shipped: Mapping[str, Any], company: Mapping[str, Any]) -> Policy:
    """The shipped policy with the company's file laid over it; raises UnreadableBook for an unknown key or type."""
    raw = {**shipped, **company}
    known = {field.name for field in fields(Policy)}
    if raw.keys() != known:
        raise UnreadableBook(f"The house policy has {sorted(raw.keys() ^ known)} too many or too few.")
    for name in _CHOICES:
        if type(raw[name]) is not bool:
            raise UnreadableBook(f"The house policy's {name} must be true or false.")
    for name in known - _WORDS - _LISTS - _CHOICES:
        if type(raw[name]) is not int or raw[name] < 0:
            raise UnreadableBook(f"The house policy's {name} must be a whole number of at least 0.")
    for name in _LISTS:
        if not isinstance(raw[name], list) or not all(isinstance(each, str) for each in raw[name]):
            raise UnreadableBook(f"The house policy's {name} must be a list of words.")
    if raw["home_state"] not in STATES:
        raise UnreadableBook("The house policy's home_state must be the two letters of a state.")
    values: dict[str, Any] = {name: frozenset(value) if name in _LISTS else value for name, value in raw.items()}
    return Policy(**values)


# Process → class of data → the authority by which the one reaches the other; what has no cell is not reached.
Matrix = Mapping[str, Mapping[str, str]]


def read_matrix(matrix: Matrix) -> Matrix:
    """The disclosure matrix; raises UnreadableBook when a cell names an unknown word or no authority."""
    for process, cells in matrix.items():
        for data_class, cite in cells.items():
            if process not in PROCESSES or data_class not in SEEKS or not cite:
                raise UnreadableBook(f"matrix.toml: {process} and {data_class} need known names and an authority.")
    return matrix


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Everything but the facts that a phrase may look at, fixed for one assessment."""

    on: date
    policy: Policy
    matrix: Matrix
    # Dated numbers of days by id (periods.toml), as they stood on the day of receipt; absent when not yet in force.
    days: Mapping[str, int]

    def reaches(self, process: str, classes: frozenset[str]) -> bool:
        """Whether this process reaches all of these classes of data."""
        return classes <= self.matrix[process].keys()

    def in_force(self, period: str) -> bool:
        """Whether this dated parameter existed on the day of receipt."""
        return period in self.days
