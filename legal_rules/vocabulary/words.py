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
    "same_data_asked_before",  # answered within the last twelve months
    "withdrawal_offered_for_benefit",  # money, or anything else that is not the data
    "meant_to_harass",  # it says so itself, or nothing else explains it; rude words alone do not
    "signs_of_staging",  # dealings with us entered only to ask, and to claim damages
    "litigation_motive",  # wanted for a lawsuit, or for any other end of the person's own
    "large_amount_unspecified",  # we hold a great deal, and it does not say which of it is meant
    "insists_on_everything",  # asked which part is meant, the person wants all of it
    "search_disproportionate",  # a further search would be out of proportion to what it could find
    "complex_no_time",  # complexity, or how many they sent, leaves too little time; our workload is no such thing
    "extension_announced",
    "identity_beyond_doubt",  # not signed in, yet nothing gives a reason to doubt who writes
    "identity_by_data_points",  # no account to sign in to: details are compared with our records
    "recipients_need_protection",  # naming them would expose them to intimidation or worse
    "must_be_kept",  # asked to be erased, but a law, a claim or a hold makes us keep it
    "holder_deceased",
)
# What we ask, or mean to answer, short of a full and free answer in time.
PLANNED_ANSWERS = (
    "identity_document_asked",
    "data_points_asked",
    "new_account_demanded",
    "notarisation_asked",
    "agent_to_be_confirmed_by_the_person",
    "summary_instead_of_copy",
    "categories_instead_of_recipients",
    "fee",
    "refusal_for_motive",
    "last_twelve_months_only",
    "later_for_workload",
    "transcripts_kept",
)
