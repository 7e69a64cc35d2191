"""Which kinds of data, papers, issuers and countries a word of a phrase means."""

from legal_rules.vocabulary.words import CONTENTS, OTHER_RECORDS

# The class of a demand line for “any and all” data that a paper asks for without listing it.
UNLISTED = "unlisted"
CONTENT_CLASSES = frozenset(CONTENTS)
RECORD_CLASSES = frozenset(OTHER_RECORDS)
# What a device recorded: its sound, and the words that were understood.
RECORDED = frozenset({"audio", "transcript"})
SUBSCRIBER_CLASSES = frozenset({"subscriber", "identification", "connections"})
TRAFFIC_AND_CONTENT = CONTENT_CLASSES | RECORD_CLASSES | {"connections", "location", "voiceprint"}
# What has a date, so that a demand for it without a period takes everything since the account began.
DATED_CLASSES = CONTENT_CLASSES | {"connections", "location", "human_review_log", "purchases", UNLISTED}

WARRANT_GRADE = ("search_warrant", "wiretap_order")
CIVIL = ("civil_subpoena", "defense_subpoena")
SUBPOENAS = ("grand_jury_subpoena", "administrative_subpoena", "trial_subpoena", *CIVIL)
# A British overseas production order rests on the agreement that it names (2019 c. 5 s. 1(2)(a)).
AGREEMENT_ORDERS = ("agreement_order", "overseas_production_order")
COMPULSORY = ("search_warrant", "d_order", "court_order", *SUBPOENAS, "nsl", "epoc", *AGREEMENT_ORDERS)
TREATY_PAPERS = ("epoc", "epoc_pr", *AGREEMENT_ORDERS)
# Title III and the pen register statute order what is yet to come: 18 U.S.C. §§ 2518, 3123.
FOR_THE_FUTURE = ("wiretap_order", "pen_register_order")
OTHERS_CHECKED = ("epoc_pr", "preservation_letter", "emergency_request", "consent", "informal_letter")
CHECKED = (*COMPULSORY, *FOR_THE_FUTURE, *OTHERS_CHECKED)
CHECKED_OR_ELSEWHERE = (*CHECKED, "warrant_application", "foreign_request", "communications_data_notice")
# What a private party can have a court issue; everything else is a government's.
OF_PARTIES = (*CIVIL, "trial_subpoena", "court_order", "consent")
US_GOVERNMENT = ("us_federal", "us_state")
FOREIGN = ("eu_state", "uk", "foreign_state")
# Where GDPR applies: the Union and, by the EEA Agreement, Iceland, Liechtenstein and Norway.
EEA = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO".split()  # noqa: SIM905 — thirty codes read better in a line
)
# Reg. (EU) 2023/1543 binds the Union's States besides Denmark (recital 102), and is not law of the EEA.
BOUND_BY_2023_1543 = EEA - {"DK", "IS", "LI", "NO"}
CHECKED_COUNTRIES = EEA | {"GB", "US-CA"}
# Rights that ask us to do something, and for no data.
RIGHTS_ABOUT_NO_DATA = frozenset({"opt_out", "limit", "withdraw_consent"})
