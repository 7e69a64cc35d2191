"""What the casework forms take, with the sentence shown where something is missing."""

from marshmallow import Schema, ValidationError, validates_schema
from marshmallow.fields import Date, String
from marshmallow.validate import Length, OneOf

from requests_portal.model.listening import Purpose

LONGEST_TEXT = 4000
_TOO_LONG = Length(max=LONGEST_TEXT, error="Use at most {max} characters.")


def _words(sentence: str) -> String:
    return String(required=True, validate=_TOO_LONG, error_messages={"required": sentence})


class CheckSchema(Schema):
    """A check of who the requester is."""

    how = _words("Say how you checked, for example whom you called back and on which number.")
    passed = String(
        required=True,
        validate=OneOf(["yes", "no"], error="Say whether the check confirmed the requester."),
        error_messages={"required": "Say whether the check confirmed the requester."},
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
