"""The log's acts in words, and what an entry counts and names."""

from requests_portal.audit_log.entry import Entry

ACTS = {
    "case_received": "Request received",
    "case_assessed": "Assessed",
    "case_assigned": "Assigned",
    "facts_corrected": "Facts corrected",
    "requester_checked": "Requester checked",
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
    "listening_granted": "Leave to listen granted",
    "recording_played": "Recording played",
    "hold_placed": "Hold placed",
    "hold_narrowed": "Hold narrowed",
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
    "edition_set_up": "Edition of the rules set up",
    "edition_proposed": "Edition of the rules proposed",
    "edition_adopted": "Edition of the rules adopted",
    "edition_declined": "Edition of the rules declined",
}


def act_words(act: str) -> str:
    """An act in words."""
    return ACTS.get(act, act.replace("_", " ").capitalize())


def what(entry: Entry) -> str:
    """What an entry counts and says, as one line: "findings 4, lines 2, disposition narrow"."""
    said = [f"{_plain(name)} {_number(name, value)}" for name, value in sorted(entry.numbers.items())]
    said += [f"{_plain(name)} {_plain(value)}" for name, value in sorted(entry.words.items())]
    return ", ".join(said)


def _number(name: str, value: int) -> str:
    # A Bates number is a name, not an amount.
    return str(value) if name.startswith("bates") else f"{value:,}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
