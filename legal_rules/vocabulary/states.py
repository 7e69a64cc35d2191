"""What the law of single states of the United States asks about."""

from dataclasses import dataclass

from legal_rules.vocabulary.fact import paper


@dataclass(frozen=True, kw_only=True)
class States:
    """What the law of single states of the United States asks about."""

    protected_care: bool | None = paper(
        "flag", "The matter is about abortion or other reproductive or gender-affirming care."
    )
    care_attestation: bool | None = paper(
        "flag", "The issuer attests that the matter is not about care that is lawful in our state."
    )
    noncriminal_purpose: bool | None = paper(
        "flag", "The paper says that it is not for investigating or prosecuting a crime."
    )
    anonymised_first: bool | None = paper(
        "flag", "It asks for anonymised data first, and for names only on a further order of the court."
    )
    household_emergency: bool | None = paper(
        "flag", "The emergency is a call for help about the device's user, or a kidnapping or hostage-taking."
    )
