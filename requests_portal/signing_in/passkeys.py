"""WebAuthn for one portal: user verification is required, and nothing that fails says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from requests_portal.model.passkey import ANSWERED_WITHIN, Credential, Named
from requests_portal.work.passkeys import WrongPasskey

TIMEOUT_MS = int(ANSWERED_WITHIN.total_seconds() * 1000)
# What a browser sends is some hundred bytes; attestation certificates may make it some thousand.
MOST_BYTES = 64 * 1024
# webauthn raises its own errors for what does not verify, and these for what it cannot read at all.
UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, RecursionError)


@dataclass(frozen=True, kw_only=True)
class WebAuthn:
    """Fulfils the RelyingParty port, under the name that people see in the address bar."""

    public_url: str
    house: str

    @property
    def rp_id(self) -> str:
        """The host's name."""
        return str(urlsplit(self.public_url).hostname)

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a browser says them."""
        address = urlsplit(self.public_url)
        usual = {"https": 443, "http": 80}.get(address.scheme)
        port = "" if address.port in {None, usual} else f":{address.port}"
        return f"{address.scheme}://{address.hostname}{port}"

    def to_enrol(self, challenge: str, *, handle: str, name: str, not_again: Sequence[str]) -> str:
        """What to ask a browser, so that it makes a passkey that its authenticator can find by itself."""
        options = generate_registration_options(
            rp_id=self.rp_id,
            rp_name=self.house,
            user_id=base64url_to_bytes(handle),
            user_name=name,
            user_display_name=name,
            challenge=base64url_to_bytes(challenge),
            timeout=TIMEOUT_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in not_again],
        )
        return options_to_json(options)

    def enrolled(self, answer: str, *, challenge: str) -> Credential:
        """What the authenticator made in answer to the challenge."""
        try:
            made = verify_registration_response(
                credential=_short(answer),
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except UNREADABLE as error:
            raise WrongPasskey from error
        return Credential(
            credential_id=bytes_to_base64url(made.credential_id),
            public_key=bytes_to_base64url(made.credential_public_key),
            sign_count=made.sign_count,
        )

    def to_sign_in(self, challenge: str) -> str:
        """What to ask a browser: any passkey for this portal, whoever has it."""
        options = generate_authentication_options(
            rp_id=self.rp_id,
            challenge=base64url_to_bytes(challenge),
            timeout=TIMEOUT_MS,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    def named_in(self, answer: str) -> Named:
        """Which credential answers, and the owner that the authenticator names; nothing of it is verified."""
        try:
            read = parse_authentication_credential_json(_short(answer))
            handle = read.response.user_handle
        except UNREADABLE as error:
            raise WrongPasskey from error
        if not handle:
            raise WrongPasskey
        return Named(credential_id=bytes_to_base64url(read.raw_id), user_handle=bytes_to_base64url(handle))

    def signed_in(self, answer: str, *, challenge: str, known: Credential) -> int:
        """How often the authenticator says it was used, after its signature over the challenge was verified."""
        try:
            found = verify_authentication_response(
                credential=_short(answer),
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                credential_public_key=base64url_to_bytes(known.public_key),
                credential_current_sign_count=known.sign_count,
                require_user_verification=True,
            )
        except UNREADABLE as error:
            raise WrongPasskey from error
        return found.new_sign_count


def _short(answer: str) -> str:
    if len(answer) > MOST_BYTES:
        raise WrongPasskey
    return answer
