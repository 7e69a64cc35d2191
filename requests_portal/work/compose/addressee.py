"""Whom an answer is written to: whoever asked, or the customer where nobody but the customer can open it."""

from dataclasses import replace

from requests_portal.model.case import Case, Requester
from requests_portal.work.ports import Work


def as_addressed(work: Work, case: Case) -> Case:
    """The case with whom its answer is written to; raises NotFound where the customer is nobody we know.

    What opens only in the account is the customer's, whoever asked in their name, and names them and their address
    alone; what an agent may open names the agent and nothing of where the customer lives.
    """
    if not case.asks_for_another or not case.opens_in_account_alone or case.account is None:
        return case
    holder = work.customers.get(case.account)
    to = Requester(name=holder.name, email=holder.email, address=holder.address, country=holder.country)
    return replace(case, requester=to)
