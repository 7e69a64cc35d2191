"""The attestation of an emergency request: what the officer declared true, and which supervisor stands behind it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from requests_portal.errors import Unusable
from requests_portal.model.agency import folded
from requests_portal.model.digest import digest_of

LONGEST = 2000
# What is asked of the officer, field by field: its name, and what is missing where it is empty.
ASKED = {
    "danger": "Say what the danger is, and to whom.",
    "why_now": "Say why it is immediate.",
    "why_no_process": "Say why no warrant or order can be had in time.",
    "needed": "Say which data are needed to meet the danger.",
    "officer": "Name the officer who declared it true.",
    "supervisor": "Name a supervisor of theirs, with the office.",
}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What an emergency request states, in the officer's words as far as they fit, and who declared it true."""

    danger: str
    why_now: str
    why_no_process: str
    needed: str
    officer: str
    supervisor: str

    def checked(self) -> "Statement":
        """The statement without spaces around its words; raises Unusable for what is missing or no second person."""
        said = {name: " ".join(words.split()) for name, words in asdict(self).items()}
        for name, sentence in ASKED.items():
            if not 0 < len(said[name]) <= LONGEST:
                raise Unusable(f"{sentence} Use at most {LONGEST:,} characters.")
        if folded(said["officer"]) == folded(said["supervisor"]):
            raise Unusable("A supervisor is somebody else than the officer who asks. Name another person.")
        return Statement(**said)

    @property
    def words(self) -> str:
        """Everything that it says, for looking a number up in it."""
        return "\n".join(asdict(self).values())


@dataclass(frozen=True, kw_only=True)
class Attestation:
    """A statement as it was entered: by whom and when. A supervisor confirms exactly this one."""

    statement: Statement
    by: str
    by_name: str
    at: datetime
    # Whoever put down this statement or one before it in the same case: none of them approves.
    hands: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """What the call to the supervisor binds to."""
        return digest_of(asdict(self.statement))
