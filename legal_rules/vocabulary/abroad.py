"""What orders from other countries turn on: agreements, offences, and whom they target."""

from dataclasses import dataclass

from legal_rules.vocabulary.fact import paper, world


@dataclass(frozen=True, kw_only=True)
class Abroad:
    """What orders from other countries turn on: agreements, offences, and whom they target."""

    agreement: str | None = paper(
        "choice",
        "The data access agreement a foreign order invokes; second_protocol is that to the Budapest Convention.",
        *("none", "us_uk", "us_au", "second_protocol"),
    )
    agreement_order_lacks: frozenset[str] | None = paper(
        "choices",
        "What an order under an agreement must rest on and does not: the certificate of its designated authority, a "
        "justification by articulable facts, or review by a court or an independent body; empty when nothing is "
        "missing.",
        *("certificate", "articulable_facts", "independent_review"),
    )
    certificate_flaws: frozenset[str] | None = paper(
        "choices",
        "What a European production or preservation certificate lacks, gets wrong or shows on its face; empty when it "
        "was read and nothing stands out.",
        # Art. 5(5), 10(6) and 27: what it must say, in a language we accept.
        *("no_offence_provisions", "no_data_category", "no_emergency_reasons", "not_our_language", "manifest_error"),
        # Art. 10(5): seen from the certificate alone, not from our records.
        *("immunity_or_privilege", "press_or_media"),
        # Art. 2, 3 and 7: who may ask whom, and for which service.
        *("state_not_bound", "other_addressee", "service_not_covered"),
        # Art. 5(3), 6(3): an order that executes a sentence already imposed.
        *("sentence_under_four_months", "sentence_in_absentia"),
    )
    listed_offence: bool | None = paper("flag", "The offence is one that Art. 5(4)(b) to (d) of Reg. 2023/1543 lists.")
    enforcing_authority_notified: bool | None = paper(
        "flag", "The certificate names an authority of our State that was notified of it (Art. 8 of Reg. 2023/1543)."
    )
    enforcing_authority_clear: bool | None = world(
        "flag",
        "That authority has said that it refuses nothing, or its ten days have passed without a refusal.",
        asked_of="intake",
    )
    target_us_person: bool | None = world("flag", "The target is a US person or is located in the United States.")
