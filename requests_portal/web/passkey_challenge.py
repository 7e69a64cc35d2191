"""What a browser was asked to answer with a passkey: it keeps the challenge until it has answered."""

from flask import Response, session

CHALLENGE = "challenge"


def asked(challenge: str, told: str) -> Response:
    """Tell the browser what to ask its authenticator."""
    session[CHALLENGE] = challenge
    return Response(told, mimetype="application/json")


def challenge_of_browser() -> str:
    """What this browser was asked last; nothing once it was taken."""
    return str(session.pop(CHALLENGE, ""))
