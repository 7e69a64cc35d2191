"""How the desk's pages name what the model knows by a key: stages, laws, outcomes, kinds of data, acts."""

from collections.abc import Iterable

from legal_rules.facts import FACTS
from requests_portal.model.case import ClosedBecause

KINDS = {"legal_demand": "Legal demand", "data_subject": "Data subject"}
STAGES = {
    "assessment": "Assessment",
    "decision": "Lawyer's decision",
    "waiting": "Waiting for the requester",
    "approval": "Approval",
    "gathering": "Gathering",
    "certificate": "Certificate",
    "signing": "Signing",
    "release": "Ready to release",
    "stopped": "Stopped, needs a person",
    "answered": "Answered",
    "closed": "Closed",
}
LAWS = {
    "us_sca": "United States, SCA",
    "eu_evidence": "European Union, e-Evidence",
    "uk_orders": "United Kingdom, orders",
    "foreign": "Other states",
    "gdpr": "GDPR",
    "uk_gdpr": "UK GDPR",
    "us_privacy": "US state privacy law",
    "open": "Not established",
}
VIEWS = {
    "open": "All open",
    "mine": "Mine",
    "decision": "Needs a decision",
    "waiting": "Waiting for the requester",
    "approval": "Needs approval",
    "certificate": "Needs a certificate",
    "release": "Ready to release",
    "answered": "Answered",
}
GROUPS = {
    "overdue": ("Overdue", "bad"),
    "soon": ("Due in the next three days", "warn"),
    "later": ("Later", "plain"),
    "waiting": ("Waiting for the requester", "plain"),
    "none": ("No date", "plain"),
    "answered": ("Answered", "plain"),
}
# Disposition → what the page says of it, and its tone.
DISPOSITIONS = {
    "comply": ("Within scope", "ok"),
    "comply_voluntarily": ("May be given voluntarily", "ok"),
    "extend": ("Needs more time", "warn"),
    "narrow": ("Narrow", "warn"),
    "clarify": ("Ask the requester", "warn"),
    "object": ("Object", "bad"),
    "preserve_only": ("Preserve only", "info"),
    "refuse_all": ("Refuse", "bad"),
    "escalate": ("Needs a lawyer's view", "warn"),
    "verify_identity": ("Check who asks", "warn"),
    "verify_requester": ("Check who asks", "warn"),
    "block_release": ("Do not release", "bad"),
    "ask": ("Ask", "info"),
}
# The same in one word, for the findings' narrow column.
FINDINGS = {
    "comply": ("Comply", "ok"),
    "comply_voluntarily": ("Voluntary", "ok"),
    "extend": ("Extend", "warn"),
    "narrow": ("Narrow", "warn"),
    "clarify": ("Clarify", "warn"),
    "object": ("Object", "bad"),
    "preserve_only": ("Preserve", "info"),
    "refuse_all": ("Refuse", "bad"),
    "escalate": ("Escalate", "warn"),
    "verify_identity": ("Check first", "warn"),
    "verify_requester": ("Check first", "warn"),
    "block_release": ("Stop", "bad"),
    "ask": ("Ask", "info"),
}
# Why nothing is given while a disposition stands.
OBSTACLES = {
    "clarify": (
        "Something has to be asked first",
        "Accepting the proposal gives nothing before the findings below are answered.",
    ),
    "object": ("The proposal is to object", "Accepting the proposal gives nothing; the letter says why."),
    "preserve_only": (
        "Nothing is given yet, only preserved",
        "The recordings are held, and the issuer has to follow with legal process.",
    ),
    "refuse_all": ("The proposal is to refuse", "Accepting the proposal gives nothing; the letter says why."),
    "escalate": (
        "A lawyer has to settle something first",
        "Accepting the proposal gives nothing before the findings below are settled.",
    ),
    "verify_identity": ("We do not know yet who asks", "Nothing can leave or be done before the requester is checked."),
    "verify_requester": ("We do not know yet who asks", "Nothing can leave before the requester is checked."),
    "block_release": ("Nothing may be released", "Nothing can leave before the findings below are put right."),
}
# What accepting comes to where something is to be done for a person.
ERASES = (
    "Where every line is accepted, the recordings are erased when the answer is released. Where one is objected to or "
    "refused, nothing is erased."
)
SAYS_DONE = "The answer then says that what the person asked for is done. See to it before it is released."
# Why house policy asks for a second person.
BECAUSE = {
    "contents": "contents, location or a voiceprint would go to an authority",
    "emergency": "something would leave in an emergency, without legal process",
    "many": "more recordings would leave than one person decides about",
    "refusal": "a person's own request would be answered with less than the data that it is about",
}
BASES = {"law": "Law", "guidance": "Guidance", "policy": "House policy"}
CLASSES = {
    "audio": "Recordings",
    "transcript": "Transcripts",
    "search_terms": "Search terms",
    "subscriber": "Subscriber information",
    "identification": "Identification data",
    "connections": "Connection records",
    "devices": "Devices",
    "human_review_log": "Human review log",
    "employee_names": "Names of our staff",
    "recipients": "Recipients",
    "purchases": "Purchases",
    "location": "Location",
    "voiceprint": "Voiceprints",
    "legal_demand_log": "Who else asked",
    "data_never_held": "Data we never held",
    "future_data": "Data not yet recorded",
    "unlisted": "“Any and all” other data",
}
ASKED_OF = {
    "issuer": "the issuer",
    "requester": "the requester",
    "intake": "intake, from the paper",
    "lawyer": "a lawyer of ours",
    "catalogue": "our catalogue",
    "call_back": "a call-back to the requester",
    "identity_check": "a check of the requester's identity",
}
CLOCKS = {
    "answer": "Answer due",
    "acknowledge": "Acknowledge receipt by",
    "extension_notice": "Say by then that we need longer",
    "conflict_objection": "Object to a conflict of laws by",
    "comity_motion": "Move to quash for comity by",
    "objection": "Object in writing by",
    "hold_expiry": "Hold expires",
    "settle": "Settle what is left out by",
    "emergency_follow_up": "Process for the emergency expected by",
    "emergency_application": "Issuer applies to a court by",
    "destruction_by_issuer": "Issuer destroys what we gave by",
    "clarification_by_issuer": "Issuer clarifies by",
    "authority_refusal": "Enforcing authority may refuse until",
    "validation": "Validation of the order due",
    "customer_notice": "Customer is told by",
    "customer_motion": "Customer may move the court until",
    "gag_review": "Review the order of silence by",
    "nondisclosure_application": "Government applies for silence by",
    "order_ends": "Order ends",
    "appeal_answer": "Appeal answered by",
    "refusal_reasons": "Reasons of a refusal due",
    "records_kept_until": "Keep the record of the request until",
}
PRODUCTION_STATES = {
    "reserved": ("Waiting to be gathered", "info"),
    "gathering": ("Gathering", "info"),
    "gathered": ("Waits for the certificate", "warn"),
    "certified": ("Waiting to be signed", "info"),
    "sealing": ("Being written and signed", "info"),
    "waiting": ("Waits to be signed", "warn"),
    "signed": ("Signed", "info"),
    "offered": ("Ready to release", "warn"),
    "released": ("Released", "ok"),
    "cancelled": ("Cancelled", "plain"),
    "failed": ("Stopped", "bad"),
}
DOCUMENTS = {"bundle": "Bundle", "objection_letter": "Letter", "index": "Index of the volumes"}
LETTERS = {
    "acknowledgement": "Acknowledgement",
    "identity": "Identity request",
    "clarification": "Clarification request",
    "extension": "Extension notice",
    "objection": "Objection letter",
    "refusal": "Refusal",
    "erasure": "Erasure answer",
    "correction": "Correction answer",
    "granted": "Answer that it is done",
    "complaint": "Answer to the complaint",
    "epoc_answer": "Annex III answer",
    "preservation": "Preservation confirmation",
    "no_records": "No-records statement",
    "notice": "Notice to the customer",
}
NEEDED = {
    "demand": "The demand needs it",
    "customers_choice": "The customer chose it",
    "law": "The law needs it",
}
PURPOSES = {
    "find_others": "Find other people's speech",
    "check_scope": "Check the scope",
    "check_quality": "Check the quality of the file",
    "other": "Something else, in words",
}
# What is offered; a lawyer may type another reason.
SILENCE_REASONS = (
    "Another person speaks",
    "A child speaks",
    "Outside the scope",
    "Privileged communication",
    "Contents the law protects",
)
# Why a request ended without an answer of ours.
CLOSED: dict[str, str] = {
    ClosedBecause.ERASED: "The recording whose transcript was to be corrected was erased. Nothing is left to decide.",
    ClosedBecause.WITHDRAWN: "The customer withdrew the request before it was decided.",
}
ACTS = {
    "case_received": "received the request",
    "paper_added": "added a paper",
    "case_assessed": "assessed it",
    "case_closed": "closed it",
    "words_proposed": "proposed other words for the transcript",
    "transcript_corrected": "corrected the transcript",
    "words_changed": "changed the proposed words",
    "words_forgotten": "deleted the proposed words with the recording",
    "statement_attached": "added a statement to the transcript",
    "case_assigned": "gave it to {to}",
    "case_sealed": "sealed it for named people",
    "people_named": "named other people who may see it",
    "case_unsealed": "opened it to everybody whose role includes requests",
    "case_decided": "decided it",
    "silences_marked": "marked {parts} parts to be silenced",
    "left_out_settled": "recorded how it is settled that less leaves",
    "letter_edited": "changed the words of a letter",
    "letter_edit_taken_back": "took a change of a letter back",
    "letter_finished": "finished a letter for sending",
    "decision_approved": "approved the decision",
    "approval_refused": "sent the decision back",
    "facts_corrected": "corrected the facts",
    "requester_checked": "checked the requester: {outcome}",
    "emergency_process_came": "recorded the legal process for the emergency",
    "miss_clearing_proposed": "put forward that the missing process be cleared",
    "miss_cleared": "cleared the missing process",
    "waiting_for_requester": "asked the requester and waits",
    "hearing_asked": "asked for its recordings to be heard",
    "hearing_ended": "said that nobody need hear its recordings",
    "listening_granted": "was granted to listen to a recording",
    "recording_played": "listened to a recording",
    "catalogue_import_begun": "began to import {lines} lines into the catalogue",
    "catalogue_imported": "imported {imported} recordings into the catalogue",
    "copies_entered": "made {copies} copies of recordings known",
    "hold_placed": "placed a hold on {recordings} recordings",
    "erasure_asked": "erased {recordings} recordings",
    "recordings_erased": "deleted {recordings} recordings in the store",
    "review_chosen": "chose whether people may listen: {human_review}",
    "keeping_chosen": "chose to keep recordings for {months} months",
    "hold_narrowed": "narrowed the hold to {kept} recordings",
    "hold_widened": "held {recordings} recordings that arrived after the hold",
    "hold_renewed": "renewed the hold",
    "hold_released": "released a hold on {recordings} recordings",
    "hold_expired": "ended a hold on {recordings} recordings, whose period was over",
    "hold_contradicted": "found {recordings} held recordings of which the store had let go, or which it no longer has",
    "production_reserved": "reserved production {production}",
    "gathering_started": "began to gather {recordings} recordings",
    "gathering_finished": "gathered {recordings} recordings, {discrepancies} not as catalogued",
    "certificate_signed_off": "signed off the certificate",
    "signing_intended": "began to sign production {production}",
    "document_signed": "signed a document of {pages} pages",
    "signing_waits": "waits to sign production {production}",
    "document_archived": "kept the archived copy of a document",
    "timestamp_added": "added the missing timestamp to the archived copy of a document",
    "production_offered": "finished production {production}",
    "production_failed": "stopped production {production}",
    "production_cancelled": "cancelled production {production}",
    "production_replaced": "put production {by} in the place of production {production}",
    "production_retried": "started production {production} again",
    "production_released": "released production {production}",
    "document_downloaded": "recorded a download",
}


def words_of(key: str) -> str:
    """A key of the vocabulary as words: "us_state" → "us state"."""
    return key.replace("_", " ")


def fact_words(name: str) -> str:
    """What a fact says, as the vocabulary has it."""
    return FACTS[name].sentence if name in FACTS else words_of(name)


def class_words(data_class: str) -> str:
    """The name of a kind of data."""
    return CLASSES.get(data_class, words_of(data_class).capitalize())


_NAMED_VALUES = {
    "us_federal": "United States, federal",
    "us_state": "United States, a state",
    "eu_state": "European Union member state",
    "uk": "United Kingdom",
    "d_order": "§ 2703(d) order",
    "nsl": "National security letter",
    "epoc": "European production order certificate",
    "epoc_pr": "European preservation order certificate",
    "mlat": "Mutual legal assistance request",
    "us_uk": "US-UK agreement",
    "us_au": "US-Australia agreement",
}


def fact_value_words(value: str) -> str:
    """A value of a fact in words; a state's code stays a code."""
    known = _NAMED_VALUES.get(value) or CLASSES.get(value)
    return known or (value if value.isupper() else words_of(value).capitalize())


def approval_words(because: Iterable[str]) -> str:
    """Why house policy asks for a second person, as a sentence; empty where one is enough."""
    reasons = [BECAUSE[each] for each in because]
    return f"House policy asks for a second person: {'; '.join(reasons)}." if reasons else ""
