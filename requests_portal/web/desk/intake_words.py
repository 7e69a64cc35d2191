"""What the values of the intake forms are called on the page; facts.py has the values themselves."""

from babel import Locale

Choices = tuple[tuple[str, str], ...]

ISSUERS: Choices = (
    ("us_federal", "A federal court, grand jury or agency of the United States"),
    ("us_state", "A court or agency of a US state"),
    ("civil_party", "A party to a civil case"),
    ("defendant", "The defence in a criminal case"),
    ("eu_state", "An authority of an EU member state"),
    ("uk", "An authority of the United Kingdom"),
    ("foreign_state", "An authority of another country"),
)
# A party writes for itself; everybody else writes as an authority.
PARTIES = frozenset({"civil_party", "defendant"})

ROLES: Choices = (
    ("court", "Court or its clerk"),
    ("judge", "Judge or magistrate"),
    ("investigating_judge", "Investigating judge"),
    ("prosecutor", "Prosecutor"),
    ("police", "Police officer"),
    ("other_authority", "Another authority"),
    ("attorney", "Attorney of a party"),
)

VALIDATORS: Choices = (
    ("none", "Nobody"),
    ("court", "A court"),
    ("judge", "A judge"),
    ("investigating_judge", "An investigating judge"),
    ("prosecutor", "A prosecutor"),
)

CHANNELS: Choices = (
    ("portal", "Our portal for authorities"),
    ("registered_agent", "Our registered agent"),
    ("judex", "JUDEX, the channel for European orders"),
    ("post", "Post or courier"),
    ("email", "E-mail"),
    ("fax", "Fax"),
    ("phone", "Telephone"),
)
PERSONAL_CHANNELS: Choices = tuple(pair for pair in CHANNELS if pair[0] in {"post", "email", "fax", "phone"})

PROCESSES: Choices = (
    ("search_warrant", "Search warrant"),
    ("warrant_application", "Application for a warrant, not yet granted"),
    ("d_order", "Court order under 18 U.S.C. § 2703(d)"),
    ("court_order", "Another court order"),
    ("grand_jury_subpoena", "Grand jury subpoena"),
    ("administrative_subpoena", "Administrative subpoena"),
    ("trial_subpoena", "Trial subpoena"),
    ("civil_subpoena", "Civil subpoena"),
    ("defense_subpoena", "Subpoena of the defence"),
    ("nsl", "National security letter"),
    ("wiretap_order", "Wiretap order"),
    ("pen_register_order", "Pen register or trap-and-trace order"),
    ("preservation_letter", "Preservation request"),
    ("emergency_request", "Emergency request"),
    ("consent", "Consent of the customer"),
    ("epoc", "European Production Order Certificate"),
    ("epoc_pr", "European Preservation Order Certificate"),
    ("agreement_order", "Order under a data access agreement"),
    ("overseas_production_order", "Overseas production order of the United Kingdom"),
    ("communications_data_notice", "Communications data notice of the United Kingdom"),
    ("foreign_request", "Order under foreign law"),
    ("mlat", "Request under a mutual legal assistance treaty"),
    ("informal_letter", "Letter that compels nothing"),
)

AGREEMENTS: Choices = (
    ("none", "None"),
    ("us_uk", "United States and United Kingdom"),
    ("us_au", "United States and Australia"),
    ("second_protocol", "Second Protocol to the Budapest Convention"),
)

SEEKS: Choices = (
    ("audio", "Voice recordings"),
    ("transcript", "Transcripts of what was said"),
    ("search_terms", "What was asked of the device, as text"),
    ("subscriber", "Subscriber information: name, address, payment, service dates"),
    ("identification", "Data that only identify who uses the account"),
    ("connections", "Connections: when and from which address the account was used"),
    ("devices", "Devices of the account"),
    ("human_review_log", "Which recordings our staff reviewed, when and why"),
    ("employee_names", "Which of our staff did so, by name"),
    ("recipients", "Whom their data were given to"),
    ("purchases", "Purchases"),
    ("location", "Location"),
    ("voiceprint", "Voiceprint"),
    ("legal_demand_log", "Who else has asked about the account"),
    ("data_never_held", "Data that we never hold"),
    ("future_data", "Data still to be recorded"),
)
OWN_DATA: Choices = tuple(
    pair
    for pair in SEEKS
    if pair[0]
    in {
        *("audio", "transcript", "subscriber", "connections", "devices"),
        *(
            "human_review_log",
            "employee_names",
            "recipients",
            "purchases",
            "location",
            "voiceprint",
            "legal_demand_log",
        ),
    }
)

SAYS: Choices = (
    ("signed", "It is signed by the issuing officer or court"),
    ("issuer_named", "It names the court or officer who issued it"),
    ("nexus_stated", "It says why these data bear on the matter"),
    ("domesticated", "A court of our state has reissued it"),
    ("probable_cause_found", "The court itself finds probable cause in it"),
    ("care_attestation", "It attests that the matter is not about care that is lawful in our state"),
)
ALSO: Choices = (
    ("catch_all", "“Any and all” data that it does not list"),
    ("range_to_open", "Everything “to the present”, which is the day it was issued"),
    ("third_parties_sought", "Data of people who have no part in the matter"),
    ("protected_care", "Something about reproductive or gender-affirming care"),
)
REACH: Choices = (
    ("area", "It asks for whoever was within a place, instead of naming an account"),
    ("all_users", "It asks for all our customers, or a class of them"),
    ("place_described", "It means one household or speaker, but only describes it, such as by an address"),
)
SILENCE: Choices = (
    ("nondisclosure_requested", "The paper asks us not to tell the customer"),
    ("nondisclosure_order", "A court order forbids telling the customer"),
    ("nondisclosure_certified", "A national security letter certifies the harm of telling the customer"),
)
EMERGENCY: Choices = (
    ("emergency_danger", "Concrete facts show a danger of death or serious physical injury"),
    ("emergency_immediate", "Concrete facts show why that danger cannot wait for process"),
)
ABROAD: Choices = (
    ("listed_offence", "The offence is one that Art. 5(4)(b) to (d) of Regulation 2023/1543 lists"),
    ("target_us_person", "The target is a US person or is located in the United States"),
    ("enforcing_authority_notified", "The certificate names an authority of our State that was notified of it"),
)
CERTIFICATE_FLAWS: Choices = (
    ("no_offence_provisions", "It does not name the provisions on the offence"),
    ("no_data_category", "It does not name the category of data"),
    ("no_emergency_reasons", "It calls itself an emergency and gives no reasons"),
    ("not_our_language", "It is not in a language that we accept"),
    ("manifest_error", "It has a manifest error"),
    ("immunity_or_privilege", "It shows itself that an immunity or a privilege is touched"),
    ("press_or_media", "It shows itself that the freedom of press or media is touched"),
    ("state_not_bound", "Its state is not bound by the Regulation"),
    ("other_addressee", "It is addressed to another establishment or representative"),
    ("service_not_covered", "The service is not one that the Regulation covers"),
    ("sentence_under_four_months", "It executes a sentence of less than four months"),
    ("sentence_in_absentia", "It executes a sentence given in absentia"),
)
AGREEMENT_ORDER_LACKS: Choices = (
    ("certificate", "The certificate of its designated authority"),
    ("articulable_facts", "A justification by articulable facts"),
    ("independent_review", "Review by a court or an independent body"),
)
KNOWN: Choices = (
    ("answered_before", "We have answered this authority on the same before"),
    ("held_by_another_company", "Another company holds what is asked for"),
    ("foreign_law_forbids", "The law of another country forbids disclosing it"),
    ("enforcing_authority_refused", "The enforcing authority has refused"),
    ("partly_deleted", "Part of what is asked for is deleted"),
)

RIGHTS: Choices = (
    ("access", "To know what we hold, with a copy"),
    ("portability", "To receive their data in a form for machines"),
    ("erasure", "To have data erased"),
    ("rectification", "To have data corrected"),
    ("restriction", "To have our use of data restricted"),
    ("objection", "To object to our use of data"),
    ("information", "To know how we use their data, without a copy"),
    ("opt_out", "To opt out of a use of data"),
    ("limit", "To limit the use of sensitive data"),
    ("withdraw_consent", "To withdraw a consent"),
    ("complaint", "To complain about how we use data"),
)
# What a case is called by the right it is about; the customer may read it too.
TITLES = {
    "access": "Copy of the account's data",
    "portability": "The account's data in a form to take along",
    "erasure": "Erase data of the account",
    "rectification": "Correct data of the account",
    "restriction": "Restrict the use of the account's data",
    "objection": "Objection to the use of the account's data",
    "information": "How the account's data are used",
    "opt_out": "Opt-out from a use of the account's data",
    "limit": "Limit the use of the account's sensitive data",
    "withdraw_consent": "Withdrawal of a consent",
    "complaint": "Complaint about the use of the account's data",
}
# The same of somebody who is heard on another's device: it names no account.
VOICE_TITLES = {
    "access": "Copy of recordings of one's own voice",
    "erasure": "Erase recordings of one's own voice",
    "objection": "Objection to recordings of one's own voice",
    "restriction": "Restrict the use of recordings of one's own voice",
    "information": "How recordings of one's own voice are used",
    "complaint": "Complaint about recordings of one's own voice",
}
ASKERS: Choices = (
    ("data_subject", "The customer"),
    ("agent", "Somebody else on the customer's behalf"),
    ("person_heard", "Somebody of the household or a visitor, about their own voice"),
)
HEARD_AS: Choices = (("family", "Of the family or household"), ("visitor", "A visitor"))

_STATES = (
    "AL=Alabama|AK=Alaska|AZ=Arizona|AR=Arkansas|CA=California|CO=Colorado|CT=Connecticut|DE=Delaware"
    "|DC=District of Columbia|FL=Florida|GA=Georgia|HI=Hawaii|ID=Idaho|IL=Illinois|IN=Indiana|IA=Iowa|KS=Kansas"
    "|KY=Kentucky|LA=Louisiana|ME=Maine|MD=Maryland|MA=Massachusetts|MI=Michigan|MN=Minnesota|MS=Mississippi"
    "|MO=Missouri|MT=Montana|NE=Nebraska|NV=Nevada|NH=New Hampshire|NJ=New Jersey|NM=New Mexico|NY=New York"
    "|NC=North Carolina|ND=North Dakota|OH=Ohio|OK=Oklahoma|OR=Oregon|PA=Pennsylvania|RI=Rhode Island"
    "|SC=South Carolina|SD=South Dakota|TN=Tennessee|TX=Texas|UT=Utah|VT=Vermont|VA=Virginia|WA=Washington"
    "|WV=West Virginia|WI=Wisconsin|WY=Wyoming"
)
US_STATES = dict(pair.split("=") for pair in _STATES.split("|"))
ISSUER_STATES: Choices = (("US", "A federal court"), *US_STATES.items())

# Regions that are no country of a person or an authority: the Union, the euro area, the United Nations, outliers.
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})
COUNTRIES: Choices = tuple(
    sorted(
        (
            (code, name)
            for code, name in Locale("en", "GB").territories.items()
            if code.isalpha() and code not in _NO_COUNTRY
        ),
        key=lambda pair: pair[1],
    )
)
# A state's own privacy law can apply, so Americans live in a state.
HOMES: Choices = tuple(
    pair
    for code, name in COUNTRIES
    for pair in (
        [(f"US-{s}", f"{name}, {state}") for s, state in US_STATES.items()] if code == "US" else [(code, name)]
    )
)
