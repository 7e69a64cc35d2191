"""A standing policy: which routine requests of customers are answered without a person, and who adopted that."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum

from requests_portal.errors import Conflict, Forbidden, Unusable
from requests_portal.model.actor import Actor, Role
from requests_portal.model.digest import digest_of


class NotRoutine(StrEnum):
    """Why a request was not answered by the standing policy, and waits for a lawyer."""

    WITHDRAWN = "withdrawn"
    ALTERED = "altered"
    RULES_CHANGED = "rules_changed"
    TEXT_CHANGED = "text_changed"
    EARLIER = "earlier"
    NOT_THEMSELVES = "not_themselves"
    NOT_FRESH = "not_fresh"
    NOT_PROVEN = "not_proven"
    COOLING_OFF = "cooling_off"
    REPEATED = "repeated"
    UNSETTLED = "unsettled"
    REOPENED = "reopened"
    IN_HAND = "in_hand"
    OWN_WORDS = "own_words"
    RIGHT = "right"
    PLACE = "place"
    KINDS = "kinds"
    NOT_IN_FULL = "not_in_full"
    RECORDINGS = "recordings"
    BYTES = "bytes"
    LENGTH = "length"
    NOTHING_FOUND = "nothing_found"
    SECOND_PERSON = "second_person"
    NOT_AS_CATALOGUED = "not_as_catalogued"
    GATED = "gated"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the people choose: which requests of customers are answered, and how much at most in one."""

    rights: tuple[str, ...]
    # Countries or their parts: "US" covers "US-CA".
    places: tuple[str, ...]
    kinds: tuple[str, ...]
    most_recordings: int
    most_minutes: int
    most_megabytes: int


@dataclass(frozen=True, kw_only=True)
class StandingPolicy(Terms):
    """The terms, the rules that they rest on by digest, and the certificate's words in each language."""

    rules: str
    certificate: Mapping[str, str]

    @property
    def digest(self) -> str:
        """The digest that signatures and decisions bind to: any change makes another policy."""
        return digest_of(asdict(self))

    def covers_place(self, country: str) -> bool:
        """Whether a person who lives there is answered under it."""
        return any(country == place or country.startswith(f"{place}-") for place in self.places)


@dataclass(frozen=True, kw_only=True)
class UnderPolicy:
    """The version of a standing policy under which something was done, named by number and digest."""

    digest: str
    number: int


class PolicyState(StrEnum):
    """What became of a standing policy that was put forward."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Signature:
    """One person who agreed to the policy with this digest."""

    by: str
    by_name: str
    at: datetime
    digest: str


@dataclass(frozen=True, kw_only=True)
class PolicyAdoption:
    """A standing policy put forward: a second lawyer and a custodian, all three different, put it in force.

    `number` counts the versions that came into force here, from 1.
    """

    id: str
    policy: StandingPolicy
    state: PolicyState
    proposed: Signature
    reason: str
    lawyer: Signature | None = None
    custodian: Signature | None = None
    adopted_at: datetime | None = None
    number: int | None = None
    ended_by: str = ""
    ended_by_name: str = ""
    ended_at: datetime | None = None
    ended_because: str = ""

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """Everybody who has agreed so far, in the order of their parts."""
        return tuple(each for each in (self.proposed, self.lawyer, self.custodian) if each)

    @property
    def is_intact(self) -> bool:
        """Whether the policy is the one that each of them agreed to."""
        return {each.digest for each in self.signatures} == {self.policy.digest}

    @property
    def is_agreed(self) -> bool:
        """Whether nobody's agreement is missing."""
        return self.lawyer is not None and self.custodian is not None

    @property
    def name(self) -> str:
        """What it is called where somebody has decided or certified."""
        lawyer = self.lawyer.by_name if self.lawyer else ""
        return f"Standing policy, version {self.number}, adopted by {self.proposed.by_name} and {lawyer}"

    @property
    def actor(self) -> Actor:
        """The policy as one who decides, certifies and releases."""
        return Actor(id=f"standing_policy.{self.number}", name=self.name, roles=frozenset({Role.STANDING_POLICY}))

    @property
    def under(self) -> UnderPolicy:
        """How a decision names it."""
        return UnderPolicy(digest=self.policy.digest, number=self.number or 0)

    def why_not_sign(self, by: Actor) -> str | None:
        """Why this person cannot agree to it as well, in words for the page; None when they can."""
        if self.state is not PolicyState.PROPOSED:
            return "This policy has been answered already."
        if by.id in {each.by for each in self.signatures}:
            return "You have agreed to this policy already; each of the three people is a different one."
        return None

    def signed_by_lawyer(self, *, by: Actor, at: datetime) -> "PolicyAdoption":
        """Agreed to by a second lawyer."""
        if self.lawyer is not None:
            raise Conflict("A second lawyer has agreed already; now a custodian is asked.")
        return replace(self, lawyer=self._signature(by, at))

    def signed_by_custodian(self, *, by: Actor, at: datetime) -> "PolicyAdoption":
        """Agreed to by the custodian whose certificate it makes."""
        if self.custodian is not None:
            raise Conflict("A custodian has agreed already; now a second lawyer is asked.")
        return replace(self, custodian=self._signature(by, at))

    def in_force(self, *, at: datetime, number: int) -> "PolicyAdoption":
        """In force from now on, since everybody has agreed."""
        return replace(self, state=PolicyState.ADOPTED, adopted_at=at, number=number)

    def ended(self, *, by: Actor, at: datetime, reason: str) -> "PolicyAdoption":
        """Declined while it is proposed, withdrawn once it is in force; one person is enough for either."""
        if not reason.strip():
            raise Unusable("Give the reason; it stays with the policy.")
        if self.state not in {PolicyState.PROPOSED, PolicyState.ADOPTED}:
            raise Conflict("This policy has ended already. Reload the page.")
        state = PolicyState.DECLINED if self.state is PolicyState.PROPOSED else PolicyState.WITHDRAWN
        who = {"ended_by": by.id, "ended_by_name": by.name, "ended_at": at, "ended_because": reason.strip()}
        return replace(self, state=state, **who)  # type: ignore[arg-type]

    def _signature(self, by: Actor, at: datetime) -> Signature:
        if (refusal := self.why_not_sign(by)) is not None:
            raise Forbidden(refusal)
        return Signature(by=by.id, by_name=by.name, at=at, digest=self.policy.digest)
