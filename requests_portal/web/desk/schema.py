"""What the casework forms take, with the sentence shown where something is missing."""

from marshmallow import Schema, ValidationError, validates_schema
from marshmallow.fields import Date, List, String
from marshmallow.validate import Length, OneOf

from requests_portal.model.listening import Purpose

LONGEST_TEXT = 4000
_TOO_LONG = Length(max=LONGEST_TEXT, error="Use at most {max} characters.")


def _words(sentence: str) -> String:
    return String(required=True, validate=_TOO_LONG, error_messages={"required": sentence})


class CheckSchema(Schema):
    """A note on a check of who the requester is."""

    how = _words("Say what you did to find out who asks.")


class DeclarationSchema(Schema):
    """A signed declaration: the paper, its language, who signed it and when."""

    declaration = _words("Choose the signed paper.")
    language = _words("Choose the language that it is in.")
    signed_by = _words("Enter the name of who signed it.")
    signed_on = Date(
        required=True,
        error_messages={"required": "Enter the day of the signature.", "invalid": "Enter a day, such as 2026-05-01."},
    )


class WaitSchema(Schema):
    """What the requester has to supply."""

    for_what = _words("Say what we are waiting for; the requester is told the same.")


class SettlementSchema(Schema):
    """Who agreed that less leaves, or the motion that was filed."""

    settlement = String(validate=OneOf(["agreed", "motion", "raised"], error="Choose one from the list."))
    settlement_who = String(validate=_TOO_LONG)
    settlement_on = Date(error_messages={"invalid": "Enter a day, such as 2026-05-01."})
    settlement_number = String(validate=_TOO_LONG)


class ExtensionSchema(Schema):
    """A court's order that prolongs the silence towards the customer."""

    paper = String(required=True, error_messages={"required": "Choose the paper that extends the order."})
    made_on = Date(
        required=True,
        error_messages={"required": "Enter the day the order was made.", "invalid": "Enter a day, such as 2026-05-01."},
    )
    until = Date(
        required=True,
        error_messages={"required": "Enter the last day of silence.", "invalid": "Enter a day, such as 2026-05-01."},
    )


class ToldSchema(Schema):
    """How and when a customer was told otherwise than by the desk's own notice."""

    how = _words("Say who was told and how, such as by a letter of ours, or by the authority itself.")
    on = Date(
        required=True,
        error_messages={
            "required": "Enter the day on which they were told.",
            "invalid": "Enter a day, such as 2026-05-01.",
        },
    )
    accounts = List(String())


class ReasonSchema(Schema):
    """Why something is changed or sent back."""

    reason = _words("Give the reason; it stays with the case.")


class ListeningSchema(Schema):
    """What a recording is listened to for."""

    purpose = String(
        required=True,
        validate=OneOf([str(each) for each in Purpose], error="Choose what you listen for."),
        error_messages={"required": "Choose what you listen for."},
    )
    words = String(validate=Length(max=300, error="Use at most {max} characters."))

    @validates_schema
    def _other_needs_words(self, data: dict[str, str], **_: object) -> None:
        if data.get("purpose") == Purpose.OTHER and not data.get("words"):
            raise ValidationError("Say in a few words what you listen for.", "words")


class RecallSchema(Schema):
    """Why a released production is recalled, and the number of the one that replaces it."""

    reason = _words("Give the reason; it stays with the production.")
    replaced_by = String()


class RecipientSchema(Schema):
    """Who a production is released to."""

    recipient = String(
        required=True,
        validate=Length(max=200, error="Use at most {max} characters."),
        error_messages={"required": "Name the recipient."},
    )
