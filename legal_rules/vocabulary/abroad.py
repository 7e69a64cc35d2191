"""What orders from other countries turn on: agreements, offences, and whom they target."""

from dataclasses import dataclass

from legal_rules.vocabulary.fact import paper, world


@dataclass(frozen=True, kw_only=True)
class Abroad:
    """What orders from other countries turn on: agreements, offences, and whom they target."""

    agreement: str | None = paper(
        "choice", "The data access agreement a foreign order invokes.", "none", "us_uk", "us_au"
    )
    listed_offence: bool | None = paper("flag", "The offence is one that Art. 5(4)(b) to (d) of Reg. 2023/1543 lists.")
    target_us_person: bool | None = world("flag", "The target is a US person or is located in the United States.")
