"""Who acts, in which roles, and what each role may do."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from requests_portal.errors import Forbidden


class Role(StrEnum):
    """What a person is here to do; one person may hold several."""

    INTAKE = "intake"
    LAWYER = "lawyer"
    APPROVER = "approver"
    REVIEWER = "reviewer"
    CUSTODIAN = "custodian"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    # Somebody whose roles a second person has yet to confirm; nobody is given it.
    AWAITED = "awaited"
    CUSTOMER = "customer"
    # An adopted policy that answers routine requests; no person has this role.
    STANDING_POLICY = "standing_policy"
    SYSTEM = "system"


class Whose(StrEnum):
    """Whose case or recording an act is done on, as the actor stands to it."""

    OWN = "own"
    OTHERS = "others"
    # One that named people alone may know of; the actor is named.
    SEALED = "sealed"


class Act(StrEnum):
    """Everything that can be done here; every route names one."""

    SIGN_IN = "sign_in"
    READ_SESSIONS = "read_sessions"
    END_SESSION = "end_session"
    ENROL_PASSKEY = "enrol_passkey"
    MANAGE_PEOPLE = "manage_people"
    CONFIRM_ROLES = "confirm_roles"
    READ_PUBLIC = "read_public"
    VERIFY_BUNDLE = "verify_bundle"
    READ_QUEUE = "read_queue"
    READ_CASE = "read_case"
    READ_RULES = "read_rules"
    PROPOSE_RULES = "propose_rules"
    ADOPT_RULES = "adopt_rules"
    PROPOSE_POLICY = "propose_policy"
    ADOPT_POLICY = "adopt_policy"
    ADOPT_CERTIFICATE = "adopt_certificate"
    END_POLICY = "end_policy"
    REPLAY = "replay"
    FILE_DEMAND = "file_demand"
    VERIFY_REQUESTER = "verify_requester"
    CORRECT_FACTS = "correct_facts"
    ASSESS = "assess"
    ASSIGN = "assign"
    SEAL_CASE = "seal_case"
    DECIDE = "decide"
    READ_RECORDINGS = "read_recordings"
    ASK_TO_HEAR = "ask_to_hear"
    LISTEN = "listen"
    WRITE_LETTER = "write_letter"
    APPROVE = "approve"
    NOTIFY = "notify"
    RECORD_EXTENSION = "record_extension"
    PRODUCE = "produce"
    CERTIFY = "certify"
    RELEASE = "release"
    RECALL = "recall"
    READ_HOLDS = "read_holds"
    RENEW_HOLD = "renew_hold"
    RELEASE_HOLD = "release_hold"
    ENTER_ALIAS = "enter_alias"
    COLLECT = "collect"
    READ_OWN = "read_own"
    FILE_OWN = "file_own"
    ERASE_OWN = "erase_own"
    CONFIRM_OWN = "confirm_own"
    NAME_AGENT = "name_agent"
    CHOOSE_REVIEW = "choose_review"
    OFFER_REVIEW = "offer_review"
    PLANT_CANARIES = "plant_canaries"
    READ_ALARMS = "read_alarms"
    ACKNOWLEDGE_ALARM = "acknowledge_alarm"
    READ_LISTENING = "read_listening"
    ERASE = "erase"
    READ_LOG = "read_log"
    READ_OPERATIONS = "read_operations"
    OPERATE = "operate"
    READ_PSEUDONYMS = "read_pseudonyms"
    RECORD = "record"
    READ_AGENCIES = "read_agencies"
    PROPOSE_AGENCY = "propose_agency"
    IMPORT_AGENCIES = "import_agencies"
    CONFIRM_AGENCY = "confirm_agency"
    CLEAR_MISS = "clear_miss"
    CONFIRM_CLEARING = "confirm_clearing"


EVERYTHING = frozenset(Whose)
OWN = frozenset({Whose.OWN})
CASEWORK = frozenset({Whose.OTHERS, Whose.SEALED})
# A policy answers no request of which only named people may know.
ROUTINE = frozenset({Whose.OTHERS})
NO_PERSON = frozenset({Role.SYSTEM, Role.STANDING_POLICY})
PEOPLE = tuple(role for role in Role if role not in NO_PERSON)


def _all(whose: frozenset[Whose], *roles: Role) -> dict[Role, frozenset[Whose]]:
    return dict.fromkeys(roles, whose)


# Which role may do which act on whose: what is not in this table is refused. `own` is a customer's own account.
ALLOWED: dict[Act, dict[Role, frozenset[Whose]]] = {
    Act.SIGN_IN: _all(EVERYTHING, *Role),
    Act.READ_SESSIONS: _all(EVERYTHING, *PEOPLE),
    Act.END_SESSION: _all(EVERYTHING, *PEOPLE),
    Act.ENROL_PASSKEY: _all(EVERYTHING, *PEOPLE),
    # An administrator keeps people and settings, and sees nothing of any request.
    Act.MANAGE_PEOPLE: _all(EVERYTHING, Role.ADMINISTRATOR),
    # A role is given by one person and confirmed by another.
    Act.CONFIRM_ROLES: _all(EVERYTHING, Role.APPROVER, Role.ADMINISTRATOR),
    Act.READ_PUBLIC: _all(EVERYTHING, *Role),
    Act.VERIFY_BUNDLE: _all(EVERYTHING, *Role),
    Act.READ_QUEUE: _all(CASEWORK, Role.INTAKE, Role.LAWYER, Role.APPROVER, Role.CUSTODIAN),
    Act.READ_CASE: _all(CASEWORK, Role.INTAKE, Role.LAWYER, Role.APPROVER, Role.CUSTODIAN, Role.AUDITOR)
    | _all(ROUTINE, Role.STANDING_POLICY),
    Act.READ_RULES: _all(CASEWORK, Role.INTAKE, Role.LAWYER, Role.APPROVER, Role.CUSTODIAN, Role.AUDITOR),
    Act.PROPOSE_RULES: _all(CASEWORK, Role.LAWYER),
    Act.ADOPT_RULES: _all(CASEWORK, Role.LAWYER),
    Act.PROPOSE_POLICY: _all(CASEWORK, Role.LAWYER),
    Act.ADOPT_POLICY: _all(CASEWORK, Role.LAWYER),
    # The custodian agrees beforehand to the certificate that a standing policy makes.
    Act.ADOPT_CERTIFICATE: _all(CASEWORK, Role.CUSTODIAN),
    Act.END_POLICY: _all(CASEWORK, Role.LAWYER, Role.CUSTODIAN),
    Act.REPLAY: _all(CASEWORK, Role.LAWYER, Role.AUDITOR),
    Act.FILE_DEMAND: _all(CASEWORK, Role.INTAKE, Role.LAWYER),
    Act.VERIFY_REQUESTER: _all(CASEWORK, Role.INTAKE, Role.LAWYER),
    Act.CORRECT_FACTS: _all(CASEWORK, Role.INTAKE, Role.LAWYER),
    Act.ASSESS: _all(CASEWORK, Role.INTAKE, Role.LAWYER) | _all(EVERYTHING, Role.SYSTEM),
    Act.ASSIGN: _all(CASEWORK, Role.INTAKE, Role.LAWYER),
    Act.SEAL_CASE: _all(CASEWORK, Role.LAWYER),
    Act.DECIDE: _all(CASEWORK, Role.LAWYER) | _all(ROUTINE, Role.STANDING_POLICY),
    # A reviewer sees the recordings of a case that a lawyer has asked to be heard, and nothing else of it.
    Act.READ_RECORDINGS: _all(
        CASEWORK, Role.INTAKE, Role.LAWYER, Role.APPROVER, Role.REVIEWER, Role.CUSTODIAN, Role.AUDITOR
    ),
    Act.ASK_TO_HEAR: _all(CASEWORK, Role.LAWYER),
    Act.LISTEN: _all(CASEWORK, Role.REVIEWER),
    Act.WRITE_LETTER: _all(CASEWORK, Role.LAWYER),
    Act.NOTIFY: _all(CASEWORK, Role.LAWYER) | _all(EVERYTHING, Role.SYSTEM),
    Act.RECORD_EXTENSION: _all(CASEWORK, Role.LAWYER),
    Act.APPROVE: _all(CASEWORK, Role.APPROVER),
    Act.PRODUCE: _all(CASEWORK, Role.LAWYER) | _all(EVERYTHING, Role.SYSTEM),
    Act.CERTIFY: _all(CASEWORK, Role.CUSTODIAN) | _all(ROUTINE, Role.STANDING_POLICY),
    Act.RELEASE: _all(CASEWORK, Role.LAWYER) | _all(ROUTINE, Role.STANDING_POLICY),
    Act.RECALL: _all(CASEWORK, Role.LAWYER),
    Act.READ_HOLDS: _all(CASEWORK, Role.INTAKE, Role.LAWYER, Role.CUSTODIAN, Role.AUDITOR),
    Act.RENEW_HOLD: _all(CASEWORK, Role.INTAKE, Role.LAWYER),
    Act.RELEASE_HOLD: _all(CASEWORK, Role.LAWYER),
    Act.ENTER_ALIAS: _all(CASEWORK, Role.INTAKE, Role.LAWYER) | _all(EVERYTHING, Role.SYSTEM),
    Act.COLLECT: _all(EVERYTHING, *Role),
    Act.READ_OWN: _all(OWN, Role.CUSTOMER),
    Act.FILE_OWN: _all(OWN, Role.CUSTOMER),
    Act.ERASE_OWN: _all(OWN, Role.CUSTOMER),
    Act.CONFIRM_OWN: _all(OWN, Role.CUSTOMER),
    Act.NAME_AGENT: _all(OWN, Role.CUSTOMER),
    Act.CHOOSE_REVIEW: _all(OWN, Role.CUSTOMER),
    Act.OFFER_REVIEW: _all(CASEWORK, Role.OPERATOR),
    Act.PLANT_CANARIES: _all(CASEWORK, Role.ADMINISTRATOR),
    Act.READ_ALARMS: _all(CASEWORK, Role.AUDITOR, Role.ADMINISTRATOR),
    # An auditor reads and never changes.
    Act.ACKNOWLEDGE_ALARM: _all(CASEWORK, Role.ADMINISTRATOR),
    # Who listened to what, by ids and seconds: nothing of what was heard.
    Act.READ_LISTENING: _all(CASEWORK, Role.AUDITOR, Role.ADMINISTRATOR),
    Act.ERASE: _all(CASEWORK, Role.LAWYER),
    Act.READ_LOG: _all(CASEWORK, Role.AUDITOR),
    # An operator sees references and numbers, never contents or names.
    Act.READ_OPERATIONS: _all(CASEWORK, Role.OPERATOR) | _all(CASEWORK, Role.LAWYER) | _all(EVERYTHING, Role.SYSTEM),
    Act.OPERATE: _all(CASEWORK, Role.OPERATOR),
    Act.READ_PSEUDONYMS: _all(CASEWORK, Role.LAWYER) | _all(EVERYTHING, Role.SYSTEM),
    Act.RECORD: _all(EVERYTHING, Role.SYSTEM),
    Act.READ_AGENCIES: _all(CASEWORK, Role.INTAKE, Role.LAWYER, Role.APPROVER, Role.CUSTODIAN, Role.AUDITOR),
    Act.PROPOSE_AGENCY: _all(CASEWORK, Role.INTAKE, Role.LAWYER),
    Act.IMPORT_AGENCIES: _all(CASEWORK, Role.OPERATOR),
    Act.CONFIRM_AGENCY: _all(CASEWORK, Role.LAWYER, Role.APPROVER),
    Act.CLEAR_MISS: _all(CASEWORK, Role.LAWYER),
    Act.CONFIRM_CLEARING: _all(CASEWORK, Role.LAWYER, Role.APPROVER),
}


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person or process that acts; a customer's account is the only one they may see."""

    id: str
    name: str
    roles: frozenset[Role]
    account: str | None = None
    # What they were last found to be allowed to do; it says nothing of who they are.
    doing: Act | None = field(default=None, compare=False)

    def may(self, act: Act, whose: Whose | None = None) -> bool:
        """Whether one of the actor's roles includes the act, on whose case or recording where that is said."""
        held = [ALLOWED[act][role] for role in self.roles if role in ALLOWED[act]]
        return any(whose is None or whose in each for each in held)

    def must(self, act: Act) -> "Actor":
        """The same person, doing this; refuses unless one of their roles includes it."""
        if not self.may(act):
            raise Forbidden(f"Your role does not include this act ({act}). Ask somebody whose role does.")
        return replace(self, doing=act)

    @property
    def role(self) -> Role:
        """The role under which the audit log records what they do: of those that include it, the first."""
        including = [role for role in self.roles if self.doing is None or role in ALLOWED[self.doing]]
        return min(including, key=list(Role).index)

    @property
    def is_policy(self) -> bool:
        """Whether the actor is no person but a standing policy."""
        return Role.STANDING_POLICY in self.roles

    @property
    def is_customer(self) -> bool:
        """Whether the actor is a customer, who sees their own account and nothing else."""
        return Role.CUSTOMER in self.roles


# Whoever may run commands on the desk's own machine.
COMMAND_LINE = Actor(id="command_line", name="Command line", roles=frozenset({Role.OPERATOR, Role.ADMINISTRATOR}))
SYSTEM = Actor(id="system", name="Disclosure Desk", roles=frozenset({Role.SYSTEM}))


def at_the_machine(who: Actor) -> Actor:
    """A person who runs a command on the desk's own machine: nothing but that, whatever else they may do."""
    return replace(who, roles=frozenset({Role.OPERATOR}))
