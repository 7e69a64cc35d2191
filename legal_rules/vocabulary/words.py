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
