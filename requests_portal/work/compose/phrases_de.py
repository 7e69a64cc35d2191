"""The phrases in German."""

from requests_portal.work.compose.phrases import Phrases

_OTHER_VOICES = (
    "Eine Kopie darf anderen Menschen, die darin zu hören sind, nicht schaden ({})",
    "Bitten Sie die anderen um ihr Einverständnis, oder nehmen Sie die Abschrift Ihrer eigenen Worte.",
)
_PERSON_HEARD = (
    "Wer auf dem Gerät einer anderen Person zu hören ist, erhält, worauf nur sie oder er zu hören ist ({})",
    "Sagen Sie uns genauer, wann, wo und mit welchen Worten Sie sprachen, falls Aufnahmen von Ihnen allein fehlen.",
)
_PORTABILITY = (
    "Mitgenommen wird, was Sie uns gegeben haben, nicht, was wir daraus gemacht haben ({})",
    "Verlangen Sie stattdessen Auskunft: Eine Kopie enthält alles.",
)
_STAFF_NAMES = (
    "Wer zugehört hat: wann, warum und in welcher Rolle, nicht der Name der Person ({})",
    (
        "Wir nennen Zeit, Zweck und Team jedes Zugriffs; zeigen Sie uns, warum ein Name unerlässlich ist, und wir "
        "wägen es ab."
    ),
)


def _under(law: str, words: tuple[str, str]) -> tuple[str, str]:
    title, remedy = words
    return title.format(law), remedy


GERMAN = Phrases(
    locale="de",
    classes={
        "audio": "Aufnahmen",
        "transcript": "Abschriften",
        "subscriber": "Bestandsdaten",
        "identification": "Identifikationsdaten",
        "connections": "Verbindungsdaten",
        "devices": "Angaben zu Geräten",
        "human_review_log": "das Protokoll des Anhörens durch Menschen",
        "purchases": "Käufe",
        "location": "Standortdaten",
        "search_terms": "Suchbegriffe",
        "voiceprint": "Stimmprofile",
        "legal_demand_log": "das Verzeichnis behördlicher Verlangen",
        "data_never_held": "Daten, die wir nie haben",
        "future_data": "künftige Aufnahmen",
        "unlisted": "alle übrigen Daten",
        "employee_names": "die Namen von Beschäftigten",
        "recipients": "die Empfänger der Daten",
    },
    titles={
        "human_review_log": "Protokoll des Anhörens durch Menschen",
        "legal_demand_log": "Verzeichnis behördlicher Verlangen",
        "employee_names": "Namen von Beschäftigten",
        "recipients": "Empfänger der Daten",
    },
    processes={
        "search_warrant": "Durchsuchungsbeschluss",
        "warrant_application": "Antrag auf einen Durchsuchungsbeschluss",
        "d_order": "Anordnung nach 18 U.S.C. § 2703(d)",
        "court_order": "gerichtliche Anordnung",
        "grand_jury_subpoena": "Subpoena einer Grand Jury",
        "administrative_subpoena": "behördliche Subpoena",
        "trial_subpoena": "Subpoena zur Hauptverhandlung",
        "civil_subpoena": "zivilrechtliche Subpoena",
        "defense_subpoena": "Subpoena der Verteidigung",
        "nsl": "National Security Letter",
        "wiretap_order": "Anordnung zur Überwachung der Kommunikation",
        "pen_register_order": "Anordnung zur Erfassung von Verbindungsdaten",
        "preservation_letter": "Sicherungsersuchen",
        "emergency_request": "Eilersuchen",
        "consent": "Einwilligung",
        "epoc": "Europäische Herausgabeanordnung (EPOC)",
        "epoc_pr": "Europäische Sicherungsanordnung (EPOC-PR)",
        "agreement_order": "Anordnung nach einem Abkommen",
        "overseas_production_order": "Overseas Production Order",
        "communications_data_notice": "Mitteilung über Kommunikationsdaten",
        "foreign_request": "Ersuchen einer ausländischen Behörde",
        "mlat": "Rechtshilfeersuchen",
        "informal_letter": "Ihr Schreiben",
    },
    subjects={
        "demand": "Ihr Verlangen nach Daten",
        "access": "Auskunft: Kopie Ihrer Daten",
        "portability": "Ihre Daten zum Mitnehmen",
        "erasure": "Löschung Ihrer Daten",
        "rectification": "Berichtigung Ihrer Daten",
        "restriction": "Einschränkung der Verarbeitung Ihrer Daten",
        "objection": "Ihr Widerspruch gegen die Verarbeitung Ihrer Daten",
        "information": "Wie Ihre Daten verwendet werden",
        "opt_out": "Ihr Widerspruch gegen eine Verwendung Ihrer Daten",
        "limit": "Begrenzte Verwendung Ihrer sensiblen Daten",
        "withdraw_consent": "Widerruf einer Einwilligung",
        "complaint": "Ihre Beschwerde über die Verwendung Ihrer Daten",
    },
    authorities={
        "AT": "die Datenschutzbehörde",
        "BE": "die Datenschutzbehörde (Autorité de protection des données)",
        "CH": "den Eidgenössischen Datenschutz- und Öffentlichkeitsbeauftragten",
        "DE": "die Datenschutzaufsichtsbehörde Ihres Bundeslandes",
        "ES": "die Agencia Española de Protección de Datos",
        "FR": "die Commission nationale de l'informatique et des libertés",
        "GB": "den Information Commissioner",
        "IT": "den Garante per la protezione dei dati personali",
        "LI": "die Datenschutzstelle",
        "LU": "die Commission nationale pour la protection des données",
        "US-CA": "die California Privacy Protection Agency oder den Attorney General von Kalifornien",
    },
    rules={
        "eu-gdpr-other-voices": _under("DSGVO", _OTHER_VOICES),
        "uk-other-voices": _under("UK GDPR", _OTHER_VOICES),
        "us-ccpa-other-voices": _under("CCPA", _OTHER_VOICES),
        "eu-gdpr-person-heard": _under("DSGVO", _PERSON_HEARD),
        "uk-person-heard": _under("UK GDPR", _PERSON_HEARD),
        "any-person-heard-records": (
            "Nichts über den Inhaber des Kontos geht an jemanden, der auf dessen Gerät zu hören ist",
            "Fragen Sie nach den Aufnahmen Ihrer eigenen Stimme.",
        ),
        "eu-gdpr-portability": _under("DSGVO", _PORTABILITY),
        "uk-own-portability": _under("UK GDPR", _PORTABILITY),
        "eu-gdpr-staff-names": _under("DSGVO", _STAFF_NAMES),
        "uk-own-staff-names": _under("UK GDPR", _STAFF_NAMES),
        "us-ccpa-staff-names": (
            "Namen von Beschäftigten sind keine Angaben über die betroffene Person selbst (CCPA)",
            "Wir nennen Zeit, Zweck und Team jedes Zugriffs.",
        ),
        "uk-own-recipients": (
            "Empfänger, die vor der antragstellenden Person geschützt werden müssen, brauchen nicht genannt zu werden",
            (
                "Wir sagen, welche Arten von Empfängern es gab; fragen Sie sie über uns, und wir geben weiter, was sie "
                "freigeben."
            ),
        ),
        "uk-own-search": (
            "Wir schulden, was eine zumutbare und verhältnismäßige Suche findet",
            "Sagen Sie uns, wo sonst wahrscheinlich etwas über Sie steht, und wir sehen dort nach.",
        ),
        "us-ccpa-search": (
            (
                "Unterlagen, die niemand durchsuchen kann und niemand nutzt, dürfen undurchsucht bleiben, wenn wir es "
                "sagen (CCPA)"
            ),
            "Sagen Sie uns, was Sie dort erwarten, und wir prüfen, ob es sich finden lässt.",
        ),
        "us-ccpa-voiceprint": (
            "Ein Unternehmen darf auf ein Auskunftsverlangen kein Stimmprofil herausgeben",
            "Wir sagen, dass ein Stimmprofil gespeichert ist und wie es verwendet wird; das Profil selbst bleibt hier.",
        ),
    },
    said={
        "supervisor": "die Aufsichtsbehörde des Landes, in dem Sie wohnen",
        "attorney_general": "den Attorney General Ihres Bundesstaats",
        "legal_team": "Ihr Rechtsteam",
        "the_rest": "der Rest",
        "each_of_them": "jede einzelne",
        "number_of_them": "{} davon",
        "not_given": "nicht angegeben",
        "data_not_listed": "Daten, die nicht aufgeführt sind",
        "data_you_do_not_list": "Daten, die Sie nicht aufführen",
        "own_words_paper": "Im Wortlaut des Schriftstücks: {}.",
        "own_words_person": "In Ihren eigenen Worten: {}.",
        "quoted": "\N{DOUBLE LOW-9 QUOTATION MARK}{}\N{LEFT DOUBLE QUOTATION MARK}",
        "recording": "{} Aufnahme",
        "recordings": "{} Aufnahmen",
        "record_set": "{} Datensatz",
        "record_sets": "{} Datensätze",
        "no_records": "keine Daten",
        "and": "{} und {}",
        "without_numbers": "keine, da nichts beiliegt",
        "range": "{} bis {}",
        "nothing_for_now": "vorerst nichts",
        "up_to": "bis zum {}",
        "from": "ab dem {}",
        "from_to": "vom {} bis zum {}",
        "days": "{} bis {}",
        "all_data": "alle Daten",
        "your_request": "Ihr Antrag",
        "process_of": "{} vom {}",
        "we_have_answered": "unserer Antwort",
        "no_words": "nichts",
        "by_then": "bis zum {}",
        "once_looked_into": "sobald wir dem nachgegangen sind",
        "received_basis": "{}, eingegangen am {}",
        "produced_in_full": "Vollständig herausgegeben",
        "produced_of_them_alone": "Herausgegeben: worauf nur Sie zu hören sind und wovon Sie uns berichtet haben",
        "produced": "Herausgegeben: {}",
        "not_produced": "Nicht herausgegeben",
        "but_for": "{}, ausgenommen {}",
        "held_back": "{} zurückgehalten",
        "not_as_catalogued": "{} nicht wie katalogisiert",
        "a_recording": "Aufnahme",
        "the_recordings": "Aufnahmen",
        "made_on": "{} vom {}",
        "outside_period": "{} außerhalb des herausgegebenen Zeitraums",
        "beyond_produced": "{} über das Herausgegebene hinaus",
        "our_decision": "Nach unserer Entscheidung nicht herausgegeben",
        "custodian": "Verantwortlich für die Verwahrung der Unterlagen",
        "standing_policy": "Allgemeine Vorgabe, Fassung {}",
        "by_policy": "Automatisch erstellt; kein Mensch hat diese Seiten gelesen",
        "device": "Gerät",
        "recorded": "Aufgenommen, gespeichert und mit Prüfsumme katalogisiert",
        "read": "In der katalogisierten Fassung aus dem Speicher gelesen; Länge und SHA-256 wie katalogisiert",
        "silenced_part": "Daraus eine neue Datei mit {} stummgeschalteten Teil gemacht; die Aufnahme ist unverändert",
        "silenced_parts": "Daraus eine neue Datei mit {} stummgeschalteten Teilen gemacht; die Aufnahme ist "
        "unverändert",
        "certified": "von der für die Verwahrung verantwortlichen Person bestätigt",
        "silenced_in_part": "{} teilweise stummgeschaltet",
        "parts_of_recording": "Teile von {} Aufnahme (stummgeschaltet)",
        "parts_of_recordings": "Teile von {} Aufnahmen (stummgeschaltet)",
        "words_untimed": "Teile der Aufnahmen sind stummgeschaltet, und es ist nicht bekannt, wann "
        "welches Wort gesprochen wurde",
        "silenced_files": "{}: Beigefügt ist eine neue Datei, die eine Maschine aus der gespeicherten Aufnahme gemacht "
        "hat und in der die dabei aufgeführten Teile still sind. Die Aufnahme selbst wurde gelesen, mit ihrer "
        "katalogisierten Prüfsumme verglichen und nicht verändert.",
        "transcript_held_back": "[Abschrift zurückgehalten: Teile der Aufnahme sind stummgeschaltet, und es ist nicht "
        "bekannt, wann welches Wort gesprochen wurde]",
        "your_reference": "{} (Ihr Zeichen {})",
        "of_account": "{} zum Konto {}",
        "none_found": "{}: nichts",
        "a_later_day": "letzten Tag der längeren Frist, die uns das Gesetz gibt",
        "see_point": "siehe Punkt {}",
        "and_point": " und Punkt ",
        "missing": "{}: Der Speicher enthält diese Aufnahme nicht mehr in der katalogisierten Fassung.",
        "denied": "{}: Der Speicher verweigert uns diese Aufnahme, daher ließ sie sich nicht lesen.",
        "too_large": "{}: Diese Aufnahme ist zu groß für eine PDF-Datei; sie kommt auf einem eigenen Datenträger.",
        "altered": "{}: Was der Speicher enthält, ist nicht, was katalogisiert wurde; die Prüfsumme weicht ab.",
        "unreadable": "{}: Der Speicher ließ sich trotz mehrerer Versuche nicht lesen.",
        "unsilenced": "{}: Die stummzuschaltenden Teile ließen sich nicht stummschalten, daher wird die ganze Aufnahme "
        "zurückgehalten.",
        "heard_find_others": "Feststellung, ob andere Menschen zu hören sind",
        "heard_check_scope": "Prüfung, ob die Aufnahme zu dem gehört, was verlangt wurde",
        "heard_check_quality": "Prüfung des Tons",
        "heard_other": "ein Grund, der bei uns vermerkt ist",
        "heard_own_request": "für einen Antrag von Ihnen",
        "heard_anothers_request": "für den Antrag einer anderen Person",
        "heard_demand": "für das Verlangen einer Behörde",
        "heard_for": "{}, {}",
        "reviewer": "Person, die Aufnahmen prüft",
        "listener": "Person, die Aufnahmen anhören darf",
    },
)
