"""The phrases in Spanish."""

from requests_portal.work.compose.phrases import Phrases

_OTHER_VOICES = (
    "Una copia no debe perjudicar a las demás personas que se oyen en ella ({})",
    "Pida su consentimiento a las demás personas, o quédese con la transcripción de sus propias palabras.",
)
_PORTABILITY = (
    "Lo que se traslada es lo que usted nos facilitó, no lo que hicimos con ello ({})",
    "Solicite en su lugar el acceso: una copia lo contiene todo.",
)
_STAFF_NAMES = (
    "Quién escuchó: cuándo, por qué y en qué función, no el nombre del empleado ({})",
    (
        "Indicamos la fecha, la finalidad y el equipo de cada consulta; explíquenos por qué un nombre es "
        "imprescindible y lo ponderaremos."
    ),
)


def _under(law: str, words: tuple[str, str]) -> tuple[str, str]:
    title, remedy = words
    return title.format(law), remedy


SPANISH = Phrases(
    locale="es",
    classes={
        "audio": "grabaciones",
        "transcript": "transcripciones",
        "subscriber": "datos del abonado",
        "identification": "datos de identificación",
        "connections": "datos de conexión",
        "devices": "datos de los dispositivos",
        "human_review_log": "el registro de escuchas por personas",
        "purchases": "compras",
        "location": "datos de localización",
        "search_terms": "términos de búsqueda",
        "voiceprint": "huellas de voz",
        "legal_demand_log": "el registro de requerimientos de autoridades",
        "data_never_held": "datos que nunca tenemos",
        "future_data": "grabaciones futuras",
        "unlisted": "todos los demás datos",
        "employee_names": "los nombres de los empleados",
        "recipients": "los destinatarios de los datos",
    },
    titles={
        "human_review_log": "Registro de escuchas por personas",
        "legal_demand_log": "Registro de requerimientos de autoridades",
        "employee_names": "Nombres de los empleados",
        "recipients": "Destinatarios de los datos",
    },
    processes={
        "search_warrant": "orden de registro",
        "warrant_application": "solicitud de orden de registro",
        "d_order": "orden conforme a 18 U.S.C. § 2703(d)",
        "court_order": "orden judicial",
        "grand_jury_subpoena": "citación (subpoena) de un gran jurado",
        "administrative_subpoena": "citación (subpoena) administrativa",
        "trial_subpoena": "citación (subpoena) para juicio",
        "civil_subpoena": "citación (subpoena) civil",
        "defense_subpoena": "citación (subpoena) de la defensa",
        "nsl": "National Security Letter",
        "wiretap_order": "orden de interceptación",
        "pen_register_order": "orden de registro de datos de conexión",
        "preservation_letter": "solicitud de conservación",
        "emergency_request": "solicitud de emergencia",
        "consent": "consentimiento",
        "epoc": "orden europea de producción (EPOC)",
        "epoc_pr": "orden europea de conservación (EPOC-PR)",
        "agreement_order": "orden dictada conforme a un acuerdo",
        "overseas_production_order": "Overseas Production Order",
        "communications_data_notice": "notificación sobre datos de comunicaciones",
        "foreign_request": "solicitud de una autoridad extranjera",
        "mlat": "solicitud de asistencia judicial",
        "informal_letter": "su escrito",
    },
    subjects={
        "demand": "Su requerimiento de datos",
        "access": "Acceso: copia de sus datos",
        "portability": "Sus datos en un formato para llevar",
        "erasure": "Supresión de sus datos",
        "rectification": "Rectificación de sus datos",
        "restriction": "Limitación del tratamiento de sus datos",
        "objection": "Su oposición al tratamiento de sus datos",
        "information": "Cómo se utilizan sus datos",
        "opt_out": "Su oposición a un uso de sus datos",
        "limit": "Uso limitado de sus datos sensibles",
        "withdraw_consent": "Retirada de un consentimiento",
        "complaint": "Su reclamación sobre el uso de sus datos",
    },
    authorities={
        "DE": "la autoridad de protección de datos del Land en el que vive",
        "ES": "la Agencia Española de Protección de Datos",
        "FR": "la Commission nationale de l'informatique et des libertés",
        "GB": "el Information Commissioner",
        "IT": "el Garante per la protezione dei dati personali",
        "PT": "la Comissão Nacional de Proteção de Dados",
        "US-CA": "la Agencia de Protección de la Privacidad de California (California Privacy Protection Agency) o el "
        "fiscal general de California",
    },
    rules={
        "eu-gdpr-other-voices": _under("RGPD", _OTHER_VOICES),
        "uk-other-voices": _under("UK GDPR", _OTHER_VOICES),
        "us-ccpa-other-voices": _under("CCPA", _OTHER_VOICES),
        "eu-gdpr-portability": _under("RGPD", _PORTABILITY),
        "uk-own-portability": _under("UK GDPR", _PORTABILITY),
        "eu-gdpr-staff-names": _under("RGPD", _STAFF_NAMES),
        "uk-own-staff-names": _under("UK GDPR", _STAFF_NAMES),
        "us-ccpa-staff-names": (
            "Los nombres de los empleados no son información del propio consumidor (CCPA)",
            "Indicamos la fecha, la finalidad y el equipo de cada consulta.",
        ),
        "uk-own-recipients": (
            "No es necesario nombrar a los destinatarios que deben protegerse de quien solicita",
            (
                "Decimos qué tipos de destinatarios hubo; pregúnteles a través de nosotros y le transmitiremos lo que "
                "acepten."
            ),
        ),
        "uk-own-search": (
            "Debemos lo que encuentra una búsqueda razonable y proporcionada",
            "Díganos en qué otro lugar es probable que haya algo sobre usted y buscaremos allí.",
        ),
        "us-ccpa-search": (
            "Los registros que nadie puede consultar y nadie utiliza pueden quedar sin buscar, si lo decimos (CCPA)",
            "Díganos qué espera encontrar allí y veremos si puede hallarse.",
        ),
        "us-ccpa-voiceprint": (
            "Una empresa no puede entregar una huella de voz en respuesta a una solicitud de acceso",
            "Decimos que se conserva una huella de voz y cómo se utiliza; el modelo en sí permanece aquí.",
        ),
    },
    said={
        "supervisor": "la autoridad de control del país en el que vive",
        "attorney_general": "el fiscal general de su estado",
        "legal_team": "El equipo jurídico",
        "the_rest": "el resto",
        "each_of_them": "cada una de ellas",
        "number_of_them": "{} de ellas",
        "not_given": "no indicada",
        "data_not_listed": "datos que no se enumeran",
        "data_you_do_not_list": "datos que usted no enumera",
        "own_words_paper": "En las propias palabras del escrito: {}.",
        "own_words_person": "En sus propias palabras: {}.",
        "quoted": "«{}»",
        "recording": "{} grabación",
        "recordings": "{} grabaciones",
        "record_set": "{} conjunto de datos",
        "record_sets": "{} conjuntos de datos",
        "no_records": "ningún dato",
        "and": "{} y {}",
        "without_numbers": "ninguno, ya que no se adjunta nada",
        "range": "{} a {}",
        "nothing_for_now": "nada por ahora",
        "up_to": "hasta el {}",
        "from": "desde el {}",
        "from_to": "del {} al {}",
        "days": "{} al {}",
        "all_data": "todos los datos",
        "your_request": "su solicitud",
        "process_of": "{} de {}",
        "we_have_answered": "nuestra respuesta",
        "no_words": "nada",
        "by_then": "a más tardar el {}",
        "once_looked_into": "en cuanto la hayamos examinado",
        "received_basis": "{} (recepción el {})",
        "produced_in_full": "Entregado íntegramente",
        "produced": "Entregado: {}",
        "not_produced": "No entregado",
        "but_for": "{}, salvo {}",
        "held_back": "{} retenidas",
        "not_as_catalogued": "{} distintas de lo catalogado",
        "a_recording": "Grabación",
        "the_recordings": "Grabaciones",
        "made_on": "{} del {}",
        "outside_period": "{} fuera del período entregado",
        "beyond_produced": "{} más allá de lo entregado",
        "our_decision": "No entregado según nuestra decisión",
        "custodian": "Responsable de la custodia de los datos",
        "standing_policy": "Directriz permanente, versión {}",
        "by_policy": "Mediante un proceso automatizado; ninguna persona ha leído estas páginas",
        "device": "Dispositivo",
        "recorded": "Grabado, almacenado y catalogado con su huella digital",
        "read": "Leído del almacén en la versión catalogada; longitud y SHA-256 conformes al catálogo",
        "silenced_part": "Nuevo archivo hecho a partir de ella, con {} parte silenciada; la grabación no ha cambiado",
        "silenced_parts": "Nuevo archivo hecho a partir de ella, con {} partes silenciadas; la grabación no ha "
        "cambiado",
        "certified": "certificado por el responsable de la custodia",
        "silenced_in_part": "{} silenciadas en parte",
        "parts_of_recording": "Partes de {} grabación (silenciadas)",
        "parts_of_recordings": "Partes de {} grabaciones (silenciadas)",
        "words_untimed": "Hay partes de las grabaciones silenciadas y no se sabe cuándo se dijo cada palabra",
        "silenced_files": "{}: lo que se adjunta es un archivo nuevo, hecho por una máquina a partir de la grabación "
        "almacenada, en el que las partes indicadas están en silencio. La grabación misma se leyó, se comparó con su "
        "huella digital catalogada y no se modificó.",
        "transcript_held_back": "[transcripción retenida: hay partes de la grabación silenciadas y no se sabe cuándo "
        "se dijo cada palabra]",
        "your_reference": "{} (su referencia {})",
        "of_account": "{} de la cuenta {}",
        "none_found": "{}: nada",
        "a_later_day": "último día del plazo más largo que nos concede la ley",
        "see_point": "véase el punto {}",
        "and_point": " y el punto ",
        "missing": "{}: el almacén ya no tiene esta grabación en la versión catalogada.",
        "denied": "{}: el almacén nos deniega esta grabación, por lo que no se pudo leer.",
        "too_large": "{}: esta grabación es demasiado grande para un PDF; se entrega en un soporte propio.",
        "altered": "{}: lo que tiene el almacén no es lo que se catalogó; su huella digital es distinta.",
        "unreadable": "{}: no se pudo leer el almacén, pese a varios intentos.",
        "unsilenced": "{}: las partes que debían silenciarse no pudieron silenciarse, por lo que se retiene entera.",
    },
)
