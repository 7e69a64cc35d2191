"""The agency directory: authorities with their domains and independently found numbers, changed by two people."""

import re
import unicodedata
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

import idna

from requests_portal.errors import Conflict, Forbidden, Unusable
from requests_portal.model.actor import Actor
from requests_portal.model.digest import digest_of

# House policy: whoever notices a false entry has this long to object before it can be confirmed.
WAITING = timedelta(hours=24)
# The second is of the name as it is looked up: one character may stand for eighteen.
LONGEST_NAME, LONGEST_FOLDED = 300, 600
# Shorter ones are extensions, and part of many another number.
FEWEST_DIGITS, MOST_DIGITS = 7, 15
MOST_OF_EACH = 50
MOST_AT_ONCE = 5_000
NO_DOMAIN = "{name} is no domain. Enter one such as sheriff.example.gov, or *.example.gov for all below it too."


@dataclass(frozen=True, kw_only=True)
class Domain:
    """A domain of an agency, in ASCII; `below` says whether the domains under it are the agency's as well."""

    name: str
    below: bool

    def covers(self, host: str) -> bool:
        """Whether a host, in ASCII, is this domain, or lies under it where that counts."""
        return host == self.name or (self.below and host.endswith(f".{self.name}"))

    def __str__(self) -> str:
        return f"*.{self.name}" if self.below else self.name


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A number that we found ourselves: where, and on which day."""

    number: str
    source: str
    found_on: date


@dataclass(frozen=True, kw_only=True)
class Agency:
    """An authority as our directory knows it; one name in one country and state is one agency."""

    id: str
    name: str
    country: str
    state: str
    domains: tuple[Domain, ...]
    phones: tuple[Phone, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """What two entries of the same agency have in common."""
        return folded(self.name), self.country, self.state

    @property
    def place(self) -> str:
        """Its country, with its state where it is one's: US-CA."""
        return f"{self.country}-{self.state}" if self.state else self.country


class ChangeState(StrEnum):
    """What became of a change of the directory that was proposed."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


@dataclass(frozen=True, kw_only=True)
class DirectoryChange:
    """Agencies to be put into the directory or taken out of it; `before` is how it knew them when that was proposed."""

    id: str
    puts: tuple[Agency, ...]
    removes: tuple[str, ...]
    before: tuple[Agency, ...]
    state: ChangeState
    proposed_by: str
    proposed_by_name: str
    proposed_at: datetime
    reason: str
    answered_by: str = ""
    answered_by_name: str = ""
    answered_at: datetime | None = None
    answer: str = ""

    @property
    def digest(self) -> str:
        """What a confirmation binds to: every entry as it was, and as it is to be."""
        was, to_be = [_plain(each) for each in self.before], [_plain(each) for each in self.puts]
        return digest_of({"id": self.id, "before": was, "puts": to_be, "removes": self.removes})

    @property
    def free_at(self) -> datetime:
        """From when on it can be confirmed."""
        return self.proposed_at + WAITING

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state is ChangeState.PROPOSED

    def why_not_confirm(self, by: Actor, at: datetime) -> str | None:
        """Why this person cannot confirm it now, in words for the page; None when they can."""
        if not self.is_open:
            return "This change has been answered already."
        if self.proposed_by == by.id:
            return "You proposed this change, so a different person has to confirm it."
        if at < self.free_at:
            return "The waiting time is not over yet. Look the entries up yourself meanwhile."
        return None

    def confirmed(self, *, by: Actor, at: datetime) -> "DirectoryChange":
        """Confirmed by a second person, when the waiting time is over."""
        if (refusal := self.why_not_confirm(by, at)) is not None:
            raise (Forbidden if self.proposed_by == by.id else Conflict)(refusal)
        return self._answered(ChangeState.CONFIRMED, by=by, at=at, answer="")

    def declined(self, *, by: Actor, at: datetime, reason: str) -> "DirectoryChange":
        """Declined with a reason, at any time; whoever proposed it may take it back like this."""
        if not reason.strip():
            raise Unusable("Say why you decline it; whoever proposed it reads it.")
        if not self.is_open:
            raise Conflict("This change has been answered already.")
        return self._answered(ChangeState.DECLINED, by=by, at=at, answer=reason.strip())

    def _answered(self, state: ChangeState, *, by: Actor, at: datetime, answer: str) -> "DirectoryChange":
        return replace(self, state=state, answered_by=by.id, answered_by_name=by.name, answered_at=at, answer=answer)


def an_agency(*, name: str, country: str, state: str, domains: tuple[Domain, ...], phones: tuple[Phone, ...]) -> Agency:
    """An entry for the directory, checked, without an id; raises Unusable with what is wrong."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    fits = 0 < len(name) <= LONGEST_NAME and 0 < len(folded(name)) <= LONGEST_FOLDED
    if not fits or not name.isprintable():
        raise Unusable(f"Name the agency, in at most {LONGEST_NAME} characters.")
    if not re.fullmatch("[A-Z]{2}", country):
        raise Unusable("The country is two capital letters, such as US or DE.")
    if not re.fullmatch("([A-Z0-9]{1,3})?", state):
        raise Unusable("The state is up to three capital letters or digits, such as CA, or empty.")
    if max(len(domains), len(phones)) > MOST_OF_EACH:
        raise Unusable(f"An agency has at most {MOST_OF_EACH} domains and as many numbers here.")
    if not domains and not phones:
        raise Unusable("Enter at least one domain or one number; a name alone confirms nobody.")
    return Agency(id="", name=name, country=country, state=state, domains=domains, phones=phones)


def a_domain(written: str) -> Domain:
    """A domain as somebody writes it, `*.` before it for all below it too; raises Unusable."""
    name = written.strip().removeprefix("*.")
    try:
        return Domain(name=ascii_host(name), below=written.strip().startswith("*."))
    except Unusable as wrong:
        raise Unusable(NO_DOMAIN.format(name=_shown(written))) from wrong


def a_phone(number: str, source: str, found_on: date, *, today: date) -> Phone:
    """A number with where and when it was found; raises Unusable."""
    number, source = " ".join(number.split()), " ".join(source.split())
    if not re.fullmatch(r"\+?[0-9 ()./-]{1,40}", number) or not FEWEST_DIGITS <= len(digits(number)) <= MOST_DIGITS:
        raise Unusable(f"{_shown(number)} is no telephone number of {FEWEST_DIGITS} to {MOST_DIGITS} digits.")
    if not 0 < len(source) <= LONGEST_NAME or not source.isprintable():
        raise Unusable("Say where the number was found, such as the county's own web page.")
    if found_on > today:
        raise Unusable("The day on which a number was found cannot lie ahead.")
    return Phone(number=number, source=source, found_on=found_on)


def ascii_host(name: str) -> str:
    """A host name as the domain name system writes it: small letters, A-labels, two labels at least."""
    try:
        host = idna.encode(name.strip().rstrip("."), uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as wrong:
        raise Unusable(f"{_shown(name)} is no host name.") from wrong
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit():  # noqa: PLR2004 — a name under a top-level domain
        raise Unusable(f"{_shown(name)} is no host name.")
    return host


def digits(number: str) -> str:
    """The digits of a number as somebody wrote it, in whatever script; without zeros that only a dialled call needs."""
    found = (unicodedata.digit(each, None) for each in unicodedata.normalize("NFKC", number))
    return "".join(str(each) for each in found if each is not None).lstrip("0")


def folded(name: str) -> str:
    """A name for looking up: without marks, cases and runs of spaces."""
    plain = unicodedata.normalize("NFKD", name)
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).casefold().split())


def _plain(agency: Agency) -> dict[str, object]:
    told = asdict(agency)
    phones = [{**phone, "found_on": phone["found_on"].isoformat()} for phone in told["phones"]]
    return {**told, "phones": phones}


def _shown(text: str) -> str:
    return "".join(each for each in text.strip()[:60] if each.isprintable()) or "This"
