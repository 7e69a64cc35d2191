"""Recording who agreed that less leaves than an order reaches, or the motion that was filed."""

from typing import Any, cast, get_args

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act
from requests_portal.model.settlement import RAISED, Settlement, Way
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import form_page, the_case
from requests_portal.web.desk.schema import SettlementSchema
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work.settle import settle as record_settlement


@pages.get("/requests/<reference>/settle")
@does(Act.DECIDE)
def settle(reference: str) -> str:
    """Ask who agreed, or which motion was filed."""
    with the_portal().outside.reading() as work:
        return form_page("case_settle.html", the_case(work, reference), {}, settlement={})


@pages.post("/requests/<reference>/settle")
@does(Act.DECIDE, fresh=True)
def settle_it(reference: str) -> Response | tuple[str, int]:
    """Record how it is settled."""
    values = typed(SettlementSchema(), request.form)
    settlement, errors = settlement_of(request.form)
    if not errors and not settlement.is_settled:
        errors = {"settlement": "Choose whether the issuer agreed or a motion was filed."}
    with the_portal().outside.unit_of_work() as work:
        found = the_case(work, reference)
        if not errors:
            try:
                record_settlement(work, found.id, settlement, by=person())
            except Unusable as incomplete:
                errors = {"settlement": incomplete.sentence}
        if errors:
            return form_page("case_settle.html", found, errors, settlement=shown(values)), 422
    return see_other("casework.case", reference=reference)


def settlement_of(form: MultiDict[str, str]) -> tuple[Settlement, Errors]:
    """What was typed as a settlement, and what is wrong with it by field; nothing chosen leaves it only raised."""
    said, errors = loaded(SettlementSchema(), typed(SettlementSchema(), form))
    if errors or said.get("settlement") not in get_args(Way):
        return RAISED, errors
    return (
        Settlement(
            way=cast("Way", said["settlement"]),
            who=said.get("settlement_who", ""),
            on=said.get("settlement_on"),
            number=said.get("settlement_number", ""),
        ),
        {},
    )


def shown(values: Typed) -> dict[str, Any]:
    """What was typed, as the fields hold it."""
    return {name.removeprefix("settlement_"): value for name, value in values.items()} | {
        "way": values.get("settlement", "")
    }
