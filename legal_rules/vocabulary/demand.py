# ruff: noqa: RUF009 — a field's default is None; the call only carries what the word means
"""What is demanded: which kinds of data, whose, from when, and why."""

from dataclasses import dataclass
from datetime import datetime

from legal_rules.vocabulary.fact import paper, world
from legal_rules.vocabulary.words import SEEKS


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What is demanded: which kinds of data, whose, from when, and why."""

    accounts: frozenset[str] | None = paper("texts", "The accounts the paper names; empty when it names none.")
    devices: frozenset[str] | None = paper("texts", "The devices the paper names; empty when it names none.")
    named_people: frozenset[str] | None = paper(
        "texts", "The people whose data it wants whom it names without an account or device of theirs; empty if none."
    )
    place_described: bool | None = paper(
        "flag", "It means one household or speaker, but only describes it, such as by an address."
    )
    third_parties_sought: bool | None = paper(
        "flag", "It expressly asks also for the data of people who have no part in the matter."
    )
    seeks: frozenset[str] | None = paper("choices", "The kinds of data asked for.", *SEEKS)
    catch_all: bool | None = paper("flag", "The paper also asks for “any and all” data it does not list.")
    categories_listed: int | None = paper("number", "How many kinds of data the paper lists, in its own words.")
    area: bool | None = paper("flag", "The paper asks for whoever was within a place, instead of naming an account.")
    all_users: bool | None = paper("flag", "The paper asks for the data of all our customers, or a class of them.")
    later_steps: str | None = paper(
        "choice",
        "Whether a demand for a place or for words goes on in later steps, and who decides on each.",
        "none",
        "judge",
        "officer",
    )
    keywords: frozenset[str] | None = paper("texts", "Words to be searched for in everyone's speech; empty if none.")
    range_stated: bool | None = paper("flag", "The paper states a period.")
    range_from: datetime | None = paper("moment", "The first moment of the period asked for.")
    range_to: datetime | None = paper("moment", "The end of the period asked for; a bare day is included.")
    range_to_open: bool | None = paper("flag", "The period runs “to the present”, which is the paper's day of issue.")
    incident_stated: bool | None = paper("flag", "The paper says when the event under investigation happened.")
    incident_from: datetime | None = paper("moment", "When the event under investigation began.")
    incident_to: datetime | None = paper("moment", "When that event ended; a bare day is included.")
    nexus_stated: bool | None = paper("flag", "The paper says why these data bear on the matter.")
    offence_max_years: int | None = paper("number", "The offence's maximum custodial sentence, in years.")
    # What we know ourselves of the accounts and of the demand.
    account_flags: frozenset[str] | None = world(
        "choices",
        "What our records flag about the accounts concerned; empty when somebody looked and nothing is flagged.",
        "law_office",
        "journalist",
        "health_care",
        "clergy",
        "child_profile",
        "deceased",
        asked_of="catalogue",
    )
    flagged_accounts: frozenset[str] | None = world(
        "texts", "Which of the accounts are flagged; all of them where nobody has said.", asked_of="catalogue"
    )
    # Asked beside what the paper says, and closed with it: a demand that nobody has marked is a plain one.
    circumstances: frozenset[str] | None = paper(
        "choices",
        "What we know ourselves that bears on the demand; empty when nothing of it is known.",
        "answered_before",
        "held_by_another_company",
        "foreign_law_forbids",
        "enforcing_authority_refused",
        "partly_deleted",
        asked_of="intake",
    )
    held_from: datetime | None = world(
        "moment", "The first moment from which we still hold what is asked for.", asked_of="catalogue"
    )
    answered_from: datetime | None = world(
        "moment",
        "The first moment of the period that our earlier answer to the same authority covers.",
        asked_of="intake",
    )
    answered_to: datetime | None = world(
        "moment", "The end of the period that our earlier answer covers; a bare day is included.", asked_of="intake"
    )
    volume: int | None = world("number", "How many of our recordings match what is asked for.", asked_of="catalogue")
    data_location: str | None = world(
        "choice", "Where what is asked for is stored.", "us", "eu", "uk", "elsewhere", asked_of="catalogue"
    )
