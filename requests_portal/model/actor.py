"""Who acts, in which roles, and what each role may do."""

from dataclasses import dataclass
from enum import StrEnum

from requests_portal.errors import Forbidden


class Role(StrEnum):
    """What a person is here to do; one person may hold several."""

    INTAKE = "intake"
    LAWYER = "lawyer"
    CUSTODIAN = "custodian"
    AUDITOR = "auditor"
    CUSTOMER = "customer"
    SYSTEM = "system"


class Act(StrEnum):
    """Everything that can be done here; every route names one."""

    SIGN_IN = "sign_in"
    READ_PUBLIC = "read_public"
    VERIFY_BUNDLE = "verify_bundle"
    READ_QUEUE = "read_queue"
    READ_CASE = "read_case"
    READ_RULES = "read_rules"
    PROPOSE_RULES = "propose_rules"
    ADOPT_RULES = "adopt_rules"
    REPLAY = "replay"
    FILE_DEMAND = "file_demand"
    VERIFY_REQUESTER = "verify_requester"
    CORRECT_FACTS = "correct_facts"
    ASSESS = "assess"
    ASSIGN = "assign"
    DECIDE = "decide"
    LISTEN = "listen"
    WRITE_LETTER = "write_letter"
    APPROVE = "approve"
    PRODUCE = "produce"
    CERTIFY = "certify"
    RELEASE = "release"
    RECALL = "recall"
    COLLECT = "collect"
    READ_OWN = "read_own"
    FILE_OWN = "file_own"
    READ_LOG = "read_log"
    RECORD = "record"


ALLOWED: dict[Act, frozenset[Role]] = {
    Act.SIGN_IN: frozenset(Role),
    Act.READ_PUBLIC: frozenset(Role),
    Act.VERIFY_BUNDLE: frozenset(Role),
    Act.READ_QUEUE: frozenset({Role.INTAKE, Role.LAWYER, Role.CUSTODIAN}),
    Act.READ_CASE: frozenset({Role.INTAKE, Role.LAWYER, Role.CUSTODIAN, Role.AUDITOR}),
    Act.READ_RULES: frozenset({Role.INTAKE, Role.LAWYER, Role.CUSTODIAN, Role.AUDITOR}),
    Act.PROPOSE_RULES: frozenset({Role.LAWYER}),
    Act.ADOPT_RULES: frozenset({Role.LAWYER}),
    Act.REPLAY: frozenset({Role.LAWYER, Role.AUDITOR}),
    Act.FILE_DEMAND: frozenset({Role.INTAKE, Role.LAWYER}),
    Act.VERIFY_REQUESTER: frozenset({Role.INTAKE, Role.LAWYER}),
    Act.CORRECT_FACTS: frozenset({Role.INTAKE, Role.LAWYER}),
    Act.ASSESS: frozenset({Role.INTAKE, Role.LAWYER, Role.SYSTEM}),
    Act.ASSIGN: frozenset({Role.INTAKE, Role.LAWYER}),
    Act.DECIDE: frozenset({Role.LAWYER}),
    Act.LISTEN: frozenset({Role.LAWYER}),
    Act.WRITE_LETTER: frozenset({Role.LAWYER}),
    Act.APPROVE: frozenset({Role.LAWYER}),
    Act.PRODUCE: frozenset({Role.LAWYER, Role.SYSTEM}),
    Act.CERTIFY: frozenset({Role.CUSTODIAN}),
    Act.RELEASE: frozenset({Role.LAWYER}),
    Act.RECALL: frozenset({Role.LAWYER}),
    Act.COLLECT: frozenset(Role),
    Act.READ_OWN: frozenset({Role.CUSTOMER}),
    Act.FILE_OWN: frozenset({Role.CUSTOMER}),
    Act.READ_LOG: frozenset({Role.AUDITOR}),
    Act.RECORD: frozenset({Role.SYSTEM}),
}


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person or process that acts; a customer's account is the only one they may see."""

    id: str
    name: str
    roles: frozenset[Role]
    account: str | None = None

    def may(self, act: Act) -> bool:
        """Whether one of the actor's roles includes the act."""
        return bool(self.roles & ALLOWED[act])

    def must(self, act: Act) -> None:
        """Refuse unless one of the actor's roles includes the act."""
        if not self.may(act):
            raise Forbidden(f"Your role does not include this act ({act}). Ask somebody whose role does.")

    @property
    def role(self) -> Role:
        """The role under which the audit log records the actor's acts."""
        return min(self.roles, key=list(Role).index)

    @property
    def is_customer(self) -> bool:
        """Whether the actor is a customer, who sees their own account and nothing else."""
        return Role.CUSTOMER in self.roles


SYSTEM = Actor(id="system", name="Disclosure Desk", roles=frozenset({Role.SYSTEM}))
