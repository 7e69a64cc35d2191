"""The values that several facts and rules share: papers, issuers, states, kinds of data, voices."""

CONTENTS = ("audio", "transcript", "search_terms")
OTHER_RECORDS = ("devices", "human_review_log", "purchases", "employee_names")
SEEKS = (
    *CONTENTS,
    "subscriber",
    "identification",
    "connections",
    *OTHER_RECORDS,
    "location",
    "voiceprint",
    "recipients",
    "legal_demand_log",
    "data_never_held",
    "future_data",
)
PROCESSES = (
    "search_warrant",
    "warrant_application",
    "d_order",
    "court_order",
    "grand_jury_subpoena",
    "administrative_subpoena",
    "trial_subpoena",
    "civil_subpoena",
    "defense_subpoena",
    "nsl",
    "wiretap_order",
    "pen_register_order",
    "preservation_letter",
    "emergency_request",
    "consent",
    "epoc",
    "epoc_pr",
    "agreement_order",
    "overseas_production_order",
    "communications_data_notice",
    "foreign_request",
    "mlat",
    "informal_letter",
)
ISSUERS = ("us_federal", "us_state", "civil_party", "defendant", "eu_state", "uk", "foreign_state")
# Two-letter codes of the states and DC; "US" is a federal court or agency.
STATES = tuple(
    "US AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "  # noqa: SIM905 — fifty codes read better in a line
    "OR PA RI SC SD TN TX UT VT VA WA WV WI WY".split()
)
VOICES = ("family", "visitor", "child", "staff", "unknown")
# What sets a person's request about their own data apart from a plain one.
REQUEST_FEATURES = (
    "same_data_answered_within_twelve_months",
    # Money, or anything else that is not the data.
    "withdrawal_offered_for_benefit",
    # It says so itself, or nothing else explains it; rude words alone do not.
    "meant_only_to_disrupt_or_harass",
    "signs_of_dealings_staged_to_claim_damages",
    "wanted_for_a_lawsuit_or_other_end",
    # So it came in: once the clarification is received, the request is answered as if it had said so.
    "large_amount_and_not_said_which",
    "insists_on_everything",
    "further_search_out_of_proportion",
    # Our workload is no such thing.
    "too_complex_or_many_for_the_time",
    "extension_announced",
    # Not signed in, yet the address on file or the like leaves none.
    "no_reason_to_doubt_identity",
    # There is no account to sign in to: what the person tells is compared with our records.
    "identity_by_matching_details",
    "only_an_identity_document_can_tell",
    # What the others said, they said to the person.
    "only_conversations_the_person_took_part_in",
    # Naming them would expose them to intimidation or worse.
    "recipients_need_protection",
    "erasure_barred_by_law_claim_or_hold",
    "account_holder_deceased",
)
# What we ask, or mean to answer, short of a full and free answer in time.
PLANNED_ANSWERS = (
    "identity_document_asked",
    "data_points_asked",
    "new_account_demanded",
    "notarisation_asked",
    "agent_to_be_confirmed_by_the_person",
    "summary_instead_of_copy",
    "kinds_instead_of_named_recipients",
    "fee",
    "refusal_for_the_motive",
    "last_twelve_months_only",
    "later_because_of_our_workload",
    "transcripts_kept_after_erasure",
)
