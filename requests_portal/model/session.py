"""A session: somebody is signed in in one browser, until it ends by itself or is ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# What is done in one's own name is asked of whoever is at the keyboard now, not of who sat there this morning.
FRESH = timedelta(minutes=10)

# Who has only the mailbox can use a mailed link: it shows less of who somebody is. "demonstration" is the one click of
# a desk whose people are all invented.
PROVEN_BY = frozenset({"passkey", "identity_provider", "demonstration"})


@dataclass(frozen=True, kw_only=True)
class Lasting:
    """How long a session lasts: in all, and without anything being done in it."""

    whole: timedelta
    idle: timedelta


STAFF = Lasting(whole=timedelta(hours=8), idle=timedelta(minutes=30))
CUSTOMER = Lasting(whole=timedelta(hours=12), idle=timedelta(hours=1))


@dataclass(frozen=True, kw_only=True)
class Session:
    """Somebody signed in in one browser; `person` is their id: a customer's is their account."""

    id: str
    token_sha256: str
    person: str
    customer: bool
    # By what the person showed who they are.
    how: str
    browser: str
    begun_at: datetime
    auth_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None

    @property
    def lasting(self) -> Lasting:
        """How long it lasts."""
        return CUSTOMER if self.customer else STAFF

    def is_live(self, at: datetime) -> bool:
        """Whether it still lets its person in."""
        runs_out = min(self.begun_at + self.lasting.whole, self.seen_at + self.lasting.idle)
        return self.ended_at is None and at < runs_out

    def is_fresh(self, at: datetime) -> bool:
        """Whether the person showed lately who they are."""
        return at - self.auth_at <= FRESH


@dataclass(frozen=True, kw_only=True)
class SentForm:
    """What somebody sent, and that waits for them to sign in afresh: its address, and its fields in their order."""

    id: str
    owner: str
    path: str
    fields: tuple[tuple[str, str], ...]
    ends_at: datetime
