"""The log's acts in words, and what an entry counts and names."""

from datetime import UTC, datetime

from requests_portal.audit_log.entry import Entry

ACTS = {
    "case_received": "Request received",
    "case_assessed": "Assessed",
    "case_closed": "Closed without an answer",
    "case_assigned": "Assigned",
    "case_sealed": "Request sealed",
    "people_named": "People named who may see a sealed request",
    "case_unsealed": "Request sealed no longer",
    "facts_corrected": "Facts corrected",
    "requester_checked": "Requester checked",
    "declaration_recorded": "Declaration under penalty of perjury recorded",
    "check_noted": "Note on who asks kept",
    "agent_named": "Agent named by the customer",
    "agent_taken_back": "Naming of an agent taken back by the customer",
    "agent_confirmed": "Agent confirmed by the customer",
    "agent_refused": "Agent disowned by the customer",
    "agent_revoked": "Confirmation of an agent taken back by the customer",
    "emergency_attested": "Attestation of an emergency put down",
    "emergency_process_came": "Legal process for an emergency recorded",
    "miss_clearing_proposed": "Clearing of missing process put forward",
    "miss_cleared": "Missing process cleared",
    "waiting_for_requester": "Requester asked",
    "paper_added": "Paper added",
    "case_decided": "Decided",
    "silences_marked": "Parts to be silenced marked",
    "left_out_settled": "Left out: settled",
    "letter_edited": "Letter changed by hand",
    "letter_edit_taken_back": "Change of a letter taken back",
    "letter_finished": "Letter finished",
    "decision_approved": "Decision approved",
    "approval_refused": "Decision sent back",
    "hearing_asked": "Recordings to be heard",
    "hearing_ended": "Recordings not to be heard",
    "listening_granted": "Leave to listen granted",
    "recording_played": "Recording played",
    "catalogue_import_begun": "Import into the catalogue begun",
    "catalogue_imported": "Imported into the catalogue",
    "copies_entered": "Copies made known",
    "hold_placed": "Hold placed",
    "erasure_asked": "Recordings erased",
    "recordings_erased": "Erased recordings deleted in the store",
    "words_proposed": "Other words for a transcript proposed",
    "transcript_corrected": "Transcript corrected",
    "words_changed": "Words proposed for a transcript changed",
    "words_forgotten": "Other words for a transcript deleted with its recording",
    "statement_attached": "Statement kept beside a transcript",
    "review_chosen": "Human review chosen",
    "keeping_chosen": "Time to keep recordings chosen",
    "hold_narrowed": "Hold narrowed",
    "hold_widened": "Hold widened",
    "hold_renewed": "Hold renewed",
    "hold_released": "Hold released",
    "hold_expired": "Hold ended with its period",
    "hold_contradicted": "Store contradicts a hold",
    "alias_entered": "Alias of an account entered",
    "catalogue_recounted": "Kept counts counted anew",
    "catalogue_reconciled": "Catalogue compared with the store",
    "production_reserved": "Production reserved",
    "gathering_started": "Gathering started",
    "gathering_finished": "Gathering finished",
    "certificate_signed_off": "Certificate signed off",
    "signing_intended": "Signing intended",
    "document_signed": "Document signed",
    "signing_waits": "Signing waits",
    "document_archived": "Document archived",
    "timestamp_added": "Missing timestamp added",
    "production_offered": "Production offered",
    "production_failed": "Production failed",
    "production_stopped": "Production stopped: something in it is not the requester's",
    "production_cancelled": "Production cancelled",
    "production_replaced": "Production replaced",
    "production_retried": "Production retried",
    "production_released": "Production released",
    "document_downloaded": "Document downloaded",
    "wrong_pin_typed": "Wrong PIN typed",
    "link_revoked": "Link revoked",
    "link_reissued": "Link reissued",
    "documents_enveloped": "Documents encrypted for the recipient",
    "production_recalled": "Production recalled",
    "recall_list_signed": "Recall list signed",
    "notice_given": "Customer told of a demand",
    "notice_left_out": "Reason recorded why the customer is not told first",
    "told_by_hand": "Customer told by hand, as recorded",
    "canaries_planted": "Canary recordings planted",
    "canary_touched": "Alarm: a canary recording was reached for",
    "canary_acknowledged": "Alarm looked into",
    "hearings_told": "Customer may read who listened",
    "listening_reported": "Listening of a month reported",
    "silence_extended": "Order of silence extended",
    "case_escalated": "Somebody told that nobody has claimed it",
    "roster_imported": "On-call roster imported",
    "production_set_aside": "Production set aside",
    "bucket_taken_as_gone": "Bucket taken as gone",
    "work_renewed": "Work of an older release filed again",
    "customers_imported": "Customers imported",
    "contact_changed": "Address, number or passkey of a customer changed",
    "signed_in": "Signed in",
    "session_ended": "Session ended",
    "passkey_enrolled": "Passkey added",
    "passkey_removed": "Passkey removed",
    "person_added": "Colleague added",
    "person_linked": "Link to a first passkey made",
    "person_left": "Colleague has left",
    "person_returned": "Colleague has come back",
    "roles_changed": "Roles of a colleague changed",
    "roles_confirmed": "Roles of a colleague confirmed",
    "roles_declined": "Roles of a colleague declined",
    "edition_set_up": "Edition of the rules set up",
    "edition_proposed": "Edition of the rules proposed",
    "edition_adopted": "Edition of the rules adopted",
    "access_refused": "Refused",
    "edition_declined": "Edition of the rules declined",
    "policy_proposed": "Standing policy proposed",
    "policy_agreed": "Standing policy agreed to",
    "policy_adopted": "Standing policy in force",
    "policy_declined": "Standing policy declined",
    "policy_withdrawn": "Standing policy withdrawn",
    "policy_did_not_answer": "Left to people by the standing policy",
    "agencies_proposed": "Change of the agency directory proposed",
    "agencies_changed": "Agency directory changed",
    "agencies_declined": "Change of the agency directory declined",
}

# What is written as seconds since 1970 and read as a moment.
MOMENTS = frozenset({"starts", "ends"})


def act_words(act: str) -> str:
    """An act in words."""
    return ACTS.get(act, act.replace("_", " ").capitalize())


def what(entry: Entry) -> str:
    """What an entry counts and says, as one line: "findings 4, lines 2, disposition narrow"."""
    said = [f"{_plain(name)} {_number(name, value)}" for name, value in sorted(entry.numbers.items())]
    said += [f"{_plain(name)} {_plain(value)}" for name, value in sorted(entry.words.items())]
    return ", ".join(said)


def _number(name: str, value: int) -> str:
    if name in MOMENTS:
        return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%d %H:%M} UTC"
    # A Bates number is a name, not an amount.
    return str(value) if name.startswith("bates") else f"{value:,}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
