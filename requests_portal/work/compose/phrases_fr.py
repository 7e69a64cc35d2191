"""The phrases in French."""

from requests_portal.work.compose.phrases import Phrases

_OTHER_VOICES = (
    "Une copie ne doit pas porter atteinte aux autres personnes qu'on y entend ({})",
    "Demandez leur accord aux autres personnes, ou prenez la transcription de vos propres paroles.",
)
_PERSON_HEARD = (
    "Qui est entendu sur l'appareil d'autrui reçoit ce sur quoi on n'entend que lui ({})",
    "S'il manque des enregistrements de vous seul, dites-nous mieux quand, où et avec quels mots vous avez parlé.",
)
_PORTABILITY = (
    "Ce qui s'emporte est ce que vous nous avez fourni, non ce que nous en avons tiré ({})",
    "Demandez plutôt l'accès : une copie contient tout.",
)
_STAFF_NAMES = (
    "Qui a écouté : quand, pourquoi et en quelle qualité, mais pas le nom de l'employé ({})",
    (
        "Nous indiquons la date, la finalité et l'équipe de chaque consultation ; montrez-nous pourquoi un nom est "
        "indispensable, et nous en tiendrons compte."
    ),
)


def _under(law: str, words: tuple[str, str]) -> tuple[str, str]:
    title, remedy = words
    return title.format(law), remedy


FRENCH = Phrases(
    locale="fr",
    classes={
        "audio": "enregistrements",
        "transcript": "transcriptions",
        "subscriber": "données relatives à l'abonné",
        "identification": "données d'identification",
        "connections": "données de connexion",
        "devices": "données sur les appareils",
        "human_review_log": "le registre des écoutes humaines",
        "purchases": "achats",
        "location": "données de localisation",
        "search_terms": "termes de recherche",
        "voiceprint": "empreintes vocales",
        "legal_demand_log": "le registre des demandes des autorités",
        "data_never_held": "des données que nous ne détenons jamais",
        "future_data": "enregistrements à venir",
        "unlisted": "toutes les autres données",
        "employee_names": "les noms des employés",
        "recipients": "les destinataires des données",
    },
    titles={
        "human_review_log": "Registre des écoutes humaines",
        "legal_demand_log": "Registre des demandes des autorités",
        "employee_names": "Noms des employés",
        "recipients": "Destinataires des données",
    },
    processes={
        "search_warrant": "mandat de perquisition",
        "warrant_application": "demande de mandat de perquisition",
        "d_order": "ordonnance au titre de 18 U.S.C. § 2703(d)",
        "court_order": "ordonnance judiciaire",
        "grand_jury_subpoena": "assignation (subpoena) d'un grand jury",
        "administrative_subpoena": "assignation (subpoena) administrative",
        "trial_subpoena": "assignation (subpoena) pour un procès",
        "civil_subpoena": "assignation (subpoena) civile",
        "defense_subpoena": "assignation (subpoena) de la défense",
        "nsl": "National Security Letter",
        "wiretap_order": "ordonnance d'interception",
        "pen_register_order": "ordonnance de recueil de données de connexion",
        "preservation_letter": "demande de conservation",
        "emergency_request": "demande d'urgence",
        "consent": "consentement",
        "epoc": "injonction européenne de production (EPOC)",
        "epoc_pr": "injonction européenne de conservation (EPOC-PR)",
        "agreement_order": "injonction prise en application d'un accord",
        "overseas_production_order": "Overseas Production Order",
        "communications_data_notice": "avis relatif à des données de communication",
        "foreign_request": "demande d'une autorité étrangère",
        "mlat": "demande d'entraide judiciaire",
        "informal_letter": "votre lettre",
    },
    subjects={
        "demand": "Votre demande de données",
        "access": "Accès : copie de vos données",
        "portability": "Vos données sous une forme à emporter",
        "erasure": "Effacement de vos données",
        "rectification": "Rectification de vos données",
        "restriction": "Limitation du traitement de vos données",
        "objection": "Votre opposition au traitement de vos données",
        "information": "Comment vos données sont utilisées",
        "opt_out": "Votre opposition à une utilisation de vos données",
        "limit": "Utilisation limitée de vos données sensibles",
        "withdraw_consent": "Retrait d'un consentement",
        "complaint": "Votre réclamation sur l'utilisation de vos données",
    },
    authorities={
        "BE": "l'Autorité de protection des données",
        "CH": "le Préposé fédéral à la protection des données et à la transparence",
        "DE": "l'autorité de protection des données du Land où vous habitez",
        "ES": "l'Agencia Española de Protección de Datos",
        "FR": "la Commission nationale de l'informatique et des libertés (CNIL)",
        "GB": "l'Information Commissioner",
        "IT": "le Garante per la protezione dei dati personali",
        "LU": "la Commission nationale pour la protection des données",
        "CA": "le Commissariat à la protection de la vie privée du Canada",
        "US-CA": "la California Privacy Protection Agency ou l'Attorney General de Californie",
    },
    rules={
        "eu-gdpr-other-voices": _under("RGPD", _OTHER_VOICES),
        "uk-other-voices": _under("UK GDPR", _OTHER_VOICES),
        "us-ccpa-other-voices": _under("CCPA", _OTHER_VOICES),
        "eu-gdpr-person-heard": _under("RGPD", _PERSON_HEARD),
        "uk-person-heard": _under("UK GDPR", _PERSON_HEARD),
        "any-person-heard-records": (
            "Rien sur le titulaire du compte ne va à une personne entendue sur son appareil",
            "Demandez les enregistrements de votre propre voix.",
        ),
        "eu-gdpr-portability": _under("RGPD", _PORTABILITY),
        "uk-own-portability": _under("UK GDPR", _PORTABILITY),
        "eu-gdpr-staff-names": _under("RGPD", _STAFF_NAMES),
        "uk-own-staff-names": _under("UK GDPR", _STAFF_NAMES),
        "us-ccpa-staff-names": (
            "Les noms des employés ne sont pas des données concernant le consommateur lui-même (CCPA)",
            "Nous indiquons la date, la finalité et l'équipe de chaque consultation.",
        ),
        "uk-own-recipients": (
            "Les destinataires qui doivent être protégés de l'auteur de la demande n'ont pas à être nommés",
            (
                "Nous disons quels types de destinataires il y a eu ; interrogez-les par notre intermédiaire, et nous "
                "transmettrons ce qu'ils acceptent."
            ),
        ),
        "uk-own-search": (
            "Nous devons ce que trouve une recherche raisonnable et proportionnée",
            "Dites-nous où d'autre il pourrait se trouver des données vous concernant, et nous y chercherons.",
        ),
        "us-ccpa-search": (
            (
                "Les documents que personne ne peut consulter ni n'utilise peuvent rester hors de la recherche, si "
                "nous le disons (CCPA)"
            ),
            "Dites-nous ce que vous vous attendez à y trouver, et nous verrons si cela peut l'être.",
        ),
        "us-ccpa-voiceprint": (
            "Une entreprise ne peut pas communiquer une empreinte vocale en réponse à une demande d'accès",
            (
                "Nous disons qu'une empreinte vocale est conservée et comment elle est utilisée ; le modèle lui-même "
                "reste ici."
            ),
        ),
    },
    said={
        "supervisor": "l'autorité de contrôle du pays où vous habitez",
        "attorney_general": "l'Attorney General de votre État",
        "legal_team": "L'équipe juridique",
        "the_rest": "le reste",
        "each_of_them": "chacun d'eux",
        "number_of_them": "{} d'entre eux",
        "not_given": "non indiquée",
        "data_not_listed": "des données qui ne sont pas énumérées",
        "data_you_do_not_list": "des données que vous n'énumérez pas",
        "own_words_paper": "Selon les termes de l'acte : {}.",
        "own_words_person": "Selon vos propres termes : {}.",
        "quoted": "«\N{NO-BREAK SPACE}{}\N{NO-BREAK SPACE}»",
        "recording": "{} enregistrement",
        "recordings": "{} enregistrements",
        "record_set": "{} jeu de données",
        "record_sets": "{} jeux de données",
        "no_records": "aucune donnée",
        "and": "{} et {}",
        "without_numbers": "aucun, puisque rien n'est joint",
        "range": "{} à {}",
        "nothing_for_now": "rien pour l'instant",
        "up_to": "jusqu'au {}",
        "from": "à partir du {}",
        "from_to": "du {} au {}",
        "days": "{} au {}",
        "all_data": "toutes les données",
        "your_request": "votre demande",
        "process_of": "{} du {}",
        "we_have_answered": "notre réponse",
        "no_words": "rien",
        "by_then": "au plus tard le {}",
        "once_looked_into": "dès que nous l'avons examinée",
        "received_basis": "{} (réception le {})",
        "produced_in_full": "Communiqué en totalité",
        "produced_of_them_alone": "Communiqué : ce sur quoi on n'entend que vous et dont vous nous avez parlé",
        "produced": "Communiqué : {}",
        "not_produced": "Non communiqué",
        "but_for": "{}, sauf {}",
        "held_back": "{} retenus",
        "not_as_catalogued": "{} non conformes au catalogue",
        "a_recording": "Enregistrement",
        "the_recordings": "Enregistrements",
        "made_on": "{} du {}",
        "outside_period": "{} hors de la période communiquée",
        "beyond_produced": "{} au-delà de ce qui est communiqué",
        "our_decision": "Non communiqué, selon notre décision",
        "custodian": "Responsable de la conservation des données",
        "standing_policy": "Règle permanente, version {}",
        "by_policy": "Par un procédé automatisé ; aucun humain ne les a lues",
        "device": "Appareil",
        "recorded": "Enregistré, conservé et catalogué avec son empreinte",
        "read": "Lu dans le stockage, dans la version cataloguée ; longueur et SHA-256 conformes au catalogue",
        "silenced_part": "Nouveau fichier fait à partir de celui-ci, {} partie rendue muette ; l'enregistrement est "
        "inchangé",
        "silenced_parts": "Nouveau fichier fait à partir de celui-ci, {} parties rendues muettes ; l'enregistrement "
        "est inchangé",
        "certified": "attesté par le responsable de la conservation",
        "silenced_in_part": "{} en partie rendus muets",
        "parts_of_recording": "Parties de {} enregistrement (rendues muettes)",
        "parts_of_recordings": "Parties de {} enregistrements (rendues muettes)",
        "words_untimed": "Des parties des enregistrements sont rendues muettes, et l'on ignore quand "
        "chaque mot a été dit",
        "silenced_files": "{} : ce qui est joint est un nouveau fichier, fait par une machine à partir de "
        "l'enregistrement conservé, dans lequel les parties indiquées sont muettes. L'enregistrement lui-même a été "
        "lu, comparé à son empreinte cataloguée et laissé inchangé.",
        "transcript_held_back": "[transcription retenue : des parties de l'enregistrement sont rendues muettes, et "
        "l'on ignore quand chaque mot a été dit]",
        "your_reference": "{} (votre référence {})",
        "of_account": "{} du compte {}",
        "none_found": "{} : rien",
        "a_later_day": "dernier jour du délai plus long que la loi nous accorde",
        "see_point": "voir point {}",
        "and_point": " et point ",
        "missing": "{} : le stockage ne contient plus cet enregistrement dans la version cataloguée.",
        "denied": "{} : le stockage nous refuse cet enregistrement, qui n'a donc pu être lu.",
        "too_large": "{} : cet enregistrement est trop volumineux pour un PDF ; il est remis sur un support à part.",
        "altered": "{} : ce que contient le stockage n'est pas ce qui a été catalogué ; l'empreinte diffère.",
        "unreadable": "{} : le stockage n'a pu être lu, malgré plusieurs tentatives.",
        "unsilenced": "{} : les parties à rendre muettes n'ont pu l'être ; tout l'enregistrement est donc retenu.",
        "heard_find_others": "savoir si d'autres personnes s'y entendent",
        "heard_check_scope": "voir si l'enregistrement fait partie de ce qui était demandé",
        "heard_check_quality": "vérifier le son",
        "heard_other": "une raison consignée chez nous",
        "heard_own_request": "pour une demande de votre part",
        "heard_anothers_request": "pour la demande d'une autre personne",
        "heard_demand": "pour la demande d'une autorité",
        "heard_for": "{}, {}",
        "reviewer": "personne chargée de l'écoute",
        "listener": "personne autorisée à écouter",
    },
)
