"""Whom a person may complain to: the one list of authorities by country, and the texts that say how."""

from legal_rules.vocabulary.groups import EEA

A_SUPERVISOR = "the supervisory authority of the country you live in"
AN_ATTORNEY_GENERAL = "the attorney general of your state"
# The states whose attorney general alone hears complaints; California has an agency besides.
_STATES = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "DC": "the District of Columbia",
}
AUTHORITIES = {
    "AT": "the Datenschutzbehörde",
    "BE": "the Gegevensbeschermingsautoriteit (Autorité de protection des données)",
    "BG": "the Commission for Personal Data Protection",
    "HR": "the Agencija za zaštitu osobnih podataka",
    "CY": "the Commissioner for Personal Data Protection",
    "CZ": "the Úřad pro ochranu osobních údajů",
    "DK": "Datatilsynet",
    "EE": "the Andmekaitse Inspektsioon",
    "FI": "the Office of the Data Protection Ombudsman (Tietosuojavaltuutetun toimisto)",
    "FR": "the Commission nationale de l'informatique et des libertés (CNIL)",
    "DE": "the data protection authority of the Land you live in",
    "GR": "the Hellenic Data Protection Authority",
    "HU": "the Nemzeti Adatvédelmi és Információszabadság Hatóság",
    "IE": "the Data Protection Commission",
    "IT": "the Garante per la protezione dei dati personali",
    "LV": "the Datu valsts inspekcija",
    "LT": "the Valstybinė duomenų apsaugos inspekcija",
    "LU": "the Commission nationale pour la protection des données",
    "MT": "the Information and Data Protection Commissioner",
    "NL": "the Autoriteit Persoonsgegevens",
    "PL": "the President of the Urząd Ochrony Danych Osobowych",
    "PT": "the Comissão Nacional de Proteção de Dados",
    "RO": "the Autoritatea Națională de Supraveghere a Prelucrării Datelor cu Caracter Personal",
    "SK": "the Úrad na ochranu osobných údajov",
    "SI": "the Informacijski pooblaščenec",
    "ES": "the Agencia Española de Protección de Datos",
    "SE": "the Integritetsskyddsmyndigheten",
    "IS": "Persónuvernd",
    "LI": "the Datenschutzstelle",
    "NO": "Datatilsynet",
    "GB": "the Information Commissioner",
    "CH": "the Federal Data Protection and Information Commissioner",
    "BR": "the Autoridade Nacional de Proteção de Dados (ANPD)",
    "CA": "the Office of the Privacy Commissioner of Canada",
    "AU": "the Office of the Australian Information Commissioner",
    "JP": "the Personal Information Protection Commission",
    "KR": "the Personal Information Protection Commission",
    "US-CA": "the California Privacy Protection Agency or the Attorney General of California",
} | {f"US-{state}": f"the Attorney General of {name}" for state, name in _STATES.items()}


def paths(country: str) -> str:
    """The name of the text that says how to complain there: GDPR 12(4) asks for it, and each law has its own way."""
    return f"refusal_paths_{_law(country)}"


def paths_of_a_complaint(country: str) -> str:
    """The same for somebody who has complained to us: where else they can turn meanwhile, and within which times."""
    law = _law(country)
    return f"complaint_paths_{'other' if law == 'state' else law}"


def _law(country: str) -> str:
    if country in EEA:
        return "gdpr"
    if country == "GB":
        return "uk"
    if country == "US-CA":
        return "california"
    return "state" if country.startswith("US") else "other"
